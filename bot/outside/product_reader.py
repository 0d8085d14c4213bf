"""Has linked product pages read once a day, and keeps what buyers say there as figures.

What is due and what is under way stands in SQLite. A reading is one like any other, by the same
reader and model, only that no message shows it.
"""

import asyncio
import sqlite3
import time

import redis
from aiogram import Bot
from aiogram.exceptions import ClientDecodeError, TelegramAPIError
from aiogram.types import LinkPreviewOptions
from loguru import logger
from rq import Queue

from bot.lane_runner import PASSING
from bot.outside.shelf import page_name
from bot.patience import Patience
from bot.reviews.readings import Reading
from bot.storage import opinions, products, readings, reviews
from bot.storage.database import Storage
from bot.storage.languages import find_language
from bot.storage.products import Product
from bot.words import Words
from core.reading import ReadOrder
from core.reading_orders import has_reader, is_queued, order_reading

LOOK_SECONDS = 5.0
# A reader may take half a minute, and the model as long again.
LOST_SECONDS = 300.0
NO_PREVIEW = LinkPreviewOptions(is_disabled=True)


class ProductReader:
    """Orders readings of product pages and takes in what they find."""

    def __init__(self, bot: Bot, storage: Storage, words: Words, read_queue: Queue) -> None:
        self._bot = bot
        self._storage = storage
        self._words = words
        self._queue = read_queue
        self._patience = Patience("reading product pages")

    async def run(self) -> None:
        """Read until cancelled."""
        passing = (*PASSING, redis.RedisError)
        await self._patience.repeat(lambda: self.look(time.time()), LOOK_SECONDS, passing)

    async def look(self, now: float) -> None:
        """Begin what is due, take in what has ended, tell of first readings.

        Raises errors that time mends.
        """
        product = await self._storage.read(products.find_due, now)
        if product is not None and await asyncio.to_thread(has_reader, self._queue):
            await self._storage.write(products.begin, product, now)
        for product in await self._storage.read(products.list_under_way):
            await self._follow(product, now)
        for product in await self._storage.read(products.find_untold):
            await self._tell(product)
            await self._storage.write(products.note_told, product.id, now)

    async def _follow(self, product: Product, now: float) -> None:
        reading = await self._storage.write(take_in, product, now)
        if reading is None or reading.outcome is not None:
            return
        if now > reading.asked_at + LOST_SECONDS and not await self._is_queued(reading):
            await self._storage.write(give_up, product, reading, now)
        elif not reading.is_borrowed:
            await self._order(reading, now)

    async def _is_queued(self, reading: Reading) -> bool:
        """Tell whether a reading only waits behind others."""
        try:
            source = await self._storage.read(readings.find, reading.source)
        except LookupError:
            # Whoever asked for the page before is forgotten.
            return False
        return await asyncio.to_thread(is_queued, self._queue, source.order_id)

    async def _order(self, reading: Reading, now: float) -> None:
        # Given again under the same id it is still one reading.
        order = ReadOrder(id=reading.order_id, kind="reviews", url=reading.url)
        await asyncio.to_thread(order_reading, self._queue, order)
        if reading.state == "asked":
            await self._storage.write(readings.note_ordered, reading.id, now)

    async def _tell(self, product: Product) -> None:
        code = await self._storage.read(find_language, product.asked_in)
        known = await self._storage.read(opinions.count, product.id)
        text = first_words(self._words, self._words.language(code), product, known)
        try:
            await self._bot.send_message(product.asked_in, text, link_preview_options=NO_PREVIEW)
        except PASSING:
            raise
        except (TelegramAPIError, ClientDecodeError) as error:
            log = logger.bind(chat_id=product.asked_in)
            log.warning("can't tell of a product page: {}", type(error).__name__)


def give_up(connection: sqlite3.Connection, product: Product, reading: Reading, at: float) -> None:
    """End a reading of which nothing is heard any more."""
    products.end(connection, product.id, "lost", "", at)
    # Where others are shown it, it stays: whoever asks from now on shall not wait for it, too.
    readings.give_up(connection, reading.id, "lost")
    readings.drop_quiet(connection, reading)


def take_in(connection: sqlite3.Connection, product: Product, at: float) -> Reading | None:
    """Take in what a reading has found once it is complete; return it while it is under way."""
    try:
        reading = readings.find(connection, product.reading or 0)
    except LookupError:
        # It was dropped for its age: nothing was heard of it.
        products.end(connection, product.id, "lost", "", at)
        return None
    if reading.outcome is None or reviews.count_waiting(connection, reading.source):
        return reading
    if reading.outcome == "read":
        found = reviews.list_of(connection, reading.source)
        opinions.add(connection, product.id, found, reading.asked_at)
    title = reading.found.title if reading.found else ""
    products.end(connection, product.id, reading.outcome, title, at)
    readings.drop_quiet(connection, reading)
    return None


def first_words(words: Words, language: str, product: Product, known: int) -> str:
    """Say how the first reading of a page went."""
    name = page_name(product)
    if product.outcome == "read":
        return words.say(language, "products-read", name=name, reviews=known)
    return words.say(language, "products-unread", name=name, outcome=product.outcome or "lost")
