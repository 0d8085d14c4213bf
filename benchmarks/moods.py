"""Simulated communities whose negativity is known: hourly votes as `bot.mood.votes` counts them.

Messages come in threads of very different sizes that last for hours (lognormal, so that they come
in bursts), by day and by week, from authors of whom few write most (Zipf). Authors, threads and
hours of the day have tempers of their own. Each message is negative or not by chance; the model
says so with the probabilities of a classifier that is right about 9 of 10 times. An author's vote
in an hour and thread is the mean of what they wrote there.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

# Looks at an hour while it goes on: one every five minutes.
SLOTS = 12
# Messages an hour by the hour of the day, as shares of the mean, and how quiet weekends are.
NIGHT_AND_MORNING = (0.35, 0.2, 0.12, 0.08, 0.08, 0.15, 0.4, 0.8, 1.1, 1.3, 1.4, 1.4)
DAY_AND_EVENING = (1.4, 1.3, 1.3, 1.3, 1.35, 1.4, 1.5, 1.7, 1.8, 1.7, 1.3, 0.75)
BY_HOUR = np.array([*NIGHT_AND_MORNING, *DAY_AND_EVENING])
WEEKEND = 0.75
MESSAGES_A_THREAD, THREAD_SIZE_SD, THREAD_HOURS = 25.0, 1.2, 2.0
AUTHORS_A_MESSAGE_AN_HOUR, LEAST_AUTHORS = 20, 60
# Tempers on the scale of logits: authors explain about a tenth of the variance, threads 3 %.
AUTHOR_SD, THREAD_SD, HOUR_SWING, WEEKEND_SHIFT = 0.6, 0.3, 0.15, -0.13
# What the model says of negative messages, and of others: Beta distributions, means 0.75 and 0.1.
SAID_OF_NEGATIVE, SAID_OF_OTHERS = (3.0, 1.0), (0.5, 4.5)
MEAN_OF_NEGATIVE, MEAN_OF_OTHERS = 0.75, 0.1
MOST_LIKELY = 0.97

Times = Callable[[Floats], Floats | float]
"""How many times its usual value negativity is, by hours since the beginning."""


@dataclass(frozen=True, slots=True)
class Kind:
    """What sort of community it is."""

    messages_an_hour: float
    negative: float
    """The share of messages that are."""
    hours: int
    temper: float = 1.0
    """How many times as far from each other as usual authors, threads and hours are."""
    times: Times = field(default=lambda hours: 1.0)
    """Of what is measured: since the model blurs what is felt, that changes more."""


@dataclass(frozen=True, slots=True)
class Heard:
    """Votes of each hour, as far as they had come at each look: (hours, SLOTS)."""

    votes: Floats
    negative: Floats
    messages: Ints
    """Of each hour; (hours,)."""
    authors: Ints


@dataclass(frozen=True, slots=True)
class Messages:
    """When each message came (in hours), in which thread, by whom; all (messages,)."""

    at: Floats
    thread: Ints
    author: Ints
    likely: Floats
    """How likely it is to be negative where nothing has changed."""


def write(kind: Kind, chance: np.random.Generator) -> Messages:
    """Let people write."""
    begun, thread = _threads(kind, chance)
    at = begun[thread] + chance.exponential(THREAD_HOURS, len(thread))
    kept = at < kind.hours
    at, thread = at[kept], thread[kept]
    order = np.argsort(at, kind="stable")
    at, thread = at[order], thread[order]
    author = _authors(kind, len(at), chance)
    likely = _likely(kind, (at, thread, author), chance)
    return Messages(at, thread, author, likely)


def hear(kind: Kind, messages: Messages, chance: np.random.Generator) -> Heard:
    """Let the model judge what was written, and count votes."""
    likely = _felt(kind, messages)
    is_negative = chance.random(len(likely)) < likely
    said = np.where(
        is_negative,
        chance.beta(*SAID_OF_NEGATIVE, len(likely)),
        chance.beta(*SAID_OF_OTHERS, len(likely)),
    )
    hour = messages.at.astype(np.int64)
    authors = int(messages.author.max(initial=0)) + 1
    spoke = np.unique(hour * authors + messages.author)
    return Heard(
        *_count(kind, messages, said),
        messages=np.bincount(hour, minlength=kind.hours),
        authors=np.bincount(spoke // authors, minlength=kind.hours),
    )


def _threads(kind: Kind, chance: np.random.Generator) -> tuple[Floats, Ints]:
    """When each thread begins, and the thread of each message."""
    hours = np.arange(kind.hours)
    busy = BY_HOUR[hours % 24] * np.where(hours // 24 % 7 >= 5, WEEKEND, 1.0)
    births = chance.poisson(kind.messages_an_hour / MESSAGES_A_THREAD * busy / busy.mean())
    begun = np.repeat(hours, births) + chance.random(births.sum())
    mean = np.log(MESSAGES_A_THREAD) - THREAD_SIZE_SD**2 / 2
    sizes = chance.poisson(chance.lognormal(mean, THREAD_SIZE_SD, len(begun)))
    return begun, np.repeat(np.arange(len(begun)), sizes)


def _authors(kind: Kind, count: int, chance: np.random.Generator) -> Ints:
    """Who writes each message: the n-th author n times as seldom as the first."""
    many = max(LEAST_AUTHORS, int(AUTHORS_A_MESSAGE_AN_HOUR * kind.messages_an_hour))
    shares = np.cumsum(1 / np.arange(1, many + 1))
    return np.searchsorted(shares / shares[-1], chance.random(count))


def _likely(kind: Kind, messages: tuple[Floats, Ints, Ints], chance: np.random.Generator) -> Floats:
    at, thread, author = messages
    hour = at.astype(np.int64)
    temper = chance.normal(0, AUTHOR_SD, int(author.max(initial=0)) + 1)[author]
    temper += chance.normal(0, THREAD_SD, int(thread.max(initial=0)) + 1)[thread]
    temper += HOUR_SWING * np.cos((hour % 24 - 22) / 12 * np.pi)
    temper += np.where(hour // 24 % 7 >= 5, WEEKEND_SHIFT, 0.0)
    return _shifted(kind.temper * temper, kind.negative)


def _shifted(logits: Floats, mean: float) -> Floats:
    """Turn logits into probabilities with a given mean."""
    low, high = -10.0, 10.0
    for _ in range(40):
        middle = (low + high) / 2
        if (1 / (1 + np.exp(-logits - middle))).mean() < mean:
            low = middle
        else:
            high = middle
    return 1 / (1 + np.exp(-logits - low))


def _felt(kind: Kind, messages: Messages) -> Floats:
    """How likely messages are to be negative so that what is measured changes as it should."""
    times = np.asarray(kind.times(messages.at))
    if np.all(times == 1.0):
        return messages.likely
    measured = MEAN_OF_OTHERS + (MEAN_OF_NEGATIVE - MEAN_OF_OTHERS) * kind.negative
    wanted = (times * measured - MEAN_OF_OTHERS) / (MEAN_OF_NEGATIVE - MEAN_OF_OTHERS)
    # No message is surer than MOST_LIKELY: for the mean to come out, the others are more so.
    factors = np.linspace(1.0, 20.0, 400)
    some = messages.likely[:: max(len(messages.likely) // 5000, 1)]
    means = [np.minimum(some * factor, MOST_LIKELY).mean() for factor in factors]
    return np.minimum(messages.likely * np.interp(wanted, means, factors), MOST_LIKELY)


def _count(kind: Kind, messages: Messages, said: Floats) -> tuple[Floats, Floats]:
    """Add up votes as they come: each later message of a seat moves its mean."""
    hour = messages.at.astype(np.int64)
    slot = (messages.at * SLOTS).astype(np.int64)
    authors = int(messages.author.max(initial=0)) + 1
    threads = int(messages.thread.max(initial=0)) + 1
    seat = (hour * threads + messages.thread) * authors + messages.author
    order = np.argsort(seat, kind="stable")
    seat, slot, said = seat[order], slot[order], said[order]
    is_first = np.r_[True, seat[1:] != seat[:-1]]
    place = np.arange(len(seat))
    first = np.maximum.accumulate(np.where(is_first, place, 0))
    sums = np.r_[0.0, np.cumsum(said)]
    mean = (sums[place + 1] - sums[first]) / (place - first + 1)
    moved = mean - np.where(is_first, 0.0, np.r_[0.0, mean[:-1]])
    size = kind.hours * SLOTS
    votes, negative = (
        np.bincount(slot, weights, minlength=size).reshape(-1, SLOTS).cumsum(axis=1)
        for weights in (is_first.astype(float), moved)
    )
    return votes, negative
