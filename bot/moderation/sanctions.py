"""Turns a decision about an incident into measures, or takes it back; in one transaction."""

import sqlite3
from collections.abc import Sequence

from bot.moderation.cards import TASK_OF_KIND
from bot.moderation.incidents import DAY_SECONDS, Exhibit, Incident, Measure, Sanction
from bot.moderation.labels import MOST_LOOKED_AT, shown_texts
from bot.storage import (
    albums,
    appeals,
    communities,
    exhibits,
    incidents,
    labels,
    measures,
    reports,
    warnings,
)
from bot.storage.incidents import Presser
from bot.storage.measures import Plan

# At Telegram's 20 messages a minute, the group would hear nothing else for that long.
MOST_RESTORED = 20


def plan_sanction(
    connection: sqlite3.Connection, incident: Incident, sanction: Sanction, presser: Presser
) -> None:
    """Plan what settles an incident: for each of its messages, and each of its senders."""
    what = Plan(incident.id, incident.chat_id, presser.id, presser.at)
    senders = exhibits.list_senders(connection, incident.id)
    if sanction.deletes:
        targets = {*exhibits.list_message_ids(connection, incident.id)}
        targets.update(albums.list_message_ids(connection, incident.id))
        measures.plan(connection, what, "delete", sorted(targets))
    if sanction.person:
        until = int(presser.at) + sanction.seconds if sanction.seconds else None
        measures.plan(connection, what, sanction.person, senders, until)
    if sanction.warns:
        _plan_warnings(connection, incident, what, senders)


def _plan_warnings(
    connection: sqlite3.Connection, incident: Incident, what: Plan, senders: Sequence[int]
) -> None:
    """Warn people, but not channels, and mute those who have been warned often enough."""
    most = communities.find(connection, incident.chat_id).warnings_before_mute
    people = [sender for sender in senders if sender > 0]
    given = [warnings.give(connection, incident, person, most, what.at) for person in people]
    fresh = [warned for warned in given if warned]
    if not incident.is_raid:
        # Nobody reads a list of raiders.
        measures.plan(connection, what, "warn", [warned.person_id for warned in fresh])
    muted = [warned.person_id for warned in fresh if warned.mutes]
    measures.plan(connection, what, "mute", muted, int(what.at) + DAY_SECONDS)


def _worth_restoring(found: Sequence[Exhibit]) -> set[int]:
    """The messages to say again: of a flood each text once, and no more than a chat bears."""
    first = {(exhibit.sender_id, exhibit.text): exhibit for exhibit in reversed(found)}
    return {exhibit.message_id for exhibit in [*first.values()][::-1][:MOST_RESTORED]}


def take_back(connection: sqlite3.Connection, incident: Incident, presser: Presser) -> bool:
    """Undo a settled incident with its label, warnings and measures; False when it is too late."""
    if not incidents.undo(connection, incident.id, presser):
        return False
    _withdraw_labels(connection, incident, shown_texts(connection, incident), presser)
    warnings.withdraw(connection, incident.id, presser.at)
    reports.judge(connection, incident.id, is_futile=False)
    appeals.take_back_all(connection, incident.id, presser)
    what = Plan(incident.id, incident.chat_id, presser.id, presser.at)
    found = exhibits.list_of_incident(connection, incident.id, MOST_LOOKED_AT)
    planned = measures.list_of_incident(connection, incident.id)
    measures.plan_reversals(connection, what, planned, _worth_restoring(found))
    return True


def lift(connection: sqlite3.Connection, incident: Incident, person: int, presser: Presser) -> None:
    """Undo what was decided about one of an incident's people; of the last one, all of it."""
    lifted = {one.person_id for one in appeals.list_lifted(connection, incident.id)}
    if not {*exhibits.list_senders(connection, incident.id)} - lifted - {person}:
        take_back(connection, incident, presser)
        return
    own = [e for e in shown_texts(connection, incident) if e.sender_id == person]
    _withdraw_labels(connection, incident, own, presser)
    warnings.withdraw_one(connection, incident.id, person, presser.at)
    what = Plan(incident.id, incident.chat_id, presser.id, presser.at)
    found = exhibits.list_of_sender(connection, incident.id, person, MOST_LOOKED_AT)
    planned = _measures_on(connection, incident, person)
    measures.plan_reversals(connection, what, planned, _worth_restoring(found))
    incidents.bump(connection, incident.id)


def _measures_on(connection: sqlite3.Connection, incident: Incident, person: int) -> list[Measure]:
    """List the measures on a person and on what they wrote."""
    numbers = exhibits.list_message_ids_of(connection, incident.id, person)
    return [
        measure
        for measure in measures.list_of_incident(connection, incident.id)
        if (measure.target in numbers if measure.kind == "delete" else measure.target == person)
    ]


def _withdraw_labels(
    connection: sqlite3.Connection, incident: Incident, texts: Sequence[Exhibit], presser: Presser
) -> None:
    for exhibit in texts:
        given = (exhibit.key, TASK_OF_KIND[incident.kind], incident.settled_by or 0)
        labels.withdraw(connection, given, presser.id, presser.at)
