"""Measures rivals turn by turn: what disturbs one disturbs the others."""

import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

Work = TypeVar("Work")


def in_turns(
    rivals: Mapping[str, Callable[[Work], object]],
    works: Sequence[Work],
    rounds: int,
    warm_ups: int = 3,
) -> dict[str, list[float]]:
    """Give each round's work to every rival and return the milliseconds that each took."""
    for run in rivals.values():
        for _ in range(warm_ups):
            run(works[0])
    taken: dict[str, list[float]] = {name: [] for name in rivals}
    for number in range(rounds):
        for name, run in rivals.items():
            started = time.perf_counter()
            run(works[number % len(works)])
            taken[name].append(1_000 * (time.perf_counter() - started))
    return taken


def medians(taken: Mapping[str, Sequence[float]]) -> dict[str, float]:
    """Return each rival's median in milliseconds."""
    return {name: statistics.median(values) for name, values in taken.items()}
