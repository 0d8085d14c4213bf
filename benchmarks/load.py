"""A load of group messages on a running stack, and what became of each of them."""

import asyncio
import itertools
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.journal import count_verdicts
from benchmarks.texts import write_texts
from bot.storage.database import Storage
from core.contracts import text_key
from playground.client import Playground
from stack.stack import Stack

CHUNK = 500
TICK_SECONDS = 0.01
LOOK_SECONDS = 0.2


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of the messages that were sent."""

    sent: int
    verdicts: int
    lost: int
    twice: int
    """Keys whose verdict was handed over more than once."""
    per_second: float
    """Verdicts stored a second, from the first message handed over to the last verdict stored."""
    stored_at: "np.typing.NDArray[np.float64]"
    """(verdicts,) epoch seconds."""
    delays_ms: "np.typing.NDArray[np.float64]"
    """(verdicts,) from Telegram handing over the update to the verdict stored."""


async def write_at_most_speed(playground: Playground, count: int) -> list[str]:
    """Write `count` group messages as fast as they are taken; return their keys."""
    texts = write_texts()
    keys: list[str] = []
    while len(keys) < count:
        chunk = list(itertools.islice(texts, min(CHUNK, count - len(keys))))
        keys += await write(playground, chunk)
    return keys


async def write_at_rate(
    playground: Playground, rate: float, count: int, stop: asyncio.Event | None = None
) -> list[str]:
    """Write `count` group messages, evenly, at `rate` a second; return their keys.

    Ends sooner when `stop` is set.
    """
    texts = write_texts()
    keys: list[str] = []
    start = time.monotonic()
    while len(keys) < count and not (stop and stop.is_set()):
        due = min(count, int((time.monotonic() - start) * rate) + 1) - len(keys)
        if due > 0:
            keys += await write(playground, list(itertools.islice(texts, due)))
        await asyncio.sleep(TICK_SECONDS)
    return keys


async def write(playground: Playground, texts: list[str]) -> list[str]:
    """Write texts to the group in one request; return their keys."""
    orders = [{"chat": "group", "sender": "anna", "text": text} for text in texts]
    return [text_key(*message) for message in await playground.write_many(orders)]


async def wait_until_stored(stack: Stack, count: int, patience_seconds: float) -> None:
    """Return when `count` verdicts are stored, or when none has come for `patience_seconds`."""
    storage = Storage.open(stack.settings.database_path, read_only=True)
    stored, since = -1, time.monotonic()
    try:
        while stored < count and time.monotonic() - since < patience_seconds:
            await asyncio.sleep(LOOK_SECONDS)
            now_stored = storage.count_verdicts()
            if now_stored != stored:
                stored, since = now_stored, time.monotonic()
    finally:
        storage.close()


async def judge(stack: Stack, playground: Playground, keys: list[str]) -> Outcome:
    """Compare what was sent with what Telegram handed over, what is stored and what Redis saw."""
    handovers = await playground.handovers()
    handed_over = {text_key(*message): at for *message, at in handovers}
    storage = Storage.open(stack.settings.database_path, read_only=True)
    stored = {row.key: row.saved_at for row in storage.scored_messages()}
    storage.close()
    counts = sum(map(count_verdicts, append_only_files(stack)), Counter())
    found = [key for key in keys if key in stored]
    stored_at = np.array([stored[key] for key in found])
    delays_ms = (stored_at - np.array([handed_over[key] for key in found])) * 1000
    return Outcome(
        sent=len(keys),
        verdicts=len(found),
        lost=len(keys) - len(found),
        twice=count_repeated(counts, keys),
        per_second=rate_of(stored_at, delays_ms),
        stored_at=stored_at,
        delays_ms=delays_ms,
    )


def append_only_files(stack: Stack) -> list[Path]:
    """The embedded Redis's journal: one file, or since Redis 7 a folder of them."""
    folder = stack.settings.redis_dir
    parts = sorted((folder / "appendonlydir").glob("*.incr.aof"))
    return parts or [folder / "appendonly.aof"]


def count_repeated(counts: Counter[str], keys: list[str]) -> int:
    return sum(counts[key] > 1 for key in keys)


def rate_of(
    stored_at: "np.typing.NDArray[np.float64]", delays_ms: "np.typing.NDArray[np.float64]"
) -> float:
    """Verdicts a second, from the first handover to the last verdict stored."""
    if not len(stored_at):
        return 0.0
    return float(len(stored_at) / (stored_at.max() - (stored_at - delays_ms / 1000).min()))
