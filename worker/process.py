"""The RQ worker that scores, with a watchdog that wakes it when a wake-up was lost."""

import time
from types import FrameType

import redis
import rq.utils
from rq import Queue, SimpleWorker
from rq.exceptions import StopRequested
from rq.job import Job

from core.contracts import WorkerStatus
from core.models import models_queue
from core.queues import TEXTS, WAKE, WORKERS, wake_if_asleep
from worker.champion import Champion
from worker.scorer import Scorer

WATCHDOG_SECONDS = 2
REGISTRY_CLEANING_SECONDS = 600
STATUS_TTL_SECONDS = 10
# RQ blocks for 15 s less than this between two looks at its watchdog.
WORKER_TTL_SECONDS = 15 + WATCHDOG_SECONDS


class ScoringWorker(SimpleWorker):
    """Runs score jobs in this process, since a loaded model must not cross a fork.

    Between them it answers questions about the registry, which are quick and come first.
    """

    # RQ would wait up to a minute between two looks at whether Redis is back.
    max_connection_wait_time = 2.0

    def __init__(self, queue: Queue, connection: redis.Redis, champion: Champion, scorer: Scorer):
        super().__init__(
            [models_queue(queue.connection), queue],
            connection=queue.connection,
            job_class=queue.job_class,
            serializer="json",
            worker_ttl=WORKER_TTL_SECONDS,
            maintenance_interval=WATCHDOG_SECONDS,
            log_job_description=False,
        )
        self._queue = queue
        self._redis = connection
        self._champion = champion
        self._scorer = scorer
        self._registries_cleaned_at = -float(REGISTRY_CLEANING_SECONDS)

    def run_maintenance_tasks(self) -> None:
        """Wake a scorer when texts wait and no wake-up does; say that this worker lives."""
        self._announce()
        if self.last_cleaned_at is None:
            # At the start in any case: the wake-up may have been lost with a dead worker.
            self._redis.delete(WAKE)
        if self._redis.xlen(TEXTS):
            wake_if_asleep(self._redis, self._queue)
        if time.monotonic() - self._registries_cleaned_at > REGISTRY_CLEANING_SECONDS:
            super().run_maintenance_tasks()
            self._registries_cleaned_at = time.monotonic()
        self.last_cleaned_at = rq.utils.now()  # type: ignore[assignment]

    def request_stop(self, signum: int, frame: FrameType | None) -> None:
        """End the drain after its current batch, then stop."""
        self._scorer.stop_requested = True
        try:
            super().request_stop(signum, frame)
        except redis.RedisError:
            # It wanted to note the time of the request, and Redis is away.
            raise StopRequested from None

    def execute_job(self, job: Job, queue: Queue) -> None:
        """Run a job; stop after one that found the model broken."""
        super().execute_job(job, queue)
        self._stop_requested = self._stop_requested or self._scorer.broken

    def _announce(self) -> None:
        classifier = self._champion.classifier
        status = WorkerStatus(
            name=self.name,
            model=classifier.version,
            device=classifier.device,
            engine=classifier.engine,
            pid=self.pid or 0,
            shadow=self._scorer.trying,
        )
        self._redis.set(WORKERS + self.name, status.model_dump_json(), ex=STATUS_TTL_SECONDS)
