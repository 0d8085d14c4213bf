"""Works off what SQLite holds to be done: in each lane in order, across lanes at once.

A lane is a chat. What fails for a passing reason is tried again; what a crash cut short is found
again by the next start, so whatever is done here must be harmless to do twice.
"""

import asyncio
import sqlite3
from collections.abc import Collection
from typing import Generic, Protocol, TypeVar

from aiogram.exceptions import (
    ClientDecodeError,
    TelegramNetworkError,
    TelegramRetryAfter,
    TelegramServerError,
)
from loguru import logger

from bot.grace import in_hand
from bot.patience import Patience
from bot.storage.database import Storage
from bot.tasks import finish_tasks

# What time mends.
PASSING = (TelegramNetworkError, TelegramRetryAfter, TelegramServerError, sqlite3.Error)
MOST_LANES_AT_ONCE = 256
# Only in case a wake-up was missed.
LOOK_SECONDS = 5.0
# How long a lane rests after what nobody expected.
BROKEN_SECONDS = 30.0


class Task(Protocol):
    """One thing to do."""

    @property
    def lane(self) -> int:
        """What it must stay in order with: a chat's id."""
        ...


T = TypeVar("T", bound=Task)


class LaneRunner(Generic[T]):
    """Takes each free lane's oldest task; a subclass finds and performs them."""

    what = "working"
    """For the log."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage
        self._wake = asyncio.Event()
        self._busy: dict[int, asyncio.Task[None]] = {}
        self._patience = Patience(f"finding what to do: {self.what}")

    def find(
        self, connection: sqlite3.Connection, busy_lanes: Collection[int], limit: int
    ) -> list[T]:
        """Find at most one task of each free lane. Raises sqlite3.Error."""
        raise NotImplementedError

    async def perform(self, task: T) -> None:
        """Do a task and note its end, so that it is not found again. May raise PASSING errors."""
        raise NotImplementedError

    def wake(self) -> None:
        """Say that there may be something to do."""
        self._wake.set()

    async def run(self) -> None:
        """Work until cancelled; what is not finished then is taken up by the next start."""
        try:
            while True:
                self._wake.clear()
                await self._begin_some()
                await self._wait()
        finally:
            await finish_tasks(self._busy.values())

    async def _begin_some(self) -> None:
        free = MOST_LANES_AT_ONCE - len(self._busy)
        try:
            found = await self._storage.read(self.find, list(self._busy), free)
        except sqlite3.Error as error:
            await self._patience.wait(error)
            self.wake()
            return
        self._patience.succeeded()
        for task in found:
            self._busy[task.lane] = asyncio.create_task(self._take(task))

    async def _wait(self) -> None:
        try:
            async with asyncio.timeout(LOOK_SECONDS):
                await self._wake.wait()
        except TimeoutError:
            return

    async def _take(self, task: T) -> None:
        patience = Patience(f"{self.what} in chat {task.lane}")
        try:
            while not await self._try(task, patience):
                pass
        except Exception as error:  # noqa: BLE001 - whatever it is, the other lanes go on
            # Found again, it would fail again at once and without end: this lane waits.
            self._log_broken(task, error)
            await asyncio.sleep(BROKEN_SECONDS)
        finally:
            del self._busy[task.lane]
            self.wake()

    def _log_broken(self, task: T, error: Exception) -> None:
        log = logger.bind(chat_id=task.lane)
        if isinstance(error, ClientDecodeError):
            # Its text quotes all that Telegram answered, and so what people wrote.
            log.error("{} fails: {}", self.what, type(error).__name__)
        else:
            log.opt(exception=error).error("{} fails", self.what)

    async def _try(self, task: T, patience: Patience) -> bool:
        try:
            with in_hand():
                await self.perform(task)
        except PASSING as error:
            await patience.wait(error, getattr(error, "retry_after", 0))
            return False
        patience.succeeded()
        return True
