"""When a community's next digest is due, and what it is about. Pure."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.communities.community import Rhythm

DAYS_OF: dict[Rhythm, int] = {"daily": 1, "weekly": 7}


@dataclass(frozen=True, slots=True)
class Digest:
    """A digest that is to come: what it is about ends when it is due (epoch seconds)."""

    since: float
    due_at: float


@dataclass(frozen=True, slots=True)
class Hour:
    """When digests come: at a whole hour, 0 to 23, of a time zone."""

    rhythm: Rhythm
    hour: int
    time_zone: str

    def next_after(self, at: float) -> Digest:
        """The first digest that is due after an epoch second; weekly ones come on Mondays.

        An hour that the clocks leave out is the moment at which they do, and of one that comes
        twice it is the first. Raises KeyError where there are none.
        """
        days, zone = DAYS_OF[self.rhythm], ZoneInfo(self.time_zone)
        day = datetime.fromtimestamp(at, zone).date()
        if self.rhythm == "weekly":
            day -= timedelta(day.weekday())
        while self._moment(day) <= at:
            day += timedelta(days)
        return Digest(self._moment(day - timedelta(days)), self._moment(day))

    def next_of(self, now: float, last_due: float | None) -> Digest:
        """The next digest to plan, no sooner than half a period after the last one.

        So a changed hour or rhythm brings none that would say the same once more.
        """
        if last_due is None:
            return self.next_after(now)
        half = timedelta(DAYS_OF[self.rhythm]).total_seconds() / 2
        return self.next_after(max(now, last_due + half - 1))

    def _moment(self, day: date) -> float:
        return datetime.combine(day, time(self.hour), ZoneInfo(self.time_zone)).timestamp()
