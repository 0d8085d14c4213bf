"""Rises of negativity as they are stored and told: one an episode. Values and pure rules only."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from bot.communities.community import Alert
from bot.news.usual import Counted

Whose = tuple[int, int]
"""A community, and whose mood is looked at for it: its own, or a watched channel's."""
State = Literal["planned", "sending", "sent", "skipped"]
Judgement = Literal["seen", "false"]

# What has risen to stay is usual: so many hours of an episode are kept out of what is learnt.
LONGEST_UNUSUAL_HOURS = 72
# `bot.news.alarm` alarms there. By Lorden's bound chance does so at most about once in two and a
# half years, two and a half months, and a month: see what comes of that in `benchmarks.alerts`.
LIMITS: Mapping[Alert, float] = {"low": 10.0, "normal": 7.5, "high": 6.6}


@dataclass(frozen=True, slots=True)
class Rise:
    """A rise that was alarmed of, as of the alarm."""

    id: int
    token: str
    chat_id: int
    about: int
    """The community itself, or the channel that it watches."""
    hour: int
    """Of the alarm; hours count from 1970, UTC."""
    since: int
    """The hour in which it began to show."""
    votes: float
    negative: float
    expected: float
    """Of the votes, how many were negative, and how many usually are."""
    state: State
    raised_at: float
    judged: Judgement | None
    judged_name: str | None
    alert_chat_id: int | None
    alert_message_id: int | None
    version: int
    shown_version: int

    @property
    def lane(self) -> int:
        return self.chat_id

    @property
    def whose(self) -> "Whose":
        return self.chat_id, self.about


@dataclass(frozen=True, slots=True)
class Episode:
    """From when to when negativity was up, in hours, and whether that was a false alarm."""

    since: int
    ended: int | None
    is_false: bool


@dataclass(frozen=True, slots=True)
class HourSum:
    """An hour's votes in all chats of a community."""

    hour: int
    votes: float = 0.0
    negative: float = 0.0
    authors: int = 0


def sum_hours(hours: Iterable[Counted]) -> list[HourSum]:
    """Sum up the same hours of several chats, in order."""
    found: dict[int, HourSum] = {}
    for one in hours:
        other = found.get(one.hour, HourSum(one.hour))
        found[one.hour] = HourSum(
            one.hour,
            other.votes + one.votes,
            other.negative + one.negative,
            other.authors + one.authors,
        )
    return [found[hour] for hour in sorted(found)]


def unusual_hours(episodes: Iterable[Episode], until: int) -> Collection[int]:
    """The hours from which nothing usual can be learnt: of episodes that were no false alarms."""
    unusual: set[int] = set()
    for one in episodes:
        if not one.is_false:
            end = one.ended if one.ended is not None else until
            unusual.update(range(one.since, min(end, one.since + LONGEST_UNUSUAL_HOURS)))
    return unusual
