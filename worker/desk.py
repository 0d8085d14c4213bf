"""One training's place in Redis: kept while it goes on, and left with a result."""

import _thread
import contextlib
import signal
import threading
import time
from collections.abc import Iterator
from types import FrameType

import redis
from loguru import logger

from core.training import (
    Stage,
    TrainingLostError,
    TrainingOrder,
    TrainingProgress,
    TrainingResult,
    is_cancelled,
    keep_place,
    put_progress,
    put_result,
    read_order,
)
from ml.errors import Cancelled

TELL_SECONDS = 1.0
LOOK_SECONDS = 1.0
# Nobody else sends it; it only wakes Python's own handler.
BREAK = signal.SIGUSR1


class Desk:
    """One training's papers, at one attempt at it."""

    def __init__(self, connection: redis.Redis, order_id: str, attempt: int = 1) -> None:
        self._redis, self._id, self._attempt = connection, order_id, attempt
        self._stage: Stage | None = None
        self._told_at = 0.0
        self._over = threading.Event()
        self._why: Exception | None = None

    def order(self) -> TrainingOrder:
        """Take the place and read the order.

        Raises TrainingLostError: it has ended, or expired, or another attempt is under way.
        """
        keep_place(self._redis, self._id, self._attempt)
        return read_order(self._redis, self._id)

    @contextlib.contextmanager
    def kept(self) -> Iterator[None]:
        """Keep the place, whatever the block does and however long a step of it takes.

        Raises Cancelled or TrainingLostError within the block, wherever it is: only where the
        main thread runs it, and only what may be broken off belongs in it.
        """
        signal.signal(BREAK, self._break_off)
        if is_cancelled(self._redis, self._id):
            raise Cancelled
        watch = threading.Thread(target=self._watch, daemon=True)
        watch.start()
        try:
            yield
        finally:
            self._over.set()
            watch.join(2 * LOOK_SECONDS)

    def tell(self, stage: Stage, share: float, seconds_left: float | None = None) -> None:
        """Note how far it is, at most once a second in each stage."""
        now = time.monotonic()
        if stage == self._stage and now - self._told_at < TELL_SECONDS:
            return
        self._stage, self._told_at = stage, now
        progress = TrainingProgress(
            id=self._id,
            stage=stage,
            share=share,
            seconds_left=seconds_left,
            updated_at=time.time(),
            resumed=self._attempt - 1,
        )
        try:
            put_progress(self._redis, progress)
        except redis.RedisError as error:
            # Minutes of work are not thrown away for a line that nobody can read now.
            logger.warning("the progress of {} can't be told: {}", self._id, type(error).__name__)

    def end(self, result: TrainingResult) -> None:
        """Leave the result and free the place."""
        put_result(self._redis, result)

    def _watch(self) -> None:
        while not self._over.wait(LOOK_SECONDS):
            self._why = self._why_to_end()
            if self._why:
                _thread.interrupt_main(BREAK)

    def _why_to_end(self) -> Exception | None:
        try:
            keep_place(self._redis, self._id, self._attempt)
            return Cancelled() if is_cancelled(self._redis, self._id) else None
        except TrainingLostError as error:
            return error
        except redis.RedisError:
            return None  # it may come back before the place has expired

    def _break_off(self, number: int, frame: FrameType | None) -> None:
        if self._why and not self._over.is_set():
            self._over.set()
            raise self._why
