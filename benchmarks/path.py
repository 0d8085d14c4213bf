"""A message's whole path under load: throughput, delay and memory.

`python -m benchmarks.path --messages 5000 --rate max --json` starts a stack of its own, writes
messages into the playground's group and follows each until its verdict is stored.
"""

import argparse
import asyncio
import json
from typing import Any

import numpy as np
import psutil

from benchmarks.load import judge, wait_until_stored, write_at_most_speed, write_at_rate
from benchmarks.machine import describe_machine
from playground.client import Playground
from stack.isolated import isolated_stack
from stack.stack import Stack

PATIENCE_SECONDS = 20
WARM_UP = 200


async def measure(messages: int, rate: float | None, threads: int) -> dict[str, Any]:
    """Send `messages` at `rate` a second (None: as fast as possible) and report on all of them."""
    async with (
        isolated_stack(threads=threads) as stack,
        Playground(stack.settings.playground_url) as playground,
    ):
        await playground.set(handovers=True)
        await write_at_most_speed(playground, WARM_UP)
        await wait_until_stored(stack, WARM_UP, PATIENCE_SECONDS)
        before = processor_seconds(stack)
        if rate is None:
            keys = await write_at_most_speed(playground, messages)
        else:
            keys = await write_at_rate(playground, rate, messages)
        await wait_until_stored(stack, WARM_UP + messages, PATIENCE_SECONDS)
        outcome = await judge(stack, playground, keys)
        after = processor_seconds(stack)
        memory = resident_memory_mb(stack)
    p50, p99 = np.percentile(outcome.delays_ms, (50, 99)) if outcome.verdicts else (None, None)
    return {
        "sent": outcome.sent,
        "verdicts": outcome.verdicts,
        "lost": outcome.lost,
        "twice": outcome.twice,
        "rate": rate or "max",
        "threads": stack.settings.worker_threads,
        "per_second": round(outcome.per_second, 1),
        "p50_ms": round(float(p50), 1) if p50 is not None else None,
        "p99_ms": round(float(p99), 1) if p99 is not None else None,
        "cpu_ms_per_message": {
            name: round((after[name] - before[name]) * 1000 / messages, 3) for name in after
        },
        "rss_mb": memory,
        "machine": describe_machine(),
    }


def processor_seconds(stack: Stack) -> dict[str, float]:
    """Processor time that each process has used: unlike the clock, blind to busy neighbours."""
    times = {name: psutil.Process(p.pid).cpu_times() for name, p in stack.processes.items()}
    return {name: spent.user + spent.system for name, spent in times.items()}


def resident_memory_mb(stack: Stack) -> dict[str, float]:
    """Resident memory of each process, in MB of 10**6 bytes."""
    return {
        name: round(psutil.Process(process.pid).memory_info().rss / 1e6, 1)
        for name, process in stack.processes.items()
    }


def main() -> None:
    """Print the figures; `--json` on one line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.path", description=__doc__)
    parser.add_argument("--messages", type=int, default=5000)
    parser.add_argument("--rate", default="max", help="messages a second, or max")
    parser.add_argument("--threads", type=int, default=0, help="the worker's THREADS; 0: all cores")
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    rate = None if arguments.rate == "max" else float(arguments.rate)
    figures = asyncio.run(measure(arguments.messages, rate, arguments.threads))
    print(json.dumps(figures, indent=None if arguments.json else 2, ensure_ascii=False))


if __name__ == "__main__":
    main()
