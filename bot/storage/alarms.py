"""Alarms of rising negativity: how far each community's sum has come, and what was alarmed of."""

import json
import secrets
import sqlite3
from collections.abc import Collection
from dataclasses import astuple, fields

from bot.news.alarm import Course
from bot.news.rises import Episode, Judgement, Rise, State, Whose
from bot.storage.incidents import Presser

COURSE = ", ".join(field.name for field in fields(Course))
FIND_COURSE = f"SELECT {COURSE} FROM alarm_courses WHERE chat_id = ? AND about = ?"
SAVE_COURSE = f"""
INSERT OR REPLACE INTO alarm_courses (chat_id, about, {COURSE})
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""

RAISE = """
INSERT INTO alarms (token, chat_id, about, hour, since, votes, negative, expected, raised_at)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (chat_id, about, hour) DO NOTHING
"""
END = "UPDATE alarms SET ended = ? WHERE chat_id = ? AND about = ? AND ended IS NULL"
EPISODES = """
SELECT since, ended, judged IS 'false' FROM alarms
WHERE chat_id = ? AND about = ? AND coalesce(ended, hour) >= ? ORDER BY hour
"""
FALSE_ALARMS = """
SELECT judged_at FROM alarms WHERE chat_id = ? AND about = ? AND judged = 'false'
"""

COLUMNS = ", ".join(field.name for field in fields(Rise))
FIND = f"SELECT {COLUMNS} FROM alarms WHERE id = ?"
FIND_BY_TOKEN = f"SELECT {COLUMNS} FROM alarms WHERE token = ?"
# One of each community, its oldest; as the partial index says it.
TO_TELL = f"""
SELECT {COLUMNS} FROM alarms WHERE id IN (
    SELECT min(id) FROM alarms
    WHERE (state IN ('planned', 'sending') OR shown_version < version)
    AND chat_id NOT IN (SELECT value FROM json_each(?))
    GROUP BY chat_id
)
ORDER BY id LIMIT ?
"""
MOVE_ON = "UPDATE alarms SET state = ?, note = ? WHERE id = ?"
SENT = """
UPDATE alarms SET state = 'sent', alert_chat_id = ?, alert_message_id = ? WHERE id = ?
"""
SHOWN = "UPDATE alarms SET shown_version = max(shown_version, ?) WHERE id = ?"
JUDGE = """
UPDATE alarms SET judged = ?, judged_by = ?, judged_name = ?, judged_at = ?, version = version + 1
WHERE id = ? AND judged IS NULL
"""

# A supergroup that already has a sum of its own goes on with the group's. It counts its messages
# anew: the number of an alert would name another one there, and that would be written over.
REWRITES = (
    "UPDATE OR REPLACE alarm_courses SET chat_id = ? WHERE chat_id = ?",
    "UPDATE OR REPLACE alarm_courses SET about = ? WHERE about = ?",
    "UPDATE OR IGNORE alarms SET chat_id = ? WHERE chat_id = ?",
    "UPDATE OR IGNORE alarms SET about = ? WHERE about = ?",
    "UPDATE alarms SET alert_chat_id = ?, alert_message_id = NULL WHERE alert_chat_id = ?",
)


class NoAlarmError(LookupError):
    """A button names an alarm that is not at hand."""


def find_course(connection: sqlite3.Connection, whose: Whose) -> Course | None:
    """Find how far a sum has come; None where it has not begun."""
    row = connection.execute(FIND_COURSE, whose).fetchone()
    return Course(*row) if row else None


def save_course(connection: sqlite3.Connection, whose: Whose, course: Course) -> None:
    """Save how far a sum has come."""
    connection.execute(SAVE_COURSE, (*whose, *astuple(course)))


def raise_(connection: sqlite3.Connection, whose: Whose, course: Course, at: float) -> bool:
    """Write down an alarm, as of the hour in which it came; False where it is known already."""
    since = course.hour if course.since is None else course.since
    figures = (course.votes, course.negative, course.expected)
    row = (secrets.token_urlsafe(9), *whose, course.alarmed, since, *figures, at)
    return connection.execute(RAISE, row).rowcount == 1


def end(connection: sqlite3.Connection, whose: Whose, hour: int) -> None:
    """Note in which hour an episode has ended."""
    connection.execute(END, (hour, *whose))


def episodes(connection: sqlite3.Connection, whose: Whose, since: int) -> list[Episode]:
    """List the episodes that reach beyond an hour."""
    rows = connection.execute(EPISODES, (*whose, since))
    return [Episode(begun, ended, bool(is_false)) for begun, ended, is_false in rows]


def false_alarms(connection: sqlite3.Connection, whose: Whose) -> list[float]:
    """List when alarms were called false (epoch seconds)."""
    return [row[0] for row in connection.execute(FALSE_ALARMS, whose)]


def find(connection: sqlite3.Connection, alarm_id: int) -> Rise:
    """Find one alarm. Raises NoAlarmError."""
    return _rise(connection.execute(FIND, (alarm_id,)).fetchone())


def find_by_token(connection: sqlite3.Connection, token: str) -> Rise:
    """Find the alarm that a button names. Raises NoAlarmError."""
    return _rise(connection.execute(FIND_BY_TOKEN, (token,)).fetchone())


def find_to_tell(
    connection: sqlite3.Connection, busy_chats: Collection[int], limit: int
) -> list[Rise]:
    """Find each free community's oldest alarm that somebody is still to hear of."""
    rows = connection.execute(TO_TELL, (json.dumps(list(busy_chats)), limit))
    return [Rise(*row) for row in rows]


def move_on(connection: sqlite3.Connection, alarm_id: int, state: State, note: str | None) -> None:
    """Note what became of an alert. Raises sqlite3.IntegrityError for a step back."""
    connection.execute(MOVE_ON, (state, note, alarm_id))


def note_sent(connection: sqlite3.Connection, alarm_id: int, place: tuple[int, int]) -> None:
    """Note in which chat and message an alert stands."""
    connection.execute(SENT, (*place, alarm_id))


def note_shown(connection: sqlite3.Connection, rise: Rise) -> None:
    """Note that an alert shows its alarm as of its version."""
    connection.execute(SHOWN, (rise.version, rise.id))


def judge(
    connection: sqlite3.Connection, alarm_id: int, judgement: Judgement, presser: Presser
) -> bool:
    """Note who has seen an alarm or called it false; False where somebody was first."""
    row = (judgement, presser.id, presser.name, presser.at, alarm_id)
    return connection.execute(JUDGE, row).rowcount == 1


def _rise(row: tuple[object, ...] | None) -> Rise:
    if row is None:
        raise NoAlarmError("a button names no alarm")
    return Rise(*row)  # type: ignore[arg-type]
