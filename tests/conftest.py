"""What several tests share: a real Redis, and settings that touch only a temporary folder."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis
import redis.asyncio

from core.connections import connect, connect_async, wait_for_redis
from core.embedded_redis import server_command
from core.settings import Settings


@pytest.fixture(autouse=True)
def no_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Keep a developer's own `.env` and knobs, a real token above all, out of every test."""
    for name in [name for name in os.environ if name.lower() in Settings.model_fields]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


@pytest.fixture(scope="session")
def redis_server() -> Iterator[str]:
    """A real redis-server on a socket of its own; its URL."""
    folder = Path(tempfile.mkdtemp(prefix="nastroi-"))
    # Never the Redis of a developer's `.env`: every test begins by wiping its own.
    settings = Settings(_env_file=None, var_dir=folder, redis_url=None)
    settings.redis_dir.mkdir(parents=True)
    server = subprocess.Popen(server_command(settings), stdout=subprocess.DEVNULL)
    address = f"unix://{settings.redis_socket}"
    with connect(address) as connection:
        wait_for_redis(connection, address)
    yield address
    server.terminate()
    server.wait()
    shutil.rmtree(folder)


@pytest.fixture
def redis_url(redis_server: str) -> str:
    """The URL of a real, empty Redis."""
    with connect(redis_server) as connection:
        connection.flushall()
    return redis_server


@pytest.fixture
def redis_sync(redis_url: str) -> Iterator[redis.Redis]:
    with connect(redis_url) as connection:
        yield connection


@pytest.fixture
async def redis_async(redis_url: str):  # type: ignore[no-untyped-def]
    connection: redis.asyncio.Redis = connect_async(redis_url)
    yield connection
    await connection.aclose()
    await connection.connection_pool.disconnect()


@pytest.fixture
def settings(tmp_path: Path, redis_url: str) -> Settings:
    """Settings on a temporary folder and the test's Redis, with no token: the playground."""
    return Settings(var_dir=tmp_path / "var", redis_url=redis_url)
