"""Forgetting a person: texts and labels go, some rows at a time; whom they taught is told.

Each step can be done again after a crash: what is forgotten already is not found any more.
"""

import json
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.storage import albums, digests, labels, moods_votes, shadow_counting
from bot.storage.verdicts import message_of

ROWS_AT_A_TIME = 500

BEGIN = """
INSERT INTO forgettings (press, asked_by, person, asked_at) VALUES (?, ?, ?, ?)
ON CONFLICT (press) DO NOTHING
"""

# `:chats` is a list of chats as JSON, or NULL for all of them.
MESSAGES = """
SELECT id FROM messages
WHERE sender_id = :person AND (:chats IS NULL OR chat_id IN (SELECT value FROM json_each(:chats)))
LIMIT :limit
"""

LABELS_BY = """
SELECT l.id, l.key, l.task FROM labels AS l
LEFT JOIN messages AS m ON m.id = l.message
LEFT JOIN texts AS t ON t.id = l.message
WHERE l.who = :person AND (
    :chats IS NULL
    OR coalesce(m.chat_id, t.chat_id) IN (SELECT value FROM json_each(:chats))
)
LIMIT :limit
"""

LABELS_ON = """
SELECT id, key, task FROM labels WHERE message IN (SELECT value FROM json_each(?))
"""

VERSIONS = """
SELECT DISTINCT version FROM training_sources WHERE message IN (SELECT value FROM json_each(?))
"""

DROP_LABELS = (
    "DELETE FROM label_withdrawals WHERE label IN (SELECT value FROM json_each(?))",
    "DELETE FROM labels WHERE id IN (SELECT value FROM json_each(?))",
)

# Evidence of what is not decided yet stays until it is; then DROP_DECIDED finds it.
DROP_TEXTS = (
    "DELETE FROM label_questions WHERE message IN (SELECT value FROM json_each(?))",
    shadow_counting.FORGET,
    albums.FORGET,
    """
    UPDATE exhibits SET text = NULL, sender_name = NULL, fingerprint = ''
    WHERE message IN (SELECT value FROM json_each(?))
    AND incident IN (SELECT id FROM incidents WHERE state IN ('settled', 'undone'))
    """,
    """
    UPDATE messages SET text = NULL, sender_id = NULL, waiting = 0
    WHERE id IN (SELECT value FROM json_each(?))
    """,
)

DROP_DECIDED = """
UPDATE exhibits SET text = NULL, sender_name = NULL, fingerprint = ''
WHERE text IS NOT NULL
AND incident IN (SELECT id FROM incidents WHERE state IN ('settled', 'undone'))
AND message IN (
    SELECT m.id FROM messages AS m
    WHERE m.id = exhibits.message AND m.text IS NULL AND m.sender_id IS NULL
)
"""

# What is left once the texts and labels are gone.
DROP_IMPORTED = """
DELETE FROM texts WHERE added_by = :person
AND (:chats IS NULL OR chat_id IN (SELECT value FROM json_each(:chats)))
AND NOT EXISTS (SELECT 1 FROM labels AS l WHERE l.message = texts.id)
"""
DROP_NAME = """
UPDATE arrivals SET name = NULL WHERE person_id = :person
AND (:chats IS NULL OR chat_id IN (SELECT value FROM json_each(:chats)))
"""
# Only where someone is forgotten everywhere; their private chat has their id.
DROP_PERSON = (
    "DELETE FROM label_questions WHERE who = :person",
    "DELETE FROM reports WHERE person_id = :person",
    "DELETE FROM report_notices WHERE person_id = :person",
    *digests.FORGET,
    "DELETE FROM people WHERE id = :person",
    "DELETE FROM chats WHERE id = :person AND kind = 'private'",
)

ADD_UP = """
UPDATE forgettings SET texts = texts + ?, labels = labels + ?, versions = ? WHERE press = ?
"""

FIND = "SELECT texts, labels, versions FROM forgettings WHERE press = ?"

WITHOUT_TEXT = """
SELECT value FROM json_each(?)
WHERE NOT EXISTS (SELECT 1 FROM messages WHERE id = value AND text IS NOT NULL)
"""


@dataclass(frozen=True, slots=True)
class Forgetting:
    """Who asked to forget whom, and where."""

    press: str
    """Telegram's id of the press."""
    asked_by: int
    person: int
    chat_ids: Sequence[int] | None
    """Only what was written there; None for everything."""
    at: float


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What has gone."""

    texts: int
    labels: int
    versions: tuple[str, ...]
    """The model versions that had learnt from it."""


def begin(connection: sqlite3.Connection, order: Forgetting) -> None:
    """Write down who asked for it; again is harmless."""
    connection.execute(BEGIN, (order.press, order.asked_by, order.person, order.at))


def forget_texts(connection: sqlite3.Connection, order: Forgetting) -> bool:
    """Forget some of the texts, with all labels on them; returns whether there may be more."""
    found = [row[0] for row in connection.execute(MESSAGES, _values(order))]
    ids = json.dumps(found)
    dropped = connection.execute(LABELS_ON, (ids,)).fetchall()
    _add_up(connection, order, (len(found), len(dropped)), found)
    _drop_labels(connection, order, dropped)
    moods_votes.withdraw(connection, found)
    for statement in DROP_TEXTS:
        connection.execute(statement, (ids,))
    return bool(found)


def forget_labels(connection: sqlite3.Connection, order: Forgetting) -> bool:
    """Forget some of the labels that the person gave; returns whether there may be more."""
    dropped = connection.execute(LABELS_BY, _values(order)).fetchall()
    _add_up(connection, order, (0, len(dropped)), (message_of(key) for _, key, _ in dropped))
    _drop_labels(connection, order, dropped)
    return bool(dropped)


def finish(connection: sqlite3.Connection, order: Forgetting) -> Forgotten:
    """Forget what is left of the person, and sum up."""
    values = _values(order)
    imported = connection.execute(DROP_IMPORTED, values).rowcount
    _add_up(connection, order, (imported, 0), ())
    for statement in (DROP_NAME, *(DROP_PERSON if order.chat_ids is None else ())):
        connection.execute(statement, values)
    texts, given, versions = connection.execute(FIND, (order.press,)).fetchone()
    return Forgotten(texts, given, tuple(json.loads(versions)))


def drop_decided(connection: sqlite3.Connection) -> int:
    """Forget the evidence that a forgotten person's open incidents kept; return how much.

    Only a message that was forgotten has neither text nor sender.
    """
    return connection.execute(DROP_DECIDED).rowcount


def find_without_text(connection: sqlite3.Connection, messages: Sequence[str]) -> set[str]:
    """Find those messages whose texts are not at hand."""
    return {row[0] for row in connection.execute(WITHOUT_TEXT, (json.dumps(list(messages)),))}


def _values(order: Forgetting) -> dict[str, object]:
    chats = None if order.chat_ids is None else json.dumps(list(order.chat_ids))
    return {"person": order.person, "chats": chats, "limit": ROWS_AT_A_TIME}


def _drop_labels(
    connection: sqlite3.Connection, order: Forgetting, dropped: Sequence[tuple[int, str, str]]
) -> None:
    ids = json.dumps([label_id for label_id, _, _ in dropped])
    for statement in DROP_LABELS:
        connection.execute(statement, (ids,))
    for key, task in {(key, task) for _, key, task in dropped}:
        labels.note_conflict(connection, key, task, order.at)


def _add_up(
    connection: sqlite3.Connection,
    order: Forgetting,
    counts: tuple[int, int],
    messages: Iterable[str],
) -> None:
    """Add to what was forgotten, and the versions that learnt from messages."""
    ids = json.dumps(list(messages))
    learnt = {version for (version,) in connection.execute(VERSIONS, (ids,))}
    *_, known = connection.execute(FIND, (order.press,)).fetchone()
    versions = json.dumps(sorted(learnt.union(json.loads(known))))
    connection.execute(ADD_UP, (*counts, versions, order.press))
