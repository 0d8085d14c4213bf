"""Warnings that people were given in a community, each once an incident, until taken back."""

import sqlite3
from dataclasses import dataclass

from bot.moderation.incidents import Incident

# For so long a warning counts.
COUNTS_SECONDS = 30 * 24 * 3600.0

# One that led to a mute has used up those before it.
COUNT = """
SELECT count(*) FROM warnings
WHERE chat_id = :chat AND person_id = :person AND withdrawn_at IS NULL AND given_at > :since
AND id > coalesce((
    SELECT max(id) FROM warnings
    WHERE chat_id = :chat AND person_id = :person AND withdrawn_at IS NULL AND mutes
), 0)
"""

GIVE = """
INSERT INTO warnings (incident, chat_id, person_id, number, most, mutes, given_at)
VALUES (?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (incident, person_id) DO NOTHING
"""

OF_INCIDENT = """
SELECT person_id, number, most, mutes FROM warnings
WHERE incident = ? AND withdrawn_at IS NULL ORDER BY id
"""

WITHDRAW = """
UPDATE warnings SET withdrawn_at = ? WHERE incident = ? AND withdrawn_at IS NULL
"""
WITHDRAW_ONE = WITHDRAW + "AND person_id = ?"


@dataclass(frozen=True, slots=True)
class Warned:
    """A warning in force: the `number`-th of `most`, after which its person is muted."""

    person_id: int
    number: int
    most: int
    mutes: bool


def give(
    connection: sqlite3.Connection, incident: Incident, person_id: int, most: int, at: float
) -> Warned | None:
    """Warn a person because of an incident; None where that is done already."""
    chat = incident.chat_id
    values = {"chat": chat, "person": person_id, "since": at - COUNTS_SECONDS}
    number = int(connection.execute(COUNT, values).fetchone()[0]) + 1
    warned = Warned(person_id, number, most, number >= most)
    row = (incident.id, chat, person_id, number, most, warned.mutes, at)
    return warned if connection.execute(GIVE, row).rowcount == 1 else None


def list_of_incident(connection: sqlite3.Connection, incident: int) -> list[Warned]:
    """List the warnings in force that an incident led to."""
    rows = connection.execute(OF_INCIDENT, (incident,))
    return [Warned(person, number, most, bool(mutes)) for person, number, most, mutes in rows]


def withdraw(connection: sqlite3.Connection, incident: int, at: float) -> None:
    """Take an incident's warnings back: they count no more."""
    connection.execute(WITHDRAW, (at, incident))


def withdraw_one(connection: sqlite3.Connection, incident: int, person_id: int, at: float) -> None:
    """Take one person's warning because of an incident back."""
    connection.execute(WITHDRAW_ONE, (at, incident, person_id))
