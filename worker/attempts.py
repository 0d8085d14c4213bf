"""Counts who is loading a version: one that kills whoever loads it is left alone."""

from collections.abc import Iterator
from contextlib import contextmanager

import redis

ATTEMPTS = "nastroi:attempts:"
MOST_AT_ONCE = 3
# So long it is remembered that somebody died of it.
TTL_SECONDS = 600


class LeftAloneError(Exception):
    """As many as may are loading this version, or have died of it."""


class Attempts:
    """Loads under way, of all workers; who dies in one leaves it under way."""

    def __init__(self, connection: redis.Redis) -> None:
        self._redis = connection

    @contextmanager
    def one(self, version: str) -> Iterator[None]:
        """Count one attempt while it lasts. Raises LeftAloneError and redis.RedisError."""
        key = ATTEMPTS + version
        under_way = int(self._redis.incr(key))
        try:
            self._redis.expire(key, TTL_SECONDS)
            if under_way > MOST_AT_ONCE:
                raise LeftAloneError(f"{under_way - 1} attempts have not ended")
            yield
        finally:
            self._redis.decr(key)
