"""How long /mood takes, with how much said, by part; and what keeping moods costs the writer.

`python -m benchmarks.mood --json` fills a database of its own with a month of one community, and a
tenth as much of the month before: rows of messages and verdicts as bulk SQL, moods through
`bot.storage.moods_votes.add`, as the writer does. Then it answers /mood 30d as the handler does.
"""

import argparse
import asyncio
import json
import random
import sqlite3
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from benchmarks.machine import describe_machine
from benchmarks.stats import SAVE_CHAT, SAVE_VERDICT, measure_writes, processor_seconds
from bot.charts.pictures import Artist
from bot.mood.message import MoodMessage
from bot.mood.overview import MoodView, mood_without_words, with_words
from bot.mood.period import read_period
from bot.mood.picture import mood_picture
from bot.storage import judged, moods_facts, moods_votes
from bot.storage.database import Storage
from bot.words import Words
from core.contracts import Scores, Verdict

SIZES = (10_000, 100_000, 1_000_000)
CHAT = -1_001_000_000_001
DAYS = 30
BEFORE_SHARE = 0.1
AUTHORS = 3_000
COPY_SHARE, THREAD_SHARE, MESSAGES_A_THREAD = 0.05, 0.4, 25
AT_A_TIME = 20_000
# Verdicts are saved together in batches of up to so many.
BURST = 200
WORDS = 4_000
# Times of the day differ by so much in how much is said.
NIGHT, DAY = 0.1, 1.0

SAVE_MESSAGE = """
INSERT INTO messages (id, chat_id, message_id, thread_id, sender_id, text, state, edited_at,
    update_id, sent_at, received_at, waiting)
VALUES (?, ?, ?, ?, ?, ?, 0, 0, ?, ?, ?, 0)
"""


def fill(storage: Storage, messages: int, now: float) -> float:
    """Store messages, verdicts and moods; return the microseconds that a verdict's mood took."""
    connection, spent, stored = storage.connection, 0.0, 0
    connection.execute(SAVE_CHAT, (CHAT, "Двор"))
    for first in range(0, messages, AT_A_TIME):
        numbers = range(first, min(first + AT_A_TIME, messages))
        spent += _store(connection, _rows(numbers, messages, (now - DAYS * 86400, now)))
        stored += len(numbers)
    earlier = round(messages * BEFORE_SHARE)
    for first in range(0, earlier, AT_A_TIME):
        numbers = range(messages + first, messages + min(first + AT_A_TIME, earlier))
        times = (now - 2 * DAYS * 86400, now - DAYS * 86400)
        spent += _store(connection, _rows(numbers, earlier, times))
        stored += len(numbers)
    return 1e6 * spent / stored


Row = tuple[Any, ...]


def _store(connection: sqlite3.Connection, rows: Iterator[tuple[Row, Verdict]]) -> float:
    batch = list(rows)
    connection.executemany(SAVE_MESSAGE, (row for row, _ in batch))
    connection.executemany(SAVE_VERDICT, (_verdict_row(verdict) for _, verdict in batch))
    started = time.perf_counter()
    for place in range(0, len(batch), BURST):
        burst = [verdict for _, verdict in batch[place : place + BURST]]
        moods_votes.add(connection, judged.find(connection, burst))
    taken = time.perf_counter() - started
    connection.commit()
    return taken


def _rows(numbers: range, whole: int, times: tuple[float, float]) -> Iterator[tuple[Row, Verdict]]:
    chance = random.Random(numbers.start)
    since, until = times
    for number in numbers:
        at = since + (until - since) * ((number % whole) + chance.random()) / whole
        message = f"{CHAT}:{number}"
        thread = number // MESSAGES_A_THREAD if chance.random() < THREAD_SHARE else None
        author = int(AUTHORS * chance.random() ** 2)
        row = (message, CHAT, number, thread, author, _text(chance), number, int(at), at)
        yield (
            row,
            Verdict(
                key=f"{message}:0",
                scores=_scores(chance),
                model="nastroi-tiny-2",
                received_at=at,
                read_at=at,
                scored_at=at,
            ),
        )


def _text(chance: random.Random) -> str:
    """Ten words of which some are common, as those of a language are; now and then a copy."""
    if chance.random() < COPY_SHARE:
        return f"slovo{int(10 * chance.random())} spasibo"
    return " ".join(f"slovo{int(WORDS * chance.random() ** 3)}" for _ in range(10))


def _scores(chance: random.Random) -> Scores:
    weights = {label: chance.random() ** 3 + 0.01 for label in ("negative", "neutral", "positive")}
    whole = sum(weights.values())
    return {"sentiment": {label: weight / whole for label, weight in weights.items()}}


def _verdict_row(verdict: Verdict) -> Row:
    message = verdict.key.rpartition(":")[0]
    at = verdict.received_at
    return verdict.key, message, verdict.model, json.dumps(verdict.scores), at, at, at, at


async def answer(storage: Storage, now: float, fonts: Path) -> dict[str, float]:
    """Answer /mood 30d as the handler does, which draws while it compares words.

    Returns the milliseconds after which each step was done, and those of processor: unlike the
    clock, these are blind to busy neighbours.
    """
    words, period, zone = Words("ru"), read_period("30d", now, "UTC"), ZoneInfo("UTC")
    used, started = processor_seconds(), time.perf_counter()
    done = {}

    def note(step: str) -> None:
        done[f"{step}_after_ms"] = round(1000 * (time.perf_counter() - started), 1)

    async def draw(view: MoodView) -> None:
        await Artist(fonts).draw(mood_picture(words, "ru", view))
        note("drawn")

    facts = await storage.read_at_length(moods_facts.gather, CHAT, period)
    note("read")
    view = mood_without_words(facts, period, zone)
    note("worked_out")
    drawing = asyncio.create_task(draw(view))
    view = await asyncio.to_thread(with_words, view, facts)
    note("words_compared")
    text = MoodMessage(words, "ru", {}).text(view)
    note("said")
    await drawing
    processor = round(1000 * (processor_seconds() - used), 1)
    return done | {"processor_ms": processor, "characters": len(text)}


async def measure(messages: int, rounds: int) -> dict[str, Any]:
    """Fill a database and answer `rounds` times; the first answer finds nothing cached."""
    with tempfile.TemporaryDirectory(prefix="nastroi-") as folder:
        storage, now = Storage.open(Path(folder) / "nastroi.db"), time.time()
        try:
            started = time.perf_counter()
            keeping = fill(storage, messages, now)
            filled = time.perf_counter() - started
            stop = asyncio.Event()
            writes = asyncio.create_task(measure_writes(storage, stop))
            answers = [await answer(storage, now, Path(folder) / "fonts") for _ in range(rounds)]
            stop.set()
            return {
                "messages": messages,
                "first": answers[0],
                "slowest": max(answers[1:], key=lambda one: one["drawn_after_ms"], default=None),
                "slowest_write_meanwhile_ms": await writes,
                "keeping_us_per_verdict": round(keeping, 1),
                "filling_seconds": round(filled, 1),
            }
        finally:
            storage.close()


def main() -> None:
    """Print the figures; `--json` on one line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.mood", description=__doc__)
    parser.add_argument("--messages", type=int, nargs="*", default=SIZES)
    parser.add_argument("--rounds", type=int, default=5, help="answers for each size")
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    sizes = [asyncio.run(measure(size, arguments.rounds)) for size in arguments.messages]
    figures = {"sizes": sizes, "machine": describe_machine()}
    print(json.dumps(figures, indent=None if arguments.json else 2, ensure_ascii=False))


if __name__ == "__main__":
    main()
