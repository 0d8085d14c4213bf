"""What tests of readings are made of: a reader that a test plays, and reviews."""

import asyncio
import time
from collections.abc import Callable
from typing import Any

import redis
from rq import Queue, Worker

from core.jobs import AllowedJob
from core.reading import READ_QUEUE, ReadEnd, ReadOrder, ReadPart, Review, put_part
from core.reading_orders import read_queue

ANNA = "private:anna"
BOT = 42
LINK = "https://shop.example/dress"


class Reader:
    """Stands where the reader stands: takes orders from RQ's queue, answers as it is told."""

    def __init__(self, connection: redis.Redis) -> None:
        self.connection = connection
        self.queue: Queue = read_queue(connection)

    def listen(self) -> None:
        """Register a worker, so that the bot believes that somebody reads."""
        worker = Worker(
            [READ_QUEUE],
            connection=self.connection,
            serializer="json",
            job_class=AllowedJob,
        )
        worker.register_birth()

    async def order(self, timeout_seconds: float = 5) -> ReadOrder:
        """Wait for the next order and take it."""
        async with asyncio.timeout(timeout_seconds):
            while not (ids := self.queue.get_job_ids()):
                await asyncio.sleep(0.01)
        job = self.queue.fetch_job(ids[0])
        self.queue.remove(ids[0])
        return ReadOrder.model_validate_json(job.args[0])

    def put(self, order: ReadOrder, number: int = 0, *found: Review, **end: object) -> None:
        """Hand a part over; with an `outcome` it is the last one."""
        last = ReadEnd.model_validate(end) if end else None
        put_part(
            self.connection,
            ReadPart(order_id=order.id, number=number, reviews=found, end=last),
        )


def review(text: str, stars: float | None = None) -> Review:
    return Review(text=text, stars=stars, written_at=time.time())


def says(*parts: str) -> Callable[[dict[str, Any]], bool]:
    """What the bot says that holds these parts."""
    return lambda m: m["author_id"] == BOT and all(part in m.get("text", "") for part in parts)
