"""What RQ may run in a worker; the names are listed in `core.jobs.ALLOWED`."""

import redis
from rq import Queue

from core.queues import TEXTS, WAKE, score_queue, wake_if_asleep
from worker.scorer import Scorer

_serving: list[tuple[redis.Redis, Queue, Scorer]] = []


def serve_with(connection: redis.Redis, scorer: Scorer) -> None:
    """Hand this process's scorer to the jobs; call it once, before the first job."""
    _serving[:] = [(connection, score_queue(connection), scorer)]


def score() -> int:
    """Score what waits, for one slice of time; return how many texts.

    Lets go of the wake-up first: a text that comes from now on wakes another worker,
    or this one again, so none is ever left between two jobs.
    """
    connection, queue, scorer = _serving[0]
    connection.delete(WAKE)
    scored = scorer.drain()
    if connection.xlen(TEXTS):
        # The slice is over, or this worker shall stop, and nobody else may have been woken.
        wake_if_asleep(connection, queue)
    return scored
