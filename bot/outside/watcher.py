"""Has watched channels read, one at a time and politely, and tells how it goes where it was asked.

What is due and what is under way stands in SQLite; an order that was lost is given again under the
same id, and one whose end never comes is given up.
"""

import asyncio
import time
from dataclasses import dataclass

import redis
from aiogram import Bot
from aiogram.exceptions import ClientDecodeError, TelegramAPIError
from loguru import logger
from rq import Queue

from bot.lane_runner import PASSING
from bot.outside.channels import PREVIEWS
from bot.outside.watching import end_reading
from bot.patience import Patience
from bot.storage import channel_readings, watches
from bot.storage.channel_readings import Reading
from bot.storage.database import Storage
from bot.storage.languages import find_language
from bot.storage.watches import News
from bot.words import Words
from core.reading import ReadEnd, ReadOrder
from core.reading_orders import has_reader, is_queued, order_reading

# Between two orders, whosever: all channels are on one host.
LOOK_SECONDS = 3.0
# RQ knows a job for a minute after its end, so that none is read twice in between.
ASK_AGAIN_SECONDS = 50.0
# A reader has long been killed by then.
LOST_SECONDS = 600.0


@dataclass(frozen=True, slots=True)
class Pages:
    """Who reads channels' pages, and where they are."""

    read_queue: Queue
    previews: str = PREVIEWS


class Watcher:
    """Orders readings of channels, and says how the first ones went."""

    def __init__(self, bot: Bot, storage: Storage, words: Words, pages: Pages) -> None:
        self._bot = bot
        self._storage = storage
        self._words = words
        self._queue = pages.read_queue
        self._previews = pages.previews
        self._patience = Patience("watching channels")

    async def run(self) -> None:
        """Watch until cancelled."""
        passing = (*PASSING, redis.RedisError)
        await self._patience.repeat(lambda: self.look(time.time()), LOOK_SECONDS, passing)

    async def look(self, now: float) -> None:
        """Order what is due, ask again for what was lost, tell what is new.

        Raises errors that time mends.
        """
        await self._ask_again(now)
        await self._begin(now)
        for news in await self._storage.read(watches.find_news):
            await self._tell(news)
            await self._storage.write(watches.note_told, news)

    async def _begin(self, now: float) -> None:
        channel = await self._storage.read(channel_readings.find_due, now)
        # Without a reader nothing is under way, so that nothing is given up for lost either.
        if channel is None or not await asyncio.to_thread(has_reader, self._queue):
            return
        await self._order(await self._storage.write(channel_readings.begin, channel, now))

    async def _ask_again(self, now: float) -> None:
        before = now - ASK_AGAIN_SECONDS
        for reading in await self._storage.read(channel_readings.find_to_ask_again, before):
            is_late = reading.ordered_at < now - LOST_SECONDS
            if not is_late or await asyncio.to_thread(is_queued, self._queue, reading.order_id):
                await self._order(reading)
                await self._storage.write(channel_readings.note_asked, reading.channel, now)
                continue
            logger.warning("the reading {} has no end and is given up", reading.order_id)
            await self._storage.write(end_reading, reading, ReadEnd(outcome="crashed"), now)

    async def _order(self, reading: Reading) -> None:
        order = ReadOrder(
            id=reading.order_id,
            kind="channel",
            url=f"{self._previews}{reading.name}",
            before=reading.before,
        )
        await asyncio.to_thread(order_reading, self._queue, order)

    async def _tell(self, news: News) -> None:
        code = await self._storage.read(find_language, news.asked_in)
        text = news_text(self._words, self._words.language(code), news)
        try:
            await self._bot.send_message(news.asked_in, text)
        except PASSING:
            raise
        except (TelegramAPIError, ClientDecodeError) as error:
            log = logger.bind(chat_id=news.asked_in)
            log.warning("can't tell of a watched channel: {}", type(error).__name__)


def news_text(words: Words, language: str, news: News) -> str:
    """Say how the reading of a channel goes."""
    return words.say(
        language,
        f"watch-news-{news.state}",
        name=news.name,
        posts=news.posts,
        outcome=news.outcome,
    )
