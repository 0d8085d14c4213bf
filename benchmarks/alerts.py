"""What the alarm does: false alarms of calm years, and how soon it finds what rises.

`python -m benchmarks.alerts --json` simulates communities (`benchmarks.moods`) and runs
`bot.news.alarm` over them as `bot.news.lookout` does: every five minutes, with the hour that goes
on taken as far as it has come. Only what is usual is learnt anew once a day here, for speed.
Nobody presses "false alarm", which would make the next ones rarer. `times` is of the share that the
model measures: when twice as many messages are negative, that is about 1.6 of it.
"""

import argparse
import json
import statistics
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np

from benchmarks.machine import describe_machine
from benchmarks.moods import SLOTS, Floats, Heard, Kind, Messages, hear, write
from bot.news.alarm import Course, advance, raise_early
from bot.news.rises import LIMITS, HourSum
from bot.news.usual import BASELINE_HOURS, GAP_HOURS, Baseline

YEAR_HOURS = 365 * 24
MONTHS = 12
LEARNING_HOURS = BASELINE_HOURS + GAP_HOURS
LEARN_EVERY_HOURS = 24
SLOT_MINUTES = 60 // SLOTS
# A rise begins somewhere in the last days of a simulation, in a calm hour with such traffic.
RISE_HOURS, FIND_HOURS = 60, 24
TRAFFIC = (0.9, 1.2)
LIMIT = LIMITS["normal"]

# Tempers of twice the usual variance.
FIERCE = 1.4
CALM = (
    Kind(5, 0.2, YEAR_HOURS),
    Kind(10, 0.2, YEAR_HOURS),
    Kind(50, 0.1, YEAR_HOURS),
    Kind(50, 0.2, YEAR_HOURS),
    Kind(50, 0.2, YEAR_HOURS, FIERCE),
    Kind(50, 0.3, YEAR_HOURS),
    Kind(150, 0.2, YEAR_HOURS),
    Kind(500, 0.2, YEAR_HOURS),
)
DRIFT_WEEKS = 8


@dataclass(frozen=True, slots=True)
class Rise:
    """A rise to simulate: at so many messages an hour, of a usual share, so many times."""

    messages_an_hour: float
    negative: float
    times: float
    temper: float = 1.0


RISES = (
    Rise(50, 0.2, 2.0),
    Rise(50, 0.1, 2.0),
    Rise(50, 0.3, 2.0),
    Rise(50, 0.2, 2.0, FIERCE),
    Rise(50, 0.2, 1.6),
    Rise(50, 0.2, 1.5),
    Rise(10, 0.2, 2.0),
    Rise(150, 0.2, 1.5),
)


def alarms(heard: Heard, first: int, limit: float) -> Iterator[int]:
    """Yield the slots (five minutes each) of alarms from an hour on."""
    hours = [_hour(heard, hour, SLOTS - 1) for hour in range(len(heard.votes))]
    course, baseline = Course(first - 1), Baseline(())
    for number in range(first, len(hours)):
        if (number - first) % LEARN_EVERY_HOURS == 0:
            learnt = slice(max(0, number - LEARNING_HOURS), max(0, number - GAP_HOURS))
            baseline = Baseline(hours[learnt])
        usual = baseline.at(number)
        for slot in range(SLOTS) if not course.is_episode else ():
            ahead = advance(course, _hour(heard, number, slot), usual, limit)
            if ahead.is_episode:
                yield number * SLOTS + slot
                course = raise_early(course, ahead)
                break
        course = advance(course, hours[number], usual, limit)


def _hour(heard: Heard, hour: int, slot: int) -> HourSum:
    votes, negative = heard.votes[hour, slot], heard.negative[hour, slot]
    return HourSum(hour, float(votes), float(negative), int(heard.authors[hour]))


def calm_years(kind: Kind, years: int, limit: float) -> dict[str, Any]:
    """Count the alarms of years in which nothing rises."""
    simulated = replace(kind, hours=LEARNING_HOURS + kind.hours)
    months, votes = [], []
    for year in range(years):
        numbers = (int(kind.messages_an_hour), int(100 * kind.negative), int(10 * kind.temper))
        chance = np.random.default_rng([11, year, *numbers])
        heard = hear(simulated, write(simulated, chance), chance)
        rang = np.array(list(alarms(heard, LEARNING_HOURS, limit)), dtype=np.int64)
        month = (rang // SLOTS - LEARNING_HOURS) * MONTHS // YEAR_HOURS
        months += np.bincount(month, minlength=MONTHS).tolist()
        votes.append(float(heard.votes[:, -1].mean()))
    return {
        "messages_an_hour": kind.messages_an_hour,
        "negative_share": kind.negative,
        "temper": kind.temper,
        "votes_an_hour": round(statistics.mean(votes), 1),
        "years": years,
        "false_alarms_a_year": round(sum(months) / years, 2),
        "false_alarms_a_month": round(sum(months) / len(months), 3),
        "most_in_a_month": max(months),
    }


def rises(rise: Rise, runs: int, limit: float) -> dict[str, Any]:
    """Let negativity rise in so many communities; tell how soon that is found."""
    delays, before = [], 0
    for run in range(runs):
        numbers = (
            int(rise.messages_an_hour),
            int(100 * rise.negative),
            int(10 * rise.times),
            int(10 * rise.temper),
        )
        delay = _delay(rise, np.random.default_rng([12, run, *numbers]), limit)
        before += delay is not None and delay < 0
        delays.append(delay)
    # Where an alarm had come just before, the moderators were looking already: neither counts.
    fair = [delay for delay in delays if delay is None or delay >= 0]
    found = [delay for delay in fair if delay is not None]
    within = [sum(d <= 60 * hours for d in found) / len(fair) for hours in (1, 2, 4, 8)]
    return {
        "messages_an_hour": rise.messages_an_hour,
        "negative_share": rise.negative,
        "times": rise.times,
        "temper": rise.temper,
        "runs": len(fair),
        "alarmed_before": before,
        **{f"found_within_{h}_h": round(w, 3) for h, w in zip((1, 2, 4, 8), within, strict=True)},
        "median_minutes": statistics.median(found) if found else None,
    }


def _delay(rise: Rise, chance: np.random.Generator, limit: float) -> int | None:
    """Simulate one rise; return the minutes until it was found, below 0 where alarmed before."""
    hours = LEARNING_HOURS + RISE_HOURS + FIND_HOURS
    kind = Kind(rise.messages_an_hour, rise.negative, hours, rise.temper)
    messages = write(kind, chance)
    onset = _onset(kind, messages, chance)
    if onset is None:
        return None
    raised = replace(kind, times=partial(_raised, onset / SLOTS, rise.times))
    heard = hear(raised, messages, chance)
    recent = [
        slot - onset
        for slot in alarms(heard, LEARNING_HOURS, limit)
        if onset - FIND_HOURS * SLOTS <= slot
    ]
    # At the end of its slot.
    return SLOT_MINUTES * (recent[0] + (recent[0] >= 0)) if recent else None


def _raised(onset: float, times: float, at: Floats) -> Floats:
    return np.where(at >= onset, times, 1.0)


def _onset(kind: Kind, messages: Messages, chance: np.random.Generator) -> int | None:
    """Choose a slot after which two hours have the traffic that it is about; None without one."""
    slots = np.bincount((messages.at * SLOTS).astype(np.int64), minlength=kind.hours * SLOTS)
    two_hours = np.convolve(slots, np.ones(2 * SLOTS), "valid") / 2
    low, high = (kind.messages_an_hour * part for part in TRAFFIC)
    fits = (two_hours >= low) & (two_hours <= high)
    first = (LEARNING_HOURS + FIND_HOURS) * SLOTS
    last = (kind.hours - FIND_HOURS) * SLOTS
    found = [slot for slot in np.flatnonzero(fits) if first <= slot < last]
    return int(chance.choice(found)) if found else None


def drifts(runs: int, limit: float) -> dict[str, Any]:
    """Let negativity double slowly, over weeks, which is no rise but a change of what is usual."""
    hours = LEARNING_HOURS + DRIFT_WEEKS * 7 * 24
    count = []
    for run in range(runs):
        kind = Kind(50, 0.2, hours, times=partial(_drifted, hours))
        chance = np.random.default_rng([13, run])
        heard = hear(kind, write(kind, chance), chance)
        count.append(len(list(alarms(heard, LEARNING_HOURS, limit))))
    return {
        "doubles_in_weeks": DRIFT_WEEKS,
        "runs": runs,
        "share_with_an_alarm": sum(n > 0 for n in count) / runs,
        "alarms_a_run": sum(count) / runs,
    }


def _drifted(hours: int, at: Floats) -> Floats:
    return 1 + np.maximum(at - LEARNING_HOURS, 0) / (hours - LEARNING_HOURS)


def measure(years: int, runs: int, limit: float) -> dict[str, Any]:
    """Run all of it."""
    started = time.perf_counter()
    figures: dict[str, Any] = {
        "limit": limit,
        "calm_years": [calm_years(kind, years, limit) for kind in CALM],
        "rises": [rises(rise, runs, limit) for rise in RISES],
        "slow_drift": drifts(max(runs // 10, 1), limit),
    }
    return figures | {
        "seconds": round(time.perf_counter() - started, 1),
        "machine": describe_machine(),
    }


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the figures; `--json` on one line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.alerts", description=__doc__)
    parser.add_argument("--years", type=int, default=2, help="calm ones of each community")
    parser.add_argument("--runs", type=int, default=100, help="of each rise")
    parser.add_argument("--limit", type=float, default=LIMIT, help="at which it alarms")
    parser.add_argument("--json", action="store_true")
    chosen = parser.parse_args(arguments)
    figures = measure(chosen.years, chosen.runs, chosen.limit)
    print(json.dumps(figures, indent=None if chosen.json else 2))


if __name__ == "__main__":
    main()
