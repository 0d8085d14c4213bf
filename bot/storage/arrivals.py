"""Since when the bot knows people in a chat, and the names that moderators are shown."""

import sqlite3
from collections.abc import Sequence

from bot.communities.community import Community
from bot.messages import Message
from bot.storage.verdicts import message_of

SAVE = """
INSERT INTO arrivals (chat_id, person_id, name, first_seen_at) VALUES (?, ?, ?, ?)
ON CONFLICT (chat_id, person_id) DO UPDATE SET name = excluded.name
WHERE name IS NOT excluded.name
"""

SENDER_SEEN = """
SELECT a.first_seen_at, m.received_at FROM messages AS m
JOIN arrivals AS a ON a.chat_id = m.chat_id AND a.person_id = m.sender_id
WHERE m.id = ?
"""

HOUR_SECONDS = 3600.0


def save(connection: sqlite3.Connection, messages: Sequence[Message]) -> None:
    """Remember who wrote in groups, and when first."""
    named: dict[tuple[int, int], tuple[str | None, float]] = {}
    for m in messages:
        if m.sender_id is not None and not m.chat.is_private:
            _, first_seen_at = named.get((m.chat.id, m.sender_id), (None, m.received_at))
            named[m.chat.id, m.sender_id] = m.sender_name, first_seen_at
    connection.executemany(SAVE, ((*who, *known) for who, known in named.items()))


def is_newcomer(connection: sqlite3.Connection, key: str, community: Community) -> bool:
    """Tell whether a message's author came to a community lately.

    Whoever was first seen within that time after the bot came may have been there for years.
    """
    row = connection.execute(SENDER_SEEN, (message_of(key),)).fetchone()
    if row is None:
        return False
    seen_at, now = float(row[0]), float(row[1])
    span = community.newcomer_hours * HOUR_SECONDS
    return now - seen_at < span and seen_at - (community.linked_at or 0.0) > span
