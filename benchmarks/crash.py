"""What is lost when processes are killed: `python -m benchmarks.crash --json`.

Under a steady load, worker, bot, Redis, or all three are killed with SIGKILL at random moments
and started again by the stack's keeper, as a container's restart policy would.
"""

import argparse
import asyncio
import itertools
import json
import random
from collections import Counter
from typing import Any

from benchmarks.load import judge, wait_until_stored, write_at_rate
from benchmarks.machine import describe_machine
from playground.client import Playground
from stack.isolated import isolated_stack
from stack.stack import Stack

PATIENCE_SECONDS = 30
VICTIMS = (("worker",), ("bot",), ("redis",), ("worker", "bot", "redis"))
# Long enough that most kills meet a stack in full work, short enough that some meet a start.
PAUSE_SECONDS = (2.0, 6.0)
ENDLESS = 10**9


async def measure(rate: float, kills: int, seed: int) -> dict[str, Any]:
    """Kill `kills` times under `rate` messages a second and report on every message."""
    async with (
        isolated_stack() as stack,
        Playground(stack.settings.playground_url) as playground,
    ):
        await playground.set(handovers=True)
        stack.keep_alive()
        stop = asyncio.Event()
        writing = asyncio.create_task(write_at_rate(playground, rate, ENDLESS, stop))
        killed = await kill_at_random(stack, kills, random.Random(seed))
        stop.set()
        keys = await writing
        await wait_until_stored(stack, len(keys), PATIENCE_SECONDS)
        outcome = await judge(stack, playground, keys)
    return {
        "kills": dict(killed),
        "sent": outcome.sent,
        "verdicts": outcome.verdicts,
        "lost": outcome.lost,
        "twice": outcome.twice,
        "worst_delay_s": round(float(outcome.delays_ms.max(initial=0)) / 1000, 2),
        "rate": rate,
        "seed": seed,
        "machine": describe_machine(),
    }


async def kill_at_random(stack: Stack, kills: int, chance: random.Random) -> Counter[str]:
    """Kill each kind of victim in turn, at random moments; return how often each was."""
    killed: Counter[str] = Counter()
    for names in itertools.islice(itertools.cycle(VICTIMS), kills):
        await asyncio.sleep(chance.uniform(*PAUSE_SECONDS))
        await asyncio.gather(*(stack.processes[name].kill() for name in names))
        killed["+".join(names)] += 1
    await asyncio.sleep(PAUSE_SECONDS[1])
    return killed


def main() -> None:
    """Print the figures, as JSON or one a line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.crash", description=__doc__)
    parser.add_argument("--rate", type=float, default=200, help="messages a second")
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    figures = asyncio.run(measure(arguments.rate, arguments.kills, arguments.seed))
    if arguments.json:
        print(json.dumps(figures, ensure_ascii=False))
    else:
        print("\n".join(f"{name}: {value}" for name, value in figures.items()))


if __name__ == "__main__":
    main()
