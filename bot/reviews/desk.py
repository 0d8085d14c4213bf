"""Where people ask for reviews to be read: written down at once; who asks too much must wait."""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

import redis.asyncio
from rq import Queue

from bot.reviews.keeper import ReadingKeeper
from bot.reviews.limits import FRESH_SECONDS, HOUR_SECONDS, UNDER_WAY_SECONDS, Refusal, refusal
from bot.reviews.readings import Asked, Reading
from bot.storage import readings, reviews
from bot.storage.database import Storage
from core.contracts import Text, storable
from core.queues import put_texts
from core.reading import ReadEnd, Review


@dataclass(frozen=True, slots=True)
class Brought:
    """Reviews that somebody sent themself."""

    title: str
    """Of the file; empty for pasted text."""
    reviews: Sequence[Review]


class ReviewDesk:
    """Takes what people ask for."""

    def __init__(
        self,
        storage: Storage,
        connection: redis.asyncio.Redis,
        score_queue: Queue,
        keeper: ReadingKeeper,
    ) -> None:
        self._storage = storage
        self._connection = connection
        self._score_queue = score_queue
        self.keeper = keeper

    async def ask(self, asked: Asked, is_anew: bool = False) -> Refusal | None:
        """Have a page read, or shown as it was read a while ago; return why somebody must wait.

        Asking again, with the same press, changes nothing.
        """
        since = asked.at if is_anew else asked.at - FRESH_SECONDS
        found = await self._storage.write(ask, asked, since)
        self.keeper.wake()
        return found if isinstance(found, Refusal) else None

    async def bring(self, asked: Asked, brought: Brought) -> Refusal | None:
        """Take reviews as they are. Raises redis.RedisError: then bring them again."""
        found = await self._storage.write(bring, asked, brought)
        if isinstance(found, Refusal):
            return found
        self.keeper.wake()
        await put_texts(self._connection, self._score_queue, found)
        return None


def ask(connection: sqlite3.Connection, asked: Asked, read_since: float) -> Reading | Refusal:
    """Write down what is asked for, unless somebody must wait for it.

    What was read since an epoch second needs no reading, so that it doesn't count by the hour.
    """
    refused = None
    if not readings.is_known(connection, asked.press):
        refused = _refusal(connection, asked, read_since)
    return refused or readings.ask(connection, asked, read_since)


def bring(connection: sqlite3.Connection, asked: Asked, brought: Brought) -> list[Text] | Refusal:
    """Store reviews that somebody sent; return what waits for a verdict."""
    reading = ask(connection, asked, asked.at)
    if isinstance(reading, Refusal):
        return reading
    if reading.state == "asked":
        reviews.add(connection, reading.id, brought.reviews, asked.at)
        end = ReadEnd(outcome="read", title=storable(brought.title), total=len(brought.reviews))
        readings.end(connection, reading.id, end, asked.at)
    return reviews.find_waiting(connection, reading.id)


def _refusal(connection: sqlite3.Connection, asked: Asked, read_since: float) -> Refusal | None:
    is_under_way = readings.is_under_way(connection, asked.asked_by, asked.at - UNDER_WAY_SECONDS)
    is_there = asked.address and readings.find_same(connection, asked.address, read_since)
    hour_ago = asked.at - HOUR_SECONDS
    times = [] if is_there else readings.list_asked(connection, asked.asked_by, hour_ago)
    return refusal(is_under_way, times, asked.at)
