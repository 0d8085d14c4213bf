"""Looks out for rises of negativity: a few minutes apart, in every linked community.

And in the channels that it watches, as far as they have been read.
"""

import asyncio
import sqlite3
import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from itertools import pairwise

from bot.communities.community import Community
from bot.mood.votes import HOUR_SECONDS
from bot.news.alarm import Course, advance, limit_of, raise_early
from bot.news.rises import LIMITS, HourSum, Whose, sum_hours, unusual_hours
from bot.news.sparse import SparseBaseline, as_one_voice
from bot.news.usual import BASELINE_HOURS, GAP_HOURS, Baseline
from bot.outside.channels import is_watched
from bot.patience import Patience
from bot.storage import alarms, channel_readings, communities, mood_places, moods, watches
from bot.storage.database import Storage

LOOK_SECONDS = 300
# Verdicts on an hour's last messages take so long at most; later ones count in no sum.
SETTLING_SECONDS = 120
# After so long a pause what was before says nothing of what is now: the sum begins anew.
LONGEST_PAUSE_HOURS = 48
# A sum begins so many hours ago, so that a rise that goes on is seen at the first look.
FIRST_HOURS, FIRST_HOURS_OF_CHANNEL = 6, 72
DAY_SECONDS = 24 * 3600


@dataclass(frozen=True, slots=True)
class Subject:
    """Whose mood is looked at for a community: its own, or a watched channel's."""

    community: Community
    about: int

    @property
    def whose(self) -> Whose:
        return self.community.chat_id, self.about

    @property
    def is_channel(self) -> bool:
        """Whether it is read from outside."""
        return is_watched(self.about)


@dataclass(frozen=True, slots=True)
class Seen:
    """Where a sum was, hour by hour, and where it is now."""

    steps: Sequence[Course]
    """From where it was on; the last one may look ahead into the hour that is under way."""
    after: Course
    """What is to be saved, of whole hours."""


@dataclass(frozen=True, slots=True)
class Known:
    """What is learnt of somebody's mood, and the hours that are to be judged by it."""

    baseline: Baseline | SparseBaseline
    hours: Sequence[HourSum]
    limit: float


class Lookout:
    """Looks at each linked community whenever it is woken, and in any case after a while."""

    def __init__(self, storage: Storage, on_alarm: Callable[[], None]) -> None:
        self._storage = storage
        self._on_alarm = on_alarm
        self._wake = asyncio.Event()
        self._patience = Patience("looking out for rises")

    def wake(self) -> None:
        """Say that it is time to look."""
        self._wake.set()

    async def run(self, longest_wait_seconds: float) -> None:
        """Look until cancelled, also where nothing wakes for so long."""
        while True:
            self._wake.clear()
            try:
                await self.look(time.time())
            except sqlite3.Error as error:
                await self._patience.wait(error)
                continue
            self._patience.succeeded()
            await self._wait(longest_wait_seconds)

    async def look(self, now: float) -> None:
        """Look at all communities as of an epoch second; again is harmless.

        Raises sqlite3.Error.
        """
        for subject in await self._storage.read(list_subjects):
            seen = await self._storage.read_at_length(judge, subject, now)
            if seen is None or seen.after == seen.steps[0]:
                continue
            if await self._storage.write(save, subject.whose, seen, now):
                self._on_alarm()

    async def _wait(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._wake.wait()
        except TimeoutError:
            return


def list_subjects(connection: sqlite3.Connection) -> list[Subject]:
    """List whose mood is looked at, for the communities that want to hear of it."""
    return [
        Subject(community, about)
        for community in communities.all_linked(connection)
        if community.alert != "off"
        for about in (community.chat_id, *_watched(connection, community.chat_id))
    ]


def _watched(connection: sqlite3.Connection, chat_id: int) -> list[int]:
    """The channels that a community watches; not itself, of which it hears anyway."""
    found = [one.chat_id for one in watches.of_community(connection, chat_id)]
    return [one for one in found if mood_places.twin_of(connection, one) != chat_id]


def judge(connection: sqlite3.Connection, subject: Subject, now: float) -> Seen | None:
    """Take a sum on to now, over whole hours and the one that is under way.

    Of a channel to when it was read last; None where it never was.
    """
    until = _known_until(connection, subject, now)
    if until is None:
        return None
    whole = int(until // HOUR_SECONDS)
    known = learn(connection, subject, whole, now)
    course = alarms.find_course(connection, subject.whose)
    if not known.baseline.is_enough:
        return Seen([course or Course(whole - 1)], Course(whole - 1))
    if course is None or whole - course.hour > LONGEST_PAUSE_HOURS:
        first = FIRST_HOURS_OF_CHANNEL if subject.is_channel else FIRST_HOURS
        return follow(Course(whole - first), known, whole)
    return follow(course, known, whole)


def _known_until(connection: sqlite3.Connection, subject: Subject, now: float) -> float | None:
    """The epoch second up to which all verdicts are at hand."""
    settled = now - SETTLING_SECONDS
    if not subject.is_channel:
        return settled
    read = channel_readings.read_until(connection, subject.about)
    return None if read is None else min(read, settled)


def save(connection: sqlite3.Connection, whose: Whose, seen: Seen, now: float) -> bool:
    """Save a sum, and the alarms and episodes' ends on its way; tell whether it alarmed."""
    alarms.save_course(connection, whose, seen.after)
    is_alarm = False
    for before, after in pairwise([*seen.steps, seen.after]):
        if before.is_episode and not after.is_episode:
            alarms.end(connection, whose, after.hour)
        if after.is_episode and not before.is_episode:
            is_alarm |= alarms.raise_(connection, whose, after, now)
    return is_alarm


def learn(connection: sqlite3.Connection, subject: Subject, whole: int, now: float) -> Known:
    """Learn what is usual from the last weeks, but not from the last day, nor from episodes."""
    first = whole - GAP_HOURS - BASELINE_HOURS
    hours = sum_hours(
        hour
        for place in mood_places.places_of(connection, subject.about)
        for hour in moods.hours(connection, place, first * HOUR_SECONDS, now + 1)
    )
    unusual = unusual_hours(alarms.episodes(connection, subject.whose, first), whole)
    learnt = _learnt_from(hours, whole - GAP_HOURS, unusual)
    ages = [max(now - at, 0) / DAY_SECONDS for at in alarms.false_alarms(connection, subject.whose)]
    limit = limit_of(LIMITS[subject.community.alert], ages)
    if subject.is_channel:
        return Known(SparseBaseline(learnt), as_one_voice(hours), limit)
    return Known(Baseline(learnt), hours, limit)


def follow(course: Course, known: Known, whole: int) -> Seen:
    """Take a sum over the hours behind it up to `whole`, and look ahead into that one."""
    if whole <= course.hour:
        # A channel's older post has come late: what it holds already counts once.
        return Seen([course], course)
    hours = {hour.hour: hour for hour in known.hours}

    def step(number: int, before: Course) -> Course:
        hour = hours.get(number, HourSum(number))
        return advance(before, hour, known.baseline.at(number), known.limit)

    steps = [course]
    for number in range(course.hour + 1, whole):
        steps.append(step(number, steps[-1]))
    last, ahead = steps[-1], step(whole, steps[-1])
    if ahead.is_episode and not last.is_episode:
        return Seen([*steps, ahead], raise_early(last, ahead))
    return Seen(steps, last)


def _learnt_from(hours: Sequence[HourSum], before: int, unusual: Collection[int]) -> list[HourSum]:
    return [one for one in hours if one.hour < before and one.hour not in unusual]
