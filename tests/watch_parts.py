"""What tests of watched channels share: a community that watches one, its page, its past."""

from typing import Any

from bot_parts import score, verdict_on
from news_parts import HOUR_ROW, mood_hour

from bot.mood.votes import HOUR_SECONDS
from bot.outside.watching import save_part
from bot.storage import channel_readings, communities, verdicts, watches
from bot.storage.communities import By
from bot.storage.database import Storage
from bot.storage.watches import Asked
from core.contracts import Text
from core.reading import ChannelPost, ReadEnd, ReadPart

WATCHED = -9_000_000_000_001
# The middle of an hour.
HOUR = 480_000
NOW = HOUR * HOUR_SECONDS + 1800.0
# Every fifth hour with posts is negative.
CALM = (0.9, 0.05, 0.1, 0.05, 0.1)
POSTS_A_DAY = 5


def watch(storage: Storage, chat_id: int, staff: int, name: str = "gorod") -> None:
    """Link a community and have it watch a channel."""
    with storage.connection:
        communities.link(storage.connection, chat_id, staff, 7, 1.0)
        watches.watch(storage.connection, Asked(chat_id, name, staff), By(7, 1000.0))


def post(number: int, text: str = "Привет", at: float = NOW - 3600) -> ChannelPost:
    return ChannelPost(number=number, text=text, posted_at=at)


def read(storage: Storage, *posts: ChannelPost, at: float = NOW) -> list[Text]:
    """Read the channel's page once; return the texts that are to be scored."""
    with storage.connection:
        reading = channel_readings.begin(storage.connection, 1, at)
        end = ReadEnd(outcome="read", title="Город")
        part = ReadPart(order_id=reading.order_id, number=0, posts=posts, end=end)
        return list(save_part(storage.connection, part, at))


def judge(storage: Storage, texts: list[Text]) -> None:
    """Have texts scored by their words."""
    with storage.connection:
        found = [verdict_on(text, score(text.text)) for text in texts]
        verdicts.save(storage.connection, found, NOW)


def add_past(storage: Storage, hours: list[tuple[Any, ...]], chat_id: int = WATCHED) -> None:
    with storage.connection:
        storage.connection.executemany(HOUR_ROW, [(chat_id, *hour) for hour in hours])


def calm_past(until: int = HOUR, days: int = 50) -> list[tuple[Any, ...]]:
    """Hours with posts, five a day, that end some hours before another one."""
    step = 24 // POSTS_A_DAY
    count = days * POSTS_A_DAY
    return [mood_hour(until - step * (n + 1), CALM[n % len(CALM)], votes=1) for n in range(count)]


def note_read(storage: Storage, until: float) -> None:
    """Let all be read that the channel posted up to an epoch second."""
    with storage.connection:
        storage.connection.execute("UPDATE watched_channels SET read_until = ?", (until,))
