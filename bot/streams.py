"""Reading a Redis stream as the bot: what a crash left unfinished first, then what is new."""

from collections.abc import Sequence
from typing import Any

import redis.asyncio
from redis.exceptions import ResponseError

from core.connections import BLOCK_MS
from core.queues import BOT, create_groups

# One bot owns the SQLite file, so there is one consumer, and what it left is its own.
CONSUMER = "bot"
FROM_THE_START = "0"
# More unacknowledged entries than the bot ever reads ahead.
MOST_PENDING = 1000

# KEYS: stream. ARGV: group, then entry ids.
SETTLE = """
redis.call('XACK', KEYS[1], unpack(ARGV))
return redis.call('XDEL', KEYS[1], unpack(ARGV, 2))
"""

Entry = tuple[bytes, dict[bytes, bytes]]
"""A stream entry's id and fields; no fields when it was deleted meanwhile."""


class StreamReader:
    """The bot's place in one stream."""

    def __init__(self, connection: redis.asyncio.Redis, stream: str) -> None:
        self._connection = connection
        self.stream = stream

    async def read_left_over(self, after: bytes | str, count: int) -> list[Entry]:
        """Read entries delivered before and never acknowledged, in order, behind an id."""
        return await self._read(after, count, block_ms=None)

    async def read_new(self, count: int) -> list[Entry]:
        """Read entries that nobody has seen; waits up to BLOCK_MS for the first."""
        return await self._read(">", count, block_ms=BLOCK_MS)

    async def count_deliveries(self, entries: Sequence[Entry]) -> dict[bytes, int]:
        """How often each of these unacknowledged entries has been delivered."""
        if not entries:
            return {}
        first, last = entries[0][0], entries[-1][0]
        rows: Any = await self._connection.xpending_range(
            self.stream, BOT, first, last, MOST_PENDING
        )
        return {row["message_id"]: row["times_delivered"] for row in rows}

    async def acknowledge(self, ids: Sequence[bytes]) -> None:
        """Settle entries for good."""
        if ids:
            await self._connection.eval(SETTLE, 1, self.stream, BOT, *ids)

    async def forgive(self, ids: Sequence[bytes]) -> None:
        """Count no delivery of those of these entries that are not acknowledged."""
        if ids:
            # Never delivered before, as far as Redis then knows; the idle time is no matter.
            await self._connection.xclaim(
                self.stream, BOT, CONSUMER, 0, list(ids), retrycount=0, justid=True
            )

    async def _read(self, after: bytes | str, count: int, block_ms: int | None) -> list[Entry]:
        try:
            answer: Any = await self._connection.xreadgroup(
                BOT, CONSUMER, {self.stream: after}, count=count, block=block_ms
            )
        except ResponseError as error:
            if "NOGROUP" not in str(error):
                raise
            # Redis came back without its data: begin anew, the sweep restores the texts.
            await create_groups(self._connection)
            return []
        return [entry for _, entries in answer for entry in entries]
