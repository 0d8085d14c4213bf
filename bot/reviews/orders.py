"""Hands readings over to readers, gives up those that nobody is heard of, looks for the model."""

import asyncio
import time
from dataclasses import dataclass

import redis
from rq import Queue

from bot.reviews.readings import Reading
from bot.storage import readings
from bot.storage.database import Storage
from core.queues import WORKERS
from core.reading import ReadOrder
from core.reading_orders import has_reader, is_queued, order_reading


@dataclass(frozen=True, slots=True)
class Orders:
    """The way to the readers. RQ is synchronous, so that it is asked in threads."""

    storage: Storage
    queue: Queue

    async def give(self, reading: Reading) -> None:
        """Hand an order over; again, after a crash, is harmless. Raises redis.RedisError."""
        if not await asyncio.to_thread(has_reader, self.queue):
            await self.storage.write(readings.give_up, reading.id, "no-reader")
            return
        order = ReadOrder(id=reading.order_id, kind="reviews", url=reading.url)
        await asyncio.to_thread(order_reading, self.queue, order)
        await self.storage.write(readings.note_ordered, reading.id, time.time())

    async def miss(self, reading: Reading) -> None:
        """Give up what nothing is heard of, unless it only waits behind others.

        Raises redis.RedisError.
        """
        if await self._is_queued(reading):
            await self.storage.write(readings.note_heard, reading.id, time.time())
        else:
            await self.storage.write(readings.give_up, reading.id, "lost")

    async def is_model_away(self) -> bool:
        """Tell whether no worker says that it lives. Raises redis.RedisError."""
        return not await asyncio.to_thread(_has_worker, self.queue.connection)

    async def _is_queued(self, reading: Reading) -> bool:
        try:
            source = await self.storage.read(readings.find, reading.source)
        except LookupError:
            # Whoever asked for it first is forgotten, and so is the order.
            return False
        return await asyncio.to_thread(is_queued, self.queue, source.order_id)


def _has_worker(connection: redis.Redis) -> bool:
    return any(connection.scan_iter(f"{WORKERS}*", count=1000))
