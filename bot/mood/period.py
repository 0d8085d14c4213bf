"""Which time /mood speaks of: read from what people write, in the community's time zone. Pure."""

import re
from calendar import isleap
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

Unit = Literal["hours", "days"]
Problem = Literal["unreadable", "no-such-day", "backwards", "future", "too-long"]

DEFAULT = "7d"
HOUR_SECONDS = 3600
MOST_DAYS = 366
# Up to so long a period is of hours; to begin a day anew would cut off what has just been.
MOST_HOURS = 72

# Of hours, days and weeks, as English and Russian abbreviate them.
HOURS, DAYS, WEEKS = "h\u0447", "d\u0434", "w\u043d"
LAST = re.compile(rf"(\d{{1,4}}) ?([{HOURS}{DAYS}{WEEKS}])")
DAY = r"\d{4}-\d{1,2}-\d{1,2}|\d{1,2}\.\d{1,2}(?:\.(?:\d{4}|\d{2}))?"
# Dates with points may stand beside a hyphen, those with hyphens beside spaces or other marks.
RANGE = re.compile(rf"({DAY})(?:(?: ?(?:\.\.+|–|—|-) ?| )({DAY}))?")


class PeriodError(ValueError):
    """What was written is no period; `problem` says why, as a key of the locale files."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem)
        self.problem = problem


@dataclass(frozen=True, slots=True)
class Period:
    """Some time in whole hours or local days, and the time before it that it is compared with."""

    name: str
    """As it was asked for: buttons carry it, and it reads back as the same."""
    unit: Unit
    since: float
    until: float
    """Epoch seconds; what lies in the future is cut off."""
    before_since: float
    before_until: float
    """The same weekdays or hours, as many days or hours earlier."""

    @property
    def seconds(self) -> float:
        return self.until - self.since


def read_period(words: str, now: float, time_zone: str) -> Period:
    """Read `24h`, `7d`, `01.11–15.11` or `2026-11-01..2026-11-15`. Raises PeriodError."""
    asked = " ".join(words.split()).lower() or DEFAULT
    zone = ZoneInfo(time_zone)
    if last := LAST.fullmatch(asked):
        return _last(int(last[1]), last[2], now, zone)
    if found := RANGE.fullmatch(asked):
        today = datetime.fromtimestamp(now, zone).date()
        first, last_day = _days(found[1], found[2] or found[1], today)
        return _between(first, last_day, now, zone)
    raise PeriodError("unreadable")


def _last(count: int, unit: str, now: float, zone: ZoneInfo) -> Period:
    """The last hours up to now, or today and the days before it."""
    if count == 0:
        raise PeriodError("unreadable")
    if unit in HOURS:
        if count > MOST_HOURS:
            raise PeriodError("too-long")
        seconds = count * HOUR_SECONDS
        return Period(f"{count}h", "hours", now - seconds, now, now - 2 * seconds, now - seconds)
    days = count * (7 if unit in WEEKS else 1)
    if days > MOST_DAYS:
        raise PeriodError("too-long")
    today = datetime.fromtimestamp(now, zone).date()
    return _of_days(f"{days}d", today - timedelta(days - 1), days, (now, zone))


def _between(first: date, last: date, now: float, zone: ZoneInfo) -> Period:
    if last < first:
        raise PeriodError("backwards")
    days = (last - first).days + 1
    if days > MOST_DAYS:
        raise PeriodError("too-long")
    if _midnight(first, zone) > now:
        raise PeriodError("future")
    return _of_days(f"{first}..{last}", first, days, (now, zone))


def _of_days(name: str, first: date, days: int, place: tuple[float, ZoneInfo]) -> Period:
    now, zone = place
    end = _midnight(first + timedelta(days), zone)
    until = min(end, now)
    return Period(
        name,
        "days",
        _midnight(first, zone),
        until,
        _midnight(first - timedelta(days), zone),
        # Of a day that is not over, no more is compared than has been.
        _midnight(first, zone) - (end - until),
    )


def _days(first: str, last: str, today: date) -> tuple[date, date]:
    """Read two dates; one without a year is the latest such day that has begun by the next one."""
    end = _read_day(last, today)
    begin = _read_day(first, end)
    # From autumn to the next summer is rather two dates in the wrong order.
    if not _has_year(first) and (end - begin).days > MOST_DAYS // 2 and begin.year < end.year:
        raise PeriodError("backwards")
    return begin, end


def _read_day(text: str, latest: date) -> date:
    numbers = [int(part) for part in re.split(r"[-.]", text)]
    try:
        if len(numbers) == 2:
            return _latest(numbers[0], numbers[1], latest)
        year, month, day = numbers if "-" in text else reversed(numbers)
        return date(year if year >= 100 else 2000 + year, month, day)
    except ValueError:
        raise PeriodError("no-such-day") from None


def _has_year(text: str) -> bool:
    return len(re.split(r"[-.]", text)) == 3


def _latest(day: int, month: int, latest: date) -> date:
    """The last such day up to another day. Raises ValueError."""
    if (month, day) == (2, 29):
        years = range(latest.year, 0, -1)
        return next(date(y, 2, 29) for y in years if isleap(y) and date(y, 2, 29) <= latest)
    this_year = date(latest.year, month, day)
    return this_year if this_year <= latest else date(latest.year - 1, month, day)


def _midnight(day: date, zone: ZoneInfo) -> float:
    return datetime.combine(day, time(), zone).timestamp()
