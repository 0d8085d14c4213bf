"""What is lost when processes are killed: `python -m benchmarks.crash --json`.

Under a steady load, worker, bot, Redis, or all three are killed with SIGKILL at random moments
and started again by the stack's keeper, as a container's restart policy would.
"""

import argparse
import asyncio
import itertools
import json
import random
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from benchmarks.load import Outcome, judge, wait_until_stored, write_at_rate
from benchmarks.machine import describe_machine
from playground.client import Playground
from stack.isolated import isolated_stack
from stack.stack import Stack

PATIENCE_SECONDS = 30
VICTIMS = (("worker",), ("bot",), ("redis",), ("worker", "bot", "redis"))
# Long enough that most kills meet a stack in full work, short enough that some meet a start.
PAUSE_SECONDS = (2.0, 6.0)
ENDLESS = 10**9
PEOPLE = ("anna", "oleg", "dasha", "petrovich", "newcomer")
ANSWER_SECONDS = 10


@dataclass(frozen=True, slots=True)
class Kill:
    """Which processes were killed together, and when (epoch seconds)."""

    victims: str
    at: float


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
        asking = asyncio.create_task(ask_privately(playground, stop))
        kills_made = await kill_at_random(stack, kills, random.Random(seed))
        stop.set()
        keys, asked = await writing, await asking
        await wait_until_stored(stack, len(keys) + len(asked), PATIENCE_SECONDS)
        answers = await count_answers(playground, asked)
        outcome = await judge(stack, playground, keys)
    return {
        "kills": dict(Counter(kill.victims for kill in kills_made)),
        "sent": outcome.sent,
        "verdicts": outcome.verdicts,
        "lost": outcome.lost,
        "twice": outcome.twice,
        "private_answers": answers,
        "worst_delay_s": round(float(outcome.delays_ms.max(initial=0)) / 1000, 2),
        "worst_delay_s_after": worst_delays_after(kills_made, outcome),
        "rate": rate,
        "seed": seed,
        "machine": describe_machine(),
    }


async def ask_privately(playground: Playground, stop: asyncio.Event) -> list[tuple[str, int]]:
    """Write to the bot in private, a message a second; return (chat, message id) of each."""
    asked: list[tuple[str, int]] = []
    for person in itertools.cycle(PEOPLE):
        if stop.is_set():
            return asked
        chat = f"private:{person}"
        message = await playground.write(chat, person, "Заказ пришёл вовремя, спасибо!")
        asked.append((chat, message["message_id"]))
        await asyncio.sleep(1)
    return asked


async def count_answers(playground: Playground, asked: Sequence[tuple[str, int]]) -> dict[str, int]:
    """Count private messages by how they were answered, once the last answer had its time."""
    await asyncio.sleep(ANSWER_SECONDS)
    found: Counter[tuple[str, int]] = Counter()
    for chat in {chat for chat, _ in asked}:
        for message in await playground.messages(chat):
            if "reply_to_message" in message:
                found[chat, message["reply_to_message"]["message_id"]] += 1
    return {
        "asked": len(asked),
        "missing": sum(found[place] == 0 for place in asked),
        "twice": sum(found[place] > 1 for place in asked),
    }


async def kill_at_random(stack: Stack, kills: int, chance: random.Random) -> list[Kill]:
    """Kill each kind of victim in turn, at random moments; return the kills."""
    made = []
    for names in itertools.islice(itertools.cycle(VICTIMS), kills):
        await asyncio.sleep(chance.uniform(*PAUSE_SECONDS))
        made.append(Kill("+".join(names), time.time()))
        await asyncio.gather(*(stack.processes[name].kill() for name in names))
    await asyncio.sleep(PAUSE_SECONDS[1])
    return made


def worst_delays_after(kills: Sequence[Kill], outcome: Outcome) -> dict[str, list[float]]:
    """Seconds that the latest verdict took, by victim, for each kill until the next one."""
    worst: dict[str, list[float]] = {}
    for kill, end in zip(kills, [k.at for k in kills[1:]] + [float("inf")], strict=True):
        meanwhile = (outcome.stored_at >= kill.at) & (outcome.stored_at < end)
        delay = float(outcome.delays_ms[meanwhile].max(initial=0)) / 1000
        worst.setdefault(kill.victims, []).append(round(delay, 2))
    return worst


def main() -> None:
    """Print the figures; `--json` on one line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.crash", description=__doc__)
    parser.add_argument("--rate", type=float, default=200, help="messages a second")
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    figures = asyncio.run(measure(arguments.rate, arguments.kills, arguments.seed))
    print(json.dumps(figures, indent=None if arguments.json else 2, ensure_ascii=False))


if __name__ == "__main__":
    main()
