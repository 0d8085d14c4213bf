"""What is usual in a chat at an hour of the week, and how far chance leads from it. Pure.

Both are learnt from the chat's own last weeks.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

BASELINE_HOURS = 56 * 24
# What is usual by day and by week is learnt from all of it, how much it is now from the end of it:
# else a slow change would be alarmed of again and again.
RECENT_HOURS = 14 * 24
# A rise is not to make itself usual.
GAP_HOURS = 24
HOURS_OF_DAY, HOURS_OF_WEEK = 24, 168
# With fewer votes, or spread over fewer hours, nothing is known well enough.
LEAST_VOTES, LEAST_HOURS = 200, 48
# How many votes the wider group counts as, where a narrower one has but a few of its own: an hour
# of the week leans on its hour of the day, and that on all hours.
PRIOR_VOTES = 1000.0
# Moods last for hours: those taken together show how far chance leads, single ones do not.
BLOCK_HOURS, LEAST_BLOCK_VOTES = 4, 4.0
# A block that is off by more than so many standard deviations is thought to be off by no more.
FARTHEST = 3.0
MOST_USUAL = 0.95
LEAST_OWN, MOST_OWN, MOST_SHARED = 0.2, 2.0, 0.2
FITTINGS = 3


class Counted(Protocol):
    """An hour's votes."""

    @property
    def hour(self) -> int:
        """Counted from 1970, UTC."""
        ...

    @property
    def votes(self) -> float: ...
    @property
    def negative(self) -> float:
        """The sum of the votes' probabilities to be negative."""
        ...

    @property
    def authors(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Spread:
    """How far sums of votes are off what is expected.

    The variance of `n` votes in a block is `(own + shared * n)` times that of `n` coins: a vote is
    a probability, not a coin, and votes of one thread or author resemble each other.
    """

    own: float = 1.0
    shared: float = 0.0

    def over_coins(self, votes: float) -> float:
        """How many times the variance of coins an hour's votes have, in a block of such hours."""
        return self.own + self.shared * BLOCK_HOURS * votes


@dataclass(frozen=True, slots=True)
class Usual:
    """What is usual at one hour: the share of negative votes, and how it is spread."""

    share: float
    spread: Spread


class Baseline:
    """The last weeks of one chat."""

    def __init__(self, hours: Iterable[Counted]) -> None:
        self._hours = [hour for hour in hours if hour.votes > 0]
        self._votes = sum(hour.votes for hour in self._hours)
        self._overall = (sum(h.negative for h in self._hours) + 1) / (self._votes + 4)
        self._of_day = _sum_up(self._hours, HOURS_OF_DAY)
        self._of_week = _sum_up(self._hours, HOURS_OF_WEEK)
        self._level = self._recent_level()
        self._spread = fit_spread(self._blocks()) if self.is_enough else Spread()

    @property
    def is_enough(self) -> bool:
        """Whether so much is known that anything can be called unusual."""
        return self._votes >= LEAST_VOTES and len(self._hours) >= LEAST_HOURS

    def at(self, hour: int) -> Usual:
        """What is usual at an hour, counted from 1970."""
        return Usual(min(self._share(hour) * self._level, MOST_USUAL), self._spread)

    def _recent_level(self) -> float:
        """How many times what is usual all in all the recent hours were negative."""
        if not self._hours:
            return 1.0
        recent = [h for h in self._hours if h.hour > self._hours[-1].hour - RECENT_HOURS]
        expected = sum(h.votes * self._share(h.hour) for h in recent)
        prior = PRIOR_VOTES * self._overall
        return (sum(h.negative for h in recent) + prior) / (expected + prior)

    def _share(self, hour: int) -> float:
        of_day = _lean(self._of_day[hour % HOURS_OF_DAY], self._overall)
        return _lean(self._of_week[hour % HOURS_OF_WEEK], of_day)

    def _blocks(self) -> list[tuple[float, float]]:
        """Of each block: its votes, and its squared distance over the variance of as many coins."""
        shares = [self._share(hour) for hour in range(HOURS_OF_WEEK)]
        sums: defaultdict[int, list[float]] = defaultdict(lambda: [0.0, 0.0, 0.0])
        for one in self._hours:
            share, block = shares[one.hour % HOURS_OF_WEEK], sums[one.hour // BLOCK_HOURS]
            block[0] += one.votes
            block[1] += one.negative - one.votes * share
            block[2] += one.votes * share * (1 - share)
        return [
            (votes, off * off / coins)
            for votes, off, coins in sums.values()
            if votes >= LEAST_BLOCK_VOTES
        ]


def fit_spread(blocks: Sequence[tuple[float, float]]) -> Spread:
    """Fit a line through (votes, squared distance over that of coins), least squares.

    Each is weighted by what the line before says of its variance, as Williams fits such variances
    (Applied Statistics 31, 1982).
    """
    if not blocks:
        return Spread()
    mean = sum(ratio for _, ratio in blocks) / len(blocks)
    kept = [(votes, min(ratio, FARTHEST**2 * mean)) for votes, ratio in blocks]
    fitted = Spread(max(mean, LEAST_OWN), 0.0)
    for _ in range(FITTINGS):
        fitted = _fit_again(kept, fitted)
    return fitted


def _fit_again(blocks: Sequence[tuple[float, float]], before: Spread) -> Spread:
    w = wx = wy = wxx = wxy = 0.0
    for votes, ratio in blocks:
        weight = 1 / (before.own + before.shared * votes) ** 2
        w, wx, wy = w + weight, wx + weight * votes, wy + weight * ratio
        wxx, wxy = wxx + weight * votes**2, wxy + weight * votes * ratio
    scatter = w * wxx - wx * wx
    slope = (w * wxy - wx * wy) / scatter if scatter > 0 else 0.0
    shared = min(max(slope, 0.0), MOST_SHARED)
    own = (wy - shared * wx) / w
    if own < LEAST_OWN:
        own, shared = LEAST_OWN, max((wxy - LEAST_OWN * wx) / wxx, 0.0)
    return Spread(min(own, MOST_OWN), min(shared, MOST_SHARED))


def _sum_up(hours: Iterable[Counted], period: int) -> list[tuple[float, float]]:
    """Votes and negative ones by the place of an hour in a period."""
    sums = [(0.0, 0.0)] * period
    for one in hours:
        votes, negative = sums[one.hour % period]
        sums[one.hour % period] = (votes + one.votes, negative + one.negative)
    return sums


def _lean(group: tuple[float, float], wider: float) -> float:
    votes, negative = group
    return (negative + PRIOR_VOTES * wider) / (votes + PRIOR_VOTES)
