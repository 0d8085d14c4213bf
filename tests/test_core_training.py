"""Trainings in Redis: one at a time, ordered once, freed by whoever ends or dies."""

import pytest
import redis
import redis.asyncio
from rq import Queue, Worker

from core.jobs import AllowedJob
from core.training import (
    CURRENT,
    HOLDER,
    ORDER,
    PROGRESS,
    LabelledText,
    TrainingLostError,
    TrainingOrder,
    TrainingResult,
    keep_place,
    put_result,
    read_order,
)
from core.training_orders import (
    TrainingBusyError,
    cancel_training,
    find_current,
    find_progress,
    find_result,
    has_trainer,
    is_asked_to_end,
    order_training,
    train_queue,
)

LABELLED = (LabelledText(text="Кошмар", task="sentiment", label="negative"),)


def an_order(name: str) -> TrainingOrder:
    return TrainingOrder(id=name, labelled=LABELLED, unlabelled=("Ну",), asked_by=1)


@pytest.fixture
def queue(redis_sync: redis.Redis) -> Queue:
    return train_queue(redis_sync)


async def test_what_was_ordered_is_what_the_trainer_reads(
    queue: Queue, redis_sync: redis.Redis, redis_async: redis.asyncio.Redis
) -> None:
    await order_training(redis_async, queue, an_order("a"))
    assert read_order(redis_sync, "a") == an_order("a")
    assert [list(job.args) for job in queue.jobs] == [["a"]]
    progress = await find_progress(redis_async, "a")
    assert progress
    assert progress.stage == "queued"


async def test_the_same_order_again_changes_nothing_even_after_its_end(
    queue: Queue, redis_sync: redis.Redis, redis_async: redis.asyncio.Redis
) -> None:
    for _ in range(2):
        await order_training(redis_async, queue, an_order("a"))
    put_result(redis_sync, TrainingResult(id="a", outcome="kept"))
    await order_training(redis_async, queue, an_order("a"))
    assert queue.job_ids == ["a"]
    assert await find_current(redis_async) is None


async def test_a_second_one_is_refused_until_the_first_has_ended(
    queue: Queue, redis_sync: redis.Redis, redis_async: redis.asyncio.Redis
) -> None:
    await order_training(redis_async, queue, an_order("a"))
    with pytest.raises(TrainingBusyError) as refused:
        await order_training(redis_async, queue, an_order("b"))
    assert refused.value.order_id == "a"
    put_result(redis_sync, TrainingResult(id="a", outcome="failed"))
    await order_training(redis_async, queue, an_order("b"))
    assert await find_current(redis_async) == "b"


async def test_a_training_keeps_its_place_for_a_day_and_whoever_is_at_it_for_a_minute(
    queue: Queue, redis_sync: redis.Redis, redis_async: redis.asyncio.Redis
) -> None:
    await order_training(redis_async, queue, an_order("a"))
    assert 200 < int(redis_sync.ttl(HOLDER)) <= 300
    keep_place(redis_sync, "a")
    assert 0 < int(redis_sync.ttl(HOLDER)) <= 60
    assert 86_000 < int(redis_sync.ttl(CURRENT)) <= 86_400
    assert 86_000 < int(redis_sync.ttl(ORDER + "a")) <= 86_400


async def test_who_lost_the_place_learns_it_and_takes_it_from_nobody(
    queue: Queue, redis_sync: redis.Redis, redis_async: redis.asyncio.Redis
) -> None:
    await order_training(redis_async, queue, an_order("a"))
    redis_sync.delete(CURRENT)
    with pytest.raises(TrainingLostError):
        keep_place(redis_sync, "a")
    await order_training(redis_async, queue, an_order("b"))
    put_result(redis_sync, TrainingResult(id="a", outcome="kept"))
    assert await find_current(redis_async) == "b"


async def test_an_end_leaves_its_result_and_takes_the_texts_away(
    queue: Queue, redis_sync: redis.Redis, redis_async: redis.asyncio.Redis
) -> None:
    await order_training(redis_async, queue, an_order("a"))
    put_result(redis_sync, TrainingResult(id="a", outcome="cancelled"))
    found = await find_result(redis_async, "a")
    assert found
    assert found.outcome == "cancelled"
    assert not redis_sync.exists(ORDER + "a")
    assert redis_sync.ttl(PROGRESS + "a") > 0
    with pytest.raises(TrainingLostError):
        read_order(redis_sync, "a")


async def test_asking_to_end_is_about_one_training(
    queue: Queue, redis_async: redis.asyncio.Redis
) -> None:
    await cancel_training(redis_async, queue, "a")
    assert [await is_asked_to_end(redis_async, name) for name in "ab"] == [True, False]
    assert await find_result(redis_async, "a") is None


async def test_one_that_nobody_has_begun_ends_at_once_when_asked_to(
    queue: Queue, redis_async: redis.asyncio.Redis
) -> None:
    await order_training(redis_async, queue, an_order("a"))
    await cancel_training(redis_async, queue, "a")
    found = await find_result(redis_async, "a")
    assert found
    assert found.outcome == "cancelled"
    assert queue.job_ids == []
    await order_training(redis_async, queue, an_order("b"))


def test_a_trainer_is_there_while_it_lives(queue: Queue, redis_sync: redis.Redis) -> None:
    other = Queue("score", connection=redis_sync, serializer="json", job_class=AllowedJob)
    Worker([other], connection=redis_sync, serializer="json").register_birth()
    assert not has_trainer(queue)
    trainer = Worker([queue], connection=redis_sync, serializer="json")
    trainer.register_birth()
    assert has_trainer(queue)
    trainer.register_death()
    assert not has_trainer(queue)
