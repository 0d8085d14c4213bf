"""Imported texts and the labels that came with them."""

import hashlib
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.labelling.files import Row
from bot.storage import labels
from bot.storage.labels import Label
from bot.storage.verdicts import message_of

SOURCE = "import"
PREFIX = "text:"

FIND = "SELECT id FROM texts WHERE chat_id = ? AND fingerprint = ?"

ADD = """
INSERT INTO texts (id, chat_id, fingerprint, text, added_by, added_at) VALUES (?, ?, ?, ?, ?, ?)
"""

SAID = "SELECT who, chosen FROM labels_in_force WHERE message = ? AND key = ? AND task = ?"

IS_WRITTEN = "SELECT 1 FROM labels WHERE press = ?"


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


def is_imported(key: str) -> bool:
    """Tell whether a key is an imported text's, and no message's."""
    return key.startswith(PREFIX)


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
        key = messages.get(fingerprint) or key_of_text(connection, batch, fingerprint, row.text)
        counts += _add_label(connection, batch, key, row)
    return counts


def find_key(connection: sqlite3.Connection, chat_id: int, fingerprint: str) -> str | None:
    """Find the key by which labels speak of a chat's text."""
    found = connection.execute(FIND, (chat_id, fingerprint)).fetchone()
    return f"{found[0]}:0" if found else None


def key_of_text(connection: sqlite3.Connection, batch: Import, fingerprint: str, text: str) -> str:
    """Return a text's key; a text that is not there yet is added."""
    found = find_key(connection, batch.chat_id, fingerprint)
    if found:
        return found
    digest = hashlib.sha256(f"{batch.chat_id}:{fingerprint}".encode()).hexdigest()
    text_id = f"{PREFIX}{digest[:32]}"
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
