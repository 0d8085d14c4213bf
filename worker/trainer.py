"""`python -m worker.trainer`: takes trainings from their queue, one at a time, in forked processes.

It is nice to everybody else on the machine, so that scoring keeps its speed.
"""

import importlib.util
import os
import threading
import time
from resource import struct_rusage
from types import FrameType

import redis
from loguru import logger
from rq import Queue, Worker
from rq.exceptions import StopRequested
from rq.job import Job

from core.connections import connect, wait_for_redis
from core.errors import SetupError, run_door
from core.jobs import AllowedJob
from core.logs import set_up_logs
from core.settings import Settings, load_settings
from core.training import Reason, TrainingResult, put_result
from core.training_orders import train_queue
from worker.signals import end_on_signals

NICENESS = 15
REDIS_PATIENCE_SECONDS = 60
# RQ looks this often whether a forked training is still alive.
JOB_MONITORING_SECONDS = 2
# A forked training looks this often whether its trainer is.
LOOK_SECONDS = 1.0


class TrainingWorker(Worker):
    """RQ's forking worker: a training that dies takes nobody with it."""

    max_connection_wait_time = 2.0

    def main_work_horse(self, job: Job, queue: Queue) -> None:
        """Do a job in the forked process, which ends when its trainer is gone."""
        threading.Thread(target=_end_without, args=(self.pid,), daemon=True).start()
        super().main_work_horse(job, queue)

    def handle_work_horse_killed(
        self, job: Job, retpid: int, ret_val: int, rusage: struct_rusage
    ) -> None:
        """Say that a training has died, so that nobody waits for it."""
        died = Reason(code="crashed", names={"error": _said_of_death(ret_val)})
        reason = Reason(code="lost") if self._stop_requested else died
        put_result(self.connection, TrainingResult(id=job.id, outcome="failed", reasons=(reason,)))

    def request_stop(self, signum: int, frame: FrameType | None) -> None:
        """Stop, also where Redis is away and the time of the request can't be noted there."""
        try:
            super().request_stop(signum, frame)  # type: ignore[no-untyped-call]
        except redis.RedisError:
            raise StopRequested from None

    def handle_warm_shutdown_request(self) -> None:
        """End the training, too: nobody who stops a program waits for minutes."""
        # Before the training dies of it, so that its end says why.
        self._stop_requested = True
        if self.horse_pid:
            self.kill_horse()


def _end_without(parent: int) -> None:
    """End this process once its parent has: nobody could stop it any more."""
    while os.getppid() == parent:
        time.sleep(LOOK_SECONDS)
    os._exit(1)


def _said_of_death(status: int) -> str:
    if os.WIFSIGNALED(status):
        return f"killed by signal {os.WTERMSIG(status)}"
    return f"exit status {os.waitstatus_to_exitcode(status)}"


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
    while work(settings):
        with connect(settings.redis_address) as connection:
            wait_for_redis(connection, settings.redis_address, REDIS_PATIENCE_SECONDS)
    logger.info("stopped")


def work(settings: Settings) -> bool:
    """Run RQ's worker until it stops; True when that is because Redis went away."""
    queue = train_queue(connect(settings.redis_address))
    worker = TrainingWorker(
        [queue],
        connection=queue.connection,
        job_class=AllowedJob,
        serializer="json",
        job_monitoring_interval=JOB_MONITORING_SECONDS,
        log_job_description=False,
    )
    try:
        worker.work(logging_level="WARNING")
    except redis.RedisError as error:
        logger.warning("Redis went away ({}), waiting for it", type(error).__name__)
        return True
    finally:
        end_on_signals()
    return False


if __name__ == "__main__":
    raise SystemExit(main())
