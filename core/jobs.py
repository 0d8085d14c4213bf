"""RQ jobs that can name only the functions listed here, whoever writes to Redis."""

from collections.abc import Callable
from typing import Any

from rq.job import Job

ALLOWED = frozenset(
    {
        "worker.bells.ring",
        "worker.jobs.score",
        "worker.models.answer",
        "worker.reading.read",
        "worker.retraining.retrain",
    }
)


class JobNotAllowedError(Exception):
    """A job in the queue names a function that no part of Nastroi enqueues."""


class AllowedJob(Job):
    """A job whose function is looked up in ALLOWED before it is imported."""

    @property
    def func(self) -> Callable[..., Any]:
        if self.func_name not in ALLOWED or self.instance is not None:
            raise JobNotAllowedError(f"{self.func_name} is not in core.jobs.ALLOWED")
        function: Callable[..., Any] = super().func
        return function

    def _refuse_callback(self) -> None:
        return None

    # Callbacks are further functions named by whoever enqueued; nothing here uses them.
    success_callback = failure_callback = stopped_callback = property(_refuse_callback)
