"""/models and /rollback, and the buttons that promote and delete versions."""

import html
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from aiogram import Router
from aiogram.filters import Command
from aiogram.types import CallbackQuery
from aiogram.types import Message as TelegramMessage

from bot.handlers.commanders import OnlyCommanders, is_command_place
from bot.handlers.labels import answer_press, refuse_stale_button
from bot.handlers.screens import show_buttons, show_text
from bot.training.model_cards import back_buttons, models_buttons, models_text, sure_buttons
from bot.training.model_desk import ModelDesk, UnknownDigestError, name_of
from bot.training.model_presses import ModelPress
from bot.training.reasons import reason_text
from bot.words import Words
from core.models import ModelsAnswer, NobodyAnswersError


class RefusedError(Exception):
    """What was asked can't be done; the text says why, in words for whoever asked."""


@dataclass(frozen=True, slots=True)
class Press:
    """A press about a version, and the words for who pressed."""

    query: CallbackQuery
    digest: str
    words: Words
    language: str

    @property
    def id(self) -> str:
        """Of the order that it gives; the same press gives the same one."""
        return f"press-{self.query.id}"


def router() -> Router:
    """Handlers for those who may command the models."""
    here = Router(name="models")
    here.message.filter(is_command_place)
    here.message.middleware(OnlyCommanders())
    here.callback_query.middleware(OnlyCommanders())
    here.message.register(list_models, Command("models"))
    here.message.register(roll_back, Command("rollback"))
    here.callback_query.register(press_model, ModelPress.filter())
    return here


async def list_models(
    message: TelegramMessage, words: Words, language: str, model_desk: ModelDesk
) -> None:
    """Show the versions with their figures, and what can be done with each."""
    try:
        answer = await _granted(words, language, model_desk.ask(_order_id(message), "list"))
    except RefusedError as error:
        await message.reply(str(error))
        return
    buttons = models_buttons(words, language, answer)
    await message.answer(models_text(words, language, answer), reply_markup=buttons)


async def roll_back(
    message: TelegramMessage, words: Words, language: str, model_desk: ModelDesk
) -> None:
    """Let the version that served before serve again, and offer the way back."""
    try:
        answer = await _granted(words, language, model_desk.ask(_order_id(message), "rollback"))
    except RefusedError as error:
        await message.reply(str(error))
        return
    said = words.say(
        language,
        "models-rolled-back",
        version=html.escape(answer.champion),
        before=html.escape(answer.replaced),
    )
    await message.reply(said, reply_markup=back_buttons(words, language, answer.replaced))


async def press_model(
    query: CallbackQuery,
    callback_data: ModelPress,
    words: Words,
    language: str,
    model_desk: ModelDesk,
) -> None:
    """Do what a button about a version says."""
    act = _ACTS.get(callback_data.act)
    if act is None or query.message is None:
        await refuse_stale_button(query, words, language)
        return
    try:
        await act(Press(query, callback_data.version, words, language), model_desk)
    except RefusedError as error:
        await answer_press(query, words.say(language, "models-said-refused"))
        # More words than the answer to a press may hold.
        await query.message.answer(str(error))


async def _promote(press: Press, desk: ModelDesk) -> None:
    """Promote from the list, which then shows it."""
    answer = await _granted_about(press, desk.ask_about(press.id, "promote", press.digest))
    await _show_list(press, answer, "models-said-serves")


async def _serve(press: Press, desk: ModelDesk) -> None:
    """Promote from a message about something else, and say so below it."""
    answer = await _granted_about(press, desk.ask_about(press.id, "promote", press.digest))
    await answer_press(press.query, press.words.say(press.language, "models-said-serves"))
    await show_buttons(press.query, None)
    said = press.words.say(
        press.language,
        "models-promoted",
        version=html.escape(answer.champion),
        before=html.escape(answer.replaced),
    )
    if press.query.message is not None:
        await press.query.message.answer(said)


async def _ask_again(press: Press, desk: ModelDesk) -> None:
    """Make sure before a version is gone for good."""
    listed = await _granted_about(press, desk.ask(press.id, "list"))
    try:
        name = name_of(listed, press.digest)
    except UnknownDigestError:
        await _show_list(press, listed, "press-stale")
        return
    await show_buttons(press.query, sure_buttons(press.words, press.language, name))
    await answer_press(press.query, press.words.say(press.language, "models-said-sure"))


async def _delete(press: Press, desk: ModelDesk) -> None:
    answer = await _granted_about(press, desk.ask_about(press.id, "delete", press.digest))
    await _show_list(press, answer, "models-said-deleted")


async def _list(press: Press, desk: ModelDesk) -> None:
    answer = await _granted_about(press, desk.ask(press.id, "list"))
    await _show_list(press, answer, "models-said-kept")


_ACTS: dict[str, Callable[[Press, ModelDesk], Awaitable[None]]] = {
    "promote": _promote,
    "serve": _serve,
    "delete": _ask_again,
    "sure": _delete,
    "list": _list,
}


async def _show_list(press: Press, answer: ModelsAnswer, said: str) -> None:
    words, language = press.words, press.language
    await answer_press(press.query, words.say(language, said))
    buttons = models_buttons(words, language, answer)
    await show_text(press.query, models_text(words, language, answer), buttons)


async def _granted_about(press: Press, asking: Awaitable[ModelsAnswer]) -> ModelsAnswer:
    return await _granted(press.words, press.language, asking)


async def _granted(words: Words, language: str, asking: Awaitable[ModelsAnswer]) -> ModelsAnswer:
    """Wait for an answer. Raises RefusedError when it is none, or a refusal."""
    try:
        answer = await asking
    except NobodyAnswersError:
        raise RefusedError(words.say(language, "models-no-worker")) from None
    except UnknownDigestError:
        raise RefusedError(words.say(language, "models-gone")) from None
    if answer.refusal is not None:
        raise RefusedError(reason_text(words, language, answer.refusal))
    return answer


def _order_id(message: TelegramMessage) -> str:
    # With the time, since under a new token a private chat's numbers begin anew.
    return f"{message.chat.id}-{message.message_id}-{int(message.date.timestamp())}"
