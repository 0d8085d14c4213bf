"""Connections to Redis, and the check that there is one before a door opens."""

import time

import redis
import redis.asyncio
from redis.asyncio import BlockingConnectionPool

from core.errors import SetupError

# A blocking read must end before redis-py's own socket_timeout (5 s) does.
BLOCK_MS = 2000
POOL_SIZE = 16


def connect(url: str) -> redis.Redis:
    """Open a synchronous connection pool; nothing is sent yet."""
    return redis.Redis.from_url(url)


def connect_async(url: str) -> redis.asyncio.Redis:
    """Open an asynchronous pool that makes callers wait, not raise, when all are taken."""
    pool = BlockingConnectionPool.from_url(url, max_connections=POOL_SIZE, timeout=None)
    return redis.asyncio.Redis.from_pool(pool)


def wait_for_redis(connection: redis.Redis, url: str, patience_seconds: float = 10) -> None:
    """Return once Redis answers, or raise SetupError when it has not within `patience_seconds`."""
    deadline = time.monotonic() + patience_seconds
    while True:
        try:
            connection.ping()
            return
        except redis.AuthenticationError:
            raise SetupError(f"Redis at {_hide(url)} refuses the password in REDIS_URL") from None
        except redis.RedisError as error:
            if time.monotonic() > deadline:
                raise SetupError(_unreachable(url, error)) from None
            time.sleep(0.1)


def _unreachable(url: str, error: Exception) -> str:
    return (
        f"no Redis answers at {_hide(url)} ({type(error).__name__}); start it, "
        "or correct REDIS_URL, or leave REDIS_URL empty and use `make run`, which brings its own"
    )


def _hide(url: str) -> str:
    """Drop user and password from a URL before it is shown."""
    scheme, _, rest = url.partition("://")
    return f"{scheme}://{rest.rpartition('@')[2]}"
