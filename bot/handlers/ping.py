"""/ping: how the queue, the workers and the model are doing."""

import html

import redis.asyncio
from aiogram import Router
from aiogram.filters import Command
from aiogram.types import Message as TelegramMessage

from bot.handlers.commanders import is_command_place
from bot.liveness import look
from bot.storage import verdicts
from bot.storage.database import Storage
from bot.storage.verdicts import LastVerdict
from bot.words import Words
from core.contracts import WorkerStatus


def router() -> Router:
    """The handler of /ping, in private and among moderators."""
    here = Router(name="ping")
    here.message.register(report_health, Command("ping"), is_command_place)
    return here


async def report_health(
    message: TelegramMessage,
    words: Words,
    language: str,
    storage: Storage,
    connection: redis.asyncio.Redis,
) -> None:
    """Answer with the state of every part on the way of a text."""
    live = await look(connection)
    last = await storage.read(verdicts.find_last)
    text = words.say(
        language,
        "ping",
        waiting=live.waiting,
        workers=_workers_line(words, language, live.workers),
        latest=_latest_line(words, language, last),
        dead=live.dead,
    )
    await message.answer(text)


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
