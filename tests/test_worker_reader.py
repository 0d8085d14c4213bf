"""The reader as a process: it reads, and whatever befalls a reading, it ends once and says so."""

import os
import resource
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis
from reader_parts import (
    children,
    ends,
    exit_code_of,
    horses,
    order,
    order_for,
    parts,
    reader_process,
    until,
    wait_for_end,
    wait_for_reader,
)
from shop_site import Request, ShopSite, reviews_page, shop_site

from core.bells import Bell, bell_queue, hang_up
from core.queues import BELLS
from core.reading import READ_JOB, ReadEnd, Review, next_number
from core.reading_orders import has_reader, read_queue
from worker.limits import KernelAlarm, limit_memory
from worker.parts import Parts, end_reading
from worker.reader import main

MEGABYTE = 1_000_000


@pytest.fixture(scope="module")
def site() -> Iterator[ShopSite]:
    with shop_site() as running:
        running.routes["/reviews"] = reviews_page(250)
        yield running


@pytest.fixture
def reader(
    redis_sync: redis.Redis, redis_url: str, site: ShopSite, tmp_path: Path
) -> Iterator["subprocess.Popen[bytes]"]:
    with reader_process(redis_url, site.host, tmp_path) as process:
        wait_for_reader(redis_sync)
        yield process


@pytest.fixture
def held(site: ShopSite) -> Iterator[threading.Event]:
    """A page at /held that comes once the test lets go of it."""
    event = threading.Event()
    reviews = reviews_page(15_000)

    def hold(request: Request) -> None:
        event.wait(10)
        reviews(request)

    site.routes["/held"] = hold
    yield event
    event.set()


@pytest.fixture
def horse(
    reader: "subprocess.Popen[bytes]",
    redis_sync: redis.Redis,
    site: ShopSite,
    held: threading.Event,
) -> int:
    """The process id of a reading that waits for the held page."""
    site.seen.clear()
    order(redis_sync, f"{site.url}/held")
    until(lambda: "/held" in site.seen)
    return horses(reader.pid)[0]


@pytest.mark.usefixtures("reader")
def test_a_page_of_reviews_comes_in_numbered_parts_and_ends_once(
    redis_sync: redis.Redis, site: ShopSite
) -> None:
    order(redis_sync, f"{site.url}/reviews")
    end = wait_for_end(redis_sync)
    got = parts(redis_sync)
    assert [(part.number, len(part.reviews)) for part in got] == [
        (0, 100),
        (1, 100),
        (2, 50),
        (3, 0),
    ]
    assert (end.outcome, end.source, end.title, end.pages) == ("read", "json-ld", "Чайник", 1)
    assert end.host == "127.0.0.1"
    assert 0 < end.seconds < 10


@pytest.mark.usefixtures("reader")
def test_what_cannot_be_read_ends_with_its_reason(redis_sync: redis.Redis, site: ShopSite) -> None:
    order(redis_sync, f"{site.url}/404", "order-1")
    order(redis_sync, "http://169.254.169.254/", "order-2")
    order(redis_sync, f"{site.url}/captcha", "order-3")
    outcomes = [wait_for_end(redis_sync, f"order-{n}").outcome for n in (1, 2, 3)]
    assert outcomes == ["not-found", "refused", "blocked"]


@pytest.mark.usefixtures("reader", "held")
def test_a_reading_over_its_time_is_killed_and_ends_as_too_slow(
    redis_sync: redis.Redis, site: ShopSite
) -> None:
    order_for(redis_sync, f"{site.url}/held", seconds=1)
    assert wait_for_end(redis_sync).outcome == "too-slow"
    order(redis_sync, f"{site.url}/404", "order-2")
    assert wait_for_end(redis_sync, "order-2").outcome == "not-found"


def test_a_reading_that_takes_too_much_memory_ends_as_crashed(
    redis_sync: redis.Redis, horse: int, held: threading.Event
) -> None:
    used = int(Path(f"/proc/{horse}/statm").read_text().split()[5]) * resource.getpagesize()
    most, _ = resource.prlimit(horse, resource.RLIMIT_DATA)
    assert used < most < used + 1200 * MEGABYTE
    resource.prlimit(horse, resource.RLIMIT_DATA, (used + 2 * MEGABYTE, most))
    held.set()
    assert wait_for_end(redis_sync).outcome == "crashed"
    assert len(ends(redis_sync)) == 1


def test_a_reading_leaves_no_core(horse: int) -> None:
    assert resource.prlimit(horse, resource.RLIMIT_CORE) == (0, 0)


def test_a_reading_whose_process_is_killed_ends_as_crashed(
    redis_sync: redis.Redis, horse: int
) -> None:
    os.kill(horse, signal.SIGKILL)
    end = wait_for_end(redis_sync)
    assert (end.outcome, end.detail) == ("crashed", "killed by signal 9")
    assert has_reader(read_queue(redis_sync))


def test_a_reader_that_is_stopped_ends_its_reading(
    reader: "subprocess.Popen[bytes]", redis_sync: redis.Redis, horse: int
) -> None:
    reader.terminate()
    assert reader.wait(timeout=10) == 0
    assert ends(redis_sync)[0].outcome == "crashed"
    assert len(ends(redis_sync)) == 1
    assert not Path(f"/proc/{horse}").exists()


def test_the_reading_of_a_reader_that_is_killed_says_so_and_nothing_goes_on(
    reader: "subprocess.Popen[bytes]", redis_sync: redis.Redis, horse: int
) -> None:
    family = children(reader.pid)
    reader.kill()
    end = wait_for_end(redis_sync)
    assert (end.outcome, end.detail) == ("crashed", "the reader died")
    until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in family))


@pytest.mark.usefixtures("reader")
def test_an_order_that_nobody_understands_ends(redis_sync: redis.Redis) -> None:
    read_queue(redis_sync).enqueue_call(READ_JOB, ("{}",), job_id="order-1")
    assert wait_for_end(redis_sync).outcome == "crashed"


@pytest.mark.usefixtures("reader")
def test_a_bell_rings_when_it_is_due(redis_sync: redis.Redis) -> None:
    bell = Bell(id="bell-1", kind="look", due_at=time.time() + 1.5)
    hang_up(bell_queue(redis_sync), bell)
    ((_, rung),) = until(lambda: redis_sync.xrange(BELLS))
    assert Bell.model_validate_json(rung[b"bell"]) == bell
    # RQ counts in whole seconds.
    assert time.time() > bell.due_at - 1
    assert parts(redis_sync, "bell-1") == []


def test_a_reading_begun_again_after_a_crash_repeats_its_numbers_and_ends_once(
    redis_sync: redis.Redis,
) -> None:
    one, two = Review(text="раз"), Review(text="два")
    first, second = Parts(redis_sync, "order-1"), Parts(redis_sync, "order-1")
    first.put_reviews([one])
    first.put_reviews([two])
    second.put_reviews([one])
    assert end_reading(redis_sync, "order-1", ReadEnd(outcome="crashed"))
    assert not second.end(ReadEnd(outcome="read"))
    second.put_reviews([two])
    assert [part.number for part in parts(redis_sync)] == [0, 1, 0, 2]
    assert [end.outcome for end in ends(redis_sync)] == ["crashed"]
    assert next_number(redis_sync, "order-1") == 0


def test_native_code_is_killed_at_the_end_of_its_time() -> None:
    def hang() -> None:
        with KernelAlarm(1):
            pow(7, 7**9_000)  # one call that no signal handler of Python's would interrupt

    assert exit_code_of(hang) == -signal.SIGALRM


def test_memory_beyond_the_limit_is_not_given() -> None:
    def take() -> None:
        limit_memory(50 * MEGABYTE)
        bytearray(200 * MEGABYTE)

    assert exit_code_of(take) == 7


def test_a_missing_package_is_one_line_that_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "extruct", None)
    assert main() == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert "extruct" in line
    assert "[reader]" in line
