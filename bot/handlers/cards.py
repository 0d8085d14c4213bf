"""The buttons of cards: one press settles an incident for all, one takes it back."""

import sqlite3
import time
from dataclasses import dataclass, replace

from aiogram import Bot, Router
from aiogram.exceptions import TelegramBadRequest
from aiogram.types import CallbackQuery, InaccessibleMessage
from aiogram.types import Message as TelegramMessage

from bot.answers import label_word
from bot.communities.rights import may_moderate, role_in
from bot.handlers.labels import answer_press
from bot.moderation.cards import (
    NOT_TOXIC,
    TASK_OF_KIND,
    CardPress,
    card_buttons,
    label_buttons,
    label_choices,
)
from bot.moderation.incidents import PUNISHES, SANCTIONS, Incident
from bot.moderation.labels import Given, label_texts, shown_texts, unedited
from bot.moderation.parts import Moderation
from bot.moderation.sanctions import plan_sanction, take_back
from bot.storage import incidents, reports
from bot.storage.database import Storage
from bot.storage.incidents import NoIncidentError, Presser
from bot.vocabulary import TOXIC, TOXICITY
from bot.words import Words

SOURCE = "card"


@dataclass(frozen=True, slots=True)
class Press:
    """One press on a card by someone who may."""

    id: str
    """Telegram's id of the press."""
    presser: Presser
    incident: Incident
    act: str

    def label(self, task: str, chosen: str) -> Given:
        """What the press says about texts."""
        return Given(self.id, self.presser, SOURCE, task, chosen)


def router() -> Router:
    """The handler of presses on cards."""
    here = Router(name="cards")
    here.callback_query.register(press_card, CardPress.filter())
    return here


async def press_card(
    query: CallbackQuery,
    callback_data: CardPress,
    bot: Bot,
    words: Words,
    language: str,
    storage: Storage,
    moderation: Moderation,
) -> None:
    """Do what a button says, if its presser moderates the community now."""
    try:
        incident = await storage.read(incidents.find_by_token, callback_data.token)
    except NoIncidentError:
        await answer_press(query, words.say(language, "press-stale"))
        return
    role = await role_in(bot, storage, incident.chat_id, query.from_user.id)
    if not may_moderate(role):
        await answer_press(query, words.say(language, "press-no-right"))
        return
    presser = Presser(query.from_user.id, query.from_user.full_name, time.time())
    press = Press(query.id, presser, incident, callback_data.act)
    if press.act in ("fix", "back"):
        await _turn_keyboard(query, press, words, language, storage)
        return
    said = await storage.write(carry_out, press)
    moderation.wake()
    await answer_press(query, _say(words, language, said))
    await _drop_orphan(query.message, incident)


def carry_out(connection: sqlite3.Connection, press: Press) -> str:
    """Do what a press asks for in one transaction; return what to say, as `key` or `key:label`."""
    # As it stands now: somebody may have pressed since this press was read.
    press = replace(press, incident=incidents.find(connection, press.incident.id))
    act = press.act
    if act == "take":
        is_taken = incidents.assign(connection, press.incident.id, press.presser)
        return "card-said-taken" if is_taken else "card-said-too-late"
    if act == "undo":
        is_undone = take_back(connection, press.incident, press.presser)
        return "card-said-undone" if is_undone else "card-said-too-late"
    if act.startswith("L") and act[1:].isdigit():
        return _correct(connection, press, int(act[1:]))
    if act in SANCTIONS:
        return _settle(connection, press)
    return "press-stale"


def _settle(connection: sqlite3.Connection, press: Press) -> str:
    if not incidents.settle(connection, press.incident.id, press.act, press.presser):
        return "card-said-too-late"
    plan_sanction(connection, press.incident, SANCTIONS[press.act], press.presser)
    if press.act in PUNISHES:
        # Who deletes what the model called an insult says that it was one.
        shown = shown_texts(connection, press.incident)
        punished = unedited(connection, press.incident.id, shown)
        label_texts(connection, punished, press.label(TOXICITY, TOXIC))
    reports.judge(connection, press.incident.id, is_futile=press.act == "left")
    return f"card-said-{press.act}"


def _correct(connection: sqlite3.Connection, press: Press, number: int) -> str:
    shown = shown_texts(connection, press.incident)
    choices = label_choices(shown[-1].scores) if shown else []
    if number >= len(choices):
        return "press-stale"
    task, label = choices[number]
    if press.incident.state not in ("new", "open"):
        return "card-said-too-late"
    label_texts(connection, shown, press.label(task, label))
    if task == TASK_OF_KIND[press.incident.kind]:
        _settle_as_wrong(connection, press, is_harmless=label == NOT_TOXIC)
    return f"press-recorded:{label}"


def _settle_as_wrong(connection: sqlite3.Connection, press: Press, is_harmless: bool) -> None:
    if incidents.settle(connection, press.incident.id, "wrong", press.presser):
        reports.judge(connection, press.incident.id, is_futile=is_harmless)


def _say(words: Words, language: str, said: str) -> str:
    key, _, label = said.partition(":")
    if label:
        return words.say(language, key, label=label_word(words, language, label))
    return words.say(language, key)


async def _turn_keyboard(
    query: CallbackQuery, press: Press, words: Words, language: str, storage: Storage
) -> None:
    incident = press.incident
    if incident.state not in ("new", "open") or not isinstance(query.message, TelegramMessage):
        await answer_press(query, words.say(language, "card-said-too-late"))
        return
    buttons = card_buttons(words, language, incident)
    if press.act == "fix":
        found = await storage.read(shown_texts, incident)
        buttons = label_buttons(words, language, incident, found[-1].scores if found else {})
    await answer_press(query, "")
    try:
        await query.message.edit_reply_markup(reply_markup=buttons)
    except TelegramBadRequest as error:
        if "not modified" not in error.message and "not found" not in error.message:
            raise


async def _drop_orphan(
    message: TelegramMessage | InaccessibleMessage | None, incident: Incident
) -> None:
    """Take the buttons from a card that a crash has left beside the one that is kept."""
    if not isinstance(message, TelegramMessage) or incident.card_message_id is None:
        return
    if (message.chat.id, message.message_id) == (incident.card_chat_id, incident.card_message_id):
        return
    try:
        await message.edit_reply_markup(reply_markup=None)
    except TelegramBadRequest:
        return
