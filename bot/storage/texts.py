"""Imported texts and the labels that came with them."""

import hashlib
import json
import sqlite3
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from bot.label_files import Row
from bot.storage import labels
from bot.storage.labels import EXPORT_COLUMNS, LABELLED, Label
from bot.storage.verdicts import message_of

SOURCE = "import"
# Among so many of a chat's newest labelled messages copies of imported texts are looked for.
MOST_MESSAGES = 20_000

FIND = "SELECT id FROM texts WHERE chat_id = ? AND fingerprint = ?"

ADD = """
INSERT INTO texts (id, chat_id, fingerprint, text, added_by, added_at) VALUES (?, ?, ?, ?, ?, ?)
"""

SAID = "SELECT who, chosen FROM labels_in_force WHERE message = ? AND key = ? AND task = ?"

IS_WRITTEN = "SELECT 1 FROM labels WHERE press = ?"

LABELLED_MESSAGES = """
SELECT m.text, l.key FROM labels_in_force AS l
JOIN messages AS m ON m.id = l.message AND l.key = m.id || ':' || m.state
WHERE m.chat_id = ? AND m.text IS NOT NULL ORDER BY l.id DESC LIMIT ?
"""

PAGE = f"""
SELECT text, chosen, task, shown, model, source, pressed_at, key, id FROM (
    {LABELLED.replace("l.pressed_at,", "l.pressed_at, l.id,")} AND l.id < :before
    AND (
        coalesce(m.chat_id, t.chat_id) IN (SELECT value FROM json_each(:chat_ids))
        OR l.who = :who AND l.source = '{SOURCE}'
    )
    ORDER BY l.id DESC LIMIT :limit
)
"""
FIRST_PAGE = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Import:
    """Somebody's sending labels to a community."""

    press: str
    """Identifies the command or the press, so that doing it again adds nothing."""
    who: int
    chat_id: int
    at: float


@dataclass(frozen=True, slots=True)
class Counts:
    """What became of a file's rows."""

    added: int = 0
    known: int = 0
    """Were said already, by whomever."""
    conflicts: int = 0
    """Of those added, how many somebody else labels otherwise."""

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(
            self.added + other.added,
            self.known + other.known,
            self.conflicts + other.conflicts,
        )


def find_labelled_messages(connection: sqlite3.Connection, chat_id: int) -> list[tuple[str, str]]:
    """Find the newest labelled messages of a chat, as (text, key)."""
    return connection.execute(LABELLED_MESSAGES, (chat_id, MOST_MESSAGES)).fetchall()


def add_labels(
    connection: sqlite3.Connection,
    batch: Import,
    rows: Sequence[tuple[str, Row]],
    messages: Mapping[str, str],
) -> Counts:
    """Add rows beside their texts' fingerprints; a copy of a labelled message labels that.

    `messages` holds the labelled messages' keys by fingerprint.
    """
    counts = Counts()
    for fingerprint, row in rows:
        key = messages.get(fingerprint) or _key_of_text(connection, batch, fingerprint, row.text)
        counts += _add_label(connection, batch, key, row)
    return counts


def export_page(
    connection: sqlite3.Connection, who: int, chat_ids: Collection[int], page: tuple[int, int]
) -> tuple[list[Sequence[object]], int]:
    """List EXPORT_COLUMNS of labels in some chats, and of what someone imported, newest first.

    `page` is where the page before ended, at first FIRST_PAGE, and how many rows to list; returned
    beside them is where this one ended.
    """
    before, limit = page
    values = {"who": who, "chat_ids": json.dumps(list(chat_ids)), "before": before, "limit": limit}
    rows = connection.execute(PAGE, values).fetchall()
    return [row[: len(EXPORT_COLUMNS)] for row in rows], rows[-1][-1] if rows else before


def _key_of_text(connection: sqlite3.Connection, batch: Import, fingerprint: str, text: str) -> str:
    found = connection.execute(FIND, (batch.chat_id, fingerprint)).fetchone()
    if found:
        return f"{found[0]}:0"
    digest = hashlib.sha256(f"{batch.chat_id}:{fingerprint}".encode()).hexdigest()
    text_id = f"text:{digest[:32]}"
    row = (text_id, batch.chat_id, fingerprint, text, batch.who, batch.at)
    connection.execute(ADD, row)
    return f"{text_id}:0"


def _add_label(connection: sqlite3.Connection, batch: Import, key: str, row: Row) -> Counts:
    said = dict(connection.execute(SAID, (message_of(key), key, row.task)).fetchall())
    press = f"{batch.press}:{row.number}"
    is_written = connection.execute(IS_WRITTEN, (press,)).fetchone() is not None
    mine = said.pop(batch.who, None)
    if not is_written and (mine == row.label or (mine is None and row.label in said.values())):
        return Counts(known=1)
    label = Label(
        press=press,
        pressed_at=batch.at,
        who=batch.who,
        source=SOURCE,
        key=key,
        task=row.task,
        model="",
        shown="",
        chosen=row.label,
    )
    labels.append(connection, label)
    return Counts(added=1, conflicts=any(other != row.label for other in said.values()))
