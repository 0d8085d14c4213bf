"""The append-only ledger of labels that people gave, and which of them are in force."""

import json
import sqlite3
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from bot.labelling.agreement import Pair
from bot.storage.verdicts import message_of

Source = Literal["private answer", "card", "label queue", "import", "review", "appeal"]

# `press` is unique: a press that is handled again, after a crash, is already there.
APPEND = """
INSERT INTO labels (press, pressed_at, who, source, key, message, task, model, shown, chosen)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (press) DO NOTHING
"""

IN_FORCE_OF_PERSON = """
SELECT id, chosen FROM labels_in_force WHERE key = ? AND task = ? AND who = ?
"""

WITHDRAW = """
INSERT INTO label_withdrawals (label, who, withdrawn_at) VALUES (?, ?, ?)
ON CONFLICT (label) DO NOTHING
"""

SAID = """
SELECT count(*) FROM labels_in_force WHERE message = ? AND key = ? AND task = ?
GROUP BY chosen ORDER BY 1 DESC
"""

NOTE_CONFLICT = """
INSERT INTO label_conflicts (key, task, message, since) VALUES (?, ?, ?, ?)
ON CONFLICT (key, task) DO NOTHING
"""

END_CONFLICT = "DELETE FROM label_conflicts WHERE key = ? AND task = ?"

# An imported text's chat is known by its own row.
PAIRS = """
SELECT a.who, b.who, a.chosen, b.chosen FROM labels AS a
JOIN labels AS b ON b.message = a.message AND b.key = a.key AND b.task = a.task AND b.who > a.who
LEFT JOIN messages AS m ON m.id = a.message
LEFT JOIN texts AS t ON t.id = a.message
WHERE a.task = ?
AND EXISTS (SELECT 1 FROM labels_in_force AS f WHERE f.id = a.id)
AND EXISTS (SELECT 1 FROM labels_in_force AS f WHERE f.id = b.id)
AND coalesce(m.chat_id, t.chat_id) IN (SELECT value FROM json_each(?))
ORDER BY a.id DESC LIMIT ?
"""

# With the text only where it is still that state's; the chat is where it is now.
SELECT = """
SELECT l.id, coalesce(m.text, t.text) AS text, l.task, l.chosen, l.who, l.source, l.key,
    coalesce(m.chat_id, t.chat_id) AS chat_id, l.shown, l.model, l.pressed_at,
    EXISTS (SELECT 1 FROM label_conflicts AS c WHERE c.key = l.key AND c.task = l.task)
"""
WITH_TEXT = """
LEFT JOIN messages AS m ON m.id = l.message AND l.key = m.id || ':' || m.state
LEFT JOIN texts AS t ON t.id = l.message
"""
LABELLED = f"""
{SELECT} FROM labels_in_force AS l {WITH_TEXT} WHERE coalesce(m.text, t.text) IS NOT NULL
"""

NEWEST = LABELLED + "ORDER BY l.id DESC LIMIT ?"

PAGE = f"""
{SELECT} FROM (
    SELECT * FROM labels_in_force WHERE id < ? ORDER BY id DESC LIMIT ?
) AS l {WITH_TEXT} ORDER BY l.id DESC
"""
NEWEST_PAGE = 2**63 - 1

EXPORT = f"""
SELECT text, chosen, task, shown, model, source, pressed_at, key FROM (
    {LABELLED}ORDER BY l.id
)
"""
EXPORT_COLUMNS = ("text", "label", "task", "shown", "model", "source", "pressed_at", "key")


@dataclass(frozen=True, slots=True)
class Label:
    """What one person said is right about one verdict, or about an imported text."""

    press: str
    """Identifies what the person did: Telegram's id of the button press, say."""
    pressed_at: float
    who: int
    source: str
    """One of `Source`."""
    key: str
    task: str
    model: str
    """Empty where no model was asked."""
    shown: str
    """What the model said; empty where no model was asked."""
    chosen: str


@dataclass(frozen=True, slots=True)
class LabelInForce:
    """A person's latest label on a text, not withdrawn, with that text."""

    text: str
    task: str
    label: str
    who: int
    source: str
    key: str
    """`<chat>:<message>:<state>` of a message, `text:<hash>:0` of an imported text."""
    chat_id: int
    """Where the text was written, or the community that it was imported for."""
    shown: str
    """What the model said then; empty where it was not asked."""
    model: str
    labelled_at: float
    is_disputed: bool
    """Whether people differ on it and no label has more of them than all others together."""


def append(connection: sqlite3.Connection, label: Label) -> None:
    """Write a label; it supersedes the same person's earlier one on the same verdict."""
    if find_latest(connection, label.key, label.task, label.who) == label.chosen:
        return
    connection.execute(APPEND, _row(label))
    note_conflict(connection, label.key, label.task, label.pressed_at)


def find_latest(connection: sqlite3.Connection, key: str, task: str, who: int) -> str | None:
    """Find what a person last chose for a verdict; None when nothing, or when withdrawn."""
    row = connection.execute(IN_FORCE_OF_PERSON, (key, task, who)).fetchone()
    return row[1] if row else None


def withdraw(
    connection: sqlite3.Connection, label: tuple[str, str, int], by: int, at: float
) -> bool:
    """Take a label in force, named by key, task and who gave it, out of force.

    It stays in the ledger and no longer trains; the one that it superseded stays superseded.
    Returns whether there was one.
    """
    row = connection.execute(IN_FORCE_OF_PERSON, label).fetchone()
    if row is None:
        return False
    connection.execute(WITHDRAW, (row[0], by, at))
    note_conflict(connection, label[0], label[1], at)
    return True


def note_conflict(connection: sqlite3.Connection, key: str, task: str, at: float) -> None:
    """Note whether people differ on a text, so that somebody else is asked about it."""
    said = [count for (count,) in connection.execute(SAID, (message_of(key), key, task))]
    if said and 2 * said[0] <= sum(said):
        connection.execute(NOTE_CONFLICT, (key, task, message_of(key), at))
    else:
        connection.execute(END_CONFLICT, (key, task))


def find_pairs(
    connection: sqlite3.Connection, task: str, chat_ids: Collection[int], limit: int
) -> list[Pair]:
    """Find what each two people said of the same text of some chats, the newest `limit` pairs."""
    return [
        Pair(*row) for row in connection.execute(PAIRS, (task, json.dumps(list(chat_ids)), limit))
    ]


def in_force(connection: sqlite3.Connection, limit: int) -> Iterator[LabelInForce]:
    """Yield the labels in force whose texts are at hand, the newest first, at most `limit`.

    Several people may have labelled one text, and differ: what most say is taken to be right, and
    where that is open (`is_disputed`) somebody else is asked first.
    """
    for row in connection.execute(NEWEST, (limit,)):
        yield _in_force(row)


def page(
    connection: sqlite3.Connection, before: int, limit: int
) -> tuple[list[LabelInForce], int | None]:
    """List labels in force as `in_force` does, some at a time, so that nobody waits for long.

    At most `limit` of those whose ids are below `before`, at first NEWEST_PAGE; beside them stands
    where the next page begins, None after the last.
    """
    rows = connection.execute(PAGE, (before, limit)).fetchall()
    found = [_in_force(row) for row in rows if row[1] is not None]
    return found, rows[-1][0] if len(rows) == limit else None


def export(connection: sqlite3.Connection) -> Iterator[tuple[object, ...]]:
    """Yield EXPORT_COLUMNS of every label in force whose text is still at hand."""
    yield from connection.execute(EXPORT)


def _in_force(row: Sequence[Any]) -> LabelInForce:
    values = (*row[1:-1], bool(row[-1]))
    return LabelInForce(*values)


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
