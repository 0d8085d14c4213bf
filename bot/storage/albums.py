"""Albums' parts, with words or not: what is deleted together, also when a part comes late."""

import json
import sqlite3
from collections.abc import Collection, Sequence
from dataclasses import replace

from bot.messages import AlbumPart
from bot.moderation.incidents import SANCTIONS, TOGETHER_SECONDS, Exhibit
from bot.storage import exhibits, measures
from bot.storage.measures import Plan

ADD = """
INSERT INTO album_parts (album, chat_id, message_id, received_at) VALUES (?, ?, ?, ?)
ON CONFLICT (album, chat_id, message_id) DO NOTHING
"""

# The album's decisions that are younger than an epoch second and delete.
DOOMED = """
SELECT DISTINCT i.id, i.settled_by FROM exhibits AS e JOIN incidents AS i ON i.id = e.incident
WHERE e.album = ? AND e.chat_id = ? AND i.state = 'settled' AND i.settled_at > ?
AND i.outcome IN (SELECT value FROM json_each(?))
"""

OF_INCIDENT = """
SELECT DISTINCT p.message_id FROM exhibits AS e
JOIN album_parts AS p ON p.album = e.album AND p.chat_id = e.chat_id
WHERE e.incident = ? ORDER BY p.message_id
"""

# Beside the message of the same album that has become evidence.
OF_MESSAGES = """
SELECT p.message_id, p.chat_id, min(e.message_id) FROM exhibits AS e
JOIN album_parts AS p ON p.album = e.album AND p.chat_id = e.chat_id
WHERE e.incident = ? AND p.message_id IN (SELECT value FROM json_each(?))
GROUP BY p.message_id
"""

# While nobody has decided about an album, an insult must not keep its pictures by being forgotten.
FORGET = """
DELETE FROM album_parts
WHERE album IN (SELECT album FROM messages WHERE id IN (SELECT value FROM json_each(?)))
AND NOT EXISTS (
    SELECT 1 FROM exhibits AS e JOIN incidents AS i ON i.id = e.incident
    WHERE e.album = album_parts.album AND i.state IN ('new', 'open')
)
"""

DROP = "DELETE FROM album_parts WHERE received_at < ? AND (?2 IS NULL OR chat_id = ?2)"

DELETING = tuple(name for name, done in SANCTIONS.items() if done.deletes)


def save(connection: sqlite3.Connection, parts: Sequence[AlbumPart]) -> bool:
    """Store parts; returns whether some are to be deleted, since the rest of their album was.

    That holds for TOGETHER_SECONDS after the decision.
    """
    is_doomed = False
    for part in parts:
        row = (part.album, part.chat_id, part.message_id, part.received_at)
        if connection.execute(ADD, row).rowcount == 1:
            is_doomed |= _doom(connection, part)
    return is_doomed


def list_message_ids(connection: sqlite3.Connection, incident: int) -> list[int]:
    """List the numbers of all parts of the albums that an incident's messages belong to."""
    return [number for (number,) in connection.execute(OF_INCIDENT, (incident,))]


def list_of_messages(
    connection: sqlite3.Connection, incident: int, message_ids: Collection[int]
) -> list[Exhibit]:
    """List, of some numbers, an incident's messages and the other parts of their albums.

    Such a part is as the message that became evidence, but for its number, text and media.
    """
    found = exhibits.list_of_messages(connection, incident, message_ids)
    others = set(message_ids) - {exhibit.message_id for exhibit in found}
    rows = connection.execute(OF_MESSAGES, (incident, json.dumps(list(others)))).fetchall()
    known = exhibits.list_of_messages(connection, incident, {row[2] for row in rows})
    by_number = {exhibit.message_id: exhibit for exhibit in known}
    return [*found, *(_part(by_number[row[2]], row[:2]) for row in rows)]


def drop(
    connection: sqlite3.Connection, received_before: float, chat_id: int | None = None
) -> None:
    """Drop parts, of one chat or of all, that came before an epoch second."""
    connection.execute(DROP, (received_before, chat_id))


def _doom(connection: sqlite3.Connection, part: AlbumPart) -> bool:
    """Plan to delete a part where the rest of its album was deleted a little while ago."""
    since = part.received_at - TOGETHER_SECONDS
    values = (part.album, part.chat_id, since, json.dumps(DELETING))
    decided = connection.execute(DOOMED, values).fetchall()
    for incident, by_person in decided:
        what = Plan(incident, part.chat_id, by_person, part.received_at)
        measures.plan(connection, what, "delete", [part.message_id])
    return bool(decided)


def _part(evidence: Exhibit, place: tuple[int, int]) -> Exhibit:
    number, chat_id = place
    message = f"{chat_id}:{number}"
    return replace(
        evidence,
        key=f"{message}:0",
        message=message,
        message_id=number,
        text=None,
        has_media=False,
        copy_message_id=None,
    )
