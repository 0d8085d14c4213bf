"""Takes in what readers find: saved first, then put to the model, and only then settled."""

import time
from collections.abc import Callable, Sequence

import redis.asyncio
from rq import Queue

from bot.following import Follower
from bot.outside.watching import is_of_channel, take_posts
from bot.storage import reviews
from bot.storage.database import Storage
from core.queues import READINGS, put_texts
from core.reading import ReadPart


class PartFollower(Follower[ReadPart]):
    """Saves what a part holds and puts it to the model; the same part again is harmless."""

    stream, field, contract = READINGS, "part", ReadPart
    # A part may hold a page of a megabyte.
    batch = 10
    what = "saving what readers found"

    def __init__(
        self,
        storage: Storage,
        connection: redis.asyncio.Redis,
        score_queue: Queue,
        on_parts: Callable[[], None],
    ) -> None:
        super().__init__(connection)
        self._storage = storage
        self._connection = connection
        self._score_queue = score_queue
        self._on_parts = on_parts

    async def take(self, found: Sequence[ReadPart]) -> None:
        """Take parts in order, of reviews or of a channel."""
        for part in found:
            if is_of_channel(part):
                await take_posts(self._storage, self._connection, self._score_queue, part)
            else:
                await self._take_reviews(part)

    async def _take_reviews(self, part: ReadPart) -> None:
        texts = await self._storage.write(reviews.save_part, part, time.time())
        # The message changes while the model reads.
        self._on_parts()
        await put_texts(self._connection, self._score_queue, texts)
