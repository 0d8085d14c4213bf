"""Readings: asked for, ordered, ended, shown; states only move forward."""

import json
import sqlite3
from collections.abc import Collection, Sequence
from typing import Any

from bot.reviews.readings import Asked, Outcome, Reading
from core.reading import ReadEnd

ADD = """
INSERT INTO readings (
    press, source, kind, url, address, asked_by, chat_id, reply_to, language, asked_at, heard_at
) VALUES (?, 0, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (press) DO NOTHING
"""

OWN_SOURCE = "UPDATE readings SET source = id WHERE id = ?"

# What an earlier reading has found already, or is about to find.
BORROW = """
UPDATE readings SET source = s.id, outcome = s.outcome, found = s.found, reviews = s.reviews,
    heard_at = s.heard_at, state = CASE WHEN s.outcome IS NULL THEN 'reading' ELSE 'ended' END
FROM readings AS s WHERE readings.id = ? AND s.id = ?
"""

COLUMNS = """id, source, kind, url, asked_by, chat_id, reply_to, language, asked_at, state, version,
    message_id, heard_at, reviews, outcome, found"""

FIND = f"SELECT {COLUMNS} FROM readings WHERE id = ?"

FIND_BY_PRESS = f"SELECT {COLUMNS} FROM readings WHERE press = ?"

SAME = """
SELECT id FROM readings
WHERE address = ? AND asked_at > ? AND source = id AND kind = 'link'
AND (outcome = 'read' OR outcome IS NULL)
ORDER BY asked_at DESC LIMIT 1
"""

# What was told lacks its picture; of what is under way nothing may have been heard for long.
TO_SHOW = f"""
SELECT {COLUMNS} FROM readings WHERE id IN (
    SELECT min(id) FROM readings
    WHERE state <> 'shown' AND is_quiet = 0
    AND chat_id NOT IN (SELECT value FROM json_each(:busy))
    AND (version > shown_version OR state = 'told'
        OR state IN ('asked', 'reading') AND heard_at < :silent_since)
    GROUP BY chat_id
) ORDER BY id LIMIT :limit
"""

ORDERED = "UPDATE readings SET state = 'reading', heard_at = ? WHERE id = ? AND state = 'asked'"

HEARD = "UPDATE readings SET heard_at = ? WHERE id = ?"

END = """
UPDATE readings SET state = 'ended', outcome = ?, found = ?, heard_at = ?, version = version + 1
WHERE source = ? AND state IN ('asked', 'reading')
"""

END_ONE = """
UPDATE readings SET state = 'ended', outcome = ?, version = version + 1
WHERE id = ? AND state IN ('asked', 'reading')
"""

CHANGED = """
UPDATE readings SET version = version + 1
WHERE source IN (SELECT value FROM json_each(?)) AND state IN ('reading', 'ended')
"""

NOTE_MESSAGE = "UPDATE readings SET message_id = ? WHERE id = ?"

NOTE_SHOWN = "UPDATE readings SET shown_version = max(shown_version, ?) WHERE id = ?"

TELL = "UPDATE readings SET state = 'told', quotes = ? WHERE id = ? AND state = 'ended'"

CLOSE = "UPDATE readings SET state = 'shown' WHERE id = ?"

QUOTES = "SELECT quotes FROM readings WHERE id = ?"

UNDER_WAY = """
SELECT count(*) FROM readings
WHERE asked_by = ? AND asked_at > ? AND state IN ('asked', 'reading', 'ended')
"""

ASKED_SINCE = """
SELECT asked_at FROM readings WHERE asked_by = ? AND asked_at > ? AND source = id ORDER BY asked_at
"""

DROP_OLD = "DELETE FROM readings WHERE asked_at < ?"

QUIET = "UPDATE readings SET is_quiet = 1 WHERE id = ?"

# Whoever asked for the same page meanwhile is still to be shown it.
UNSHARED = "NOT EXISTS (SELECT 1 FROM readings WHERE source = :id AND id <> :id)"
DROP_QUIET = (
    f"DELETE FROM reviews WHERE reading = :id AND {UNSHARED}",
    f"DELETE FROM readings WHERE id = :id AND is_quiet = 1 AND {UNSHARED}",
)


def ask(connection: sqlite3.Connection, asked: Asked, read_since: float) -> Reading:
    """Write down what somebody asks for; asked again, return what there is.

    An address that was read since an epoch second, or is being read, is not read anew.
    """
    row = (
        asked.press,
        asked.kind,
        asked.url,
        asked.address,
        asked.asked_by,
        asked.chat_id,
        asked.reply_to,
        asked.language,
        asked.at,
        asked.at,
    )
    same = find_same(connection, asked.address, read_since) if asked.address else None
    added = connection.execute(ADD, row)
    if added.rowcount:
        connection.execute(OWN_SOURCE, (added.lastrowid,))
        if same is not None:
            connection.execute(BORROW, (added.lastrowid, same))
    return _reading(connection.execute(FIND_BY_PRESS, (asked.press,)).fetchone())


def find_same(connection: sqlite3.Connection, address: str, since: float) -> int | None:
    """Find the newest reading of an address that was asked for after an epoch second."""
    row = connection.execute(SAME, (address, since)).fetchone()
    return row[0] if row else None


def find(connection: sqlite3.Connection, reading: int) -> Reading:
    """Find one reading. Raises LookupError."""
    row = connection.execute(FIND, (reading,)).fetchone()
    if row is None:
        raise LookupError(f"no reading {reading}")
    return _reading(row)


def is_known(connection: sqlite3.Connection, press: str) -> bool:
    """Tell whether what asked has been written down already."""
    return connection.execute(FIND_BY_PRESS, (press,)).fetchone() is not None


def find_to_show(
    connection: sqlite3.Connection, busy: Collection[int], silent_since: float, limit: int
) -> list[Reading]:
    """Find each free chat's oldest reading of which a message must change.

    One that is under way and of which nothing was heard since an epoch second is among them.
    """
    values = {"busy": json.dumps(list(busy)), "silent_since": silent_since, "limit": limit}
    return [_reading(row) for row in connection.execute(TO_SHOW, values)]


def note_ordered(connection: sqlite3.Connection, reading: int, at: float) -> None:
    """Note that a reader has the order."""
    connection.execute(ORDERED, (at, reading))


def note_heard(connection: sqlite3.Connection, reading: int, at: float) -> None:
    """Note that something is known of a reading, if only that it waits."""
    connection.execute(HEARD, (at, reading))


def end(connection: sqlite3.Connection, source: int, found: ReadEnd, at: float) -> None:
    """Note how a reading ended, for all who are shown it; only the first end counts."""
    connection.execute(END, (found.outcome, found.model_dump_json(), at, source))


def give_up(connection: sqlite3.Connection, reading: int, outcome: Outcome) -> None:
    """End one reading by ourselves; what comes of it later is passed over."""
    connection.execute(END_ONE, (outcome, reading))


def note_changed(connection: sqlite3.Connection, sources: Collection[int]) -> None:
    """Have the messages about some readings follow."""
    connection.execute(CHANGED, (json.dumps(list(sources)),))


def note_message(connection: sqlite3.Connection, reading: int, message_id: int) -> None:
    """Note which message shows a reading; 0 where none can."""
    connection.execute(NOTE_MESSAGE, (message_id, reading))


def note_shown(connection: sqlite3.Connection, reading: int, version: int) -> None:
    """Note up to which version a reading is shown."""
    connection.execute(NOTE_SHOWN, (version, reading))


def tell(connection: sqlite3.Connection, reading: int, quotes: Sequence[int]) -> None:
    """Note that the report stands in the chat, quoting reviews by their numbers."""
    connection.execute(TELL, (json.dumps(list(quotes)), reading))


def close(connection: sqlite3.Connection, reading: int) -> None:
    """Note that there is nothing more to show."""
    connection.execute(CLOSE, (reading,))


def find_quotes(connection: sqlite3.Connection, reading: int) -> list[int]:
    """Find the numbers of the reviews that a report quotes. Raises LookupError."""
    row = connection.execute(QUOTES, (reading,)).fetchone()
    if row is None:
        raise LookupError(f"no reading {reading}")
    quotes: list[int] = json.loads(row[0])
    return quotes


def is_under_way(connection: sqlite3.Connection, person: int, since: float) -> bool:
    """Tell whether somebody waits for a reading that they asked for after an epoch second."""
    (count,) = connection.execute(UNDER_WAY, (person, since)).fetchone()
    return bool(count)


def list_asked(connection: sqlite3.Connection, person: int, since: float) -> list[float]:
    """List when somebody asked for what was not known yet, after an epoch second."""
    return [at for (at,) in connection.execute(ASKED_SINCE, (person, since))]


def hush(connection: sqlite3.Connection, reading: int) -> None:
    """Have no message show a reading: it is for figures alone."""
    connection.execute(QUIET, (reading,))


def drop_quiet(connection: sqlite3.Connection, reading: Reading) -> None:
    """Drop a quiet reading with its reviews, unless somebody is shown them."""
    for statement in DROP_QUIET:
        connection.execute(statement, {"id": reading.id})


def drop_old(connection: sqlite3.Connection, asked_before: float) -> int:
    """Drop readings that were asked for before an epoch second; return how many."""
    return connection.execute(DROP_OLD, (asked_before,)).rowcount


def _reading(row: Sequence[Any]) -> Reading:
    found = ReadEnd.model_validate_json(row[-1]) if row[-1] else None
    return Reading(*(*row[:-1], found))
