"""/ping: how the queue, the workers and the model are doing."""

import html

import redis.asyncio
from aiogram import F, Router
from aiogram.enums import ChatType
from aiogram.filters import Command
from aiogram.types import Message as TelegramMessage

from bot.storage import verdicts
from bot.storage.database import Storage
from bot.storage.verdicts import LastVerdict
from bot.words import Words
from core.contracts import WorkerStatus
from core.queues import DEAD, WORKERS, count_waiting


def router() -> Router:
    """The handler of /ping, for private chats."""
    here = Router(name="ping")
    here.message.filter(F.chat.type == ChatType.PRIVATE)
    here.message.register(report_health, Command("ping"))
    return here


async def report_health(
    message: TelegramMessage,
    words: Words,
    language: str,
    storage: Storage,
    connection: redis.asyncio.Redis,
) -> None:
    """Answer with the state of every part on the way of a text."""
    workers = await find_workers(connection)
    last = await storage.read(verdicts.find_last)
    text = words.say(
        language,
        "ping",
        waiting=await count_waiting(connection),
        workers=_workers_line(words, language, workers),
        latest=_latest_line(words, language, last),
        dead=int(await connection.xlen(DEAD)),
    )
    await message.answer(text)


async def find_workers(connection: redis.asyncio.Redis) -> list[WorkerStatus]:
    """Find the workers that said within the last seconds that they are alive, by name."""
    names = [name async for name in connection.scan_iter(f"{WORKERS}*", count=1000)]
    values = await connection.mget(names) if names else []
    found = [WorkerStatus.model_validate_json(value) for value in values if value]
    return sorted(found, key=lambda worker: worker.name)


def _workers_line(words: Words, language: str, workers: list[WorkerStatus]) -> str:
    if not workers:
        return words.say(language, "ping-no-workers")
    names = ", ".join(
        words.say(
            language,
            "ping-worker",
            model=html.escape(worker.model),
            device=html.escape(worker.device),
            engine=html.escape(worker.engine),
        )
        for worker in workers
    )
    return words.say(language, "ping-workers", count=len(workers), names=names)


def _latest_line(words: Words, language: str, last: LastVerdict | None) -> str:
    if last is None:
        return words.say(language, "ping-no-latest")
    return words.say(
        language,
        "ping-latest",
        model=html.escape(last.model),
        milliseconds=round(1000 * last.latency_seconds),
    )
