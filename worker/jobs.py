"""What RQ may run in a worker; the names are listed in `core.jobs.ALLOWED`."""

import redis

from core.queues import WAKE
from worker.scorer import Scorer

_serving: list[tuple[redis.Redis, Scorer]] = []


def serve_with(connection: redis.Redis, scorer: Scorer) -> None:
    """Hand this process's scorer to the jobs; call it once, before the first job."""
    _serving[:] = [(connection, scorer)]


def score() -> int:
    """Score what waits; return how many texts.

    Lets go of the wake-up first: a text that comes from now on wakes another worker,
    or this one again, so none is ever left between two jobs.
    """
    connection, scorer = _serving[0]
    connection.delete(WAKE)
    return scorer.drain()
