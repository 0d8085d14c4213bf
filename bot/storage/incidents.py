"""Incidents: opened, settled once, undone once, and shown until all of that is on the card."""

import json
import sqlite3
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from bot.moderation.incidents import Incident
from bot.policy import Reason

COLUMNS = """
    id, token, chat_id, kind, is_raid, state, acts, reasons, outcome, settled_by, settled_name,
    assigned_name, undone_name, card_chat_id, card_message_id, version
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

REASONS = "UPDATE incidents SET reasons = ?, version = version + 1 WHERE id = ?"

# One of each community, its oldest. Nobody is asked for care while a community is quiet.
TO_SHOW = """
SELECT min(id) FROM incidents
WHERE shown_version < version AND chat_id NOT IN (SELECT value FROM json_each(:busy))
AND NOT (
    kind = 'care' AND card_message_id IS NULL
    AND chat_id IN (SELECT value FROM json_each(:quiet))
)
GROUP BY chat_id ORDER BY 1 LIMIT :limit
"""


class NoIncidentError(LookupError):
    """A button names an incident that is not at hand."""


@dataclass(frozen=True, slots=True)
class Presser:
    """Who pressed, and when; the bot itself is 0."""

    id: int
    name: str
    at: float


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
    connection: sqlite3.Connection,
    busy_chats: Collection[int],
    quiet_chats: Collection[int],
    limit: int,
) -> list[Incident]:
    """Find each free community's oldest incident whose card is not as it should be.

    In quiet ones a first card that asks for care waits.
    """
    values = {
        "busy": json.dumps(list(busy_chats)),
        "quiet": json.dumps(list(quiet_chats)),
        "limit": limit,
    }
    ids = connection.execute(TO_SHOW, values).fetchall()
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


def add_reason(connection: sqlite3.Connection, incident_id: int, reason: Reason) -> None:
    """Give an incident one more reason, instead of what was said before by the same code."""
    others = [r for r in find(connection, incident_id).reasons if r[0] != reason.code]
    reasons = json.dumps([*others, (reason.code, reason.percent)])
    connection.execute(REASONS, (reasons, incident_id))


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
