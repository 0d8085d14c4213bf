"""Limits on how often something may be done, and a lane for each chat that keeps to its own."""

import asyncio
import time
from collections import deque
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass

from bot.grace import queueing

# A request may travel faster than the one before it, and then arrives too early.
MARGIN_SECONDS = 0.05


@dataclass(frozen=True, slots=True)
class Limits:
    """Telegram's limits on sending."""

    per_second: float
    per_second_per_chat: float
    per_minute_per_group: int


class Window:
    """Lets `rate` x `seconds` things happen in any stretch of that length, first come first."""

    def __init__(self, rate: float, seconds: float) -> None:
        count = max(1, int(rate * seconds))
        self._seconds = count / rate + MARGIN_SECONDS
        self._taken: deque[float] = deque(maxlen=count)
        self._held_until = 0.0
        self._turn = asyncio.Lock()

    async def take(self) -> None:
        """Wait until one more may happen, and count it."""
        with queueing():
            async with self._turn:
                await self._wait()
                self._taken.append(time.monotonic())

    async def _wait(self) -> None:
        # Again and again, since a hold may begin meanwhile.
        while (pause := self._pause_seconds()) > 0:
            await asyncio.sleep(pause)

    def hold(self, seconds: float) -> None:
        """Let nothing happen for that long."""
        self._held_until = max(self._held_until, time.monotonic() + seconds)

    async def held(self) -> None:
        """Wait out a hold without counting anything."""
        with queueing():
            while (pause := self._held_until - time.monotonic()) > 0:
                await asyncio.sleep(pause)

    def is_fresh(self) -> bool:
        """Tell whether the window remembers nothing that still matters."""
        now = time.monotonic()
        stale = not self._taken or self._taken[-1] + self._seconds <= now
        return stale and self._held_until <= now

    def _pause_seconds(self) -> float:
        now = time.monotonic()
        full = len(self._taken) == self._taken.maxlen
        free_at = self._taken[0] + self._seconds if full else now
        return max(free_at, self._held_until) - now


class ChatLane:
    """One chat's calls in the order they were asked for, one at a time."""

    def __init__(self, limits: Limits, is_group: bool) -> None:
        self._windows = [Window(limits.per_second_per_chat, 1)]
        if is_group:
            self._windows.append(Window(limits.per_minute_per_group / 60, 60))
        self._users = 0
        self._turn = asyncio.Lock()

    @contextmanager
    def in_use(self) -> Iterator[None]:
        """Keep the lane from being forgotten while somebody waits in it."""
        self._users += 1
        try:
            yield
        finally:
            self._users -= 1

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Wait for one's turn in the chat, and have it for the length of a block."""
        with queueing():
            await self._turn.acquire()
        try:
            yield
        finally:
            self._turn.release()

    async def take(self) -> None:
        """Wait until one more call may go to this chat."""
        for window in self._windows:
            await window.take()

    def hold(self, seconds: float) -> None:
        """Let nothing go to this chat for that long."""
        self._windows[0].hold(seconds)

    def is_idle(self) -> bool:
        """Tell whether the lane can be forgotten without forgetting a limit."""
        return not self._users and all(window.is_fresh() for window in self._windows)
