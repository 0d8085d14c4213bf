"""When negativity rises beyond what chance explains: a statistic over hourly votes. Pure.

A cumulative sum (CUSUM; Page, Biometrika 41, 1954) of log-likelihood ratios: how much likelier an
hour's votes are where the share of negative ones has risen `RISE` times than where it is usual.
Likelihoods are of coins, each divided by how much farther than coins this chat's votes spread
(quasi-likelihood; Wedderburn, Biometrika 61, 1974). A sum that alarms at `limit` does so by chance
at most once in `exp(limit)` hours on average (Lorden, Annals of Mathematical Statistics 42, 1971):
`python -m benchmarks.alerts` shows how near that comes.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.news.usual import Counted, Usual

# A rise is thought to be so many times the usual share, or half way to 1 where that is less.
RISE = 1.7
# No alarm rests on less: votes since the sum left 0, and authors in the busiest of those hours.
LEAST_VOTES, LEAST_AUTHORS = 20.0, 3
# Looking calm for an hour does not end an episode that has just begun.
SHORTEST_EPISODE_HOURS = 6
# What each false alarm adds to the limit, how it fades, and how many count at most.
FALSE_ALARM_ADDS = math.log(2)
FALSE_ALARM_HALF_LIFE_DAYS = 30.0
MOST_FALSE_ALARMS = 3.0


@dataclass(frozen=True, slots=True)
class Course:
    """How far the sum of a chat has come, and what has been counted since it left 0."""

    hour: int
    """The last hour that it holds."""
    score: float = 0.0
    since: int | None = None
    """The hour in which it left 0; None while it is 0."""
    votes: float = 0.0
    negative: float = 0.0
    expected: float = 0.0
    """How many of the votes would usually have been negative."""
    most_authors: int = 0
    alarmed: int | None = None
    """The hour of the alarm whose episode goes on."""

    @property
    def is_episode(self) -> bool:
        return self.alarmed is not None


def limit_of(base: float, false_alarms_days_ago: Sequence[float]) -> float:
    """Raise a chat's limit for the false alarms that it had.

    By Lorden's bound, ln 2 more makes chance alarm half as often. Each false alarm adds that, half
    of it after 30 days, a quarter after 60; together they add no more than three fresh ones.
    """
    fading = (math.exp2(-days / FALSE_ALARM_HALF_LIFE_DAYS) for days in false_alarms_days_ago)
    return base + FALSE_ALARM_ADDS * min(sum(fading), MOST_FALSE_ALARMS)


def advance(course: Course, hour: Counted, usual: Usual, limit: float) -> Course:
    """Take one more hour, whole or as far as it has come; an alarm or an episode's end shows.

    The sum goes no higher than `limit`, or it would take as long to come back.
    """
    score = min(max(course.score + log_ratio(hour, usual), 0.0), limit)
    if score == 0.0:
        return _start_again(course, hour.hour)
    moved = replace(
        course,
        hour=hour.hour,
        score=score,
        since=hour.hour if course.since is None else course.since,
        votes=course.votes + hour.votes,
        negative=course.negative + hour.negative,
        expected=course.expected + hour.votes * usual.share,
        most_authors=max(course.most_authors, hour.authors),
    )
    return replace(moved, alarmed=hour.hour) if _is_alarm(moved, limit) else moved


def raise_early(course: Course, ahead: Course) -> Course:
    """Note an alarm of the hour that is not over; its votes are counted once it is."""
    return replace(course, alarmed=ahead.alarmed)


def log_ratio(hour: Counted, usual: Usual) -> float:
    """How much likelier an hour's votes are after a rise than without, as a logarithm."""
    risen = min(RISE * usual.share, (1 + usual.share) / 2)
    coins = hour.negative * math.log(risen / usual.share) + (hour.votes - hour.negative) * (
        math.log((1 - risen) / (1 - usual.share))
    )
    return coins / usual.spread.over_coins(hour.votes)


def _is_alarm(course: Course, limit: float) -> bool:
    is_enough = course.votes >= LEAST_VOTES and course.most_authors >= LEAST_AUTHORS
    return not course.is_episode and is_enough and course.score >= limit


def _start_again(course: Course, hour: int) -> Course:
    """Begin anew at 0; an episode that has lasted for long enough is over."""
    if course.alarmed is not None and hour - course.alarmed < SHORTEST_EPISODE_HOURS:
        return Course(hour, alarmed=course.alarmed)
    return Course(hour)
