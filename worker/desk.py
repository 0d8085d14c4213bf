"""What Redis says of one training, and what it is asked for; knows nothing of models."""

import time

import redis

from core.training import (
    CANCELLED,
    CURRENT,
    HELD_TTL_SECONDS,
    KEEP,
    LEAVE,
    ORDER,
    PAPERS_TTL_SECONDS,
    PROGRESS,
    RESULT,
    Stage,
    TrainingOrder,
    TrainingProgress,
    TrainingResult,
)
from ml.errors import Cancelled

TELL_SECONDS = 1.0


class Desk:
    """One training's papers; progress is written at most once a second."""

    def __init__(self, connection: redis.Redis, order_id: str) -> None:
        self._redis, self._id, self._told_at = connection, order_id, 0.0
        self._stage: Stage | None = None

    def order(self) -> TrainingOrder | None:
        """Read the order; None once it is forgotten, or carried out."""
        if self._redis.exists(RESULT + self._id):
            return None
        found = self._redis.get(ORDER + self._id)
        return TrainingOrder.model_validate_json(found) if isinstance(found, bytes) else None

    def tell(self, stage: Stage, share: float, seconds_left: float | None = None) -> None:
        """Note how far it is and keep the place. Raises Cancelled when it is wanted no more."""
        now = time.monotonic()
        if stage == self._stage and now - self._told_at < TELL_SECONDS:
            return
        self._stage, self._told_at = stage, now
        if self._redis.exists(CANCELLED + self._id):
            raise Cancelled
        self._redis.eval(KEEP, 1, CURRENT, self._id, HELD_TTL_SECONDS)
        self._put(stage, share, seconds_left)

    def end(self, result: TrainingResult) -> None:
        """Leave the result and free the place, in this order."""
        ends: dict[str, Stage] = {"failed": "failed", "cancelled": "cancelled"}
        self._redis.set(RESULT + self._id, result.model_dump_json(), ex=PAPERS_TTL_SECONDS)
        self._put(ends.get(result.outcome, "done"), 1.0, None)
        self._redis.eval(LEAVE, 1, CURRENT, self._id)

    def _put(self, stage: Stage, share: float, seconds_left: float | None) -> None:
        progress = TrainingProgress(
            id=self._id,
            stage=stage,
            share=share,
            seconds_left=seconds_left,
            updated_at=time.time(),
        )
        self._redis.set(PROGRESS + self._id, progress.model_dump_json(), ex=PAPERS_TTL_SECONDS)
