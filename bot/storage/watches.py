"""Channels that communities watch from outside: who watches which, and what they are told of it."""

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

from bot.outside.channels import FIRST_ID, LEAST_PAUSE
from bot.storage.communities import By, note_change

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
# Of the chats, too, by which the bot is in them.
NAMES_OF = """
SELECT chat_id, name FROM watched_channels WHERE chat_id IN (SELECT value FROM json_each(?1))
UNION ALL
SELECT c.id, w.name FROM watched_channels AS w JOIN chats AS c ON c.username = w.name
WHERE w.chat_id IN (SELECT value FROM json_each(?1))
"""
# Communities that are linked no longer are nobody's business.
WATCHERS = """
SELECT w.chat_id FROM watches AS w
JOIN watched_channels AS c ON c.id = w.channel
JOIN communities AS l ON l.chat_id = w.chat_id
WHERE c.chat_id = ? AND l.moderators_chat IS NOT NULL ORDER BY w.asked_at
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
    """Find the public names of those chats that are watched channels, by each of their ids."""
    return dict(connection.execute(NAMES_OF, (json.dumps(list(chat_ids)),)).fetchall())


def watchers_of(connection: sqlite3.Connection, chat_id: int) -> list[int]:
    """List the communities that watch the channel whose messages' chat this is."""
    return [community for (community,) in connection.execute(WATCHERS, (chat_id,))]


def note_state(connection: sqlite3.Connection, channel: int, state: str) -> None:
    """Move all watches of a channel on to a state, those that are not beyond it."""
    connection.execute(MOVE_ON, {"state": state, "channel": channel})


def find_news(connection: sqlite3.Connection) -> list[News]:
    """Find what is to be told."""
    return [News(*row) for row in connection.execute(TO_TELL)]


def note_told(connection: sqlite3.Connection, news: News) -> None:
    """Note what was told; again is harmless."""
    connection.execute(TOLD, (news.state, news.chat_id, news.channel))
