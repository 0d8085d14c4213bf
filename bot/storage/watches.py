"""Channels that communities watch from outside: who watches which, and how their reading goes."""

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

from bot.mood.channels import (
    FIRST_ID,
    FIRST_PAGES,
    LEAST_PAUSE,
    PAGES_TO_CATCH_UP,
    Look,
    Pace,
    next_pace,
)
from bot.storage.communities import By, note_change
from core.reading import ReadOutcome

# Each is read up to once a minute, and all of them from one address.
MOST_WATCHED = 10

ADD_CHANNEL = """
INSERT INTO watched_channels (name, chat_id, due_at, pause, added_at)
SELECT :name, :first_id - coalesce(max(id), 0) - 1, :at, :pause, :at FROM watched_channels
WHERE true
ON CONFLICT (name) DO NOTHING
"""
FIND_CHANNEL = "SELECT id FROM watched_channels WHERE name = ?"
# Its name until its title is known.
ADD_CHAT = """
INSERT INTO chats (id, kind, title, first_seen_at)
SELECT chat_id, 'channel', '@' || name, added_at FROM watched_channels WHERE id = ?
ON CONFLICT (id) DO NOTHING
"""
IS_WATCHED = "SELECT 1 FROM watches WHERE chat_id = ? AND channel = ?"
COUNT = "SELECT count(*) FROM watches WHERE chat_id = ?"
ADD = """
INSERT INTO watches (chat_id, channel, asked_in, asked_by, asked_at) VALUES (?, ?, ?, ?, ?)
"""
# Somebody who has just asked is not kept waiting for half an hour.
HURRY = """
UPDATE watched_channels SET
    pause = :pause, due_at = min(due_at, max(:at, coalesce(asked_at, 0) + :pause))
WHERE id = :channel
"""
REMOVE = "DELETE FROM watches WHERE chat_id = ? AND channel = ?"
OF_COMMUNITY = """
SELECT c.id, c.name, c.chat_id, w.state, c.outcome,
    (SELECT count(*) FROM watched_posts AS p WHERE p.channel = c.id AND p.gone_at IS NULL)
FROM watches AS w JOIN watched_channels AS c ON c.id = w.channel
WHERE w.chat_id = ? ORDER BY w.asked_at, c.id
"""
NAMES_OF = """
SELECT chat_id, name FROM watched_channels WHERE chat_id IN (SELECT value FROM json_each(?))
"""
# Communities that are linked no longer are nobody's business.
WATCHERS = """
SELECT w.chat_id FROM watches AS w
JOIN watched_channels AS c ON c.id = w.channel
JOIN communities AS l ON l.chat_id = w.chat_id
WHERE c.chat_id = ? AND l.moderators_chat IS NOT NULL ORDER BY w.asked_at
"""

# One at a time, the one that has waited longest; what nobody watches any more is left alone.
DUE = """
SELECT id FROM watched_channels AS c
WHERE ordered_at IS NULL AND due_at <= ?
AND EXISTS (
    SELECT 1 FROM watches AS w JOIN communities AS l ON l.chat_id = w.chat_id
    WHERE w.channel = c.id AND l.moderators_chat IS NOT NULL
)
ORDER BY due_at LIMIT 1
"""
BEGIN = """
UPDATE watched_channels SET
    readings = readings + 1, ordered_at = :at, asked_at = :at, low = NULL, fresh = 0,
    joins_at = CASE WHEN before IS NULL THEN :newest ELSE joins_at END,
    pages_left = CASE WHEN before IS NULL THEN :pages ELSE pages_left END
WHERE id = :channel
"""
NEWEST = "SELECT coalesce(max(number), 0) FROM watched_posts WHERE channel = ?"
SELECT_READING = """
SELECT id, name, chat_id, readings, before, ordered_at,
    (SELECT title FROM chats WHERE chats.id = chat_id)
FROM watched_channels
"""
UNDER_WAY = SELECT_READING + "WHERE id = ? AND readings = ? AND ordered_at IS NOT NULL"
# Those whose order may have been lost on its way; asked for again at most so often.
TO_ASK_AGAIN = SELECT_READING + "WHERE ordered_at IS NOT NULL AND asked_at < ? ORDER BY asked_at"
NOTE_ASKED = "UPDATE watched_channels SET asked_at = ? WHERE id = ?"

SHOWN = """
UPDATE watched_channels SET
    low = CASE WHEN ?1 IS NULL THEN low ELSE min(coalesce(low, ?1), ?1) END, fresh = fresh + ?2
WHERE id = ?3
"""
FIND_LOOK = """
SELECT pause, before, pages_left, joins_at, low, fresh FROM watched_channels WHERE id = ?
"""
END = """
UPDATE watched_channels SET
    ordered_at = NULL, outcome = ?, due_at = ?, pause = ?, before = ?, pages_left = ?, joins_at = ?
WHERE id = ?
"""
MOVE_ON = """
UPDATE watches SET state = :state WHERE channel = :channel AND CASE :state
    WHEN 'missing' THEN state <> 'missing'
    WHEN 'read' THEN state IN ('new', 'trouble')
    ELSE state = 'new'
END
"""
TO_TELL = """
SELECT w.chat_id, w.channel, c.name, w.asked_in, w.state, c.outcome,
    (SELECT count(*) FROM watched_posts AS p WHERE p.channel = c.id AND p.gone_at IS NULL)
FROM watches AS w JOIN watched_channels AS c ON c.id = w.channel
WHERE w.told <> w.state ORDER BY w.asked_at LIMIT 20
"""
TOLD = "UPDATE watches SET told = ? WHERE chat_id = ? AND channel = ?"


class TooManyWatchedError(Exception):
    """A community watches as many channels as it may."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Which community asks to watch what, and where to tell how it goes."""

    chat_id: int
    name: str
    asked_in: int


@dataclass(frozen=True, slots=True)
class Watched:
    """A channel that a community watches."""

    channel: int
    name: str
    chat_id: int
    """What its posts have among messages."""
    state: str
    outcome: str | None
    """Of the last reading."""
    posts: int


@dataclass(frozen=True, slots=True)
class Reading:
    """One reading of a channel's page that is under way."""

    channel: int
    name: str
    chat_id: int
    number: int
    before: int | None
    ordered_at: float
    title: str
    """What the channel is called; its name until that is known."""

    @property
    def order_id(self) -> str:
        return f"{ORDER_PREFIX}{self.channel}-{self.number}"


ORDER_PREFIX = "watch-"


@dataclass(frozen=True, slots=True)
class News:
    """What is to be told of a watched channel, where someone asked for it."""

    chat_id: int
    channel: int
    name: str
    asked_in: int
    state: str
    outcome: str
    posts: int


def watch(connection: sqlite3.Connection, asked: Asked, by: By) -> bool:
    """Have a community watch a channel; False when it does. Raises TooManyWatchedError."""
    values = {"name": asked.name, "first_id": FIRST_ID, "at": by.at, "pause": LEAST_PAUSE}
    connection.execute(ADD_CHANNEL, values)
    (channel,) = connection.execute(FIND_CHANNEL, (asked.name,)).fetchone()
    connection.execute(ADD_CHAT, (channel,))
    if connection.execute(IS_WATCHED, (asked.chat_id, channel)).fetchone():
        return False
    (count,) = connection.execute(COUNT, (asked.chat_id,)).fetchone()
    if count >= MOST_WATCHED:
        raise TooManyWatchedError(asked.name)
    connection.execute(ADD, (asked.chat_id, channel, asked.asked_in, by.person, by.at))
    connection.execute(HURRY, values | {"channel": channel})
    note_change(connection, asked.chat_id, ("watch", None, asked.name), by)
    return True


def unwatch(connection: sqlite3.Connection, chat_id: int, channel: int, by: By) -> bool:
    """Watch a channel no more; what was read of it stays. False when it was not watched."""
    name = next(
        (one.name for one in of_community(connection, chat_id) if one.channel == channel), ""
    )
    if connection.execute(REMOVE, (chat_id, channel)).rowcount != 1:
        return False
    note_change(connection, chat_id, ("watch", name, None), by)
    return True


def of_community(connection: sqlite3.Connection, chat_id: int) -> list[Watched]:
    """List what a community watches, the first asked for first."""
    return [Watched(*row) for row in connection.execute(OF_COMMUNITY, (chat_id,))]


def find_names(connection: sqlite3.Connection, chat_ids: Sequence[int]) -> dict[int, str]:
    """Find the public names of those chats that are watched channels."""
    return dict(connection.execute(NAMES_OF, (json.dumps(list(chat_ids)),)).fetchall())


def watchers_of(connection: sqlite3.Connection, chat_id: int) -> list[int]:
    """List the communities that watch the channel whose messages' chat this is."""
    return [community for (community,) in connection.execute(WATCHERS, (chat_id,))]


def find_due(connection: sqlite3.Connection, at: float) -> int | None:
    """Find the channel that is to be read now, if one is."""
    row = connection.execute(DUE, (at,)).fetchone()
    return row[0] if row else None


def begin(connection: sqlite3.Connection, channel: int, at: float) -> Reading:
    """Begin to read a channel; the reading stays under way until it is ended."""
    (newest,) = connection.execute(NEWEST, (channel,)).fetchone()
    pages = PAGES_TO_CATCH_UP if newest else FIRST_PAGES - 1
    values = {"channel": channel, "at": at, "newest": newest, "pages": pages}
    connection.execute(BEGIN, values)
    return Reading(*connection.execute(SELECT_READING + "WHERE id = ?", (channel,)).fetchone())


def find_under_way(connection: sqlite3.Connection, order_id: str) -> Reading | None:
    """Find the reading that an order's parts are of; None once it has ended or was given up."""
    channel, _, number = order_id.removeprefix(ORDER_PREFIX).partition("-")
    if not (channel.isdecimal() and number.isdecimal()):
        return None
    row = connection.execute(UNDER_WAY, (int(channel), int(number))).fetchone()
    return Reading(*row) if row else None


def take_to_ask_again(
    connection: sqlite3.Connection, asked_before: float, at: float
) -> list[Reading]:
    """Take the readings last asked for before an epoch second, and note that they are now."""
    found = [Reading(*row) for row in connection.execute(TO_ASK_AGAIN, (asked_before,))]
    connection.executemany(NOTE_ASKED, ((at, one.channel) for one in found))
    return found


def note_shown(connection: sqlite3.Connection, channel: int, low: int | None, fresh: int) -> None:
    """Add to what the reading under way has shown."""
    connection.execute(SHOWN, (low, fresh, channel))


def end(connection: sqlite3.Connection, channel: int, outcome: ReadOutcome, at: float) -> None:
    """End the reading under way, decide when the next one is, and note how it went."""
    *pace, low, fresh = connection.execute(FIND_LOOK, (channel,)).fetchone()
    then = next_pace(Pace(*pace), Look(outcome, low, fresh))
    row = (outcome, at + then.pause, then.pause, then.before, then.pages_left, then.joins_at)
    connection.execute(END, (*row, channel))


def note_state(connection: sqlite3.Connection, channel: int, state: str) -> None:
    """Move all watches of a channel on to a state, those that are not beyond it."""
    connection.execute(MOVE_ON, {"state": state, "channel": channel})


def find_news(connection: sqlite3.Connection) -> list[News]:
    """Find what is to be told."""
    return [News(*row) for row in connection.execute(TO_TELL)]


def note_told(connection: sqlite3.Connection, news: News) -> None:
    """Note what was told; again is harmless."""
    connection.execute(TOLD, (news.state, news.chat_id, news.channel))
