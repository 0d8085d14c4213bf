"""What buyers say outside beside what members say inside, over the same time. Pure."""

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.charts.mood import Band
from bot.mood.buckets import Cut
from bot.mood.score import Figure, Tally, total
from bot.stats.intervals import wilson
from bot.storage.opinions import Heard, Opinion

# With fewer there is no line to draw.
LEAST_OPINIONS = 5


@dataclass(frozen=True, slots=True)
class Outside:
    """What was said on a community's product pages."""

    heard: Heard

    @property
    def reviews(self) -> int:
        """How many were written in the period."""
        return len(self.heard.lately)

    @property
    def figure(self) -> Figure | None:
        """The period's score; None where too few said anything."""
        return _figure(total(_tally(one) for one in self.heard.lately))

    @property
    def ever(self) -> Figure | None:
        """The score of all reviews that are known."""
        sums = self.heard.ever
        parts = (sums.negative, sums.neutral, sums.positive)
        return _figure(Tally(sums.opinions, *parts, sums.opinions))


def outside_bands(cut: Cut, outside: Outside, names: tuple[str, str]) -> list[Band]:
    """Scores inside and outside by the buckets of a picture, each under its name.

    None at all where there are too few reviews. Every review is one buyer's, as every vote is one
    author's, so both intervals are those of as many voices.
    """
    if outside.figure is None:
        return []
    said = _by_bucket(cut, outside.heard.lately)
    inside = [bucket.tally for bucket in cut.buckets]
    return [_band(names[0], inside), _band(names[1], said)]


def _by_bucket(cut: Cut, opinions: Iterable[Opinion]) -> list[Tally]:
    found: defaultdict[int, list[Tally]] = defaultdict(list)
    for one in opinions:
        found[math.floor(cut.place_of(one.at))].append(_tally(one))
    return [total(found[place]) for place in range(len(cut.buckets))]


def _tally(one: Opinion) -> Tally:
    return Tally(1.0, one.negative, one.neutral, one.positive, 1)


def _figure(whole: Tally) -> Figure | None:
    if whole.votes < LEAST_OPINIONS:
        return None
    return Figure(whole.score, *_ends(whole))


def _band(name: str, tallies: Sequence[Tally]) -> Band:
    ends = [_ends(one) if one.votes else (None, None) for one in tallies]
    return Band(
        name,
        [round(one.score, 2) if one.votes else None for one in tallies],
        [low for low, _ in ends],
        [high for _, high in ends],
    )


def _ends(tally: Tally) -> tuple[float, float]:
    """A score's 95 % interval by Wilson, as if each voice were wholly for or against.

    So it is rather too wide, and a few that agree do not look sure.
    """
    share = min(max((100 + tally.score) / 200, 0.0), 1.0)
    low, high = wilson(share, tally.votes)
    return round(200 * low - 100, 2), round(200 * high - 100, 2)
