"""The bot's end of a training: orders it, one at a time, follows it, and may cancel it."""

import asyncio
import time

import redis
import redis.asyncio
from rq import Queue, Worker

from core.jobs import AllowedJob
from core.training import (
    CANCELLED,
    CURRENT,
    HOLDER,
    ORDER,
    PAPERS_TTL_SECONDS,
    PROGRESS,
    QUEUED_TTL_SECONDS,
    RESULT,
    TRAIN_QUEUE,
    TrainingOrder,
    TrainingProgress,
    TrainingResult,
    holder_of,
    put_result,
    write_result,
)
from core.training_attempts import enqueue, take_back

SHOWN_TTL_SECONDS = 3600
# In one step, so that no trainer finds a place that nobody is at.
# KEYS: current, holder. ARGV: id, holder, seconds for the one and for the other.
CLAIM = """
if not redis.call('SET', KEYS[1], ARGV[1], 'NX', 'EX', ARGV[3]) then return 0 end
redis.call('SET', KEYS[2], ARGV[2], 'EX', ARGV[4])
return 1
"""


class TrainingBusyError(Exception):
    """Another training has the place; `order_id` is its id."""

    def __init__(self, order_id: str) -> None:
        super().__init__(f"the training {order_id} is under way")
        self.order_id = order_id


def train_queue(connection: redis.Redis) -> Queue:
    """The RQ queue that carries trainings; JSON only, and only allowed functions."""
    return Queue(TRAIN_QUEUE, connection=connection, serializer="json", job_class=AllowedJob)


def has_trainer(queue: Queue) -> bool:
    """Tell whether a worker listens for trainings, or is at one."""
    return bool(Worker.all(queue=queue, job_class=AllowedJob, serializer="json"))


async def order_training(
    connection: redis.asyncio.Redis, queue: Queue, order: TrainingOrder
) -> None:
    """Put a training into the queue; the same order again changes nothing.

    Raises TrainingBusyError when another training has the place, and redis.RedisError.
    """
    if await connection.exists(RESULT + order.id):
        return
    times = (PAPERS_TTL_SECONDS, QUEUED_TTL_SECONDS)
    holder_id = holder_of(order.id, 1)
    won = await connection.eval(CLAIM, 2, CURRENT, HOLDER, order.id, holder_id, *times)
    holder = order.id if won else await find_current(connection)
    if holder != order.id:
        raise TrainingBusyError(holder or "that has just ended")
    await _put_order(connection, order)
    # Should Redis go away now, the same order may come again, or the place expires.
    await asyncio.to_thread(enqueue, queue, order.id)


async def find_current(connection: redis.asyncio.Redis) -> str | None:
    """Find the id of the training that has the place."""
    found = await connection.get(CURRENT)
    return found.decode() if isinstance(found, bytes) else None


async def find_progress(connection: redis.asyncio.Redis, order_id: str) -> TrainingProgress | None:
    """Find how far a training is; None once that is forgotten."""
    found = await connection.get(PROGRESS + order_id)
    return TrainingProgress.model_validate_json(found) if found else None


async def find_result(connection: redis.asyncio.Redis, order_id: str) -> TrainingResult | None:
    """Find how a training ended; None while it goes on, or once that is forgotten."""
    found = await connection.get(RESULT + order_id)
    return TrainingResult.model_validate_json(found) if found else None


async def expire_result(connection: redis.asyncio.Redis, order_id: str) -> None:
    """Let a result go soon, once it was shown: it quotes texts."""
    await connection.expire(RESULT + order_id, SHOWN_TTL_SECONDS)


async def cancel_training(connection: redis.asyncio.Redis, queue: Queue, order_id: str) -> None:
    """Ask a training to end; the trainer looks every few seconds. One that still waits ends now."""
    await connection.set(CANCELLED + order_id, 1, ex=PAPERS_TTL_SECONDS)
    await asyncio.to_thread(_take_back, queue, order_id)


async def is_asked_to_end(connection: redis.asyncio.Redis, order_id: str) -> bool:
    """Tell whether someone has cancelled a training."""
    return bool(await connection.exists(CANCELLED + order_id))


async def is_attended(connection: redis.asyncio.Redis) -> bool:
    """Tell whether someone is at the training that has the place, or is about to be."""
    return bool(await connection.exists(HOLDER))


async def end_unattended(connection: redis.asyncio.Redis, result: TrainingResult) -> None:
    """End a training that nobody is at, in its trainer's stead."""
    async with connection.pipeline(transaction=True) as pipe:
        write_result(pipe, result)
        await pipe.execute()


async def _put_order(connection: redis.asyncio.Redis, order: TrainingOrder) -> None:
    progress = TrainingProgress(id=order.id, stage="queued", updated_at=time.time())
    async with connection.pipeline(transaction=True) as pipe:
        pipe.set(ORDER + order.id, order.model_dump_json(), ex=PAPERS_TTL_SECONDS)
        # A trainer may be at it already, where the same order comes again.
        pipe.set(PROGRESS + order.id, progress.model_dump_json(), ex=PAPERS_TTL_SECONDS, nx=True)
        await pipe.execute()


def _take_back(queue: Queue, order_id: str) -> None:
    # Whoever takes it off the queue tells its end: a trainer, or we.
    if take_back(queue, order_id):
        put_result(queue.connection, TrainingResult(id=order_id, outcome="cancelled"))
