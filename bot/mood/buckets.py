"""How a period is cut: into what a picture shows, and into what varies by chance. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from bot.mood.period import HOUR_SECONDS, Period
from bot.mood.score import LEAST_CLUSTERS, Tally, group

DAY, WEEK = 24, 168
# Of so many hours a bucket may be: of the local day, or the local week from Monday on.
STEPS = (1, 3, 6, DAY, WEEK)
MOST_BUCKETS = 72
# Where fewer people speak buckets are longer, until so few would be left.
LEAST_VOTES, LEAST_BUCKETS = 40, 6
# Blocks by which chance is measured: so long that no more than so many fit a period, since what a
# community feels lasts for hours, and hours alone would seem to be surer than they are.
BLOCK_HOURS = (1, 2, 3, 6, 12, 24, 48, 96, 168, 336, 1104)
MOST_BLOCKS = 8


@dataclass(frozen=True, slots=True)
class Bucket:
    """A part of a period, with what was said in it."""

    start: float
    """Epoch seconds; where a period begins within a day or week, those before it too."""
    tally: Tally


@dataclass(frozen=True, slots=True)
class Cut:
    """A period in buckets of so many hours each."""

    step: int
    buckets: Sequence[Bucket]

    def place_of(self, at: float) -> float:
        """Where an epoch second lies among the buckets: 0 is the beginning of the first."""
        return (at - self.buckets[0].start) / (self.step * HOUR_SECONDS)


def cut(hours: Mapping[int, Tally], period: Period, zone: ZoneInfo) -> Cut:
    """Cut a period into buckets, those without messages too; longer ones where little was said."""
    fitting = [step for step in STEPS if period.seconds <= MOST_BUCKETS * step * HOUR_SECONDS]
    for step, longer in pairwise(fitting):
        found = _cut(hours, period, zone, step)
        spoken = [one.tally.votes for one in found.buckets if one.tally.votes]
        is_enough = sum(spoken) >= LEAST_VOTES * len(spoken)
        if is_enough or period.seconds < LEAST_BUCKETS * longer * HOUR_SECONDS:
            return found
    return _cut(hours, period, zone, fitting[-1])


def blocks(hours: Mapping[int, Tally], period: Period) -> Sequence[Tally]:
    """Cut into blocks of equal length: into shorter ones where people spoke in few of the long."""
    longest = next(
        place
        for place, size in enumerate(BLOCK_HOURS)
        if size * MOST_BLOCKS * HOUR_SECONDS >= period.seconds
    )
    found: Sequence[Tally] = ()
    for size in reversed(BLOCK_HOURS[: longest + 1]):
        found = list(group(hours, {hour: hour // size for hour in hours}).values())
        if len(found) >= LEAST_CLUSTERS:
            break
    return found


def _cut(hours: Mapping[int, Tally], period: Period, zone: ZoneInfo, step: int) -> Cut:
    places = {hour: _start(step, hour, zone) for hour in _hours(period)}
    found = group(hours, places)
    starts = dict.fromkeys(places.values())
    return Cut(step, [Bucket(start, found.get(start, Tally())) for start in starts])


def _hours(period: Period) -> Iterator[int]:
    """The hours that begin in a period."""
    first, end = (int(-(-at // HOUR_SECONDS)) for at in (period.since, period.until))
    yield from range(first, max(end, first + 1))


def _start(step: int, hour: int, zone: ZoneInfo) -> float:
    if step == 1:
        return float(hour * HOUR_SECONDS)
    local = datetime.fromtimestamp(hour * HOUR_SECONDS, zone)
    start = local.replace(hour=local.hour // step * step if step < DAY else 0, minute=0)
    days = local.weekday() if step == WEEK else 0
    return (start - timedelta(days)).timestamp()
