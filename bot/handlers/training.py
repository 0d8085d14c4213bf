"""/retrain, and the buttons below trainings and proposals of one."""

from aiogram import F, Router
from aiogram.filters import Command
from aiogram.types import CallbackQuery
from aiogram.types import Message as TelegramMessage

from bot.handlers.commanders import OnlyCommanders, is_command_place
from bot.handlers.labels import answer_press
from bot.handlers.screens import show_buttons
from bot.messages import sender_of
from bot.training.cards import TrainPress
from bot.training.desk import (
    Asked,
    NothingToLearnError,
    NoTrainerError,
    TrainingDesk,
    training_id,
)
from bot.words import Words
from core.training_orders import TrainingBusyError

REFUSALS: dict[type[Exception], str] = {
    NoTrainerError: "training-no-trainer",
    NothingToLearnError: "training-no-labels",
    TrainingBusyError: "training-busy",
}


def router() -> Router:
    """Handlers for those who may command the models."""
    here = Router(name="training")
    here.message.filter(is_command_place)
    here.message.middleware(OnlyCommanders())
    here.callback_query.middleware(OnlyCommanders())
    here.message.register(order_by_command, Command("retrain"))
    here.callback_query.register(order_by_press, TrainPress.filter(F.act == "start"))
    here.callback_query.register(cancel, TrainPress.filter(F.act == "cancel"))
    here.callback_query.register(put_off, TrainPress.filter(F.act == "later"))
    return here


async def order_by_command(
    message: TelegramMessage, words: Words, language: str, training_desk: TrainingDesk
) -> None:
    """Order a training; its progress appears by itself, a refusal is said."""
    # With the time, since under a new token a private chat's numbers begin anew.
    asked_id = training_id(message.chat.id, message.message_id, message.date.timestamp())
    asked = Asked(asked_id, sender_of(message) or 0, message.chat.id, language)
    refusal = await _order(training_desk, asked)
    if refusal:
        await message.reply(words.say(language, refusal))


async def order_by_press(
    query: CallbackQuery, words: Words, language: str, training_desk: TrainingDesk
) -> None:
    """Order the training that was proposed."""
    message = query.message
    if message is None:
        await answer_press(query, words.say(language, "press-stale"))
        return
    asked = Asked(training_id(query.id), query.from_user.id, message.chat.id, language)
    refusal = await _order(training_desk, asked)
    if refusal is None:
        await show_buttons(query, None)
        await answer_press(query, words.say(language, "training-said-ordered"))
        return
    await answer_press(query, words.say(language, "training-said-refused"))
    # More words than the answer to a press may hold.
    await message.answer(words.say(language, refusal))


async def cancel(
    query: CallbackQuery,
    callback_data: TrainPress,
    words: Words,
    language: str,
    training_desk: TrainingDesk,
) -> None:
    """Ask a training to end."""
    was_open = await training_desk.cancel(callback_data.training)
    said = "training-said-cancelling" if was_open else "training-said-over"
    await answer_press(query, words.say(language, said))


async def put_off(query: CallbackQuery, words: Words, language: str) -> None:
    """Take a proposal's buttons away."""
    await show_buttons(query, None)
    await answer_press(query, words.say(language, "training-said-later"))


async def _order(desk: TrainingDesk, asked: Asked) -> str | None:
    """Order a training; return the key of a refusal's words."""
    try:
        await desk.order(asked)
    except tuple(REFUSALS) as error:
        return REFUSALS[type(error)]
    return None
