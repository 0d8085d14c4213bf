"""Reports of messages by members: who has reported what, how often, and whether it was of use."""

import sqlite3
from dataclasses import dataclass

HOUR_SECONDS = 3600.0
MOST_IN_AN_HOUR = 5
FUTILE_SECONDS = 30 * 24 * HOUR_SECONDS
MOST_FUTILE = 5
# For so long nobody is told again that nobody gets a chat's reports.
NOTICE_SECONDS = 30 * 24 * HOUR_SECONDS
# Stands for all of a chat where it is told something.
EVERYONE = 0

COUNT_LATELY = "SELECT count(*) FROM reports WHERE person_id = ? AND reported_at > ?"
COUNT_FUTILE = """
SELECT count(*) FROM reports
WHERE person_id = ? AND reported_at > ? AND chat_id = ? AND is_futile
"""
ADD = """
INSERT INTO reports (chat_id, message_id, person_id, reported_at) VALUES (?, ?, ?, ?)
ON CONFLICT (chat_id, message_id, person_id) DO NOTHING
"""
COUNT = "SELECT count(*) FROM reports WHERE chat_id = ? AND message_id = ?"
LINK = "UPDATE reports SET incident = ? WHERE chat_id = ? AND message_id = ?"
NOTICE = """
INSERT INTO report_notices (chat_id, person_id, told_at) VALUES (:chat, :person, :at)
ON CONFLICT (chat_id, person_id) DO UPDATE SET told_at = :at WHERE told_at <= :before
"""
JUDGE = "UPDATE reports SET is_futile = ? WHERE incident = ?"


@dataclass(frozen=True, slots=True)
class Report:
    """Somebody's word that a message needs a moderator."""

    chat_id: int
    message_id: int
    person_id: int
    """A person, or the chat that an anonymous admin speaks as."""
    by_moderator: bool
    at: float


def is_heard(connection: sqlite3.Connection, report: Report) -> bool:
    """Tell whether a person's reports count now: not too many, and not too many in vain."""
    if report.by_moderator:
        return True
    since = report.at - HOUR_SECONDS
    (lately,) = connection.execute(COUNT_LATELY, (report.person_id, since)).fetchone()
    values = (report.person_id, report.at - FUTILE_SECONDS, report.chat_id)
    (futile,) = connection.execute(COUNT_FUTILE, values).fetchone()
    return bool(lately < MOST_IN_AN_HOUR and futile < MOST_FUTILE)


def add(connection: sqlite3.Connection, report: Report) -> bool:
    """Write a report down; False where this person has reported this message already."""
    row = (report.chat_id, report.message_id, report.person_id, report.at)
    return connection.execute(ADD, row).rowcount == 1


def count(connection: sqlite3.Connection, chat_id: int, message_id: int) -> int:
    """Count those who reported a message."""
    return int(connection.execute(COUNT, (chat_id, message_id)).fetchone()[0])


def link(connection: sqlite3.Connection, report: Report, incident: int) -> None:
    """Note the incident that the reports of a message have led to."""
    connection.execute(LINK, (incident, report.chat_id, report.message_id))


def note_notice(connection: sqlite3.Connection, chat_id: int, person_id: int, at: float) -> bool:
    """Note that someone, or EVERYONE, is being told that nobody gets a chat's reports.

    False where they were told lately.
    """
    values = {"chat": chat_id, "person": person_id, "at": at, "before": at - NOTICE_SECONDS}
    return connection.execute(NOTICE, values).rowcount == 1


def judge(connection: sqlite3.Connection, incident: int, is_futile: bool) -> None:
    """Note whether the reports that an incident rests on were made in vain."""
    connection.execute(JUDGE, (is_futile, incident))
