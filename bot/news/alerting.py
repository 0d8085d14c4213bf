"""Tells moderators of each rise of negativity, once, and shows what they say of it."""

import sqlite3
import time
from collections.abc import Collection
from dataclasses import replace
from zoneinfo import ZoneInfo

from aiogram import Bot
from aiogram.exceptions import TelegramAPIError, TelegramBadRequest
from aiogram.types import Message as TelegramMessage
from loguru import logger

from bot.charts.pictures import Artist
from bot.communities.community import Community, is_quiet
from bot.lane_runner import PASSING, LaneRunner
from bot.moderation.keeper import NO_PREVIEW
from bot.mood.drawing import PicturePost
from bot.mood.overview import MoodView, mood_without_words
from bot.mood.period import read_period
from bot.mood.public_names import public_names
from bot.mood.votes import HOUR_SECONDS
from bot.news.alert_message import AlertView, alert_buttons, alert_text
from bot.news.once import leave, send_once
from bot.news.rises import Rise
from bot.outside.channels import is_watched
from bot.storage import (
    alarms,
    chats,
    communities,
    mood_places,
    moods,
    moods_facts,
    moods_texts,
    watches,
)
from bot.storage.database import Storage
from bot.words import Words

# An alert that comes later would be of what is over; what a channel posts stays for days.
LATEST_HOURS, LATEST_HOURS_OF_CHANNEL = 6, 72
MOST_THREADS, MOST_TEXTS = 50, 300
PICTURE_PERIOD, PICTURE_PERIOD_OF_CHANNEL = "48h", "14d"


class AlarmSlip:
    """Writes down what becomes of an alert."""

    def __init__(self, storage: Storage, alarm: int) -> None:
        self._storage = storage
        self._alarm = alarm

    async def sending(self) -> None:
        await self._storage.write(alarms.move_on, self._alarm, "sending", None)

    async def sent(self, message: TelegramMessage) -> None:
        place = (message.chat.id, message.message_id)
        await self._storage.write(alarms.note_sent, self._alarm, place)

    async def skipped(self, why: str) -> None:
        await self._storage.write(alarms.move_on, self._alarm, "skipped", why)


class AlertKeeper(LaneRunner[Rise]):
    """Sends new alerts, and edits them once somebody has pressed a button."""

    what = "telling of a rise"

    def __init__(self, bot: Bot, storage: Storage, words: Words, artist: Artist) -> None:
        super().__init__(storage)
        self._bot = bot
        self._words = words
        self._pictures = PicturePost(bot, words, artist)

    def find(
        self, connection: sqlite3.Connection, busy_lanes: Collection[int], limit: int
    ) -> list[Rise]:
        """Find each free community's oldest alarm that somebody is still to hear of."""
        return alarms.find_to_tell(connection, busy_lanes, limit)

    async def perform(self, task: Rise) -> None:
        """Tell of a rise, or show what was said of it."""
        rise = await self._storage.read(alarms.find, task.id)
        community = await self._storage.read(communities.find, rise.chat_id)
        if rise.state == "sending":
            await leave(community.moderators_chat or 0, AlarmSlip(self._storage, rise.id))
        elif rise.state == "planned":
            await self._tell(rise, community)
        elif rise.shown_version < rise.version:
            await self._edit(rise, community)
            await self._storage.write(alarms.note_shown, rise)

    async def _tell(self, rise: Rise, community: Community) -> None:
        slip, target = AlarmSlip(self._storage, rise.id), community.moderators_chat
        is_wanted = await self._storage.read(is_looked_at, rise)
        if target is None or community.alert == "off" or not is_wanted:
            await slip.skipped("nobody is to be told")
            return
        latest_hours = LATEST_HOURS_OF_CHANNEL if is_watched(rise.about) else LATEST_HOURS
        if time.time() - (rise.hour + 1) * HOUR_SECONDS > latest_hours * HOUR_SECONDS:
            logger.bind(chat_id=rise.chat_id).warning("a rise is told no more, it is over")
            await slip.skipped("too late")
            return
        language = self._words.language(community.language)
        text = alert_text(self._words, language, await self._look(rise, community))

        async def send() -> TelegramMessage:
            return await self._bot.send_message(
                target,
                text,
                reply_markup=alert_buttons(self._words, language, rise),
                link_preview_options=NO_PREVIEW,
                disable_notification=is_quiet(community, time.time()),
            )

        sent = await send_once(self._bot, target, slip, send)
        if sent:
            logger.bind(chat_id=rise.chat_id).info("told moderators of a rise of negativity")
            place = (rise.about, community.time_zone)
            view = await self._storage.read_at_length(look_back, place, time.time())
            await self._pictures.send(sent, view, language)

    async def _edit(self, rise: Rise, community: Community) -> None:
        if rise.alert_chat_id is None or rise.alert_message_id is None:
            return
        language = self._words.language(community.language)
        try:
            await self._bot.edit_message_text(
                alert_text(self._words, language, await self._look(rise, community)),
                chat_id=rise.alert_chat_id,
                message_id=rise.alert_message_id,
                reply_markup=alert_buttons(self._words, language, rise),
                link_preview_options=NO_PREVIEW,
            )
        except PASSING:
            raise
        except TelegramBadRequest as error:
            # Deleted, or shown so already: what was said of it counts.
            logger.bind(chat_id=rise.chat_id).info("an alert stays as it is: {}", error.message)
        except TelegramAPIError as error:
            logger.bind(chat_id=rise.chat_id).warning("an alert stays: {}", error.message)

    async def _look(self, rise: Rise, community: Community) -> AlertView:
        view = await self._storage.read_at_length(look_up, rise, community)
        if is_watched(rise.about):
            # Telegram knows no such id.
            return view
        places = {rise.chat_id, *(thread.chat_id for thread in view.threads)}
        return replace(view, names=await public_names(self._bot, places))


def is_looked_at(connection: sqlite3.Connection, rise: Rise) -> bool:
    """Tell whether a community still wants to know of what a rise is about."""
    watched = watches.of_community(connection, rise.chat_id)
    return rise.about == rise.chat_id or rise.about in [one.chat_id for one in watched]


def look_up(connection: sqlite3.Connection, rise: Rise, community: Community) -> AlertView:
    """Read what an alert shows, as of the alarm; names of channels that are watched only."""
    places = mood_places.places_of(connection, rise.about)
    period = (rise.since * HOUR_SECONDS, (rise.hour + 1) * HOUR_SECONDS)
    threads = moods.busiest_threads(connection, places, period, MOST_THREADS)
    texts = moods_texts.draw(connection, places, period, MOST_TEXTS)
    deleted = moods_texts.find_deleted(connection, (text.message for text in texts))
    is_channel = is_watched(rise.about)
    return AlertView(
        rise=rise,
        title=chats.find_title(connection, rise.about),
        zone=ZoneInfo(community.time_zone),
        threads=threads,
        roots=moods_texts.find_texts(connection, (thread.root for thread in threads)),
        texts=[text for text in texts if text.message not in deleted],
        names=watches.find_names(connection, [rise.about]),
        watcher=chats.find_title(connection, rise.chat_id) if is_channel else "",
    )


def look_back(connection: sqlite3.Connection, place: tuple[int, str], now: float) -> MoodView:
    """Read and work out how the last days felt, for a picture: in a chat, by a time zone."""
    chat_id, time_zone = place
    asked = PICTURE_PERIOD_OF_CHANNEL if is_watched(chat_id) else PICTURE_PERIOD
    period = read_period(asked, now, time_zone)
    facts = moods_facts.gather(connection, chat_id, period)
    return mood_without_words(facts, period, ZoneInfo(time_zone))
