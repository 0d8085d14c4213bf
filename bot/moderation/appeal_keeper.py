"""Shows each appeal to the moderators as it stands, and tells who appealed what came of it."""

import sqlite3
import time
from collections.abc import Collection
from dataclasses import replace

from aiogram import Bot
from aiogram.exceptions import TelegramAPIError, TelegramBadRequest
from aiogram.types import InlineKeyboardMarkup, ReplyParameters
from loguru import logger

from bot.communities.community import is_quiet
from bot.lane_runner import PASSING, LaneRunner
from bot.moderation.appeal_cards import appeal_buttons, appeal_text, result_text
from bot.moderation.appeals import Appeal
from bot.moderation.keeper import NO_PREVIEW, Card, look_up
from bot.moderation.labels import MOST_LOOKED_AT
from bot.storage import appeals, exhibits, people
from bot.storage.database import Storage
from bot.words import Words


class AppealKeeper(LaneRunner[Appeal]):
    """Shows new appeals and what became of them."""

    what = "showing an appeal"

    def __init__(self, bot: Bot, storage: Storage, words: Words) -> None:
        super().__init__(storage)
        self._bot = bot
        self._words = words

    def find(
        self, connection: sqlite3.Connection, busy_lanes: Collection[int], limit: int
    ) -> list[Appeal]:
        """Find each free community's oldest appeal that somebody is still to hear of."""
        return appeals.find_to_tell(connection, busy_lanes, limit)

    async def perform(self, task: Appeal) -> None:
        """Show an appeal as it stands now, and tell its result."""
        card = await self._storage.read(look_up_own, task)
        if task.shown_version < task.version:
            shown = await self._try_to_show(task, card)
            await self._storage.write(appeals.note_shown, task, shown)
        if task.state != "open" and task.told_at is None:
            await self._try_to_tell(task, card)
            await self._storage.write(appeals.note_told, task, time.time())

    async def _try_to_show(self, appeal: Appeal, card: Card) -> tuple[int, int] | None:
        try:
            return await self._show(appeal, card)
        except PASSING:
            raise
        except TelegramAPIError as error:
            log = logger.bind(chat_id=appeal.chat_id)
            log.warning("appeal {} can't be shown: {}", appeal.id, error.message)
            return None

    async def _show(self, appeal: Appeal, card: Card) -> tuple[int, int] | None:
        target = card.community.moderators_chat
        if target is None:
            return None
        language = self._words.language(card.community.language)
        text = appeal_text(self._words, language, appeal, card.view)
        buttons = appeal_buttons(self._words, language, appeal)
        place = _place(appeal, target)
        if place is not None:
            await self._edit(place, text, buttons)
            return place
        sent = await self._bot.send_message(
            target,
            text,
            reply_markup=buttons,
            reply_parameters=_reply_to_copy(card, target),
            link_preview_options=NO_PREVIEW,
            disable_notification=is_quiet(card.community, time.time()),
        )
        return target, sent.message_id

    async def _edit(
        self, place: tuple[int, int], text: str, buttons: InlineKeyboardMarkup | None
    ) -> None:
        try:
            await self._bot.edit_message_text(
                text,
                chat_id=place[0],
                message_id=place[1],
                reply_markup=buttons,
                link_preview_options=NO_PREVIEW,
            )
        except TelegramBadRequest as error:
            # Deleted, or shown so already: what was judged holds.
            logger.bind(chat_id=place[0]).info("an appeal's card stays: {}", error.message)

    async def _try_to_tell(self, appeal: Appeal, card: Card) -> None:
        code = await self._storage.read(people.find_language, appeal.person_id)
        text = result_text(self._words, self._words.language(code), appeal, card.view)
        try:
            await self._bot.send_message(appeal.person_id, text)
        except PASSING:
            raise
        except TelegramAPIError as error:
            logger.info("the result of appeal {} can't be told: {}", appeal.id, error.message)


def look_up_own(connection: sqlite3.Connection, appeal: Appeal) -> Card:
    """Read what an appeal's card shows: of the incident only what its author wrote."""
    card, person = look_up(connection, appeal.incident), appeal.person_id
    own = exhibits.list_of_sender(connection, appeal.incident, person, MOST_LOOKED_AT)
    messages, senders, states = exhibits.count_of_sender(connection, appeal.incident, person)
    view = replace(
        card.view,
        exhibits=own,
        messages=messages,
        senders=senders,
        states=states,
        earlier=exhibits.find_written_over(connection, appeal.incident, person),
    )
    return replace(card, view=view)


def _place(appeal: Appeal, target: int) -> tuple[int, int] | None:
    """Where an appeal's card is; None where it is to be judged by another chat by now."""
    if appeal.card_message_id is None or appeal.card_chat_id is None:
        return None
    if appeal.state == "open" and appeal.card_chat_id != target:
        return None
    return appeal.card_chat_id, appeal.card_message_id


def _reply_to_copy(card: Card, target: int) -> ReplyParameters | None:
    """Point at the copy of a deleted picture, which stands in the moderators' chat."""
    copies = [e.copy_message_id for e in card.view.exhibits if e.copy_message_id]
    if not copies or card.view.incident.card_chat_id != target:
        return None
    return ReplyParameters(message_id=copies[-1], allow_sending_without_reply=True)
