"""How much one person may have read: one page at a time, and so many an hour. Pure."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

MOST_IN_AN_HOUR = 10
HOUR_SECONDS = 3600.0
# Whoever waits for longer than this may ask for something else.
UNDER_WAY_SECONDS = 120.0
# An address is read anew after this long, or when somebody asks for that.
FRESH_SECONDS = 3600.0


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why somebody has to wait, and for how long."""

    code: Literal["under-way", "too-often"]
    minutes: int = 0


def refusal(is_under_way: bool, asked: Sequence[float], now: float) -> Refusal | None:
    """Decide whether somebody must wait; `asked` are the times of the last hour, oldest first."""
    if is_under_way:
        return Refusal("under-way")
    if len(asked) < MOST_IN_AN_HOUR:
        return None
    until = asked[-MOST_IN_AN_HOUR] + HOUR_SECONDS
    return Refusal("too-often", max(1, math.ceil((until - now) / 60)))
