"""Bells: wake-ups at a set time, rung by RQ's scheduler. The bot hangs them up, and hears them.

A bell only says that it may be time. What is due, and whether it was done, SQLite knows: a bell
that rings twice or late changes nothing, and one that was lost with Redis is hung up again.
"""

from contextlib import suppress
from datetime import UTC, datetime
from typing import Literal

import redis
from pydantic import Field
from rq import Queue
from rq.exceptions import NoSuchJobError
from rq.job import Job

from core.contracts import Contract
from core.jobs import AllowedJob
from core.queues import FAILURE_TTL_SECONDS, RESULT_TTL_SECONDS

BELL_QUEUE = "bells"
BELL_JOB = "worker.bells.ring"
"""Its one argument is a Bell as JSON."""
RING_TIMEOUT_SECONDS = 10
# Nobody needs more of what rang while the bot was away.
MOST_UNHEARD = 1000

Kind = Literal["digest", "look"]


class Bell(Contract):
    """What rings when."""

    id: str = Field(pattern=r"^[A-Za-z0-9_-]{1,100}$")
    """Also the id of its RQ job, so that a bell hangs once however often it is hung up."""
    kind: Kind
    chat_id: int = 0
    """Whose it is; 0 for everybody's."""
    due_at: float
    """Epoch seconds."""


def bell_queue(connection: redis.Redis) -> Queue:
    """The RQ queue whose scheduled jobs are bells; JSON only, and only allowed functions."""
    return Queue(BELL_QUEUE, connection=connection, serializer="json", job_class=AllowedJob)


def take_down(queue: Queue, due_before: float) -> int:
    """Take down the bells that were due before an epoch second: nobody rings them. Return how many.

    Raises redis.RedisError.
    """
    registry = queue.scheduled_job_registry
    stale = registry.get_jobs_to_schedule(int(due_before))
    for bell_id in stale:
        # Redis may have lost it, or it was rung at this moment after all.
        with suppress(NoSuchJobError):
            registry.remove(bell_id, delete_job=True)
    return len(stale)


def hang_up(queue: Queue, bell: Bell) -> bool:
    """Have a bell ring when it is due; False where it hangs already. Synchronous, as RQ is.

    Raises redis.RedisError.
    """
    if Job.exists(bell.id, connection=queue.connection):
        return False
    queue.enqueue_at(
        datetime.fromtimestamp(bell.due_at, UTC),
        BELL_JOB,
        bell.model_dump_json(),
        job_id=bell.id,
        job_timeout=RING_TIMEOUT_SECONDS,
        result_ttl=RESULT_TTL_SECONDS,
        failure_ttl=FAILURE_TTL_SECONDS,
    )
    return True
