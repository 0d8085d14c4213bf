"""Keeps a message about each reading up to date, from "reading…" to the report and its picture.

What is to be shown stands in SQLite, so that a hundred changes are one edit and a crash is one more
look. After a crash the picture, or a message, may come twice; it is never left out.
"""

import asyncio
import sqlite3
import time
from collections.abc import Collection
from dataclasses import replace

import redis
from aiogram import Bot
from aiogram.exceptions import AiogramError, ClientDecodeError, TelegramAPIError, TelegramBadRequest
from aiogram.types import (
    BufferedInputFile,
    InlineKeyboardMarkup,
    LinkPreviewOptions,
    ReplyParameters,
)
from loguru import logger

from bot.charts.pictures import Artist, PictureError
from bot.grace import resting
from bot.lane_runner import PASSING, LaneRunner
from bot.patience import Patience
from bot.reviews.buttons import failure_buttons, report_buttons
from bot.reviews.message import ReadingMessage
from bot.reviews.orders import Orders
from bot.reviews.picture import review_picture
from bot.reviews.readings import Reading
from bot.reviews.report import Report, build_report
from bot.reviews.stored import Progress, View
from bot.reviews.waits import Waits
from bot.storage import readings, reviews
from bot.words import Words

# A reading of which nothing was heard for so long is lost; a reader may take half of it.
SILENCE_SECONDS = 40.0
EDIT_SECONDS = 1.0
# A group may be sent 20 messages a minute, and cards shall not wait for reviews.
GROUP_EDIT_SECONDS = 4.0
GROUP_LOOK_SECONDS = 0.2
# Verdicts come some hundred at a time: the last of them are waited for rather than shown apart.
SETTLING_SECONDS = 1.5
SETTLING_LOOK_SECONDS = 0.03
NO_PREVIEW = LinkPreviewOptions(is_disabled=True)
FILE_NAME = "reviews.png"


class ReadingKeeper(LaneRunner[Reading]):
    """Orders readings and shows how they go."""

    what = "showing a reading"

    def __init__(self, bot: Bot, words: Words, orders: Orders, artist: Artist) -> None:
        super().__init__(orders.storage)
        self._bot = bot
        self._words = words
        self._orders = orders
        self._artist = artist
        self._started_at = time.time()
        self._edited_at: dict[int, float] = {}
        self._waits = Waits()
        self._patience = Patience("ordering a reading")

    def find(
        self, connection: sqlite3.Connection, busy_lanes: Collection[int], limit: int
    ) -> list[Reading]:
        """Find each free chat's oldest reading of which there is something new to show."""
        found = readings.find_to_show(connection, busy_lanes, self._silent_since(), limit)
        busy = {*busy_lanes, *(one.lane for one in found)}
        return found + self._waits.find_due(connection, busy, limit - len(found))

    async def perform(self, task: Reading) -> None:
        """Order what was asked for, and bring its message up to date."""
        try:
            if task.state == "asked":
                await self._orders.give(task)
            elif task.outcome is None and task.heard_at < self._silent_since():
                await self._orders.miss(task)
            self._patience.succeeded()
            if task.message_id is not None and task.state != "told":
                await self._wait_turn(task)
            await self._show(await self._settled(task.id))
        except redis.RedisError as error:
            with resting():
                await self._patience.wait(error)
        except LookupError:
            # Whoever asked for it is forgotten.
            self._forget(task.id)

    def _silent_since(self) -> float:
        """Before when somebody must have been heard; never while what came meanwhile is taken."""
        since = time.time() - SILENCE_SECONDS
        return since if since > self._started_at else 0.0

    async def _wait_turn(self, reading: Reading) -> None:
        """Wait until its message may change again; in a group longer, unless the end is there."""
        clock = asyncio.get_running_loop().time
        edited_at = self._edited_at.get(reading.id, 0.0)
        with resting():
            await asyncio.sleep(max(0.0, edited_at + EDIT_SECONDS - clock()))
        while reading.chat_id < 0 and clock() < edited_at + GROUP_EDIT_SECONDS:
            if (await self._storage.read(readings.find, reading.id)).outcome is not None:
                break
            with resting():
                await asyncio.sleep(GROUP_LOOK_SECONDS)

    async def _settled(self, reading: int) -> View:
        """Look at a reading, and where only verdicts are missing wait for these a little."""
        deadline = asyncio.get_running_loop().time() + SETTLING_SECONDS
        view = await self._storage.read(look_up, reading)
        while view.reading.outcome == "read" and not view.is_complete:
            if asyncio.get_running_loop().time() > deadline:
                break
            with resting():
                await asyncio.sleep(SETTLING_LOOK_SECONDS)
            view = await self._storage.read(look_up, reading)
        return view

    async def _show(self, view: View) -> None:
        reading = view.reading
        if not view.is_complete:
            await self._show_progress(reading, view.progress)
            await self._storage.write(readings.note_shown, reading.id, reading.version)
        elif reading.outcome == "read" and view.progress.reviews:
            await self._report(reading)
        else:
            await self._fail(reading)

    async def _show_progress(self, reading: Reading, seen: Progress) -> None:
        waits = reading.outcome == "read"
        is_away = waits and await self._orders.is_model_away()
        text = ReadingMessage(self._words, reading.language).progress(reading, seen, is_away)
        if not self._waits.says(reading.id, text):
            await self._put(reading, text, None)
        if waits:
            self._waits.note(reading.id, text)

    async def _fail(self, reading: Reading) -> None:
        if reading.outcome == "read":
            reading = replace(reading, outcome="no-reviews")
        text = ReadingMessage(self._words, reading.language).failure(reading)
        has_link = reading.kind == "link"
        buttons = failure_buttons(self._words, reading.language, reading.id, has_link)
        await self._put(reading, text, buttons)
        await self._close(reading)

    async def _report(self, reading: Reading) -> None:
        found = await self._storage.read_at_length(reviews.list_of, reading.source)
        report = await asyncio.to_thread(build_report, found)
        picture = review_picture(self._words, reading.language, reading, report)
        drawing = asyncio.create_task(self._artist.draw(picture))
        try:
            if reading.state != "told":
                reading = await self._tell(reading, report)
            await self._show_picture(reading, drawing)
        finally:
            drawing.cancel()
        await self._close(reading)

    async def _tell(self, reading: Reading, report: Report) -> Reading:
        told = ReadingMessage(self._words, reading.language).report(reading, report, time.time())
        has_link = reading.kind == "link"
        buttons = report_buttons(self._words, reading.language, reading.id, told.quotes, has_link)
        shown = await self._put(reading, told.text, buttons)
        await self._storage.write(readings.tell, reading.id, told.quotes)
        return shown

    async def _put(
        self, reading: Reading, text: str, buttons: InlineKeyboardMarkup | None
    ) -> Reading:
        """Edit the reading's message, or send it where there is none that can be edited."""
        try:
            if reading.message_id and await self._edit(reading, text, buttons):
                return reading
            sent = await self._bot.send_message(
                reading.chat_id,
                text,
                reply_markup=buttons,
                link_preview_options=NO_PREVIEW,
                reply_parameters=_below(reading.reply_to),
            )
        except PASSING:
            raise
        except (TelegramAPIError, ClientDecodeError) as error:
            _log_refusal(reading, error)
            return reading
        finally:
            self._edited_at[reading.id] = asyncio.get_running_loop().time()
        await self._storage.write(readings.note_message, reading.id, sent.message_id)
        return replace(reading, message_id=sent.message_id)

    async def _edit(
        self, reading: Reading, text: str, buttons: InlineKeyboardMarkup | None
    ) -> bool:
        try:
            await self._bot.edit_message_text(
                text,
                chat_id=reading.chat_id,
                message_id=reading.message_id,
                reply_markup=buttons,
                link_preview_options=NO_PREVIEW,
            )
        except TelegramBadRequest as error:
            # Otherwise it was deleted, or stayed behind when its group moved.
            return "not modified" in error.message
        return True

    async def _show_picture(self, reading: Reading, drawing: "asyncio.Task[bytes]") -> None:
        """Send the picture. The words are there already, so that what fails is not tried again."""
        try:
            picture = BufferedInputFile(await drawing, FILE_NAME)
            below = _below(reading.message_id or 0)
            await self._bot.send_photo(reading.chat_id, picture, reply_parameters=below)
        except (PictureError, AiogramError) as error:
            _log_refusal(reading, error)

    async def _close(self, reading: Reading) -> None:
        await self._storage.write(readings.close, reading.id)
        self._forget(reading.id)

    def _forget(self, reading: int) -> None:
        self._edited_at.pop(reading, None)
        self._waits.forget(reading)


def look_up(connection: sqlite3.Connection, reading: int) -> View:
    """Read a reading and how far it is. Raises LookupError."""
    found = readings.find(connection, reading)
    waiting = reviews.count_waiting(connection, found.source)
    return View(found, Progress(found.reviews, waiting))


def _below(message_id: int) -> ReplyParameters | None:
    if not message_id:
        return None
    return ReplyParameters(message_id=message_id, allow_sending_without_reply=True)


def _log_refusal(reading: Reading, error: Exception) -> None:
    # The text of a ClientDecodeError quotes all that Telegram answered.
    said = type(error).__name__ if isinstance(error, ClientDecodeError) else str(error)
    log = logger.bind(chat_id=reading.chat_id)
    log.warning("reading {} can't be shown: {}", reading.id, said)
