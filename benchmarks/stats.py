"""How long /stats takes, with how much stored, and what it costs those who write meanwhile.

`python -m benchmarks.stats --messages 1000000 --json` fills a database of its own with five weeks
of messages, verdicts and labels, through the tables and the counting that the bot uses, and then
answers /stats as the handler does: reading, wording, drawing.
"""

import argparse
import asyncio
import json
import os
import random
import sqlite3
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.machine import describe_machine
from bot.charts.pictures import Artist
from bot.handlers.stats import look_over
from bot.liveness import Liveness
from bot.stats.message import StatsMessage
from bot.stats.picture import stats_picture
from bot.storage import judged, rollups
from bot.storage.database import Storage
from bot.words import Words
from core.contracts import Scores, Verdict, WorkerStatus

SIZES = (10_000, 100_000, 1_000_000)
CHATS = tuple(range(-1_009, -999))
DAYS = 35
LABELS = 5_000
PEOPLE = 3
AT_A_TIME = 20_000
# Texts come in bursts of so many within a second, and are saved together.
BURST = 200
SENTIMENTS = ("negative", "neutral", "positive")
LATEST_MODEL_SHARE = 0.2
# A write that the intake would make, again and again while /stats reads.
WRITE_EVERY_SECONDS = 0.005

SAVE_CHAT = "INSERT INTO chats (id, kind, title, first_seen_at) VALUES (?, 'supergroup', ?, 0)"
SAVE_MESSAGE = """
INSERT INTO messages
    (id, chat_id, message_id, text, state, edited_at, update_id, sent_at, received_at, waiting)
VALUES (?, ?, ?, ?, 0, 0, ?, ?, ?, 0)
"""
SAVE_VERDICT = "INSERT INTO verdicts VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
SAVE_LABEL = """
INSERT INTO labels (press, pressed_at, who, source, key, message, task, model, shown, chosen)
VALUES (?, ?, ?, 'label queue', ?, ?, 'sentiment', ?, ?, ?)
"""


def fill(storage: Storage, messages: int, now: float) -> float:
    """Store messages, verdicts and labels; return the microseconds that counting a verdict took."""
    connection, chance = storage.connection, random.Random(0)
    connection.executemany(SAVE_CHAT, ((chat, f"Двор {-chat}") for chat in CHATS))
    counting = 0.0
    for first in range(0, messages, AT_A_TIME):
        batch = list(_verdicts(range(first, min(first + AT_A_TIME, messages)), messages, now))
        connection.executemany(SAVE_MESSAGE, (_message_row(v) for v in batch))
        connection.executemany(SAVE_VERDICT, (_verdict_row(v) for v in batch))
        labelled = chance.sample(batch, round(len(batch) * min(LABELS / messages, 0.1)))
        connection.executemany(SAVE_LABEL, _label_rows(labelled, chance))
        started = time.perf_counter()
        for place in range(0, len(batch), BURST):
            burst = batch[place : place + BURST]
            found = judged.find(connection, burst)
            rollups.add(connection, found, max(v.scored_at for v in burst))
        counting += time.perf_counter() - started
        connection.commit()
    return 1e6 * counting / messages


def _verdicts(numbers: range, messages: int, now: float) -> Iterator[Verdict]:
    chance = random.Random(numbers.start)
    for number in numbers:
        burst = number // BURST * BURST
        received = now - DAYS * 86400 * (1 - burst / messages) + chance.random() / 10
        read = received + chance.expovariate(30)
        is_new = number > messages * (1 - LATEST_MODEL_SHARE)
        yield Verdict(
            key=f"{chance.choice(CHATS)}:{number}:0",
            scores=_scores(chance),
            model="nastroi-tiny-2" if is_new else "nastroi-tiny-1",
            received_at=received,
            read_at=read,
            scored_at=read + chance.expovariate(200),
        )


def _scores(chance: random.Random) -> Scores:
    weights = [chance.random() ** 3 + 0.01 for _ in SENTIMENTS]
    sentiment = {
        label: weight / sum(weights) for label, weight in zip(SENTIMENTS, weights, strict=True)
    }
    return {"sentiment": sentiment, "toxicity": {"toxic": chance.random() ** 4}}


def _message_row(verdict: Verdict) -> tuple[object, ...]:
    message = verdict.key.rpartition(":")[0]
    chat, number = message.split(":")
    at = verdict.received_at
    return message, int(chat), int(number), "Заказ пришёл вовремя", int(number), int(at), at


def _verdict_row(verdict: Verdict) -> tuple[object, ...]:
    return (
        verdict.key,
        verdict.key.rpartition(":")[0],
        verdict.model,
        json.dumps(verdict.scores),
        verdict.received_at,
        verdict.read_at,
        verdict.scored_at,
        verdict.scored_at + 0.01,
    )


def _label_rows(labelled: list[Verdict], chance: random.Random) -> Iterator[tuple[object, ...]]:
    for verdict in labelled:
        sentiment = verdict.scores["sentiment"]
        shown = max(sentiment, key=sentiment.__getitem__)
        message = verdict.key.rpartition(":")[0]
        for who in range(chance.randint(1, PEOPLE)):
            chosen = shown if chance.random() < sentiment[shown] else chance.choice(SENTIMENTS)
            at = verdict.received_at + 60
            press = f"{verdict.key}/{who}"
            yield press, at, who, verdict.key, message, verdict.model, shown, chosen


async def answer(storage: Storage, now: float, fonts: Path) -> dict[str, float]:
    """Answer /stats as the handler does; return the milliseconds of each step, and of processor.

    Unlike the clock, processor time is blind to busy neighbours.
    """
    words, marks, used = Words("ru"), [time.perf_counter()], processor_seconds()
    status = WorkerStatus(name="w", model="nastroi-tiny-2", device="cpu", engine="onnx", pid=1)
    titles, seen = await storage.read_at_length(look_over, CHATS, now)
    marks.append(time.perf_counter())
    StatsMessage(words, "ru").text(titles, seen, Liveness(0, [status], 0))
    marks.append(time.perf_counter())
    await Artist(fonts).draw(stats_picture(words, "ru", titles, seen))
    marks.append(time.perf_counter())
    steps = zip(("read", "word", "draw"), marks[:-1], marks[1:], strict=True)
    taken = {f"{name}_ms": round(1000 * (end - start), 1) for name, start, end in steps}
    return taken | {
        "total_ms": round(1000 * (marks[-1] - marks[0]), 1),
        "processor_ms": round(1000 * (processor_seconds() - used), 1),
    }


def processor_seconds() -> float:
    """Processor time of this process and of the children that ended."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


async def measure_writes(storage: Storage, stop: asyncio.Event) -> float:
    """Write until told to stop; return the milliseconds that the slowest write took."""
    slowest = 0.0
    while not stop.is_set():
        started = time.perf_counter()
        await storage.write(_touch)
        slowest = max(slowest, 1000 * (time.perf_counter() - started))
        await asyncio.sleep(WRITE_EVERY_SECONDS)
    return round(slowest, 1)


def _touch(connection: sqlite3.Connection) -> None:
    connection.execute("UPDATE chats SET first_seen_at = first_seen_at + 1 WHERE id = ?", CHATS[:1])


async def measure(messages: int, rounds: int) -> dict[str, Any]:
    """Fill a database and answer `rounds` times; the first answer loads what the rest reuse."""
    with tempfile.TemporaryDirectory(prefix="nastroi-") as folder:
        storage, now = Storage.open(Path(folder) / "nastroi.db"), time.time()
        try:
            started = time.perf_counter()
            counting = fill(storage, messages, now)
            filled = time.perf_counter() - started
            stop = asyncio.Event()
            writes = asyncio.create_task(measure_writes(storage, stop))
            fonts = Path(folder) / "fonts"
            answers = [await answer(storage, now, fonts) for _ in range(rounds)]
            stop.set()
            return {
                "messages": messages,
                "first": answers[0],
                "slowest": max(answers[1:], key=lambda one: one["total_ms"], default=None),
                "slowest_write_meanwhile_ms": await writes,
                "counting_us_per_verdict": round(counting, 1),
                "filling_seconds": round(filled, 1),
            }
        finally:
            storage.close()


def main() -> None:
    """Print the figures; `--json` on one line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.stats", description=__doc__)
    parser.add_argument("--messages", type=int, nargs="*", default=SIZES)
    parser.add_argument("--rounds", type=int, default=5, help="answers for each size")
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    sizes = [asyncio.run(measure(size, arguments.rounds)) for size in arguments.messages]
    figures = {"sizes": sizes, "machine": describe_machine()}
    print(json.dumps(figures, indent=None if arguments.json else 2, ensure_ascii=False))


if __name__ == "__main__":
    main()
