"""Turns a decision about an incident into measures; all within the caller's transaction."""

import sqlite3

from bot.incidents import Incident, Sanction
from bot.storage import exhibits, measures
from bot.storage.incidents import Presser
from bot.storage.measures import Plan


def plan_sanction(
    connection: sqlite3.Connection, incident: Incident, sanction: Sanction, presser: Presser
) -> None:
    """Plan what settles an incident: for each of its messages, and each of its senders."""
    what = Plan(incident.id, incident.chat_id, presser.id, presser.at)
    found = exhibits.list_of_incident(connection, incident.id)
    if sanction.deletes:
        targets = sorted({exhibit.message_id for exhibit in found})
        measures.plan(connection, what, "delete", targets)
    if sanction.person:
        senders = sorted({e.sender_id for e in found if e.sender_id is not None})
        until = int(presser.at) + sanction.seconds if sanction.seconds else None
        measures.plan(connection, what, sanction.person, senders, until)
