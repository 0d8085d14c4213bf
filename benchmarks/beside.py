"""Scoring beside a training on the same cores: how much longer a message waits for its verdict.

`python -m benchmarks.beside --rate 100 --seconds 20 --json` starts a stack of its own and measures
at the same rate in turns: alone, and while a trainer learns from made-up labels.
"""

import argparse
import asyncio
import itertools
import json
import time
from typing import Any

import numpy as np
import redis.asyncio

from benchmarks.load import judge, wait_until_stored, write_at_most_speed, write_at_rate
from benchmarks.machine import describe_machine
from benchmarks.texts import write_texts
from core.connections import connect, connect_async
from core.training import LabelledText, TrainingOrder
from core.training_orders import find_progress, order_training, train_queue
from playground.client import Playground
from stack.isolated import isolated_stack
from stack.stack import Stack

PATIENCE_SECONDS = 20
START_SECONDS = 120
WARM_UP = 200
LABELS = ("negative", "neutral", "positive")
LABELLED, UNLABELLED = 600, 3000
GOAL = 2.0  # times the usual p99


class Trainer:
    """Trainings on a running stack, one after the other."""

    def __init__(self, stack: Stack, connection: redis.asyncio.Redis) -> None:
        self._queue = train_queue(connect(stack.settings.redis_address))
        self._connection = connection
        self._id = ""

    async def begin(self, number: int) -> None:
        """Order a training and return once it learns. Raises TimeoutError."""
        self._id = f"beside-{number}"
        await order_training(self._connection, self._queue, make_order(self._id))
        async with asyncio.timeout(START_SECONDS):
            while await self.stage() != "training":
                await asyncio.sleep(0.2)

    async def end(self) -> None:
        """Wait until the training has ended, however."""
        while await self.stage() in ("queued", "preparing", "training", "judging"):
            await asyncio.sleep(0.2)

    async def stage(self) -> str:
        progress = await find_progress(self._connection, self._id)
        return progress.stage if progress else ""


def make_order(order_id: str) -> TrainingOrder:
    """Make labels up: how well they teach does not matter here."""
    texts = [f"{text} {number}" for number, text in zip(range(10**4), write_texts(), strict=False)]
    labelled = [
        LabelledText(text=text, task="sentiment", label=label)
        for text, label in zip(texts[:LABELLED], itertools.cycle(LABELS), strict=False)
    ]
    unlabelled = texts[LABELLED : LABELLED + UNLABELLED]
    return TrainingOrder(
        id=order_id, labelled=tuple(labelled), unlabelled=tuple(unlabelled), asked_by=1
    )


async def measure(rate: float, seconds: float, rounds: int) -> dict[str, Any]:
    """Measure `rounds` times alone and beside a training, in turns."""
    taken: dict[str, list[dict[str, Any]]] = {"alone": [], "beside": []}
    async with (
        isolated_stack() as stack,
        Playground(stack.settings.playground_url) as playground,
        connect_async(stack.settings.redis_address) as connection,
    ):
        await playground.set(handovers=True)
        await write_at_most_speed(playground, WARM_UP)
        await wait_until_stored(stack, WARM_UP, PATIENCE_SECONDS)
        trainer = Trainer(stack, connection)
        for number in range(rounds):
            taken["alone"].append(await _send(stack, playground, (rate, seconds)))
            await trainer.begin(number)
            found = await _send(stack, playground, (rate, seconds))
            taken["beside"].append(found | {"training_until_the_end": await trainer.stage()})
            await trainer.end()
    return _summary(taken) | {"rate": rate, "seconds": seconds, "machine": describe_machine()}


async def _send(stack: Stack, playground: Playground, load: tuple[float, float]) -> dict[str, Any]:
    rate, seconds = load
    started = time.time()
    keys = await write_at_rate(playground, rate, int(rate * seconds))
    await asyncio.sleep(1)
    outcome = await judge(stack, playground, keys)
    p50, p99 = np.percentile(outcome.delays_ms, (50, 99))
    return {
        "sent": outcome.sent,
        "lost": outcome.lost,
        "p50_ms": round(float(p50), 1),
        "p99_ms": round(float(p99), 1),
        "took_seconds": round(time.time() - started, 1),
    }


def _summary(taken: dict[str, list[dict[str, Any]]]) -> dict[str, Any]:
    """Compare neighbours in time: what else the machine does drifts."""
    pairs = zip(taken["alone"], taken["beside"], strict=True)
    ratios = [beside["p99_ms"] / alone["p99_ms"] for alone, beside in pairs]
    ratio = float(np.median(ratios))
    return {
        **taken,
        "p99_ratios": [round(one, 2) for one in ratios],
        "p99_ratio": round(ratio, 2),
        "goal": GOAL,
        "met": ratio <= GOAL,
    }


def main() -> None:
    """Print the figures; `--json` on one line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.beside", description=__doc__)
    parser.add_argument("--rate", type=float, default=100, help="messages a second")
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    figures = asyncio.run(measure(arguments.rate, arguments.seconds, arguments.rounds))
    print(json.dumps(figures, indent=None if arguments.json else 2, ensure_ascii=False))


if __name__ == "__main__":
    main()
