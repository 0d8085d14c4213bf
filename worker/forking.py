"""RQ's forking worker as ours need it: a job dies alone, and never outlives its worker."""

import os
import threading
import time
from collections.abc import Callable
from types import FrameType

import redis
from loguru import logger
from rq import Queue, Worker
from rq.exceptions import StopRequested
from rq.job import Job

from core.connections import connect, wait_for_redis
from core.settings import Settings
from worker.signals import end_on_signals

REDIS_PATIENCE_SECONDS = 60
# An idle worker says this often that it is there, so that a dead one is soon missed.
MAINTENANCE_SECONDS = 30
WORKER_TTL_SECONDS = 15 + MAINTENANCE_SECONDS
# A forked job looks this often whether its worker is still there.
LOOK_SECONDS = 1.0


class ForkingWorker(Worker):
    """Ends its job when it is stopped, and the job ends when its worker is gone."""

    max_connection_wait_time = 2.0

    def main_work_horse(self, job: Job, queue: Queue) -> None:
        """Do a job in the forked process."""
        watch = threading.Thread(target=self._end_without, args=(self.pid, job), daemon=True)
        watch.start()
        super().main_work_horse(job, queue)

    def say_orphaned(self, job: Job) -> None:
        """Say in the forked process that its worker is gone; then the process ends."""

    def request_stop(self, signum: int, frame: FrameType | None) -> None:
        """Stop, also where Redis is away and the time of the request can't be noted there."""
        try:
            super().request_stop(signum, frame)  # type: ignore[no-untyped-call]
        except redis.RedisError:
            raise StopRequested from None

    def handle_warm_shutdown_request(self) -> None:
        """End the job, too: nobody who stops a program waits for minutes."""
        # Before the job dies of it, so that its end says why.
        self._stop_requested = True
        if self.horse_pid:
            self.kill_horse()

    def _end_without(self, parent: int, job: Job) -> None:
        while os.getppid() == parent:
            time.sleep(LOOK_SECONDS)
        try:
            self.say_orphaned(job)
        finally:
            os._exit(1)


def said_of_death(status: int) -> str:
    """Say how a forked process ended."""
    if os.WIFSIGNALED(status):
        return f"killed by signal {os.WTERMSIG(status)}"
    return f"exit status {os.waitstatus_to_exitcode(status)}"


def serve_jobs(settings: Settings, make: Callable[[redis.Redis], Worker]) -> None:
    """Work until told to stop; `make` gets a connection of the worker's own. Raises SetupError."""
    while _work(make(connect(settings.redis_address))):
        with connect(settings.redis_address) as connection:
            wait_for_redis(connection, settings.redis_address, REDIS_PATIENCE_SECONDS)
    logger.info("stopped")


def _work(worker: Worker) -> bool:
    """Run RQ's worker until it stops; True when that is because Redis went away."""
    try:
        worker.work(logging_level="WARNING")
    except redis.RedisError as error:
        logger.warning("Redis went away ({}), waiting for it", type(error).__name__)
        return True
    finally:
        end_on_signals()
    return False
