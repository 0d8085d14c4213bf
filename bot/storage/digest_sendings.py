"""Digests on their way: to each who is to get one, at most once."""

import json
import sqlite3
from collections.abc import Collection
from dataclasses import dataclass

# Why a digest was not sent, where that is no trouble of Telegram's.
LATE, SILENT, NOBODY = "too late", "nothing was said", "nobody is to get it"

SENDING = """
SELECT s.digest, s.target, s.state, d.chat_id, d.since, d.due_at, d.on_demand
FROM digest_sendings AS s JOIN digests AS d ON d.id = s.digest
"""
FIND_SENDING = SENDING + "WHERE s.digest = ? AND s.target = ?"
# The oldest of each free target, as the partial index says it.
TO_SEND = f"""
{SENDING} WHERE (s.target, s.digest) IN (
    SELECT target, min(digest) FROM digest_sendings
    WHERE state IN ('planned', 'sending') AND target NOT IN (SELECT value FROM json_each(?))
    GROUP BY target
)
LIMIT ?
"""
NOTE_SENDING = """
UPDATE digest_sendings SET state = ?, note = ?, changed_at = ? WHERE digest = ? AND target = ?
"""
# What became of the one before: for all, or for this target.
BEFORE = """
SELECT d.state = 'skipped' OR s.state = 'skipped' AND s.note NOT IN (?, ?)
FROM digests AS d LEFT JOIN digest_sendings AS s ON s.digest = d.id AND s.target = ?
WHERE d.chat_id = ? AND d.due_at < ? AND d.on_demand = 0 ORDER BY d.due_at DESC LIMIT 1
"""


@dataclass(frozen=True, slots=True)
class Sending:
    """A digest on its way to a chat or person."""

    digest: int
    target: int
    state: str
    chat_id: int
    since: float
    due_at: float
    on_demand: bool = False
    """Sent because somebody has just asked for it."""

    @property
    def lane(self) -> int:
        return self.target


def find_sending(connection: sqlite3.Connection, digest: int, target: int) -> Sending:
    """Find what is on its way to someone, as it stands now."""
    return Sending(*connection.execute(FIND_SENDING, (digest, target)).fetchone())


def find_to_send(
    connection: sqlite3.Connection, busy_targets: Collection[int], limit: int
) -> list[Sending]:
    """Find the oldest digest that is on its way to each free target."""
    rows = connection.execute(TO_SEND, (json.dumps(list(busy_targets)), limit))
    return [Sending(*row) for row in rows]


def note_sending(
    connection: sqlite3.Connection, sending: Sending, state: str, note: str | None, at: float
) -> None:
    """Note what became of a sending. Raises sqlite3.IntegrityError for a step back."""
    connection.execute(NOTE_SENDING, (state, note, at, sending.digest, sending.target))


def was_missed(connection: sqlite3.Connection, sending: Sending) -> bool:
    """Tell whether the digest before did not reach this target, or may not have."""
    values = (SILENT, NOBODY, sending.target, sending.chat_id, sending.due_at)
    row = connection.execute(BEFORE, values).fetchone()
    return bool(row and row[0])
