"""What the bot's tests are made of: a stand-in for the worker, a running bot, small readers."""

import asyncio
import subprocess
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import redis.asyncio

from bot.app import App, build_app
from bot.serving import run_app
from bot.storage.database import Storage
from core.connections import connect, connect_async, wait_for_redis
from core.contracts import Scores, Text, Verdict
from core.embedded_redis import server_command
from core.queues import BOT_PID, TEXTS, VERDICTS
from core.settings import Settings

TOXIC_WORDS = ("урод",)


def score(text: str) -> Scores:
    """Score by words, for tests that follow a text and do not care what a model says of it."""
    if not any(map(str.isalpha, text)):
        return {}
    first = "negative" if "кошмар" in text.lower() else "positive"
    sentiment = dict.fromkeys(("neutral", "positive", "negative"), 0.05) | {first: 0.9}
    toxic = 0.91 if any(word in text.lower() for word in TOXIC_WORDS) else 0.03
    return {"sentiment": sentiment, "toxicity": {"toxic": toxic}}


class Worker:
    """Stands where the worker stands: takes texts from Redis and commits verdicts on them."""

    def __init__(self, connection: redis.asyncio.Redis) -> None:
        self.connection = connection
        self.read: list[Text] = []
        self.score = score
        # What a version on trial says, and its name; nothing while no version is tried.
        self.shadow: Callable[[str], Scores] | None = None
        self.shadow_model = "second"
        self.paused = False
        # Told, not cancelled: redis-py swallows cancellations now and then.
        self.is_over = False

    async def run(self) -> None:
        while not self.is_over:
            entries = [] if self.paused else await self.connection.xrange(TEXTS, count=100)
            for entry_id, fields in entries:
                await self.commit(entry_id, Text.model_validate_json(fields[b"text"]))
            await asyncio.sleep(0.005)

    async def commit(self, entry_id: bytes, text: Text) -> None:
        self.read.append(text)
        async with self.connection.pipeline(transaction=True) as pipe:
            verdict = verdict_on(text, self.score(text.text))
            if self.shadow:
                said = {"shadow": self.shadow(text.text), "shadow_model": self.shadow_model}
                verdict = verdict.model_copy(update=said)
            pipe.xadd(VERDICTS, {"verdict": verdict.model_dump_json()})
            pipe.xdel(TEXTS, entry_id)
            await pipe.execute()


def verdict_on(text: Text, scores: Scores) -> Verdict:
    now = time.time()
    return Verdict(
        key=text.key,
        scores=scores,
        model="tiny-1",
        received_at=text.received_at,
        read_at=now,
        scored_at=now,
    )


@asynccontextmanager
async def a_worker(redis_url: str) -> AsyncIterator[Worker]:
    """Run a worker."""
    connection = connect_async(redis_url)
    made = Worker(connection)
    task = asyncio.create_task(made.run())
    try:
        yield made
    finally:
        made.is_over = True
        await asyncio.wait([task])
        await connection.aclose()
        await connection.connection_pool.disconnect()


async def until(condition: Callable[[], Any], timeout_seconds: float = 8) -> Any:
    """Wait until a condition holds and return what it returned."""
    async with asyncio.timeout(timeout_seconds):
        while not (found := condition()):
            await asyncio.sleep(0.01)
        return found


async def until_confirmed(telegram: Any) -> None:
    """Wait until the bot has told Telegram that it has stored every update."""
    async with asyncio.timeout(8):
        while (await telegram("getWebhookInfo"))["pending_update_count"]:
            await asyncio.sleep(0.01)


@asynccontextmanager
async def running(settings: Settings, *, dies: bool = False) -> AsyncIterator[App]:
    """Run a bot; it is stopped as SIGTERM would stop it, or breaks off whatever it is at."""
    app, stop = build_app(settings), asyncio.Event()
    app.wakes.delete(BOT_PID)
    task = asyncio.create_task(run_app(app, stop))
    try:
        await until(lambda: task.done() or app.wakes.get(BOT_PID))
        if task.done():
            task.result()
        yield app
    finally:
        task.cancel() if dies else stop.set()
        await asyncio.wait([task])
    if not dies:
        task.result()


class Switch:
    """Turns a Redis of one's own on, and off as a power cut would."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.server: subprocess.Popen[bytes] | None = None

    def on(self) -> None:
        command = server_command(self.settings)
        self.server = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        with connect(self.settings.redis_address) as connection:
            wait_for_redis(connection, self.settings.redis_address)

    def off(self) -> None:
        if self.server:
            self.server.kill()
            self.server.wait()


def rows(storage: Storage, sql: str, *values: Any) -> list[tuple[Any, ...]]:
    return storage.connection.execute(sql, values).fetchall()
