"""Readings of channels' preview pages: when one is due, what it has shown, how it ended."""

import re
import sqlite3
from dataclasses import asdict, dataclass

from bot.outside.channels import FIRST_PAGES, PAGES_TO_CATCH_UP, Look, Pace, next_pace
from core.reading import ReadOutcome

ORDER_PREFIX = "watch-"
ORDER_ID = re.compile(ORDER_PREFIX + r"([0-9]{1,15})-([0-9]{1,15})-([0-9]{1,15})")

# One at a time, the one that has waited longest; what nobody watches any more is left alone.
DUE = """
SELECT id FROM watched_channels AS c
WHERE ordered_at IS NULL AND due_at <= ?
AND EXISTS (
    SELECT 1 FROM watches AS w JOIN communities AS l ON l.chat_id = w.chat_id
    WHERE w.channel = c.id AND l.moderators_chat IS NOT NULL
)
ORDER BY due_at LIMIT 1
"""
BEGIN = """
UPDATE watched_channels SET
    readings = readings + 1, ordered_at = :at, asked_at = :at, low = NULL, fresh = 0,
    joins_at = CASE WHEN before IS NULL THEN :newest ELSE joins_at END,
    pages_left = CASE WHEN before IS NULL THEN :pages ELSE pages_left END
WHERE id = :channel
"""
NEWEST = "SELECT coalesce(max(number), 0) FROM watched_posts WHERE channel = ?"
SELECT_READING = """
SELECT id, name, chat_id, readings, before, ordered_at,
    (SELECT title FROM chats WHERE chats.id = chat_id)
FROM watched_channels
"""
UNDER_WAY = SELECT_READING + "WHERE id = ? AND readings = ? AND CAST(ordered_at AS INTEGER) = ?"
# Those whose order may have been lost on its way; asked for again at most so often.
TO_ASK_AGAIN = SELECT_READING + "WHERE ordered_at IS NOT NULL AND asked_at < ? ORDER BY asked_at"
NOTE_ASKED = "UPDATE watched_channels SET asked_at = ? WHERE id = ?"

SHOWN = """
UPDATE watched_channels SET
    low = CASE WHEN ?1 IS NULL THEN low ELSE min(coalesce(low, ?1), ?1) END, fresh = fresh + ?2
WHERE id = ?3
"""
FIND_LOOK = """
SELECT pause, before, pages_left, joins_at, low, fresh FROM watched_channels WHERE id = ?
"""
# All is known up to when the newest page was asked for, unless it leaves a gap that older pages
# are to fill: then up to the next time.
END = """
UPDATE watched_channels SET
    read_until = CASE
        WHEN :outcome = 'read' AND before IS NULL AND :before IS NULL THEN ordered_at
        ELSE read_until
    END,
    ordered_at = NULL, outcome = :outcome, due_at = :due_at, pause = :pause, before = :before,
    pages_left = :pages_left, joins_at = :joins_at
WHERE id = :channel
"""
# But for posts whose verdicts are still to come.
READ_UNTIL = """
SELECT min(c.read_until, coalesce((
    SELECT min(m.sent_at) FROM messages AS m WHERE m.waiting = 1 AND m.chat_id = c.chat_id
), c.read_until))
FROM watched_channels AS c WHERE c.chat_id = ? AND c.read_until IS NOT NULL
"""


@dataclass(frozen=True, slots=True)
class Reading:
    """One reading of a channel's page that is under way."""

    channel: int
    name: str
    chat_id: int
    number: int
    before: int | None
    ordered_at: float
    title: str
    """What the channel is called; its name until that is known."""

    @property
    def order_id(self) -> str:
        """The id of its order; with the time, for a new database counts anew."""
        return f"{ORDER_PREFIX}{self.channel}-{self.number}-{int(self.ordered_at)}"


def find_due(connection: sqlite3.Connection, at: float) -> int | None:
    """Find the channel that is to be read now, if one is."""
    row = connection.execute(DUE, (at,)).fetchone()
    return row[0] if row else None


def begin(connection: sqlite3.Connection, channel: int, at: float) -> Reading:
    """Begin to read a channel; the reading stays under way until it is ended."""
    (newest,) = connection.execute(NEWEST, (channel,)).fetchone()
    pages = PAGES_TO_CATCH_UP if newest else FIRST_PAGES - 1
    values = {"channel": channel, "at": at, "newest": newest, "pages": pages}
    connection.execute(BEGIN, values)
    return Reading(*connection.execute(SELECT_READING + "WHERE id = ?", (channel,)).fetchone())


def find_under_way(connection: sqlite3.Connection, order_id: str) -> Reading | None:
    """Find the reading that an order's parts are of; None once it has ended or was given up."""
    ids = ORDER_ID.fullmatch(order_id)
    row = connection.execute(UNDER_WAY, ids.groups()).fetchone() if ids else None
    return Reading(*row) if row else None


def find_to_ask_again(connection: sqlite3.Connection, asked_before: float) -> list[Reading]:
    """Find the readings under way that were last asked for before an epoch second."""
    return [Reading(*row) for row in connection.execute(TO_ASK_AGAIN, (asked_before,))]


def note_asked(connection: sqlite3.Connection, channel: int, at: float) -> None:
    """Note that the reading under way was asked for again."""
    connection.execute(NOTE_ASKED, (at, channel))


def note_shown(connection: sqlite3.Connection, channel: int, low: int | None, fresh: int) -> None:
    """Add to what the reading under way has shown."""
    connection.execute(SHOWN, (low, fresh, channel))


def end(connection: sqlite3.Connection, channel: int, outcome: ReadOutcome, at: float) -> None:
    """End the reading under way, decide when the next one is, and note how it went."""
    *pace, low, fresh = connection.execute(FIND_LOOK, (channel,)).fetchone()
    then = next_pace(Pace(*pace), Look(outcome, low, fresh))
    values = {"channel": channel, "outcome": outcome, "due_at": at + then.pause}
    connection.execute(END, values | asdict(then))


def read_until(connection: sqlite3.Connection, chat_id: int) -> float | None:
    """The epoch second up to which all is known that a channel posted; None before that is.

    By the id that its messages have.
    """
    row = connection.execute(READ_UNTIL, (chat_id,)).fetchone()
    return float(row[0]) if row else None
