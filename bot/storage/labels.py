"""The append-only ledger of labels that people gave."""

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass

from bot.storage.verdicts import message_of

# `press` is unique: a press that is handled again, after a crash, is already there.
APPEND = """
INSERT INTO labels (press, pressed_at, who, source, key, message, task, model, shown, chosen)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (press) DO NOTHING
"""

LATEST = """
SELECT chosen FROM labels WHERE key = ? AND task = ? AND who = ? ORDER BY id DESC LIMIT 1
"""

# The latest label of each person on each state; the text only where it is still that state's.
EXPORT = """
SELECT m.text, l.chosen, l.task, l.shown, l.model, l.source, l.pressed_at, l.key
FROM labels AS l JOIN messages AS m ON m.id = l.message
WHERE l.key = m.id || ':' || m.state AND m.text IS NOT NULL
AND l.id IN (SELECT max(id) FROM labels GROUP BY key, task, who)
ORDER BY l.id
"""
EXPORT_COLUMNS = ("text", "label", "task", "shown", "model", "source", "pressed_at", "key")


@dataclass(frozen=True, slots=True)
class Label:
    """What one person said is right about one verdict."""

    press: str
    """Telegram's id of the button press."""
    pressed_at: float
    who: int
    source: str
    key: str
    task: str
    model: str
    shown: str
    chosen: str


def append(connection: sqlite3.Connection, label: Label) -> None:
    """Write a label; it supersedes the same person's earlier one on the same verdict."""
    if find_latest(connection, label.key, label.task, label.who) == label.chosen:
        return
    connection.execute(APPEND, _row(label))


def find_latest(connection: sqlite3.Connection, key: str, task: str, who: int) -> str | None:
    """Find what a person last chose for a verdict; None when nothing."""
    row = connection.execute(LATEST, (key, task, who)).fetchone()
    return row[0] if row else None


def export(connection: sqlite3.Connection) -> Iterator[tuple[object, ...]]:
    """Yield EXPORT_COLUMNS of every label in force whose text is still at hand."""
    yield from connection.execute(EXPORT)


def _row(label: Label) -> tuple[object, ...]:
    return (
        label.press,
        label.pressed_at,
        label.who,
        label.source,
        label.key,
        message_of(label.key),
        label.task,
        label.model,
        label.shown,
        label.chosen,
    )
