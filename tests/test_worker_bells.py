"""Bells: hung up once, rung when due, and of two schedulers only one rings."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis
from reader_parts import reader_process, until
from rq import Queue, SimpleWorker
from rq.job import Job
from rq.registry import ScheduledJobRegistry

from core.bells import BELL_JOB, Bell, bell_queue, hang_up, take_down
from core.jobs import AllowedJob
from core.queues import BELLS
from worker.bells import NoJobError, put_bell, ring


def bell(name: str = "digest-1", seconds: float = 0) -> Bell:
    return Bell(id=name, kind="digest", chat_id=-100, due_at=time.time() + seconds)


def rung(connection: redis.Redis) -> list[Bell]:
    return [Bell.model_validate_json(fields[b"bell"]) for _, fields in connection.xrange(BELLS)]


def hanging(queue: Queue) -> list[str]:
    return ScheduledJobRegistry(queue=queue).get_job_ids()


@pytest.fixture
def queue(redis_sync: redis.Redis) -> Queue:
    return bell_queue(redis_sync)


def test_a_bell_hangs_once_however_often_it_is_hung_up(queue: Queue) -> None:
    one = bell(seconds=60)
    assert [hang_up(queue, one) for _ in range(3)] == [True, False, False]
    assert hanging(queue) == [one.id]


def test_bells_that_nobody_rings_are_taken_down(queue: Queue, redis_sync: redis.Redis) -> None:
    hang_up(queue, bell("look-1", seconds=-7200))
    hang_up(queue, bell("look-2", seconds=-60))
    assert take_down(queue, time.time() - 3600) == 1
    assert hanging(queue) == ["look-2"]
    assert not Job.exists("look-1", connection=redis_sync)


def test_of_a_bell_that_was_lost_in_part_the_rest_is_taken_down(
    queue: Queue, redis_sync: redis.Redis
) -> None:
    hang_up(queue, bell("look-1", seconds=-7200))
    hang_up(queue, bell("look-2", seconds=-7300))
    redis_sync.delete(Job.key_for("look-2"))
    take_down(queue, time.time() - 3600)
    assert hanging(queue) == []


def test_a_bell_that_was_lost_with_redis_can_be_hung_up_again(
    queue: Queue, redis_sync: redis.Redis
) -> None:
    hang_up(queue, bell(seconds=60))
    redis_sync.flushall()
    assert hang_up(queue, bell(seconds=60))


def test_a_rung_bell_is_on_the_stream_as_it_was_hung_up(
    queue: Queue, redis_sync: redis.Redis
) -> None:
    one = bell()
    queue.enqueue_call(BELL_JOB, (one.model_dump_json(),), job_id=one.id)
    worker = SimpleWorker([queue], connection=redis_sync, job_class=AllowedJob, serializer="json")
    worker.work(burst=True, logging_level="WARNING")
    assert rung(redis_sync) == [one]


def test_only_rq_rings(redis_sync: redis.Redis) -> None:
    with pytest.raises(NoJobError):
        ring(bell().model_dump_json())
    put_bell(redis_sync, bell("look-300"))
    assert [one.id for one in rung(redis_sync)] == ["look-300"]


@pytest.fixture
def two_readers(redis_url: str, redis_sync: redis.Redis, tmp_path: Path) -> Iterator[None]:
    """Two readers with a scheduler each, as on two hosts."""
    nowhere = "127.0.0.1:1"
    with reader_process(redis_url, nowhere, tmp_path), reader_process(redis_url, nowhere, tmp_path):
        until(lambda: len(redis_sync.smembers("rq:workers")) == 2)
        yield


@pytest.mark.usefixtures("two_readers")
def test_two_schedulers_ring_each_bell_once(queue: Queue, redis_sync: redis.Redis) -> None:
    bells = [bell(f"digest-{n}", seconds=0.5) for n in range(20)]
    assert all(hang_up(queue, one) for one in bells)
    until(lambda: len(rung(redis_sync)) >= len(bells))
    time.sleep(1.5)  # each scheduler looks once more
    assert sorted(one.id for one in rung(redis_sync)) == sorted(one.id for one in bells)
    assert hanging(queue) == []
