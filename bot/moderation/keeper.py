"""Keeps each incident's card in the moderators' chat as the incident stands."""

import asyncio
import sqlite3
import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from aiogram import Bot
from aiogram.exceptions import TelegramAPIError, TelegramBadRequest
from aiogram.types import InlineKeyboardMarkup, LinkPreviewOptions
from loguru import logger

from bot.communities.community import Community, is_quiet
from bot.communities.rights import may_moderate, role_in
from bot.grace import resting
from bot.lane_runner import PASSING, LaneRunner
from bot.moderation.cards import TASK_OF_KIND, View, card_buttons, card_text
from bot.moderation.incidents import SANCTIONS, Exhibit, Incident
from bot.moderation.sanctions import plan_sanction
from bot.storage import appeals, chats, communities, exhibits, incidents, labels, measures
from bot.storage.database import Storage
from bot.storage.incidents import Presser
from bot.words import Words

MOST_EXHIBITS = 30
MOST_COPIES = 3
# A flood's card need not be drawn anew for every message.
PAUSE_SECONDS = 1.0
NO_PREVIEW = LinkPreviewOptions(is_disabled=True)


@dataclass(frozen=True, slots=True)
class Card:
    """What to show, and where."""

    view: View
    community: Community


class CardKeeper(LaneRunner[Incident]):
    """Shows new incidents and what became of them."""

    what = "showing a card"

    def __init__(
        self, bot: Bot, storage: Storage, words: Words, on_measures: Callable[[], None]
    ) -> None:
        super().__init__(storage)
        self._bot = bot
        self._words = words
        self._on_measures = on_measures

    def find(
        self, connection: sqlite3.Connection, busy_lanes: Collection[int], limit: int
    ) -> list[Incident]:
        """Find each free community's oldest incident whose card is out of date."""
        quiet = communities.find_quiet(connection, time.time())
        return incidents.find_to_show(connection, busy_lanes, quiet, limit)

    async def perform(self, task: Incident) -> None:
        """Show an incident as it stands now."""
        if task.state == "new" and not await self._opened(task):
            return
        card = await self._storage.read(look_up, task.id)
        if card.view.incident.settled_by == 0:
            card = await self._storage.write(act_and_look_up, task.id, time.time())
            self._on_measures()
        try:
            shown = await self._show(card)
        except PASSING:
            raise
        except TelegramAPIError as error:
            # The message stays where it is: nobody decided anything about it.
            log = logger.bind(chat_id=task.chat_id)
            log.warning("the card of incident {} can't be shown: {}", task.id, error.message)
            shown = None
        await self._storage.write(incidents.note_shown, card.view.incident, shown)
        with resting():
            await asyncio.sleep(PAUSE_SECONDS if card.view.incident.is_raid else 0)

    async def _opened(self, incident: Incident) -> bool:
        """Open an incident, and act upon it where that was decided; False when exempt."""
        found = await self._storage.read(exhibits.list_of_incident, incident.id, MOST_EXHIBITS)
        senders = {exhibit.sender_id for exhibit in found}
        exempt = [
            await is_exempt(self._bot, self._storage, incident.chat_id, sender)
            for sender in senders
        ]
        if all(exempt):
            await self._storage.write(incidents.exempt, incident.id, time.time())
            return False
        await self._storage.write(open_and_act, incident.id, time.time())
        self._on_measures()
        return True

    async def _show(self, card: Card) -> tuple[int, int] | None:
        incident, target = card.view.incident, card.community.moderators_chat
        if target is None:
            return None
        language = self._words.language(card.community.language)
        text = card_text(self._words, language, card.view)
        is_scored = any(exhibit.scores for exhibit in card.view.exhibits)
        buttons = card_buttons(self._words, language, incident, is_scored)
        shown_id = incident.card_message_id if incident.card_chat_id == target else None
        if shown_id is not None and await self._edit(target, shown_id, text, buttons):
            return target, shown_id
        for exhibit in card.view.exhibits[:MOST_COPIES]:
            await copy_media(self._bot, self._storage, incident, exhibit, target)
        sent = await self._bot.send_message(
            target,
            text,
            reply_markup=buttons,
            link_preview_options=NO_PREVIEW,
            disable_notification=is_quiet(card.community, time.time()),
        )
        return target, sent.message_id

    async def _edit(
        self, chat_id: int, message_id: int, text: str, buttons: InlineKeyboardMarkup | None
    ) -> bool:
        try:
            await self._bot.edit_message_text(
                text,
                chat_id=chat_id,
                message_id=message_id,
                reply_markup=buttons,
                link_preview_options=NO_PREVIEW,
            )
        except TelegramBadRequest as error:
            return "message is not modified" in error.message
        return True


async def is_exempt(bot: Bot, storage: Storage, chat_id: int, sender_id: int | None) -> bool:
    """Tell whether somebody's messages are never taken for incidents: they moderate there."""
    return sender_id is None or may_moderate(await role_in(bot, storage, chat_id, sender_id))


async def copy_media(
    bot: Bot, storage: Storage, incident: Incident, exhibit: Exhibit, moderators_chat: int
) -> None:
    """Copy a message with media into the moderators' chat, once; it may be gone already."""
    if not exhibit.has_media or exhibit.copy_message_id or exhibit.has_moved:
        return
    try:
        # The card beside it is what calls.
        copy = await bot.copy_message(
            moderators_chat, exhibit.chat_id, exhibit.message_id, disable_notification=True
        )
    except TelegramBadRequest as error:
        logger.bind(chat_id=exhibit.chat_id).info("no copy to keep: {}", error.message)
        return
    await storage.write(exhibits.note_copy, incident.id, exhibit.message_id, copy.message_id)


def look_up(connection: sqlite3.Connection, incident_id: int) -> Card:
    """Read all that a card shows, as of one moment."""
    incident = incidents.find(connection, incident_id)
    messages, senders, states = exhibits.count(connection, incident_id)
    found = exhibits.list_of_incident(connection, incident_id, MOST_EXHIBITS)
    view = View(
        incident=incident,
        community=chats.find_title(connection, incident.chat_id),
        exhibits=found,
        messages=messages,
        senders=senders,
        states=states,
        measures=measures.list_of_incident(connection, incident_id),
        earlier=exhibits.find_written_over(connection, incident_id) if states > messages else None,
        lifted=_lifted(connection, incident_id),
        corrected_to=_corrected_to(connection, incident, found),
    )
    return Card(view, communities.find(connection, incident.chat_id))


def _corrected_to(
    connection: sqlite3.Connection, incident: Incident, found: Sequence[Exhibit]
) -> str | None:
    if incident.outcome != "wrong" or incident.settled_by is None:
        return None
    task, who = TASK_OF_KIND[incident.kind], incident.settled_by
    given = (labels.find_latest(connection, exhibit.key, task, who) for exhibit in found)
    return next((label for label in given if label), None)


def _lifted(connection: sqlite3.Connection, incident_id: int) -> list[tuple[str, str]]:
    found = appeals.list_lifted(connection, incident_id)
    theirs = exhibits.list_latest_of(connection, incident_id, [one.person_id for one in found])
    names = {exhibit.sender_id: exhibit.sender_name or "" for exhibit in theirs}
    return [(names.get(one.person_id, ""), one.judged_name) for one in found]


def open_and_act(connection: sqlite3.Connection, incident_id: int, at: float) -> None:
    """Open an incident; where the decision was to act, settle it as the bot and plan that."""
    incidents.open_(connection, incident_id)
    incident = incidents.find(connection, incident_id)
    if incident.acts and incidents.settle(connection, incident_id, "deleted", Presser(0, "", at)):
        plan_sanction(connection, incident, SANCTIONS["deleted"], Presser(0, "", at))


def act_and_look_up(connection: sqlite3.Connection, incident_id: int, at: float) -> Card:
    """Act as the bot upon what has joined an incident since it settled that; again is harmless.

    In one transaction, for what joins after it is of a later version.
    """
    incident = incidents.find(connection, incident_id)
    if incident.state == "settled" and incident.outcome in SANCTIONS:
        plan_sanction(connection, incident, SANCTIONS[incident.outcome], Presser(0, "", at))
    return look_up(connection, incident_id)
