"""How soon a page of 500 reviews is answered, on the real stack: reader, model, bot, playground.

`python -m benchmarks.reviews --json` has someone send the bot a link to a page of the playground's
shop, several times anew, and measures until the report stands, and until its picture does.
"""

import argparse
import asyncio
import json
import sqlite3
import statistics
import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from benchmarks.machine import describe_machine
from playground.client import Playground
from stack.isolated import isolated_stack
from stack.stack import Stack

PAGE = "parka"
CHAT, PERSON = "private:anna", "anna"
PATIENCE_SECONDS = 30
GOAL_SECONDS = 3.0
# A chat may be sent one message a second: the last answer's must not slow this one.
REST_SECONDS = 1.5
# What the report's first quote begins with, in every language.
REPORTED = "\n1. "

READ = """
SELECT heard_at, json_extract(found, '$.seconds'), reviews FROM readings ORDER BY id DESC LIMIT 1
"""


@dataclass(frozen=True, slots=True)
class Answered:
    """Seconds since the page was asked for, until each thing stood in the chat."""

    reading: float
    """Until the reader had understood all of it."""
    report: float
    picture: float
    reviews: int


async def measure(times: int) -> dict[str, Any]:
    """Have the page read several times and report on all of them."""
    async with (
        isolated_stack() as stack,
        Playground(stack.settings.playground_url) as playground,
    ):
        # The first one loads what the readers and the drawing need.
        await answer(stack, playground, 0)
        answered = [await answer(stack, playground, number) for number in range(1, times + 1)]
    reports = [one.report for one in answered]
    return {
        "reviews": answered[0].reviews,
        "times": times,
        "read_s": _median(one.reading for one in answered),
        "report_s": _median(reports),
        "report_worst_s": round(max(reports), 2),
        "picture_s": _median(one.picture for one in answered),
        "picture_worst_s": round(max(one.picture for one in answered), 2),
        "goal_s": GOAL_SECONDS,
        "machine": describe_machine(),
    }


async def answer(stack: Stack, playground: Playground, number: int) -> Answered:
    """Send the link once, under a query that makes it another page, and time what comes."""
    await asyncio.sleep(REST_SECONDS)
    link = f"{stack.settings.playground_url}/shop/{PAGE}?visit={number}"
    written = await playground.write(CHAT, PERSON, link)
    after = written["message_id"]
    await playground.wait_for(CHAT, _is_report, after, PATIENCE_SECONDS)
    reported_at = time.time()
    await playground.wait_for(CHAT, lambda m: "photo" in m, after, PATIENCE_SECONDS)
    pictured_at = time.time()
    heard_at, seconds, reviews = _look_up(stack)
    # When the reader began to fetch it: locally a page arrives within milliseconds.
    arrived_at = heard_at - seconds
    return Answered(seconds, reported_at - arrived_at, pictured_at - arrived_at, reviews)


def _is_report(message: dict[str, Any]) -> bool:
    return REPORTED in message.get("text", "")


def _look_up(stack: Stack) -> tuple[float, float, int]:
    path = stack.settings.database_path.absolute().as_uri()
    with sqlite3.connect(f"{path}?mode=ro", uri=True) as connection:
        row: tuple[float, float, int] = connection.execute(READ).fetchone()
    connection.close()
    return row


def _median(values: Iterable[float]) -> float:
    return round(statistics.median(values), 2)


def main() -> None:
    """Print the figures; `--json` on one line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.reviews", description=__doc__)
    parser.add_argument("--times", type=int, default=5)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    figures = asyncio.run(measure(arguments.times))
    print(json.dumps(figures, indent=None if arguments.json else 2, ensure_ascii=False))


if __name__ == "__main__":
    main()
