"""Attempts at a training: what dies is gone on with, by one alone, and not for ever."""

import pytest
import redis
import redis.asyncio
from rq import Queue

from core.training import (
    CURRENT,
    HOLDER,
    ORDER,
    RESULT,
    LabelledText,
    TrainingLostError,
    TrainingOrder,
    TrainingProgress,
    TrainingResult,
    keep_place,
    put_progress,
    put_result,
)
from core.training_attempts import MOST_CRASHES, go_on_after, go_on_with_orphan, let_go
from core.training_orders import cancel_training, find_progress, order_training, train_queue

LABELLED = (LabelledText(text="Кошмар", task="sentiment", label="negative"),)


@pytest.fixture
async def queue(redis_sync: redis.Redis, redis_async: redis.asyncio.Redis) -> Queue:
    """A queue whose one training was taken up by a trainer."""
    queue = train_queue(redis_sync)
    await order_training(redis_async, queue, TrainingOrder(id="a", labelled=LABELLED, asked_by=1))
    take(queue, "a", 1)
    return queue


def take(queue: Queue, job_id: str, attempt: int) -> None:
    """Take an attempt up as a trainer does."""
    assert queue.job_ids == [job_id]
    queue.remove(job_id)
    keep_place(queue.connection, "a", attempt)


def result(connection: redis.Redis) -> TrainingResult:
    return TrainingResult.model_validate_json(connection.get(RESULT + "a") or b"")


async def test_one_that_dies_is_ordered_again_and_says_so_where_it_was(
    queue: Queue, redis_sync: redis.Redis, redis_async: redis.asyncio.Redis
) -> None:
    put_progress(redis_sync, TrainingProgress(id="a", stage="training", share=0.4, updated_at=0))
    go_on_after(queue, "a", 1, "crashed", "killed by signal 9")
    assert [list(job.args) for job in queue.jobs] == [["a", 2]]
    progress = await find_progress(redis_async, "a")
    assert progress
    assert (progress.stage, progress.share, progress.resumed) == ("interrupted", 0.4, 1)


async def test_one_that_dies_each_time_fails_and_says_why(
    queue: Queue, redis_sync: redis.Redis
) -> None:
    for attempt in range(1, MOST_CRASHES):
        go_on_after(queue, "a", attempt, "crashed", "killed by signal 9")
        take(queue, f"a-{attempt + 1}", attempt + 1)
    go_on_after(queue, "a", MOST_CRASHES, "crashed", "killed by signal 9")
    ended = result(redis_sync)
    assert (ended.outcome, queue.job_ids) == ("failed", [])
    assert [reason.code for reason in ended.reasons] == ["kept-crashing", "crashed"]
    assert not redis_sync.exists(CURRENT, HOLDER, ORDER + "a")


async def test_an_ordinary_stop_is_no_crash_however_often_it_comes(
    queue: Queue, redis_sync: redis.Redis
) -> None:
    for attempt in range(1, MOST_CRASHES + 3):
        go_on_after(queue, "a", attempt, "stopped")
        take(queue, f"a-{attempt + 1}", attempt + 1)
    assert not redis_sync.exists(RESULT + "a")


async def test_of_those_who_find_it_without_a_holder_one_goes_on(
    queue: Queue, redis_sync: redis.Redis
) -> None:
    assert go_on_with_orphan(queue) == "a"
    assert queue.job_ids == []
    let_go(redis_sync, "a", 1)
    for _ in range(2):
        go_on_with_orphan(queue)
        go_on_after(queue, "a", 1, "crashed")
    assert queue.job_ids == ["a-2"]


async def test_an_attempt_that_was_given_up_learns_that_another_is_under_way(
    queue: Queue, redis_sync: redis.Redis
) -> None:
    redis_sync.delete(HOLDER)
    go_on_with_orphan(queue)
    with pytest.raises(TrainingLostError):
        keep_place(redis_sync, "a", 1)
    keep_place(redis_sync, "a", 2)


async def test_what_waits_in_the_queue_is_not_ordered_twice(
    queue: Queue, redis_sync: redis.Redis
) -> None:
    go_on_after(queue, "a", 1, "stopped")
    redis_sync.delete(HOLDER)
    go_on_with_orphan(queue)
    assert queue.job_ids == ["a-2"]


async def test_a_broken_off_one_that_is_called_off_ends_at_once(
    queue: Queue, redis_sync: redis.Redis, redis_async: redis.asyncio.Redis
) -> None:
    go_on_after(queue, "a", 1, "stopped")
    await cancel_training(redis_async, queue, "a")
    assert (result(redis_sync).outcome, queue.job_ids) == ("cancelled", [])


async def test_one_that_was_called_off_before_it_died_is_not_gone_on_with(
    queue: Queue, redis_sync: redis.Redis, redis_async: redis.asyncio.Redis
) -> None:
    await cancel_training(redis_async, queue, "a")
    go_on_after(queue, "a", 1, "crashed")
    assert (result(redis_sync).outcome, queue.job_ids) == ("cancelled", [])


async def test_one_whose_order_is_gone_is_lost(queue: Queue, redis_sync: redis.Redis) -> None:
    redis_sync.delete(ORDER + "a", HOLDER)
    go_on_with_orphan(queue)
    assert [reason.code for reason in result(redis_sync).reasons] == ["lost"]


async def test_one_that_has_ended_is_left_alone(queue: Queue, redis_sync: redis.Redis) -> None:
    put_result(redis_sync, TrainingResult(id="a", outcome="kept"))
    go_on_after(queue, "a", 1, "crashed")
    assert go_on_with_orphan(queue) is None
    assert (result(redis_sync).outcome, queue.job_ids) == ("kept", [])
