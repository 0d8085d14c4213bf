"""Attempts at a training: one that dies is followed by another, a few times at most.

The training keeps its place meanwhile. HOLDER names the attempt that is under way and expires
unless it is kept, so that whoever finds a training without a holder may go on with it.
"""

from typing import Literal

import redis
from rq import Queue
from rq.job import Job

from core.queues import FAILURE_TTL_SECONDS, RESULT_TTL_SECONDS
from core.training import (
    CURRENT,
    HOLDER,
    ORDER,
    PAPERS_TTL_SECONDS,
    QUEUED_TTL_SECONDS,
    TRAIN_JOB,
    Reason,
    TrainingResult,
    holder_of,
    is_cancelled,
    put_result,
    say_interrupted,
)

ATTEMPTS = "nastroi:training:attempts:"
"""A hash: `attempt`, the number of the last one, and `crashes`, how many of them have died."""
MOST_CRASHES = 3
"""So many attempts may die: after the last one the training has failed."""

# Longer than any training takes.
TIMEOUT_SECONDS = 6 * 3600

# Only one of those who find a training without a holder begins the next attempt.
# KEYS: current, holder, attempts. ARGV: id, number of the attempt that is over, its holder, crashes
# to add, seconds that the next one may wait, seconds that the place and the count are kept.
BEGIN_NEXT = """
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
local holder = redis.call('GET', KEYS[2])
if holder and holder ~= ARGV[3] then return 0 end
local known = redis.call('HGET', KEYS[3], 'attempt') or '1'
if known ~= ARGV[2] then return 0 end
local next = tonumber(known) + 1
redis.call('HSET', KEYS[3], 'attempt', next)
redis.call('HINCRBY', KEYS[3], 'crashes', ARGV[4])
redis.call('EXPIRE', KEYS[3], ARGV[6])
redis.call('EXPIRE', KEYS[1], ARGV[6])
redis.call('SET', KEYS[2], ARGV[1] .. ':' .. next, 'EX', ARGV[5])
return next
"""
# KEYS: holder. ARGV: who lets go.
LET_GO = "if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end"

End = Literal["crashed", "stopped"]


def enqueue(queue: Queue, order_id: str, attempt: int = 1) -> None:
    """Put an attempt into the queue; the same one again changes nothing."""
    job_id = _job_id(order_id, attempt)
    if Job.exists(job_id, connection=queue.connection):
        return
    queue.enqueue_call(
        TRAIN_JOB,
        (order_id,) if attempt == 1 else (order_id, attempt),
        job_id=job_id,
        timeout=TIMEOUT_SECONDS,
        result_ttl=RESULT_TTL_SECONDS,
        failure_ttl=FAILURE_TTL_SECONDS,
    )


def take_back(queue: Queue, order_id: str) -> bool:
    """Take a training that still waits off the queue; tell whether it was there."""
    job_id = _job_id(order_id, _last_attempt(queue.connection, order_id))
    if not queue.remove(job_id):
        return False
    queue.connection.delete(Job.key_for(job_id))
    return True


def go_on_after(queue: Queue, order_id: str, attempt: int, end: End, error: str = "") -> None:
    """Order the next attempt after one has ended without a result, or say that it was the last.

    Nothing happens where somebody else has done so, or the place is another training's.
    """
    connection = queue.connection
    crashes = int(end == "crashed")
    keys = (CURRENT, HOLDER, ATTEMPTS + order_id)
    times = (QUEUED_TTL_SECONDS, PAPERS_TTL_SECONDS)
    holder = holder_of(order_id, attempt)
    following = connection.eval(BEGIN_NEXT, 3, *keys, order_id, attempt, holder, crashes, *times)
    if not isinstance(following, int) or not following:
        return
    last = _why_not(connection, order_id, error)
    if last is not None:
        put_result(connection, last)
        return
    say_interrupted(connection, order_id, resumed=following - 1)
    enqueue(queue, order_id, following)


def go_on_with_orphan(queue: Queue) -> str | None:
    """Order the next attempt of a training that nobody is at any more; return whose place it is."""
    connection = queue.connection
    found = connection.get(CURRENT)
    if not isinstance(found, bytes):
        return None
    order_id = found.decode()
    attempt = _last_attempt(connection, order_id)
    waits = _job_id(order_id, attempt) in queue.job_ids
    if not waits and not connection.exists(HOLDER):
        go_on_after(queue, order_id, attempt, "crashed")
    return order_id


def let_go(connection: redis.Redis, order_id: str, attempt: int) -> None:
    """Say that an attempt has ended without a result, so that nobody waits for it."""
    connection.eval(LET_GO, 1, HOLDER, holder_of(order_id, attempt))


def _why_not(connection: redis.Redis, order_id: str, error: str) -> TrainingResult | None:
    """How a training ends that is not to be gone on with."""
    if is_cancelled(connection, order_id):
        return TrainingResult(id=order_id, outcome="cancelled")
    if not connection.exists(ORDER + order_id):
        return _failed(order_id, Reason(code="lost"))
    crashes = int(connection.hget(ATTEMPTS + order_id, "crashes") or 0)
    if crashes < MOST_CRASHES:
        return None
    reason = Reason(code="kept-crashing", numbers={"times": crashes})
    died = (Reason(code="crashed", names={"error": error}),) if error else ()
    return _failed(order_id, reason, *died)


def _failed(order_id: str, *reasons: Reason) -> TrainingResult:
    return TrainingResult(id=order_id, outcome="failed", reasons=reasons)


def _last_attempt(connection: redis.Redis, order_id: str) -> int:
    return int(connection.hget(ATTEMPTS + order_id, "attempt") or 1)


def _job_id(order_id: str, attempt: int) -> str:
    return order_id if attempt == 1 else f"{order_id}-{attempt}"
