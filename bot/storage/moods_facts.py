"""All that /mood reads of a community's period; every query is bounded by an index or a limit."""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

from bot.mood.period import Period
from bot.outside.channels import is_watched
from bot.storage import chats, mood_places, moods, moods_texts, opinions, products
from bot.storage.moods import HourMood, ThreadMood
from bot.storage.moods_texts import DrawnText
from bot.storage.opinions import Heard

# The busiest; a post with fewer comments says little of how it was taken.
MOST_THREADS = 200
# Of each of the two periods. More would hardly show other words, and take long to count.
MOST_TEXTS = 2000
MOST_STARTS = 4

# The first version of all was nobody's successor.
STARTS = """
SELECT model, first_saved_at FROM model_starts
WHERE first_saved_at >= ? AND first_saved_at < ?
AND first_saved_at > (SELECT min(first_saved_at) FROM model_starts)
ORDER BY first_saved_at DESC LIMIT ?
"""


@dataclass(frozen=True, slots=True)
class Start:
    """A model version, and when it first said something (epoch seconds)."""

    model: str
    at: float


@dataclass(frozen=True, slots=True)
class MoodFacts:
    """What is stored of how a community feels."""

    chat_id: int
    titles: dict[int, str]
    """Of its chat, and of a channel's discussion group, in this order."""
    hours: Sequence[HourMood]
    before: Sequence[HourMood]
    """Of the period before."""
    threads: Sequence[ThreadMood]
    roots: dict[str, str]
    """The texts that threads begin with, by message, where they are at hand."""
    texts: Sequence[DrawnText]
    texts_before: Sequence[DrawnText]
    deleted: set[str]
    starts: Sequence[Start]
    heard: Heard | None = None
    """On the product pages that it has linked; None where it has none."""


def gather(connection: sqlite3.Connection, chat_id: int, period: Period) -> MoodFacts:
    """Read how a community felt; a channel feels as its discussion group does, and as it posts."""
    places = mood_places.places_of(connection, chat_id)
    now, before = (period.since, period.until), (period.before_since, period.before_until)
    threads = moods.busiest_threads(connection, places, now, MOST_THREADS)
    texts = moods_texts.draw(connection, places, now, MOST_TEXTS)
    starts = connection.execute(STARTS, (*now, MOST_STARTS)).fetchall()
    return MoodFacts(
        chat_id=chat_id,
        titles=_titles(connection, places),
        hours=[one for place in places for one in moods.hours(connection, place, *now)],
        before=[one for place in places for one in moods.hours(connection, place, *before)],
        threads=threads,
        roots=moods_texts.find_texts(connection, (thread.root for thread in threads)),
        texts=texts,
        texts_before=moods_texts.draw(connection, places, before, MOST_TEXTS),
        deleted=moods_texts.find_deleted(connection, (text.message for text in texts)),
        starts=[Start(*row) for row in reversed(starts)],
        heard=_hear(connection, chat_id, now),
    )


def _titles(connection: sqlite3.Connection, places: Sequence[int]) -> dict[int, str]:
    """What is spoken of; a channel that the bot is in and watches, too, is one and not two."""
    named = places[:1] if is_watched(places[0]) else places
    return {place: chats.find_title(connection, place) for place in named}


def _hear(
    connection: sqlite3.Connection, chat_id: int, period: tuple[float, float]
) -> Heard | None:
    if not products.of_community(connection, chat_id):
        return None
    lately = opinions.list_between(connection, chat_id, *period)
    return Heard(lately, opinions.sum_up(connection, chat_id))
