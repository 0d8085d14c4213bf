"""The buttons below an answer: what is pressed becomes a label in the ledger."""

import sqlite3
import time
from dataclasses import dataclass

from aiogram import F, Router
from aiogram.enums import ChatType
from aiogram.exceptions import TelegramBadRequest
from aiogram.types import CallbackQuery, InaccessibleMessage, InlineKeyboardMarkup
from aiogram.types import Message as TelegramMessage

from bot.answers import LabelPress, answer_buttons, label_word
from bot.storage import actions, labels, verdicts
from bot.storage.database import Storage
from bot.storage.labels import Label
from bot.vocabulary import SENTIMENT, label_order, likeliest
from bot.words import Words
from core.contracts import Scores

SOURCE = "private answer"


class StaleButtonError(LookupError):
    """The button speaks of a verdict that is not at hand, or of a label that it doesn't have."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """What the ledger now says about a verdict."""

    chosen: str
    scores: Scores


def router() -> Router:
    """Handlers of presses."""
    here = Router(name="labels")
    # A private chat has one person in it, so only who was answered can press.
    is_private = F.message.chat.type == ChatType.PRIVATE
    here.callback_query.register(record_label, LabelPress.filter(), is_private)
    here.callback_query.register(refuse_stale_button)
    return here


async def record_label(
    query: CallbackQuery,
    callback_data: LabelPress,
    words: Words,
    language: str,
    storage: Storage,
) -> None:
    """Write the pressed label down and mark it on the keyboard."""
    message = query.message
    if message is None:
        await refuse_stale_button(query, words, language)
        return
    try:
        recorded = await storage.write(_record, query, message.chat.id, callback_data)
    except StaleButtonError:
        await refuse_stale_button(query, words, language)
        return
    word = label_word(words, language, recorded.chosen)
    await answer_press(query, words.say(language, "press-recorded", label=word))
    buttons = answer_buttons(
        words, language, callback_data.action, recorded.scores, recorded.chosen
    )
    # The text may have been edited meanwhile: then other buttons are there, or soon will be.
    is_latest = await storage.read(actions.is_latest, callback_data.action)
    if is_latest and not isinstance(message, InaccessibleMessage):
        await _show(message, buttons)


async def refuse_stale_button(query: CallbackQuery, words: Words, language: str) -> None:
    """Answer a press that means nothing any more, so that the button stops spinning."""
    await answer_press(query, words.say(language, "press-stale"))


async def answer_press(query: CallbackQuery, text: str, is_alert: bool = False) -> None:
    """Answer a press, unless it was made so long ago that nobody waits for it."""
    try:
        await query.answer(text, show_alert=is_alert)
    except TelegramBadRequest as error:
        # Pressed while the bot was down: nobody waits for the answer, and what was pressed counts.
        if "query is too old" not in error.message:
            raise


async def _show(message: TelegramMessage, buttons: InlineKeyboardMarkup | None) -> None:
    try:
        await message.edit_reply_markup(reply_markup=buttons)
    except TelegramBadRequest as error:
        # Pressed twice: the mark is where it was. Or the answer is gone, and the label is kept.
        if "not modified" not in error.message and "not found" not in error.message:
            raise


def _record(
    connection: sqlite3.Connection, query: CallbackQuery, chat_id: int, press: LabelPress
) -> Recorded:
    try:
        key = actions.find_key(connection, press.action, chat_id)
        if not actions.is_latest(connection, press.action):
            raise LookupError(f"action {press.action} speaks of an earlier text")
        verdict = verdicts.find(connection, key)
        sentiment = verdict.scores.get(SENTIMENT, {})
        chosen = label_order(sentiment)[press.choice]
    except LookupError as error:
        raise StaleButtonError(str(error)) from None
    label = Label(
        press=query.id,
        pressed_at=time.time(),
        who=query.from_user.id,
        source=SOURCE,
        key=key,
        task=SENTIMENT,
        model=verdict.model,
        shown=likeliest(sentiment),
        chosen=chosen,
    )
    labels.append(connection, label)
    return Recorded(
        labels.find_latest(connection, key, SENTIMENT, label.who) or chosen, verdict.scores
    )
