"""The queue: texts are stored with one wake-up, and jobs can name only what is allowed."""

import asyncio
import json
import zlib

import pytest
import redis
import redis.asyncio
from rq import Callback, Queue, SimpleWorker
from rq.job import Job

from core import queues
from core.contracts import Text
from core.jobs import AllowedJob, JobNotAllowedError


def some_texts(count: int) -> list[Text]:
    return [Text(key=f"1:{n}:0", text=f"текст {n}", received_at=0) for n in range(count)]


async def test_many_texts_wake_one_worker(
    redis_async: redis.asyncio.Redis, redis_sync: redis.Redis
) -> None:
    queue = queues.score_queue(redis_sync)
    await asyncio.gather(*(queues.put_texts(redis_async, queue, some_texts(5)) for _ in range(20)))
    assert await queues.count_waiting(redis_async) == 100
    assert queue.count == 1


async def test_no_texts_wake_nobody(
    redis_async: redis.asyncio.Redis, redis_sync: redis.Redis
) -> None:
    queue = queues.score_queue(redis_sync)
    await queues.put_texts(redis_async, queue, [])
    assert queue.count == 0


async def test_a_lost_wake_up_can_be_taken_again(
    redis_async: redis.asyncio.Redis, redis_sync: redis.Redis
) -> None:
    queue = queues.score_queue(redis_sync)
    await queues.put_texts(redis_async, queue, some_texts(1))
    assert 0 < await redis_async.ttl(queues.WAKE) <= queues.WAKE_TTL_SECONDS
    await redis_async.delete(queues.WAKE)
    await queues.put_texts(redis_async, queue, some_texts(1))
    assert queue.count == 2


async def test_more_callers_than_connections_wait_their_turn(
    redis_async: redis.asyncio.Redis,
) -> None:
    answers = await asyncio.gather(*(redis_async.ping() for _ in range(200)))
    assert all(answers)


async def test_creating_groups_twice_is_harmless(redis_async: redis.asyncio.Redis) -> None:
    await queues.create_groups(redis_async)
    await queues.create_groups(redis_async)
    groups = await redis_async.xinfo_groups(queues.TEXTS)
    assert [group["name"] for group in groups] == [queues.SCORERS.encode()]


def test_a_job_of_another_function_is_not_run(redis_sync: redis.Redis) -> None:
    queue = queues.score_queue(redis_sync)
    stranger = Queue(queue.name, connection=redis_sync, serializer="json")
    job_id = stranger.enqueue("os.getcwd").id
    job = AllowedJob.fetch(job_id, connection=redis_sync, serializer="json")
    with pytest.raises(JobNotAllowedError):
        _ = job.func


def test_a_worker_fails_a_stranger_s_job_and_lives_on(redis_sync: redis.Redis) -> None:
    queue = queues.score_queue(redis_sync)
    stranger = Queue(queue.name, connection=redis_sync, serializer="json")
    job_id = stranger.enqueue("os.getcwd", on_success=Callback("os.getcwd")).id
    worker = SimpleWorker([queue], connection=redis_sync, job_class=AllowedJob, serializer="json")
    assert worker.work(burst=True, logging_level="CRITICAL")
    assert Job.fetch(job_id, connection=redis_sync, serializer="json").is_failed


def test_jobs_travel_as_json(redis_sync: redis.Redis) -> None:
    queue = queues.score_queue(redis_sync)
    queues.wake_scorers(queue)
    job = queue.jobs[0]
    assert isinstance(job, AllowedJob)
    assert job.func_name == queues.SCORE_JOB
    stored = redis_sync.hget(job.key, "data") or b""
    assert json.loads(zlib.decompress(stored))[0] == queues.SCORE_JOB
    assert job.failure_ttl == queues.FAILURE_TTL_SECONDS
    assert job.result_ttl == queues.RESULT_TTL_SECONDS
