"""Exhibits: the messages of an incident as they were written, whatever happens to them later."""

import json
import sqlite3
from collections.abc import Collection
from typing import Any

from bot.moderation.incidents import Exhibit, copy_mark

ADD = """
INSERT INTO exhibits (
    incident, key, message, chat_id, message_id, album, sender_id, sender_name, text, fingerprint,
    has_media, scores, model, added_at
) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (incident, key) DO NOTHING
"""

OF_VERDICT = """
SELECT v.key, m.id, m.chat_id, m.message_id, m.album, m.sender_id, a.name, m.text, m.has_media,
    v.scores, v.model, NULL
FROM verdicts AS v
JOIN messages AS m ON m.id = v.message
LEFT JOIN arrivals AS a ON a.chat_id = m.chat_id AND a.person_id = m.sender_id
WHERE v.key = ? AND v.key = m.id || ':' || m.state
"""

OF_MESSAGE = """
SELECT m.id || ':' || m.state, m.id, m.chat_id, m.message_id, m.album, m.sender_id, a.name, m.text,
    m.has_media, coalesce(v.scores, '{}'), coalesce(v.model, ''), NULL
FROM messages AS m
LEFT JOIN verdicts AS v ON v.key = m.id || ':' || m.state
LEFT JOIN arrivals AS a ON a.chat_id = m.chat_id AND a.person_id = m.sender_id
WHERE m.id = ? AND m.text IS NOT NULL
"""

# The latest state of each message, in the order in which they came.
OF_INCIDENT = """
SELECT key, message, chat_id, message_id, album, sender_id, sender_name, text, has_media, scores,
    model, copy_message_id
FROM exhibits
WHERE id IN (SELECT max(id) FROM exhibits WHERE incident = ? GROUP BY message)
ORDER BY id LIMIT ?
"""

OF_MESSAGES = """
SELECT key, message, chat_id, message_id, album, sender_id, sender_name, text, has_media, scores,
    model, copy_message_id
FROM exhibits
WHERE id IN (
    SELECT max(id) FROM exhibits
    WHERE incident = ? AND message_id IN (SELECT value FROM json_each(?)) GROUP BY message
)
ORDER BY id
"""

LATEST_OF_SENDERS = """
SELECT key, message, chat_id, message_id, album, sender_id, sender_name, text, has_media, scores,
    model, copy_message_id
FROM exhibits
WHERE id IN (
    SELECT max(id) FROM exhibits
    WHERE incident = ? AND sender_id IN (SELECT value FROM json_each(?)) GROUP BY sender_id
)
ORDER BY id
"""

OF_SENDER = """
SELECT key, message, chat_id, message_id, album, sender_id, sender_name, text, has_media, scores,
    model, copy_message_id
FROM exhibits
WHERE id IN (
    SELECT max(id) FROM exhibits WHERE incident = ? AND sender_id = ? GROUP BY message
)
ORDER BY id LIMIT ?
"""

# The first state of a message that says something else by now.
WRITTEN_OVER = """
SELECT key, message, chat_id, message_id, album, sender_id, sender_name, text, has_media, scores,
    model, copy_message_id
FROM exhibits AS e
WHERE incident = :incident AND (:sender IS NULL OR sender_id = :sender) AND text <> ''
AND EXISTS (
    SELECT 1 FROM exhibits AS later
    WHERE later.message = e.message AND later.incident = e.incident AND later.id > e.id
    AND later.text IS NOT e.text
)
ORDER BY id LIMIT 1
"""
EDITED = "SELECT message FROM exhibits WHERE incident = ? GROUP BY message HAVING count(*) > 1"

MESSAGE_IDS = "SELECT DISTINCT message_id FROM exhibits WHERE incident = ? ORDER BY message_id"
MESSAGE_IDS_OF = "SELECT DISTINCT message_id FROM exhibits WHERE incident = ? AND sender_id = ?"

SENDERS = """
SELECT DISTINCT sender_id FROM exhibits
WHERE incident = ? AND sender_id IS NOT NULL ORDER BY sender_id
"""

COUNT = """
SELECT count(DISTINCT message), count(DISTINCT sender_id), count(*) FROM exhibits
WHERE incident = ?
"""
COUNT_OF_SENDER = COUNT + "AND sender_id = ?"

PURGE = "UPDATE exhibits SET text = NULL WHERE added_at < ? AND text IS NOT NULL"

COPIED = "UPDATE exhibits SET copy_message_id = ? WHERE incident = ? AND message_id = ?"


def add(connection: sqlite3.Connection, incident: int, exhibit: Exhibit, at: float) -> bool:
    """Keep a message's state as evidence; False where it is kept already."""
    row = (
        incident,
        exhibit.key,
        exhibit.message,
        exhibit.chat_id,
        exhibit.message_id,
        exhibit.album,
        exhibit.sender_id,
        exhibit.sender_name,
        exhibit.text,
        copy_mark(exhibit.text or ""),
        exhibit.has_media,
        json.dumps(exhibit.scores),
        exhibit.model,
        at,
    )
    return connection.execute(ADD, row).rowcount == 1


def find_of_verdict(connection: sqlite3.Connection, key: str) -> Exhibit | None:
    """Make an exhibit of a message's latest state; None when the verdict is on an older one."""
    row = connection.execute(OF_VERDICT, (key,)).fetchone()
    return _exhibit(row) if row else None


def find_of_message(connection: sqlite3.Connection, message: str) -> Exhibit | None:
    """Make an exhibit of a message that is kept, with what the model says of it, if it does."""
    row = connection.execute(OF_MESSAGE, (message,)).fetchone()
    return _exhibit(row) if row else None


def list_of_incident(connection: sqlite3.Connection, incident: int, most: int) -> list[Exhibit]:
    """List the latest state of an incident's first messages, oldest first."""
    return [_exhibit(row) for row in connection.execute(OF_INCIDENT, (incident, most))]


def list_of_messages(
    connection: sqlite3.Connection, incident: int, message_ids: Collection[int]
) -> list[Exhibit]:
    """List the latest state of those of an incident's messages that have one of some numbers."""
    rows = connection.execute(OF_MESSAGES, (incident, json.dumps(list(message_ids))))
    return [_exhibit(row) for row in rows]


def list_latest_of(
    connection: sqlite3.Connection, incident: int, senders: Collection[int]
) -> list[Exhibit]:
    """List the last message that each of some people sent of an incident."""
    rows = connection.execute(LATEST_OF_SENDERS, (incident, json.dumps(list(senders))))
    return [_exhibit(row) for row in rows]


def list_message_ids(connection: sqlite3.Connection, incident: int) -> list[int]:
    """List the numbers of all messages of an incident, however many."""
    return [message_id for (message_id,) in connection.execute(MESSAGE_IDS, (incident,))]


def list_of_sender(
    connection: sqlite3.Connection, incident: int, sender: int, most: int
) -> list[Exhibit]:
    """List the latest state of the first messages that one person sent of an incident."""
    return [_exhibit(row) for row in connection.execute(OF_SENDER, (incident, sender, most))]


def find_written_over(
    connection: sqlite3.Connection, incident: int, sender: int | None = None
) -> Exhibit | None:
    """Find the first text of an incident, or of one of its people, that was edited away."""
    values = {"incident": incident, "sender": sender}
    row = connection.execute(WRITTEN_OVER, values).fetchone()
    return _exhibit(row) if row else None


def list_edited(connection: sqlite3.Connection, incident: int) -> set[str]:
    """Find those of an incident's messages that were edited since they became part of it."""
    return {message for (message,) in connection.execute(EDITED, (incident,))}


def list_message_ids_of(connection: sqlite3.Connection, incident: int, sender: int) -> set[int]:
    """Find the numbers of all messages that one person sent of an incident."""
    return {number for (number,) in connection.execute(MESSAGE_IDS_OF, (incident, sender))}


def list_senders(connection: sqlite3.Connection, incident: int) -> list[int]:
    """List all who sent messages of an incident, channels with negative ids."""
    return [sender_id for (sender_id,) in connection.execute(SENDERS, (incident,))]


def count(connection: sqlite3.Connection, incident: int) -> tuple[int, int, int]:
    """Count an incident's messages, senders and states of messages."""
    messages, senders, states = connection.execute(COUNT, (incident,)).fetchone()
    return int(messages), int(senders), int(states)


def count_of_sender(
    connection: sqlite3.Connection, incident: int, sender: int
) -> tuple[int, int, int]:
    """Count, as `count` does, what one person sent of an incident."""
    row = connection.execute(COUNT_OF_SENDER, (incident, sender)).fetchone()
    messages, senders, states = row
    return int(messages), int(senders), int(states)


def purge_texts(connection: sqlite3.Connection, added_before: float) -> int:
    """Drop the texts of evidence older than an epoch second; return how many."""
    return connection.execute(PURGE, (added_before,)).rowcount


def note_copy(connection: sqlite3.Connection, incident: int, message_id: int, copy: int) -> None:
    """Note where in the moderators' chat a message's media was copied to."""
    connection.execute(COPIED, (copy, incident, message_id))


def _exhibit(row: tuple[Any, ...]) -> Exhibit:
    values = [*row[:8], bool(row[8]), json.loads(row[9]), *row[10:]]
    return Exhibit(*values)
