"""Puts messages to the incidents that they belong to, or opens new ones."""

import json
import secrets
import sqlite3

from bot.moderation.incidents import (
    RAID_INCIDENTS,
    RAID_SECONDS,
    TOGETHER_SECONDS,
    Exhibit,
    copy_mark,
)
from bot.policy import Decision
from bot.storage import exhibits

OF_MESSAGE = """
SELECT i.id FROM exhibits AS e JOIN incidents AS i ON i.id = e.incident
WHERE e.message = ? AND i.state IN ('new', 'open') ORDER BY i.id DESC LIMIT 1
"""
# A card that asks for care has no buttons against an insult.
TO_JOIN = """
SELECT i.id FROM exhibits AS e JOIN incidents AS i ON i.id = e.incident
WHERE e.message = ? AND i.state IN ('new', 'open') AND (i.kind = 'moderate' OR ? = 'care')
ORDER BY i.id DESC LIMIT 1
"""

IS_DECIDED = """
SELECT 1 FROM exhibits AS e JOIN incidents AS i ON i.id = e.incident
WHERE e.message = ? AND e.key = ? AND i.state IN ('settled', 'undone') AND i.kind = 'moderate'
"""

# What the bot itself settled goes on for the copies that it would act upon, too; but not for who
# has appealed: against what they write now they may appeal anew.
TOGETHER = """
SELECT i.id FROM incidents AS i
WHERE i.chat_id = :chat_id AND i.kind = :kind AND i.changed_at > :since
AND (
    i.state IN ('new', 'open') OR i.state = 'settled' AND i.settled_by = 0 AND :acts
    AND NOT EXISTS (
        SELECT 1 FROM appeals AS a WHERE a.incident = i.id AND a.person_id = :sender_id
    )
)
AND (i.is_raid OR EXISTS (
    SELECT 1 FROM exhibits AS e WHERE e.incident = i.id AND (
        e.album = :album OR e.sender_id = :sender_id
        OR e.fingerprint <> '' AND e.fingerprint = :fingerprint
    )
))
ORDER BY i.is_raid, i.id LIMIT 1
"""

COUNT_RECENT = """
SELECT count(*) FROM incidents
WHERE chat_id = ? AND kind = ? AND changed_at > ? AND opened_at > ?
"""

INSERT = """
INSERT INTO incidents (token, chat_id, kind, is_raid, acts, reasons, opened_at, changed_at)
VALUES (?, ?, ?, ?, ?, ?, ?, ?)
"""

TOUCH = """
UPDATE incidents SET version = version + 1, changed_at = ?, acts = max(acts, ?) WHERE id = ?
"""


def file(connection: sqlite3.Connection, exhibit: Exhibit, decision: Decision, at: float) -> int:
    """Put a message with those that it belongs to, or open an incident; return its id."""
    incident = _find_open(connection, exhibit, decision, at) or _create(
        connection, exhibit.chat_id, decision, at
    )
    if exhibits.add(connection, incident, exhibit, at):
        connection.execute(TOUCH, (at, decision.acts, incident))
    return incident


def note_edit(connection: sqlite3.Connection, exhibit: Exhibit, at: float) -> bool:
    """Add a harmless edit to the open incident of its message; False where there is none."""
    row = connection.execute(OF_MESSAGE, (exhibit.message,)).fetchone()
    if row is None or not exhibits.add(connection, row[0], exhibit, at):
        return False
    connection.execute(TOUCH, (at, 0, row[0]))
    return True


def find_to_join(connection: sqlite3.Connection, message: str) -> int | None:
    """Find the incident in which a message waits to be moderated."""
    row = connection.execute(TO_JOIN, (message, "moderate")).fetchone()
    return int(row[0]) if row else None


def is_decided(connection: sqlite3.Connection, exhibit: Exhibit) -> bool:
    """Tell whether moderators have decided about a message as it stands."""
    row = connection.execute(IS_DECIDED, (exhibit.message, exhibit.key)).fetchone()
    return row is not None


def _find_open(
    connection: sqlite3.Connection, exhibit: Exhibit, decision: Decision, at: float
) -> int | None:
    row = connection.execute(TO_JOIN, (exhibit.message, decision.kind)).fetchone()
    if row is None:
        values = {
            "chat_id": exhibit.chat_id,
            "kind": decision.kind,
            "since": at - TOGETHER_SECONDS,
            "acts": decision.acts,
            "album": exhibit.album,
            "sender_id": exhibit.sender_id,
            "fingerprint": copy_mark(exhibit.text or ""),
        }
        row = connection.execute(TOGETHER, values).fetchone()
    return int(row[0]) if row else None


def _create(connection: sqlite3.Connection, chat_id: int, decision: Decision, at: float) -> int:
    since = at - RAID_SECONDS
    (recent,) = connection.execute(COUNT_RECENT, (chat_id, decision.kind, since, since)).fetchone()
    reasons = json.dumps([[reason.code, reason.percent] for reason in decision.reasons])
    token = secrets.token_urlsafe(9)
    row = (token, chat_id, decision.kind, recent >= RAID_INCIDENTS, decision.acts, reasons, at, at)
    return int(connection.execute(INSERT, row).lastrowid or 0)
