"""RQ's scheduler, which puts what is due into its queue, as a process that ends with its worker."""

import os

import redis
from loguru import logger
from rq import Queue
from rq.scheduler import RQScheduler


class Scheduler(RQScheduler):
    """One of all that run holds the lock; another takes over within minutes of its death."""

    def __init__(self, queues: list[Queue], connection: redis.Redis) -> None:
        super().__init__(queues, connection=connection, logging_level="WARNING", serializer="json")
        self._started_by = os.getpid()

    def work(self) -> None:
        """Put what is due into its queue until asked to stop, or until Redis is away."""
        try:
            super().work()  # type: ignore[no-untyped-call]
        except redis.RedisError as error:
            # The worker's maintenance starts it again.
            logger.warning("the scheduler lost Redis ({})", type(error).__name__)

    def heartbeat(self) -> None:
        """Keep the lock, unless the worker that started this process is gone."""
        if os.getppid() != self._started_by:
            self.request_stop()  # type: ignore[no-untyped-call]
        super().heartbeat()  # type: ignore[no-untyped-call]


def start_scheduler(queues: list[Queue], connection: redis.Redis) -> Scheduler:
    """Start the process where no other one has the lock; the worker's maintenance tries again."""
    scheduler = Scheduler(queues, connection)
    scheduler.acquire_locks(auto_start=True)  # type: ignore[no-untyped-call]
    return scheduler
