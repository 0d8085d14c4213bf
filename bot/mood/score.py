"""How a mood is summed up: a score from -100 to 100, its interval, and shares over time. Pure."""

import math
from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from bot.stats.intervals import Z
from bot.storage.moods import HourMood

# With less there is too little to tell: an interval would be of a guess.
LEAST_VOTES = 20
LEAST_CLUSTERS = 5


@dataclass(frozen=True, slots=True)
class Tally:
    """Votes of some time: how many, and their probabilities summed up."""

    votes: float = 0.0
    negative: float = 0.0
    neutral: float = 0.0
    positive: float = 0.0
    messages: int = 0

    @property
    def shares(self) -> tuple[float, float, float]:
        """The shares of negative, neutral and positive; zeros without votes."""
        votes = self.votes or 1.0
        return self.negative / votes, self.neutral / votes, self.positive / votes

    @property
    def score(self) -> float:
        """The share of positive less that of negative, in hundredths: -100 to 100."""
        return 100 * (self.positive - self.negative) / (self.votes or 1.0)


@dataclass(frozen=True, slots=True)
class Figure:
    """A score or a difference of two, and the ends of its 95 % interval."""

    value: float
    low: float
    high: float

    @property
    def is_clear(self) -> bool:
        """Whether it is apart from 0 by more than chance explains."""
        return self.low > 0 or self.high < 0


@dataclass(frozen=True, slots=True)
class Sample:
    """A score with its variance, which rests on so many clusters."""

    score: float
    variance: float
    clusters: int

    @classmethod
    def of(cls, clusters: Sequence[Tally]) -> "Sample | None":
        """Estimate a score from clusters: hours or days; None where they are too little.

        Votes of one hour are about one thing, so that not votes but hours vary by chance: the score
        is a ratio of two sums over hours (Cochran, Sampling Techniques, 1977, equation 6.10). It is
        never taken for surer than as many votes of people who know nothing of each other are.
        """
        heard = [tally for tally in clusters if tally.votes > 0]
        whole = total(heard)
        if whole.votes < LEAST_VOTES or len(heard) < LEAST_CLUSTERS:
            return None
        mean = whole.score / 100
        apart = sum((t.positive - t.negative - mean * t.votes) ** 2 for t in heard)
        count = len(heard)
        negative, _, positive = whole.shares
        alone = (negative + positive - mean**2) / whole.votes
        variance = max(apart * count / (count - 1) / whole.votes**2, alone)
        return cls(whole.score, 1e4 * variance, count)

    @property
    def figure(self) -> Figure:
        return _figure(self.score, self.variance, self.clusters - 1)

    def less(self, other: "Sample") -> Figure:
        """How much this score is above another one (Welch, Biometrika 34, 1947)."""
        variance = self.variance + other.variance
        parts = sum(one.variance**2 / (one.clusters - 1) for one in (self, other))
        freedom = variance**2 / parts if parts else math.inf
        return _figure(self.score - other.score, variance, freedom)


def total(tallies: Iterable[Tally]) -> Tally:
    """Sum tallies up."""
    found = list(tallies)
    return Tally(
        sum(one.votes for one in found),
        sum(one.negative for one in found),
        sum(one.neutral for one in found),
        sum(one.positive for one in found),
        sum(one.messages for one in found),
    )


def tally_by_hour(hours: Iterable[HourMood]) -> dict[int, Tally]:
    """Sum up the hours of several chats."""
    found: dict[int, Tally] = {}
    for one in hours:
        tally = Tally(one.votes, one.negative, one.neutral, one.positive, one.messages)
        found[one.hour] = total((found.get(one.hour, Tally()), tally))
    return found


def group(hours: Mapping[int, Tally], places: Mapping[int, Hashable]) -> dict[Hashable, Tally]:
    """Sum hours up by the place that each has; those without one are left out."""
    found: defaultdict[Hashable, list[Tally]] = defaultdict(list)
    for hour, tally in hours.items():
        if hour in places:
            found[places[hour]].append(tally)
    return {place: total(tallies) for place, tallies in found.items()}


def student(freedom: float) -> float:
    """How many standard errors an interval of 95 % reaches, by Student's distribution.

    An expansion that is right within 0.5 % from 4 degrees of freedom on (Abramowitz and Stegun,
    Handbook of Mathematical Functions, 1964, 26.7.5).
    """
    return (
        Z
        + (Z**3 + Z) / (4 * freedom)
        + (5 * Z**5 + 16 * Z**3 + 3 * Z) / (96 * freedom**2)
        + (3 * Z**7 + 19 * Z**5 + 17 * Z**3 - 15 * Z) / (384 * freedom**3)
    )


def _figure(value: float, variance: float, freedom: float) -> Figure:
    reach = student(freedom) * math.sqrt(variance)
    return Figure(value, value - reach, value + reach)
