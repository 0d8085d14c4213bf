"""Turns members' reports into a card: from how many, and when they are left alone."""

import sqlite3

from bot.moderation.incidents import REPORTED, Exhibit
from bot.policy import Decision, Reason
from bot.storage import exhibits, filing, incidents, reports
from bot.storage.reports import Report

# So many people, or one moderator, raise a card.
REPORTERS = 3


def take_report(connection: sqlite3.Connection, report: Report, seen: Exhibit) -> bool:
    """Count a report, in one transaction; returns whether a card changes.

    `seen` is the message as Telegram quotes it; what is kept of it counts more.
    """
    if not reports.is_heard(connection, report) or not reports.add(connection, report):
        return False
    exhibit = exhibits.find_of_message(connection, seen.message) or seen
    if filing.is_decided(connection, exhibit) and not report.by_moderator:
        return False
    people = reports.count(connection, report.chat_id, report.message_id)
    is_open = filing.find_to_join(connection, exhibit.message) is not None
    if not is_open and not report.by_moderator and people < REPORTERS:
        return False
    _file(connection, report, exhibit, Reason(REPORTED, people))
    return True


def _file(connection: sqlite3.Connection, report: Report, exhibit: Exhibit, reason: Reason) -> None:
    incident = filing.file(connection, exhibit, Decision("moderate", (reason,)), report.at)
    incidents.add_reason(connection, incident, reason)
    reports.link(connection, report, incident)
