"""The buttons of trials: a version is tried on live messages, looked after, and stopped."""

import redis.asyncio
from aiogram import F, Router
from aiogram.types import CallbackQuery

from bot.handlers.commanders import OnlyCommanders
from bot.handlers.labels import answer_press, refuse_stale_button
from bot.handlers.screens import show_buttons
from bot.liveness import find_workers
from bot.talk import Talk
from bot.training.desk import Asked
from bot.training.model_desk import UnknownDigestError
from bot.training.model_presses import ModelPress
from bot.training.reasons import reason_text
from bot.training.shadow_cards import ShadowPress, standing_text, started_text, stop_buttons
from bot.training.shadow_desk import ShadowDesk, TrialRefusedError
from core.models import NobodyAnswersError


def router() -> Router:
    """Handlers for those who may command the models."""
    here = Router(name="shadows")
    here.callback_query.middleware(OnlyCommanders())
    here.callback_query.register(start, ModelPress.filter(F.act == "try"))
    here.callback_query.register(look, ShadowPress.filter(F.act == "look"))
    here.callback_query.register(stop, ShadowPress.filter(F.act == "stop"))
    here.callback_query.register(leave, ShadowPress.filter(F.act == "leave"))
    return here


async def start(
    query: CallbackQuery, callback_data: ModelPress, talk: Talk, shadow_desk: ShadowDesk
) -> None:
    """Begin a trial, and say below the message what it does."""
    message = query.message
    if message is None:
        await refuse_stale_button(query, talk.words, talk.language)
        return
    asked = Asked(f"trial-{query.id}", query.from_user.id, message.chat.id, talk.language)
    try:
        shadow = await shadow_desk.start(asked, callback_data.version)
    except (TrialRefusedError, UnknownDigestError, NobodyAnswersError) as error:
        await answer_press(query, talk.say("models-said-refused"))
        await message.answer(_refusal(talk, error))
        return
    await answer_press(query, talk.say("shadow-said-started"))
    buttons = stop_buttons(talk.words, talk.language, shadow.id)
    await message.answer(started_text(talk.words, talk.language, shadow), reply_markup=buttons)


async def look(
    query: CallbackQuery,
    talk: Talk,
    shadow_desk: ShadowDesk,
    connection: redis.asyncio.Redis,
) -> None:
    """Say how the trial under way goes."""
    standing = await shadow_desk.look()
    if standing is None:
        # The registry may still try what nobody here follows any more.
        await stop(query, ShadowPress(act="stop"), talk, shadow_desk)
        return
    if query.message is None:
        await refuse_stale_button(query, talk.words, talk.language)
        return
    version = standing.shadow.version
    is_running = any(one.shadow == version for one in await find_workers(connection))
    await answer_press(query, talk.say("models-said-kept"))
    text = standing_text(talk.words, talk.language, standing, is_running=is_running)
    buttons = stop_buttons(talk.words, talk.language, standing.shadow.id)
    await query.message.answer(text, reply_markup=buttons)


async def stop(
    query: CallbackQuery, callback_data: ShadowPress, talk: Talk, shadow_desk: ShadowDesk
) -> None:
    """End the trial; what it came to is told where it was begun."""
    try:
        has_ended = await shadow_desk.stop(f"press-{query.id}", callback_data.shadow)
    except (TrialRefusedError, NobodyAnswersError) as error:
        await answer_press(query, talk.say("models-said-refused"))
        if query.message is not None:
            await query.message.answer(_refusal(talk, error))
        return
    said = "shadow-said-stopping" if has_ended else "shadow-said-over"
    await answer_press(query, talk.say(said))
    await show_buttons(query, None)


async def leave(query: CallbackQuery, talk: Talk) -> None:
    """Take a result's buttons away."""
    await show_buttons(query, None)
    await answer_press(query, talk.say("shadow-said-left"))


def _refusal(talk: Talk, error: Exception) -> str:
    if isinstance(error, TrialRefusedError):
        return reason_text(talk.words, talk.language, error.reason)
    is_gone = isinstance(error, UnknownDigestError)
    return talk.say("models-gone" if is_gone else "models-no-worker")
