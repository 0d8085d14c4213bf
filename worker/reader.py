"""`python -m worker.reader`: reads web pages, one at a time, in forked processes with limits.

It also runs RQ's scheduler, and rings the bells that this finds due. Whatever becomes of a reading,
its end reaches the bot.
"""

import importlib
import importlib.util
import os
import signal
from resource import struct_rusage
from types import TracebackType

import redis
from loguru import logger
from rq import Queue
from rq.defaults import DEFAULT_LOGGING_DATE_FORMAT, DEFAULT_LOGGING_FORMAT
from rq.job import Job

from core.bells import bell_queue
from core.connections import connect, wait_for_redis
from core.errors import SetupError, run_door
from core.jobs import AllowedJob
from core.logs import set_up_logs
from core.reading import READ_QUEUE, READ_SECONDS, ReadEnd, ReadOutcome
from core.reading_orders import read_queue
from core.settings import load_settings
from worker.forking import (
    MAINTENANCE_SECONDS,
    WORKER_TTL_SECONDS,
    ForkingWorker,
    said_of_death,
    serve_jobs,
)
from worker.limits import KernelAlarm, limit_memory
from worker.parts import end_reading
from worker.scheduling import start_scheduler
from worker.signals import end_on_signals

NEEDED = ("extruct", "lxml", "protego", "trafilatura", "urllib3")
JOB_MONITORING_SECONDS = 2


class ReadingWorker(ForkingWorker):
    """A reading that hangs, or takes too much, is killed and ends as such."""

    def bootstrap(
        self,
        logging_level: str | None = "INFO",
        date_format: str = DEFAULT_LOGGING_DATE_FORMAT,
        log_format: str = DEFAULT_LOGGING_FORMAT,
    ) -> None:
        """Register, and start the scheduler beside."""
        super().bootstrap(logging_level, date_format, log_format)
        self.scheduler = start_scheduler(self.queues, self.connection)

    def main_work_horse(self, job: Job, queue: Queue) -> None:
        """Do a job in the forked process, within its limits."""
        limit_memory()
        self.death_penalty_class = KernelAlarm
        job.timeout = _seconds(job)
        super().main_work_horse(job, queue)

    def handle_work_horse_killed(
        self, job: Job, retpid: int, ret_val: int, rusage: struct_rusage
    ) -> None:
        """Say that a reading has died."""
        if self._stop_requested:
            self._say_end(job, "crashed", "the reader was stopped")
        elif os.WIFSIGNALED(ret_val) and os.WTERMSIG(ret_val) == signal.SIGALRM:
            self._say_end(job, "too-slow", f"took more than {_seconds(job)} s")
        else:
            self._say_end(job, "crashed", said_of_death(ret_val))

    def say_orphaned(self, job: Job) -> None:
        """Say in the forked process that its reader is gone."""
        self._say_end(job, "crashed", "the reader died")

    def _say_end(self, job: Job, outcome: ReadOutcome, detail: str) -> None:
        if job.origin == READ_QUEUE:
            logger.warning("reading {}: {} ({})", job.id, outcome, detail)
            end_reading(self.connection, job.id, ReadEnd(outcome=outcome, detail=detail))


def _seconds(job: Job) -> int:
    return int(min(job.timeout or READ_SECONDS, READ_SECONDS))


def main() -> int:
    """Read pages; return the exit code."""
    return run_door(serve)


def serve() -> None:
    """Work until told to stop. Raises SetupError where a package is missing."""
    missing = [name for name in NEEDED if importlib.util.find_spec(name) is None]
    if missing:
        raise SetupError(f"reading needs {', '.join(missing)}: pip install -e '.[reader]'")
    end_on_signals()
    settings = load_settings()
    set_up_logs("reader", settings.log_level, settings.log_json)
    load_what_readings_need()
    with connect(settings.redis_address) as connection:
        wait_for_redis(connection, settings.redis_address)
        logger.info("ready to read")
    serve_jobs(settings, make_worker)


def load_what_readings_need() -> None:
    """Import and load before any fork, so that a reading begins within milliseconds."""
    importlib.import_module("worker.bells")
    importlib.import_module("worker.reading").warm_up()


def make_worker(connection: redis.Redis) -> ReadingWorker:
    """Make the worker that takes readings."""
    return ReadingWorker(
        # Bells are rung in no time, so they come first.
        [bell_queue(connection), read_queue(connection)],
        connection=connection,
        job_class=AllowedJob,
        serializer="json",
        exception_handlers=[say_failed],
        job_monitoring_interval=JOB_MONITORING_SECONDS,
        maintenance_interval=MAINTENANCE_SECONDS,
        worker_ttl=WORKER_TTL_SECONDS,
        log_job_description=False,
    )


def say_failed(
    job: Job, kind: type[BaseException], error: BaseException, trace: TracebackType | None
) -> None:
    """Say that a reading failed, or that it was abandoned by a reader that died with it."""
    if job.origin == READ_QUEUE:
        end_reading(job.connection, job.id, ReadEnd(outcome="crashed", detail=kind.__name__))


if __name__ == "__main__":
    raise SystemExit(main())
