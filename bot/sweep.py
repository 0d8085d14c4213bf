"""Puts texts again that Redis forgot: those that SQLite holds and nobody is working on."""

import asyncio
import sqlite3
import time

import redis
import redis.asyncio
from loguru import logger
from rq import Queue

from bot.patience import Patience
from bot.storage import messages
from bot.storage.database import Storage
from core.queues import DONE, TEXTS, VERDICTS, put_texts

SWEEP_SECONDS = 2.0
BATCH = 500


class Sweep:
    """Finds texts in SQLite that nobody is working on."""

    def __init__(
        self, storage: Storage, connection: redis.asyncio.Redis, score_queue: Queue
    ) -> None:
        self._storage = storage
        self._connection = connection
        self._score_queue = score_queue
        self._patience = Patience("looking for forgotten texts")

    async def run(self) -> None:
        """Sweep until cancelled."""
        while True:
            await asyncio.sleep(SWEEP_SECONDS)
            try:
                await self.put_forgotten(time.time() - SWEEP_SECONDS)
            except (sqlite3.Error, redis.RedisError) as error:
                await self._patience.wait(error)
            else:
                self._patience.succeeded()

    async def put_forgotten(self, received_before: float) -> int:
        """Put texts without a verdict again, unless any are on their way; return how many.

        Raises sqlite3.Error and redis.RedisError.
        """
        if await self._any_on_their_way():
            return 0
        texts = await self._storage.read(messages.find_forgotten, received_before, BATCH)
        if texts:
            logger.warning("{} texts have no verdict and are put again", len(texts))
            # After a power cut SQLite may be behind Redis: scored there, and the verdict lost here.
            await self._connection.delete(*(DONE + text.key for text in texts))
            await put_texts(self._connection, self._score_queue, texts)
        return len(texts)

    async def _any_on_their_way(self) -> bool:
        # In one transaction, since a worker moves a text from one to the other in one step.
        async with self._connection.pipeline(transaction=True) as pipe:
            pipe.xlen(TEXTS)
            pipe.xlen(VERDICTS)
            return any(await pipe.execute())
