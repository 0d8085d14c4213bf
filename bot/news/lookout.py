"""Looks out for rises of negativity: a few minutes apart, in every linked community."""

import asyncio
import sqlite3
import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from itertools import pairwise

from bot.communities.community import Community
from bot.mood.votes import HOUR_SECONDS
from bot.news.alarm import Course, advance, limit_of, raise_early
from bot.news.rises import LIMITS, HourSum, sum_hours, unusual_hours
from bot.news.usual import BASELINE_HOURS, GAP_HOURS, Baseline
from bot.patience import Patience
from bot.storage import alarms, communities, moods
from bot.storage.database import Storage

LOOK_SECONDS = 300
# Verdicts on an hour's last messages take so long at most; later ones count in no sum.
SETTLING_SECONDS = 120
# After so long a pause what was before says nothing of what is now: the sum begins anew.
LONGEST_PAUSE_HOURS = 48
# A sum begins so many hours ago, so that a rise that goes on is seen at the first look.
FIRST_HOURS = 6
DAY_SECONDS = 24 * 3600


@dataclass(frozen=True, slots=True)
class Seen:
    """Where a community's sum was, hour by hour, and where it is now."""

    steps: Sequence[Course]
    """From where it was on; the last one may look ahead into the hour that is under way."""
    after: Course
    """What is to be saved, of whole hours."""


@dataclass(frozen=True, slots=True)
class Known:
    """What is learnt of a community, and the hours that are to be judged by it."""

    baseline: Baseline
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
        for community in await self._storage.read(communities.all_linked):
            if community.alert == "off":
                continue
            seen = await self._storage.read_at_length(judge, community, now)
            if seen.after == seen.steps[0]:
                continue
            if await self._storage.write(save, community.chat_id, seen, now):
                self._on_alarm()

    async def _wait(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._wake.wait()
        except TimeoutError:
            return


def judge(connection: sqlite3.Connection, community: Community, now: float) -> Seen:
    """Take a community's sum on to now, over whole hours and the one that is under way."""
    whole = int((now - SETTLING_SECONDS) // HOUR_SECONDS)
    known = learn(connection, community, whole, now)
    course = alarms.find_course(connection, community.chat_id)
    if not known.baseline.is_enough:
        return Seen([course or Course(whole - 1)], Course(whole - 1))
    if course is None or whole - course.hour > LONGEST_PAUSE_HOURS:
        return follow(Course(whole - FIRST_HOURS), known, whole)
    return follow(course, known, whole)


def save(connection: sqlite3.Connection, chat_id: int, seen: Seen, now: float) -> bool:
    """Save a sum, and the alarms and episodes' ends on its way; tell whether it alarmed."""
    alarms.save_course(connection, chat_id, seen.after)
    is_alarm = False
    for before, after in pairwise([*seen.steps, seen.after]):
        if before.is_episode and not after.is_episode:
            alarms.end(connection, chat_id, after.hour)
        if after.is_episode and not before.is_episode:
            is_alarm |= alarms.raise_(connection, chat_id, after, now)
    return is_alarm


def learn(connection: sqlite3.Connection, community: Community, whole: int, now: float) -> Known:
    """Learn what is usual from the last weeks, but not from the last day, nor from episodes."""
    first = whole - GAP_HOURS - BASELINE_HOURS
    hours = sum_hours(
        hour
        for place in alarms.places_of(connection, community.chat_id)
        for hour in moods.hours(connection, place, first * HOUR_SECONDS, now + 1)
    )
    unusual = unusual_hours(alarms.episodes(connection, community.chat_id, first), whole)
    ages = [
        max(now - at, 0) / DAY_SECONDS for at in alarms.false_alarms(connection, community.chat_id)
    ]
    return Known(
        Baseline(_learnt_from(hours, whole - GAP_HOURS, unusual)),
        hours,
        limit_of(LIMITS[community.alert], ages),
    )


def follow(course: Course, known: Known, whole: int) -> Seen:
    """Take a sum over the hours behind it up to `whole`, and look ahead into that one."""
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
