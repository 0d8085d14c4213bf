"""What a training learns from: agreed labels with their texts, and recent texts without any."""

import json
import sqlite3
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from bot.outside.channels import FIRST_ID
from bot.storage.labels import LabelInForce, in_force
from core.training import LabelledText

# Bounds on what is read in one go, and on what Redis and the trainer's memory must hold.
MOST_LABELS = 20_000
MOST_UNLABELLED = 5_000
ROWS_LOOKED_AT = 20_000

# Neither private talk with the bot nor channels that are read from outside: both are no
# community's traffic.
RECENT = """
SELECT m.text, m.id || ':' || m.state FROM messages AS m JOIN chats AS c ON c.id = m.chat_id
WHERE m.rowid > (SELECT coalesce(max(rowid), 0) FROM messages) - ?
AND m.text IS NOT NULL AND m.text <> '' AND c.kind <> 'private' AND m.chat_id > ?
ORDER BY m.rowid DESC LIMIT ?
"""

LAST_LABEL = "SELECT coalesce(max(id), 0) FROM labels"

CHATS = """
SELECT coalesce(m.text, t.text), coalesce(m.chat_id, t.chat_id)
FROM json_each(?) AS ids
LEFT JOIN messages AS m ON m.id = ids.value LEFT JOIN texts AS t ON t.id = ids.value
WHERE coalesce(m.text, t.text) IS NOT NULL
"""
# A trainer may hand back a text shortened, or with its spaces changed.
TELLING_LENGTH = 200


@dataclass(frozen=True, slots=True)
class TrainingData:
    """The texts of one training, and the keys under which the storage has them."""

    labelled: tuple[LabelledText, ...]
    unlabelled: tuple[str, ...]
    keys: tuple[str, ...]
    last_label: int
    """The newest row of the ledger."""


def select(connection: sqlite3.Connection) -> TrainingData:
    """Choose what to learn from; the same ledger gives the same choice, in the same order.

    Takes a second or two where there are tens of thousands of labels.
    """
    agreed = list(_agreed(in_force(connection, MOST_LABELS)))
    labelled = tuple(text for text, _ in agreed)
    known = {_folded(one.text) for one in labelled}
    unlabelled = _recent(connection, known)
    (last_label,) = connection.execute(LAST_LABEL).fetchone()
    keys = [key for _, found in agreed for key in found] + list(unlabelled.values())
    return TrainingData(labelled, tuple(unlabelled), tuple(dict.fromkeys(keys)), int(last_label))


def find_chats(
    connection: sqlite3.Connection, keys: Iterable[str], texts: Collection[str]
) -> dict[str, set[int]]:
    """Find in which chats texts were written, or for which imported, among those with `keys`.

    Takes as long as `select`.
    """
    ids = json.dumps([key.rpartition(":")[0] for key in keys])
    wanted = {_folded(text)[:TELLING_LENGTH]: text for text in texts}
    found: dict[str, set[int]] = {}
    for text, chat_id in connection.execute(CHATS, (ids,)):
        asked = wanted.get(_folded(text)[:TELLING_LENGTH])
        if asked is not None:
            found.setdefault(asked, set()).add(chat_id)
    return found


def _agreed(labels: Iterable[LabelInForce]) -> Iterator[tuple[LabelledText, set[str]]]:
    """Yield each text and task on which most agree, with the keys of all its labels."""
    votes: dict[tuple[str, str], dict[int, LabelInForce]] = {}
    for label in labels:
        # The newest first: a person's word on one text counts once, however often it was written.
        by_person = votes.setdefault((_folded(label.text), label.task), {})
        by_person.setdefault(label.who, label)
    for (_, task), by_person in votes.items():
        given = list(by_person.values())
        agreed = majority([one.label for one in given])
        if agreed is not None:
            text = LabelledText(text=given[0].text, task=task, label=agreed)
            yield text, {one.key for one in given}


def majority(labels: list[str]) -> str | None:
    """Return the label that was given most often; None on a tie."""
    (first, most), *rest = Counter(labels).most_common(2)
    return None if rest and rest[0][1] == most else first


def _recent(connection: sqlite3.Connection, known: Collection[str]) -> dict[str, str]:
    """Return recent texts, each once and none that is `known`, with their keys."""
    rows = connection.execute(RECENT, (ROWS_LOOKED_AT, FIRST_ID, MOST_UNLABELLED))
    found: dict[str, tuple[str, str]] = {}
    for text, key in rows:
        if (folded := _folded(text)) not in known:
            found.setdefault(folded, (text, key))
    return dict(found.values())


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())
