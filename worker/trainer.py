"""`python -m worker.trainer`: takes trainings from their queue, one at a time, in forked processes.

It is nice to everybody else on the machine, so that scoring keeps its speed. A training that was
broken off goes on here, whoever died or was stopped.
"""

import importlib.util
import os
from functools import partial
from resource import struct_rusage

import redis
from loguru import logger
from rq.job import Job

from core.connections import connect, wait_for_redis
from core.errors import SetupError, run_door
from core.jobs import AllowedJob
from core.logs import set_up_logs
from core.settings import Settings, load_settings
from core.training_attempts import End, go_on_after, go_on_with_orphan, let_go
from core.training_orders import train_queue
from worker.forking import ForkingWorker, said_of_death, serve_jobs
from worker.signals import end_on_signals
from worker.workplaces import clear_workplaces

NICENESS = 15
# RQ looks this often whether a forked training is still alive.
JOB_MONITORING_SECONDS = 2
# An idle trainer looks this often for a training that nobody is at any more.
LOOK_SECONDS = 10


class TrainingWorker(ForkingWorker):
    """A training that dies takes nobody with it, and goes on where its last checkpoint stands."""

    settings: Settings

    def handle_work_horse_killed(
        self, job: Job, retpid: int, ret_val: int, rusage: struct_rusage
    ) -> None:
        """Order the next attempt at a training that was stopped or has died."""
        end: End = "stopped" if self._stop_requested else "crashed"
        logger.warning("training {}: {} ({})", job.id, end, said_of_death(ret_val))
        queue = train_queue(self.connection)
        go_on_after(queue, *_attempt_of(job), end, said_of_death(ret_val))

    def say_orphaned(self, job: Job) -> None:
        """Let the next trainer go on at once, since this one is gone."""
        let_go(self.connection, *_attempt_of(job))

    def run_maintenance_tasks(self) -> None:
        """Look also for a training that nobody is at, and clear what ended ones have left."""
        current = go_on_with_orphan(train_queue(self.connection))
        clear_workplaces(self.settings, but=current)
        super().run_maintenance_tasks()  # type: ignore[no-untyped-call]


def _attempt_of(job: Job) -> tuple[str, int]:
    order_id, attempt = (*job.args, 1)[:2]
    return str(order_id), int(attempt)


def main() -> int:
    """Take trainings; return the exit code."""
    return run_door(serve)


def serve() -> None:
    """Work until told to stop. Raises SetupError where torch is missing."""
    if importlib.util.find_spec("torch") is None:
        raise SetupError("training needs torch: make trainer (or pip install -e '.[train]')")
    end_on_signals()
    settings = load_settings()
    set_up_logs("trainer", settings.log_level, settings.log_json)
    os.nice(NICENESS)
    # Whatever a fork loads must not take the cores that scoring has.
    os.environ["OMP_NUM_THREADS"] = str(settings.train_threads)
    os.environ["OMP_WAIT_POLICY"] = "PASSIVE"
    with connect(settings.redis_address) as connection:
        wait_for_redis(connection, settings.redis_address)
        logger.info("ready to train on {} thread(s)", settings.train_threads)
    serve_jobs(settings, partial(make_worker, settings))


def make_worker(settings: Settings, connection: redis.Redis) -> TrainingWorker:
    """Make the worker that takes trainings."""
    worker = TrainingWorker(
        [train_queue(connection)],
        connection=connection,
        job_class=AllowedJob,
        serializer="json",
        job_monitoring_interval=JOB_MONITORING_SECONDS,
        # RQ blocks for 15 s less than this between two looks.
        worker_ttl=15 + LOOK_SECONDS,
        maintenance_interval=LOOK_SECONDS,
        log_job_description=False,
    )
    worker.settings = settings
    return worker


if __name__ == "__main__":
    raise SystemExit(main())
