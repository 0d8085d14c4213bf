"""The reader as a process of its own, and what tests order from it and get."""

import contextlib
import os
import signal
import subprocess
import sys
import time
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

import redis

from core.queues import READINGS
from core.reading import READ_JOB, ReadEnd, ReadOrder, ReadPart
from core.reading_orders import has_reader, order_reading, read_queue
from core.settings import PROJECT

T = TypeVar("T")


@contextlib.contextmanager
def reader_process(redis_url: str, test_site: str, folder: Path) -> Iterator[subprocess.Popen]:  # type: ignore[type-arg]
    """Run a reader until the block ends; what it says stands in `reader.log`."""
    knobs = {"REDIS_URL": redis_url, "READER_TEST_SITE": test_site, "PYTHONPATH": str(PROJECT)}
    command = [sys.executable, "-m", "worker.reader"]
    with (folder / "reader.log").open("ab") as log:
        process = subprocess.Popen(command, env=os.environ | knobs, cwd=folder, stderr=log)
    try:
        yield process
    finally:
        end_at_once(process)


def end_at_once(process: "subprocess.Popen[bytes]") -> None:
    """Kill a reader with its scheduler, which would hold its lock for a moment more."""
    family = [process.pid, *children(process.pid)] if process.poll() is None else []
    for pid in family:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    process.wait(timeout=10)


def wait_for_reader(connection: redis.Redis) -> None:
    queue = read_queue(connection)
    until(lambda: has_reader(queue))


def order(connection: redis.Redis, url: str, order_id: str = "order-1", **fields: object) -> None:
    made = {"id": order_id, "kind": "reviews", "url": url, **fields}
    order_reading(read_queue(connection), ReadOrder.model_validate(made))


def order_for(connection: redis.Redis, url: str, seconds: int) -> None:
    """Order a reading that may take so long and no longer."""
    made = ReadOrder(id="order-1", kind="reviews", url=url)
    queue = read_queue(connection)
    queue.enqueue_call(READ_JOB, (made.model_dump_json(),), job_id=made.id, timeout=seconds)


def parts(connection: redis.Redis, order_id: str = "order-1") -> list[ReadPart]:
    rows = connection.xrange(READINGS)
    found = [ReadPart.model_validate_json(fields[b"part"]) for _, fields in rows]
    return [part for part in found if part.order_id == order_id]


def ends(connection: redis.Redis, order_id: str = "order-1") -> list[ReadEnd]:
    return [part.end for part in parts(connection, order_id) if part.end]


def wait_for_end(connection: redis.Redis, order_id: str = "order-1") -> ReadEnd:
    (end,) = until(lambda: ends(connection, order_id))
    return end


def horses(pid: int) -> list[int]:
    """The readings of a reader: each has a process group of its own."""
    return [child for child in children(pid) if os.getpgid(child) == child]


def children(pid: int) -> set[int]:
    return {int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()}


def exit_code_of(job: Callable[[], object]) -> int:
    """Do a job in a forked process; its exit code: negative for a signal, 7 for want of memory."""
    with warnings.catch_warnings():
        # Python 3.12 warns where there are other threads; what is done there needs none of them.
        warnings.simplefilter("ignore", DeprecationWarning)
        pid = os.fork()
    if pid:
        return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    code = 1
    try:
        job()
        code = 0
    except MemoryError:
        code = 7
    finally:
        os._exit(code)


def until(condition: Callable[[], T], seconds: float = 20) -> T:
    deadline = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < deadline
        time.sleep(0.01)
    return found
