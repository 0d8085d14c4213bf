"""Incidents: filed with the verdict that calls for them, opened, settled once, undone once."""

import json
import secrets
import sqlite3
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from bot.incidents import (
    RAID_INCIDENTS,
    RAID_SECONDS,
    TOGETHER_SECONDS,
    Exhibit,
    Incident,
    fingerprint,
)
from bot.policy import Decision
from bot.storage import exhibits

COLUMNS = """
    id, token, chat_id, kind, is_raid, state, acts, reasons, outcome, settled_by, settled_name,
    assigned_name, undone_name, card_chat_id, card_message_id, version
"""

OF_MESSAGE = """
SELECT i.id FROM exhibits AS e JOIN incidents AS i ON i.id = e.incident
WHERE e.message = ? AND i.state IN ('new', 'open') ORDER BY i.id DESC LIMIT 1
"""

# What the bot itself settled goes on for the copies that it would act upon, too.
TOGETHER = """
SELECT i.id FROM incidents AS i
WHERE i.chat_id = :chat_id AND i.kind = :kind AND i.changed_at > :since
AND (i.state IN ('new', 'open') OR i.state = 'settled' AND i.settled_by = 0 AND :acts)
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

OPEN = "UPDATE incidents SET state = 'open' WHERE id = ? AND state = 'new'"

# Nothing to show: whoever wrote it may write what they like.
EXEMPT = """
UPDATE incidents SET state = 'settled', outcome = 'exempt', shown_version = version,
    settled_at = ? WHERE id = ? AND state = 'new'
"""

SETTLE = """
UPDATE incidents SET state = 'settled', outcome = ?, settled_by = ?, settled_name = ?,
    settled_at = ?, changed_at = ?, version = version + 1
WHERE id = ? AND state = 'open'
"""

UNDO = """
UPDATE incidents SET state = 'undone', undone_name = ?, changed_at = ?, version = version + 1
WHERE id = ? AND state = 'settled'
"""

ASSIGN = """
UPDATE incidents SET assigned_name = ?, changed_at = ?, version = version + 1
WHERE id = ? AND state = 'open' AND assigned_name IS NOT ?
"""

BUMP = "UPDATE incidents SET version = version + 1 WHERE id = ?"

SHOWN = """
UPDATE incidents SET card_chat_id = ?, card_message_id = ?, shown_version = max(shown_version, ?)
WHERE id = ?
"""

# One of each community, its oldest.
TO_SHOW = """
SELECT min(id) FROM incidents
WHERE shown_version < version AND chat_id NOT IN (SELECT value FROM json_each(?))
GROUP BY chat_id ORDER BY 1 LIMIT ?
"""


class NoIncidentError(LookupError):
    """A button names an incident that is not at hand."""


@dataclass(frozen=True, slots=True)
class Presser:
    """Who pressed, and when; the bot itself is 0."""

    id: int
    name: str
    at: float


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


def _find_open(
    connection: sqlite3.Connection, exhibit: Exhibit, decision: Decision, at: float
) -> int | None:
    row = connection.execute(OF_MESSAGE, (exhibit.message,)).fetchone()
    if row is None:
        values = {
            "chat_id": exhibit.chat_id,
            "kind": decision.kind,
            "since": at - TOGETHER_SECONDS,
            "acts": decision.acts,
            "album": exhibit.album,
            "sender_id": exhibit.sender_id,
            "fingerprint": fingerprint(exhibit.text or ""),
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


def find(connection: sqlite3.Connection, incident_id: int) -> Incident:
    """Find one incident. Raises NoIncidentError."""
    return _find(connection, "id", incident_id)


def find_by_token(connection: sqlite3.Connection, token: str) -> Incident:
    """Find the incident that a button names. Raises NoIncidentError."""
    return _find(connection, "token", token)


def _find(connection: sqlite3.Connection, column: str, value: object) -> Incident:
    query = f"SELECT {COLUMNS} FROM incidents WHERE {column} = ?"
    row = connection.execute(query, (value,)).fetchone()
    if row is None:
        raise NoIncidentError(f"no incident has the {column} {value}")
    return _incident(row)


def find_to_show(
    connection: sqlite3.Connection, busy_chats: Collection[int], limit: int
) -> list[Incident]:
    """Find each free community's oldest incident whose card is not as it should be."""
    ids = connection.execute(TO_SHOW, (json.dumps(list(busy_chats)), limit)).fetchall()
    return [find(connection, row[0]) for row in ids]


def open_(connection: sqlite3.Connection, incident_id: int) -> None:
    """Note that a card is wanted; again is harmless."""
    connection.execute(OPEN, (incident_id,))


def exempt(connection: sqlite3.Connection, incident_id: int, at: float) -> None:
    """Settle without a card: its author moderates here."""
    connection.execute(EXEMPT, (at, incident_id))


def settle(
    connection: sqlite3.Connection, incident_id: int, outcome: str, presser: Presser
) -> bool:
    """Settle an open incident; False when somebody was quicker."""
    row = (outcome, presser.id, presser.name, presser.at, presser.at, incident_id)
    return connection.execute(SETTLE, row).rowcount == 1


def undo(connection: sqlite3.Connection, incident_id: int, presser: Presser) -> bool:
    """Mark a settled incident as undone; False when it is so already, or was never settled."""
    return connection.execute(UNDO, (presser.name, presser.at, incident_id)).rowcount == 1


def assign(connection: sqlite3.Connection, incident_id: int, presser: Presser) -> bool:
    """Note who takes care; False when that is known, or the incident is settled."""
    row = (presser.name, presser.at, incident_id, presser.name)
    return connection.execute(ASSIGN, row).rowcount == 1


def bump(connection: sqlite3.Connection, incident_id: int) -> None:
    """Have the card shown again."""
    connection.execute(BUMP, (incident_id,))


def note_shown(
    connection: sqlite3.Connection, incident: Incident, card: tuple[int, int] | None
) -> None:
    """Note which card, (chat, message), shows the incident as of its version."""
    chat_id, message_id = card or (incident.card_chat_id, incident.card_message_id)
    connection.execute(SHOWN, (chat_id, message_id, incident.version, incident.id))


def _incident(row: tuple[Any, ...]) -> Incident:
    number, token, chat_id, kind, is_raid, state, acts, reasons, *rest = row
    why = tuple((code, percent) for code, percent in json.loads(reasons))
    return Incident(number, token, chat_id, kind, bool(is_raid), state, bool(acts), why, *rest)
