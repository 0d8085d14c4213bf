"""How a digest reads: the mood against the time before, in a few lines. Pure words."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.communities.community import Community
from bot.mood.message import LONGEST_TITLE, MoodMessage
from bot.mood.overview import MoodView
from bot.mood.period import Period
from bot.mood.quoting import shorten
from bot.mood.schedule import Digest
from bot.storage.digests import CardCount

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class DigestView:
    """All that a digest says."""

    mood: MoodView
    cards: CardCount
    was_missed: bool
    """The one before did not come."""


class DigestMessage(MoodMessage):
    """Says a digest in one language, shorter than /mood."""

    def digest(self, view: DigestView) -> str:
        """Put a digest together; below Telegram's 4096 characters."""
        parts = [
            self._title(view.mood),
            self._say("digest-missed") if view.was_missed else "",
            "\n".join(self._score(view.mood)),
            self._shares(view.mood),
            self._cards(view.cards),
            self._busiest(view.mood),
            "\n".join(self._moved(view.mood)),
            self._say("digest-more"),
        ]
        return "\n\n".join(part for part in parts if part)

    def _title(self, view: MoodView) -> str:
        period = view.period
        is_day = period.seconds <= 1.5 * DAY.total_seconds()
        first, last = self._days_of(view)
        return self._say(
            "digest-heading-daily" if is_day else "digest-heading-weekly",
            title=shorten(view.titles[view.chat_id], LONGEST_TITLE),
            first=first,
            last=last,
        )

    def _days_of(self, view: MoodView) -> Iterator[str]:
        for at in (view.period.since, view.period.until):
            yield f"{datetime.fromtimestamp(at, view.zone):%d.%m}"

    def _cards(self, count: CardCount) -> str:
        if not count.cards:
            return self._say("digest-no-cards")
        waiting, wrong = count.waiting, count.wrong
        return self._say("digest-cards", cards=count.cards, waiting=waiting, wrong=wrong)

    def _busiest(self, view: MoodView) -> str:
        if not view.threads:
            return ""
        return "\n".join((self._say("digest-busiest"), self._thread(view.threads[0])))


def digest_period(digest: Digest, community: Community) -> Period:
    """The time that a digest is about, and as much before it by the community's calendar."""
    zone = ZoneInfo(community.time_zone)
    since, until = (datetime.fromtimestamp(at, zone) for at in (digest.since, digest.due_at))
    days = (until.date() - since.date()).days
    before = datetime.combine(since.date() - timedelta(days), since.time(), zone)
    is_day = days <= 1
    return Period(
        name=f"{days}d",
        unit="hours" if is_day else "days",
        since=digest.since,
        until=digest.due_at,
        before_since=before.timestamp(),
        before_until=digest.since,
    )
