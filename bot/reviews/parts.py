"""Takes in what readers find: saved first, then put to the model, and only then settled."""

import sqlite3
import time
from collections.abc import Callable
from dataclasses import dataclass

import redis
import redis.asyncio
from loguru import logger
from pydantic import ValidationError
from rq import Queue

from bot.mood.watching import is_of_channel, take_posts
from bot.patience import Patience
from bot.storage import reviews
from bot.storage.database import Storage
from bot.streams import FROM_THE_START, Entry, StreamReader
from core.queues import READINGS, put_texts
from core.reading import ReadPart

# A part may hold a page of a megabyte.
BATCH = 10


@dataclass(frozen=True, slots=True)
class PartTaker:
    """Saves what a part holds and puts it to the model; the same part again is harmless."""

    storage: Storage
    connection: redis.asyncio.Redis
    score_queue: Queue
    on_parts: Callable[[], None]

    async def take(self, part: ReadPart) -> None:
        """Take a part, of reviews or of a channel. Raises sqlite3.Error and redis.RedisError."""
        if is_of_channel(part):
            await take_posts(self.storage, self.connection, self.score_queue, part)
            return
        texts = await self.storage.write(reviews.save_part, part, time.time())
        # The message changes while the model reads.
        self.on_parts()
        await put_texts(self.connection, self.score_queue, texts)


class PartReader:
    """Follows the stream of readings; a part is settled only when it is with the model."""

    def __init__(self, taker: PartTaker) -> None:
        self._taker = taker
        self._stream = StreamReader(taker.connection, READINGS)
        self._patience = Patience("saving what readers found")
        self._has_left_over = True

    async def run(self) -> None:
        """Take parts until cancelled."""
        while True:
            try:
                await self.take_some()
            except (sqlite3.Error, redis.RedisError) as error:
                # What was read and not taken is left over: it comes again.
                self._has_left_over = True
                await self._patience.wait(error)
            else:
                self._patience.succeeded()

    async def take_some(self) -> None:
        """Take one batch. Raises sqlite3 and Redis errors."""
        for entry_id, part in [(entry[0], _parse(entry)) for entry in await self._read()]:
            if part is not None:
                await self._taker.take(part)
            await self._stream.acknowledge([entry_id])

    async def _read(self) -> list[Entry]:
        if not self._has_left_over:
            return await self._stream.read_new(BATCH)
        entries = await self._stream.read_left_over(FROM_THE_START, BATCH)
        self._has_left_over = bool(entries)
        return entries


def _parse(entry: Entry) -> ReadPart | None:
    entry_id, fields = entry
    try:
        return ReadPart.model_validate_json(fields.get(b"part", b""))
    except ValidationError as error:
        logger.error("part {} is not one: {} errors", entry_id.decode(), error.error_count())
        return None
