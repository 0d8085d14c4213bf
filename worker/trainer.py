"""`python -m worker.trainer`: takes trainings from their queue, one at a time, in forked processes.

It is nice to everybody else on the machine, so that scoring keeps its speed.
"""

import importlib.util
import os
from resource import struct_rusage

import redis
from loguru import logger
from rq.job import Job

from core.connections import connect, wait_for_redis
from core.errors import SetupError, run_door
from core.jobs import AllowedJob
from core.logs import set_up_logs
from core.settings import load_settings
from core.training import Reason, TrainingResult, put_result
from core.training_orders import train_queue
from worker.forking import WORKER_TTL_SECONDS, ForkingWorker, said_of_death, serve_jobs
from worker.signals import end_on_signals

NICENESS = 15
# RQ looks this often whether a forked training is still alive.
JOB_MONITORING_SECONDS = 2


class TrainingWorker(ForkingWorker):
    """A training that dies takes nobody with it."""

    def handle_work_horse_killed(
        self, job: Job, retpid: int, ret_val: int, rusage: struct_rusage
    ) -> None:
        """Say that a training has died, so that nobody waits for it."""
        died = Reason(code="crashed", names={"error": said_of_death(ret_val)})
        reason = Reason(code="lost") if self._stop_requested else died
        put_result(self.connection, TrainingResult(id=job.id, outcome="failed", reasons=(reason,)))


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
    serve_jobs(settings, make_worker)


def make_worker(connection: redis.Redis) -> TrainingWorker:
    """Make the worker that takes trainings."""
    return TrainingWorker(
        [train_queue(connection)],
        connection=connection,
        job_class=AllowedJob,
        serializer="json",
        job_monitoring_interval=JOB_MONITORING_SECONDS,
        worker_ttl=WORKER_TTL_SECONDS,
        log_job_description=False,
    )


if __name__ == "__main__":
    raise SystemExit(main())
