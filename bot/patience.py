"""Waiting out an outage: one log line when it begins, one when it ends, longer pauses between."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

from loguru import logger

from bot.grace import in_hand

T = TypeVar("T")

FIRST_PAUSE_SECONDS = 0.1
LONGEST_PAUSE_SECONDS = 2.0


class Patience:
    """Paces the repetition of one thing that keeps failing."""

    def __init__(self, doing: str) -> None:
        self._doing = doing
        self._pause_seconds = FIRST_PAUSE_SECONDS
        self._failing_since: float | None = None

    async def wait(self, error: Exception, at_least_seconds: float = 0) -> None:
        """Pause after a failure, each time twice as long up to a limit."""
        if self._failing_since is None:
            self._failing_since = time.monotonic()
            logger.warning("{} fails, trying on: {}", self._doing, _describe(error))
        await asyncio.sleep(max(self._pause_seconds, at_least_seconds))
        self._pause_seconds = min(2 * self._pause_seconds, LONGEST_PAUSE_SECONDS)

    async def repeat(
        self,
        look: Callable[[], Awaitable[None]],
        every_seconds: float,
        passing: tuple[type[Exception], ...],
    ) -> None:
        """Look now and after each pause until cancelled, a look that is begun in full.

        What is `passing`, time mends.
        """
        while True:
            try:
                with in_hand():
                    await look()
            except passing as error:
                await self.wait(error)
                continue
            self.succeeded()
            await asyncio.sleep(every_seconds)

    async def insist(
        self, step: Callable[[], Awaitable[T]], passing: tuple[type[Exception], ...]
    ) -> T:
        """Take a step, again while it fails for what is `passing`; return what it returns."""
        while True:
            try:
                found = await step()
            except passing as error:
                await self.wait(error)
            else:
                self.succeeded()
                return found

    def succeeded(self) -> None:
        """Note that it works, again or still."""
        if self._failing_since is not None:
            seconds = time.monotonic() - self._failing_since
            logger.info("{} works again after {:.1f} s", self._doing, seconds)
            self._failing_since = None
        self._pause_seconds = FIRST_PAUSE_SECONDS


def _describe(error: Exception) -> str:
    first_line = str(error).partition("\n")[0]
    return f"{type(error).__name__}: {first_line}".rstrip(": ")
