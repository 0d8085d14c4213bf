"""Trainings: ordered, ended, shown; and which message shows which."""

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

from bot.storage.training_sources import note_trained

BEGIN = """
INSERT INTO trainings (id, asked_by, chat_id, language, labels, last_label, keys, ordered_at)
VALUES (?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (id) DO NOTHING
"""

DROP = "DELETE FROM trainings WHERE id = ? AND state = 'open'"

COLUMNS = "id, asked_by, chat_id, language, labels, state, message_id, outcome, version, ordered_at"
TO_SHOW = f"SELECT {COLUMNS} FROM trainings WHERE state <> 'shown' ORDER BY ordered_at LIMIT 20"
FIND = f"SELECT {COLUMNS} FROM trainings WHERE id = ?"

NOTE_MESSAGE = "UPDATE trainings SET message_id = ? WHERE id = ?"

END = """
UPDATE trainings SET state = 'ended', outcome = ?, version = ?, ended_at = ?
WHERE id = ? AND state = 'open'
"""
SHOWN = "UPDATE trainings SET state = 'shown', keys = '[]' WHERE id = ? AND state = 'ended'"

KEYS = "SELECT keys FROM trainings WHERE id = ?"

# What was cancelled or failed has taught nobody: its labels are still new.
LAST_LABEL = """
SELECT last_label FROM trainings WHERE outcome IN ('promoted', 'kept') OR state = 'open'
ORDER BY ordered_at DESC LIMIT 1
"""


@dataclass(frozen=True, slots=True)
class NewTraining:
    """A training as it is ordered."""

    id: str
    asked_by: int
    chat_id: int
    language: str
    labels: int
    """How many labelled texts go in."""
    last_label: int
    keys: Sequence[str]
    ordered_at: float


@dataclass(frozen=True, slots=True)
class Training:
    """A training and how far its story is told."""

    id: str
    asked_by: int
    chat_id: int
    language: str
    labels: int
    state: str
    message_id: int | None
    """The message that shows its progress, once there is one."""
    outcome: str | None
    version: str | None
    ordered_at: float


def begin(connection: sqlite3.Connection, training: NewTraining) -> None:
    """Write a training down before it is ordered; again is harmless."""
    row = (
        training.id,
        training.asked_by,
        training.chat_id,
        training.language,
        training.labels,
        training.last_label,
        json.dumps(list(training.keys)),
        training.ordered_at,
    )
    connection.execute(BEGIN, row)


def drop(connection: sqlite3.Connection, training_id: str) -> None:
    """Forget a training that could not be ordered."""
    connection.execute(DROP, (training_id,))


def find(connection: sqlite3.Connection, training_id: str) -> Training | None:
    """Find one training."""
    row = connection.execute(FIND, (training_id,)).fetchone()
    return Training(*row) if row else None


def find_to_show(connection: sqlite3.Connection) -> list[Training]:
    """Find the trainings whose end was not shown yet, the oldest first."""
    return [Training(*row) for row in connection.execute(TO_SHOW)]


def note_message(connection: sqlite3.Connection, training_id: str, message_id: int) -> None:
    """Remember which message shows a training."""
    connection.execute(NOTE_MESSAGE, (message_id, training_id))


def end(
    connection: sqlite3.Connection, training_id: str, outcome: str, version: str | None, at: float
) -> None:
    """Note how a training ended, and what the version that came of it was made from."""
    if version is not None:
        note_trained(connection, version, find_keys(connection, training_id))
    connection.execute(END, (outcome, version, at, training_id))


def mark_shown(connection: sqlite3.Connection, training_id: str) -> None:
    """Note that people know how a training ended."""
    connection.execute(SHOWN, (training_id,))


def find_keys(connection: sqlite3.Connection, training_id: str) -> list[str]:
    """Find the keys of the texts that went into a training whose end was not shown yet."""
    row = connection.execute(KEYS, (training_id,)).fetchone()
    return [str(key) for key in json.loads(row[0])] if row else []


def find_last_label(connection: sqlite3.Connection) -> int:
    """Find the newest label that the last training knew; 0 before the first."""
    row = connection.execute(LAST_LABEL).fetchone()
    return int(row[0]) if row else 0
