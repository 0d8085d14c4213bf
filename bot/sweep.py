"""Puts texts again that Redis forgot: those that SQLite holds and nobody is working on.

Redis writes its log once a second, so that its death may cost the last second's texts.
"""

import asyncio
import sqlite3
import time
from collections.abc import Sequence

import redis
import redis.asyncio
from loguru import logger
from pydantic import ValidationError
from rq import Queue

from bot.patience import Patience
from bot.storage import messages, reviews
from bot.storage.database import Storage
from bot.streams import Entry
from core.contracts import Text, Verdict
from core.queues import DONE, TEXTS, VERDICTS, put_texts

SWEEP_SECONDS = 1.0
# How long a text may take before anyone wonders, and by how much texts may overtake each other.
PATIENCE_SECONDS = 2.0
MOST_PUT = 500
# With more verdicts than this to be saved, nothing is known about what is missing.
MOST_VERDICTS = 1000
# A text that was put again is not put once more while it waits its turn.
REPEAT_SECONDS = 60.0


class Sweep:
    """Finds texts that have no verdict and are in neither stream."""

    def __init__(
        self, storage: Storage, connection: redis.asyncio.Redis, score_queue: Queue
    ) -> None:
        self._storage = storage
        self._connection = connection
        self._score_queue = score_queue
        self._patience = Patience("looking for forgotten texts")
        self._put_at: dict[str, float] = {}
        self._redis_run = ""

    async def run(self) -> None:
        """Sweep until cancelled."""
        while True:
            await asyncio.sleep(SWEEP_SECONDS)
            try:
                await self.put_forgotten(time.time() - PATIENCE_SECONDS)
            except (sqlite3.Error, redis.RedisError) as error:
                await self._patience.wait(error)
            else:
                self._patience.succeeded()

    async def put_forgotten(self, received_before: float) -> int:
        """Put texts again that came before an epoch second and were forgotten; return how many.

        Raises sqlite3.Error and redis.RedisError.
        """
        oldest, verdicts = await self._look()
        if len(verdicts) > MOST_VERDICTS:
            return 0
        # Texts are scored in the order in which they came. So one that came before all that wait
        # is being saved, or is forgotten.
        before = min(received_before, _time_of_oldest(oldest, received_before))
        await self._forget_earlier_rounds()
        texts = await self._storage.read(find_forgotten, before, MOST_PUT)
        under_way = _keys(verdicts) | self._put_at.keys()
        forgotten = [text for text in texts if text.key not in under_way]
        if forgotten:
            await self._put(forgotten)
        return len(forgotten)

    async def _look(self) -> tuple[list[Entry], list[Entry]]:
        # In one transaction, since a worker moves a text from one to the other in one step.
        async with self._connection.pipeline(transaction=True) as pipe:
            pipe.xrange(TEXTS, count=1)
            pipe.xrange(VERDICTS, count=MOST_VERDICTS + 1)
            oldest, verdicts = await pipe.execute()
        return oldest, verdicts

    async def _put(self, texts: Sequence[Text]) -> None:
        logger.warning("{} texts have no verdict and are put again", len(texts))
        # After a power cut SQLite may be behind Redis: scored there, and the verdict lost here.
        await self._connection.delete(*(DONE + text.key for text in texts))
        await put_texts(self._connection, self._score_queue, texts)
        self._put_at.update(dict.fromkeys((text.key for text in texts), time.monotonic()))

    async def _forget_earlier_rounds(self) -> None:
        """Forget what was put long ago, or into a Redis that has died since."""
        server: dict[str, str] = await self._connection.info("server")
        limit = time.monotonic() - REPEAT_SECONDS
        if server["run_id"] != self._redis_run:
            self._redis_run, limit = server["run_id"], time.monotonic()
        self._put_at = {key: at for key, at in self._put_at.items() if at > limit}


def find_forgotten(
    connection: sqlite3.Connection, received_before: float, limit: int
) -> list[Text]:
    """Find texts, of messages first and then of reviews, that came before and have no verdict."""
    of_messages = messages.find_forgotten(connection, received_before, limit)
    left = limit - len(of_messages)
    return of_messages + reviews.find_forgotten(connection, received_before, left)


def _time_of_oldest(entries: Sequence[Entry], otherwise: float) -> float:
    for _, fields in entries:
        try:
            text = Text.model_validate_json(fields.get(b"text", b""))
        except ValidationError:
            return 0.0
        return text.received_at - PATIENCE_SECONDS
    return otherwise


def _keys(entries: Sequence[Entry]) -> set[str]:
    found = set()
    for _, fields in entries:
        try:
            found.add(Verdict.model_validate_json(fields.get(b"verdict", b"")).key)
        except ValidationError:
            continue
    return found
