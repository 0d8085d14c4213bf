"""Reviews that readings found, and the verdicts on them."""

import json
import sqlite3
from collections.abc import Sequence
from typing import Any

from bot.reviews.readings import reading_of_order
from bot.reviews.stored import ScoredReview
from bot.storage import readings
from bot.storage.forgetting import ROWS_AT_A_TIME, Forgetting
from core.contracts import Text, Verdict, review_key, storable
from core.reading import ReadPart, Review

# Parts come in order, and again after a crash: one with a smaller number is there already.
TAKE_PART = """
UPDATE readings SET next_part = :number + 1, heard_at = :at, version = version + 1
WHERE id = :id AND next_part <= :number AND state IN ('asked', 'reading')
"""

COUNT_UP = "UPDATE readings SET reviews = reviews + ?, heard_at = ? WHERE source = ?"

COUNTED = "SELECT reviews FROM readings WHERE id = ?"

ADD = """
INSERT INTO reviews (reading, number, text, stars, written_at, received_at, waiting)
VALUES (?, ?, ?, ?, ?, ?, ?)
"""

SCORED = """
UPDATE reviews SET waiting = 0, model = ?, scores = ?
WHERE reading = ? AND number = ? AND waiting = 1
"""

WAITING = """
SELECT reading, number, text, received_at FROM reviews
WHERE reading = ? AND number >= ? AND waiting = 1 ORDER BY number
"""

FORGOTTEN_BY_REDIS = """
SELECT reading, number, text, received_at FROM reviews
WHERE waiting = 1 AND received_at < ? ORDER BY received_at, id LIMIT ?
"""

COUNT_WAITING = "SELECT count(*) FROM reviews WHERE reading = ? AND waiting = 1"

ALL = """
SELECT number, text, stars, written_at, coalesce(model, ''), coalesce(scores, '{}')
FROM reviews WHERE reading = ? ORDER BY number
"""

ONE = """
SELECT number, text, stars, written_at, coalesce(model, ''), coalesce(scores, '{}')
FROM reviews WHERE reading = ? AND number = ?
"""

DROP_OLD = """
DELETE FROM reviews WHERE id IN (SELECT id FROM reviews WHERE received_at < ? LIMIT ?)
"""

OF_PERSON = """
SELECT id, source FROM readings
WHERE asked_by = :person AND (:chats IS NULL OR chat_id IN (SELECT value FROM json_each(:chats)))
LIMIT 1
"""

# Others may still be shown what somebody's reading found.
DROP_UNSHARED = """
DELETE FROM reviews WHERE id IN (
    SELECT id FROM reviews WHERE reading = :source LIMIT :most
) AND NOT EXISTS (SELECT 1 FROM readings WHERE source = :source AND id <> :id)
"""

DROP_READING = "DELETE FROM readings WHERE id = ?"


def save_part(connection: sqlite3.Connection, part: ReadPart, at: float) -> list[Text]:
    """Store a part of one of our readings; return the texts that need a verdict.

    A part that is there already adds nothing; then it is all that waits, for a crash may have come
    between. What nobody waits for any more is passed over.
    """
    reading = reading_of_order(part.order_id)
    if reading is None:
        return []
    values = {"id": reading, "number": part.number, "at": at}
    if not connection.execute(TAKE_PART, values).rowcount:
        return find_waiting(connection, reading)
    first = add(connection, reading, part.reviews, at)
    readings.note_changed(connection, [reading])
    if part.end:
        readings.end(connection, reading, part.end, at)
    return find_waiting(connection, reading, first)


def add(connection: sqlite3.Connection, reading: int, found: Sequence[Review], at: float) -> int:
    """Store reviews behind those that a reading has; return the first one's number."""
    first = int(connection.execute(COUNTED, (reading,)).fetchone()[0])
    rows = [
        (
            reading,
            number,
            storable(one.text).strip(),
            one.stars,
            one.written_at,
            at,
            bool(one.text.strip()),
        )
        for number, one in enumerate(found, first)
    ]
    connection.executemany(ADD, rows)
    connection.execute(COUNT_UP, (len(rows), at, reading))
    return first


def save_verdicts(connection: sqlite3.Connection, verdicts: Sequence[Verdict]) -> set[int]:
    """Store verdicts on reviews, the first on each; return the readings that they speak of."""
    changed = set()
    for verdict in verdicts:
        reading, number = _place(verdict.key)
        row = (verdict.model, json.dumps(verdict.scores), reading, number)
        if connection.execute(SCORED, row).rowcount:
            changed.add(reading)
    readings.note_changed(connection, changed)
    return changed


def find_waiting(connection: sqlite3.Connection, reading: int, first: int = 0) -> list[Text]:
    """Find what of a reading has no verdict, from a number on."""
    return [_text(*row) for row in connection.execute(WAITING, (reading, first))]


def find_forgotten(
    connection: sqlite3.Connection, received_before: float, limit: int
) -> list[Text]:
    """Find reviews that came before an epoch second and have no verdict."""
    rows = connection.execute(FORGOTTEN_BY_REDIS, (received_before, limit))
    return [_text(*row) for row in rows]


def count_waiting(connection: sqlite3.Connection, source: int) -> int:
    """Count the reviews of a reading that have no verdict."""
    (waiting,) = connection.execute(COUNT_WAITING, (source,)).fetchone()
    return int(waiting)


def list_of(connection: sqlite3.Connection, source: int) -> list[ScoredReview]:
    """List a reading's reviews in the order of the page."""
    return [_scored(row) for row in connection.execute(ALL, (source,))]


def find(connection: sqlite3.Connection, source: int, number: int) -> ScoredReview:
    """Find one review. Raises LookupError."""
    row = connection.execute(ONE, (source, number)).fetchone()
    if row is None:
        raise LookupError(f"no review {number} in reading {source}")
    return _scored(row)


def drop_old(connection: sqlite3.Connection, received_before: float, most: int) -> int:
    """Drop reviews that came before an epoch second, at most so many; return how many."""
    return connection.execute(DROP_OLD, (received_before, most)).rowcount


def forget_some(connection: sqlite3.Connection, order: Forgetting) -> bool:
    """Drop some of what somebody had read for them; return whether there may be more."""
    chats = None if order.chat_ids is None else json.dumps(list(order.chat_ids))
    found = connection.execute(OF_PERSON, {"person": order.person, "chats": chats}).fetchone()
    if found is None:
        return False
    values = {"id": found[0], "source": found[1], "most": ROWS_AT_A_TIME}
    if connection.execute(DROP_UNSHARED, values).rowcount < ROWS_AT_A_TIME:
        connection.execute(DROP_READING, (found[0],))
    return True


def _place(key: str) -> tuple[int, int]:
    """The reading and number that a review's key names."""
    reading, number, _ = key[1:].split(":")
    return int(reading), int(number)


def _text(reading: int, number: int, text: str, received_at: float) -> Text:
    return Text(key=review_key(reading, number), text=text, received_at=received_at)


def _scored(row: Sequence[Any]) -> ScoredReview:
    return ScoredReview(*(*row[:-1], json.loads(row[-1])))
