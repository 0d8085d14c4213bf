"""What is usual in a channel, which posts rarely, and how far chance leads from it. Pure.

An hour with posts is one vote, for a channel speaks with one voice. So few votes show no hours of
the week; what is usual is one share, and it is taken for higher than measured by as much as it is
unsure. Posts of a day are about one thing: how much days differ is how far chance leads.
"""

import math
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace

from bot.news.alarm import LEAST_AUTHORS
from bot.news.rises import HourSum
from bot.news.usual import Counted, Spread, Usual

# With fewer votes, or spread over fewer days, nothing is known well enough.
LEAST_VOTES, LEAST_DAYS = 60, 14
HOURS_OF_DAY = 24
LEAST_SHARE, MOST_SHARE = 0.02, 0.9
# Probabilities spread less than coins, but days that happen to be alike prove little.
LEAST_SPREAD = 0.3


class SparseBaseline:
    """The last weeks of one channel."""

    def __init__(self, hours: Iterable[Counted]) -> None:
        self._hours = [hour for hour in hours if hour.votes > 0]
        self._votes = sum(hour.votes for hour in self._hours)
        self._share = (sum(h.negative for h in self._hours) + 1) / (self._votes + 4)
        self._spread = self._spread_of_days()

    @property
    def is_enough(self) -> bool:
        """Whether so much is known that anything can be called unusual."""
        days = {hour.hour // HOURS_OF_DAY for hour in self._hours}
        return self._votes >= LEAST_VOTES and len(days) >= LEAST_DAYS

    def at(self, hour: int) -> Usual:
        """What is usual at any hour: one standard error above what was measured."""
        share = self._share
        unsure = math.sqrt(self._spread * share * (1 - share) / max(self._votes, 1.0))
        return Usual(min(max(share + unsure, LEAST_SHARE), MOST_SHARE), Spread(self._spread))

    def _spread_of_days(self) -> float:
        """How many times the variance of coins the days' votes have, and a standard error more.

        The squared distances of days over what coins would give (McCullagh and Nelder, Generalized
        Linear Models, 1989, section 4.5), with the variance of a chi-squared variable's share.
        """
        off: defaultdict[int, float] = defaultdict(float)
        for one in self._hours:
            off[one.hour // HOURS_OF_DAY] += one.negative - one.votes * self._share
        coins = self._votes * self._share * (1 - self._share)
        if not coins:
            return 1.0
        measured = sum(day * day for day in off.values()) / coins
        return max(measured * (1 + math.sqrt(2 / len(off))), LEAST_SPREAD)


def as_one_voice(hours: Iterable[HourSum]) -> list[HourSum]:
    """A channel's hours as the alarm takes them.

    It asks for several authors, lest one member alarms all; a channel has one, who is the point.
    """
    return [replace(hour, authors=LEAST_AUTHORS) for hour in hours]
