"""How a digest reads: the mood against the time before, in a few lines. Pure words."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.communities.community import Community
from bot.mood.message import LONGEST_TITLE, MoodMessage, change_way, signed
from bot.mood.overview import MoodView
from bot.mood.period import Period
from bot.mood.quoting import shorten
from bot.news.schedule import Digest
from bot.news.watched import ChannelMood
from bot.storage.digests import CardCount


@dataclass(frozen=True, slots=True)
class DigestView:
    """All that a digest says."""

    mood: MoodView
    cards: CardCount
    was_missed: bool
    """The one before did not come."""
    channels: Sequence[ChannelMood] = ()
    """Those that the community watches."""

    @property
    def is_silent(self) -> bool:
        """Whether there is nothing to tell."""
        posted = any(channel.now.messages for channel in self.channels)
        return not self.mood.now.messages and not posted


class DigestMessage(MoodMessage):
    """Says a digest in one language, shorter than /mood."""

    def digest(self, view: DigestView) -> str:
        """Put a digest together; below Telegram's 4096 characters."""
        if not view.mood.now.messages:
            silent = [self._title(view.mood), self._say("mood-silent")]
            return "\n\n".join([*silent, *self._channels(view.channels)])
        parts = [
            self._title(view.mood),
            self._say("digest-missed") if view.was_missed else "",
            "\n".join(self._score(view.mood)),
            self._shares(view.mood),
            self._cards(view.cards),
            self._busiest(view.mood),
            "\n".join(self._moved(view.mood)),
            *self._channels(view.channels),
            self._say("digest-more"),
        ]
        return "\n\n".join(part for part in parts if part)

    def _title(self, view: MoodView) -> str:
        period = view.period
        first, last = (datetime.fromtimestamp(at, view.zone) for at in (period.since, period.until))
        title = shorten(view.titles[view.chat_id], LONGEST_TITLE)
        if period.unit == "hours":
            return self._say("digest-heading-daily", title=title, last=f"{last:%d.%m %H:%M}")
        days = {"first": f"{first:%d.%m}", "last": f"{last:%d.%m}"}
        return self._say("digest-heading-weekly", title=title, **days)

    def _cards(self, count: CardCount) -> str:
        if not count.cards:
            return self._say("digest-no-cards")
        waiting, wrong = count.waiting, count.wrong
        return self._say("digest-cards", cards=count.cards, waiting=waiting, wrong=wrong)

    def _busiest(self, view: MoodView) -> str:
        if not view.threads:
            return ""
        return "\n".join((self._say("digest-busiest"), self._thread(view.threads[0])))

    def _channels(self, channels: Sequence[ChannelMood]) -> Iterator[str]:
        if channels:
            lines = [self._say("digest-channels"), *map(self._channel, channels)]
            yield "\n".join(lines)

    def _channel(self, channel: ChannelMood) -> str:
        title = shorten(channel.title, LONGEST_TITLE)
        values: dict[str, str | int] = {
            "channel": f'<a href="https://t.me/{channel.name}">{title}</a>',
            "posts": channel.now.messages,
        }
        if channel.score is None:
            return self._say("digest-channel-few", **values)
        way = change_way(channel.change) if channel.change else "none"
        score = signed(channel.score.value)
        return self._say("digest-channel", score=score, way=way, **values)


def digest_period(digest: Digest, community: Community) -> Period:
    """The time that a digest is about, and as much before it by the community's calendar."""
    zone = ZoneInfo(community.time_zone)
    since, until = (datetime.fromtimestamp(at, zone) for at in (digest.since, digest.due_at))
    days = (until.date() - since.date()).days
    before = datetime.combine(since.date() - timedelta(days), since.time(), zone)
    return Period(
        name=f"{days}d",
        unit="hours" if days <= 1 else "days",
        since=digest.since,
        until=digest.due_at,
        before_since=before.timestamp(),
        before_until=digest.since,
    )
