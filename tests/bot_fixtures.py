"""A bot in this process, between a real playground, a real Redis and a real SQLite file."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from bot_parts import Switch, Worker, a_worker, running
from loguru import logger

from bot.app import App
from bot.storage.database import Storage
from core.settings import Settings

# The same event loop as the playground's.
in_module_loop = pytest_asyncio.fixture(loop_scope="module")


@pytest.fixture
def bot_settings(settings: Settings, playground: Any) -> Settings:
    """Settings that lead to the playground, with limits that do not slow tests down."""
    port = int(playground.url.rpartition(":")[2])
    return settings.model_copy(
        update={
            "playground_port": port,
            "send_per_second": 1000,
            "send_per_second_per_chat": 1000,
            "send_per_minute_per_group": 10000,
        }
    )


@in_module_loop
async def worker(redis_url: str) -> AsyncIterator[Worker]:
    async with a_worker(redis_url) as made:
        yield made


@in_module_loop
async def app(bot_settings: Settings, worker: Worker) -> AsyncIterator[App]:
    """A bot that serves the playground, with a worker."""
    async with running(bot_settings) as app:
        yield app


@pytest.fixture
def fragile(bot_settings: Settings, tmp_path: Path) -> Iterator[tuple[Settings, Switch]]:
    """Settings that lead to a Redis of one's own, and its switch, on."""
    own = bot_settings.model_copy(update={"redis_url": None, "var_dir": tmp_path / "own"})
    own.redis_dir.mkdir(parents=True)
    switch = Switch(own)
    switch.on()
    yield own, switch
    switch.off()


@pytest.fixture
def storage(settings: Settings) -> Iterator[Storage]:
    opened = Storage.open(settings.database_path)
    yield opened
    opened.close()


@pytest.fixture
def log_lines() -> Iterator[list[str]]:
    """The log lines that a test causes, at DEBUG and above."""
    lines: list[str] = []
    sink = logger.add(lines.append, level="DEBUG", format="{level} {message}")  # type: ignore[arg-type]
    yield lines
    logger.remove(sink)
