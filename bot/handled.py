"""Remembers which updates were handled, so that one that comes twice is answered once.

Telegram hands over again what the bot took in and could not confirm before it died.
"""

import hashlib
import time

import redis.asyncio

HANDLED = "nastroi:updates:handled"
# What comes again is among the last that Telegram handed over, a hundred at a time.
MOST_REMEMBERED = 4096


class Handled:
    """The updates that were handled last, by a digest of all that they say."""

    def __init__(self, connection: redis.asyncio.Redis) -> None:
        self._connection = connection

    async def knows(self, digest: str) -> bool:
        """Tell whether an update was handled. Raises redis.RedisError."""
        return await self._connection.zscore(HANDLED, digest) is not None

    async def note(self, digest: str) -> None:
        """Remember an update. Raises redis.RedisError."""
        async with self._connection.pipeline(transaction=True) as pipe:
            pipe.zadd(HANDLED, {digest: time.time()})
            pipe.zremrangebyrank(HANDLED, 0, -MOST_REMEMBERED - 1)
            await pipe.execute()


def digest_of(update: bytes) -> str:
    """Name an update by all that it says: its number alone may be another one's, too."""
    return hashlib.sha256(update).hexdigest()[:32]
