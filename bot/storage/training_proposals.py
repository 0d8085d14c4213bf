"""Proposals to train: one a moderators' chat between two trainings."""

import sqlite3
from dataclasses import dataclass

# Distinct questions that were answered since; more than these make no difference.
COUNT_NEW = """
SELECT chat_id, count(*) FROM (
    SELECT DISTINCT l.key, l.task, coalesce(m.chat_id, t.chat_id) AS chat_id
    FROM (SELECT * FROM labels WHERE id > ? ORDER BY id LIMIT 5000) AS l
    LEFT JOIN messages AS m ON m.id = l.message LEFT JOIN texts AS t ON t.id = l.message
) WHERE chat_id IS NOT NULL GROUP BY chat_id
"""

PROPOSE = """
INSERT INTO training_proposals (chat_id, since, labels, proposed_at) VALUES (?, ?, ?, ?)
ON CONFLICT (chat_id, since) DO NOTHING
"""

UNSENT = """
SELECT chat_id, since, labels FROM training_proposals
WHERE message_id IS NULL AND since = ? ORDER BY proposed_at LIMIT 20
"""

NOTE_MESSAGE = "UPDATE training_proposals SET message_id = ? WHERE chat_id = ? AND since = ?"


@dataclass(frozen=True, slots=True)
class Proposal:
    """A proposal to train that the moderators have not seen yet."""

    chat_id: int
    since: int
    labels: int


def count_new(connection: sqlite3.Connection, since: int) -> dict[int, int]:
    """Count, for each chat, the texts that were labelled after a row of the ledger."""
    return dict(connection.execute(COUNT_NEW, (since,)).fetchall())


def propose(connection: sqlite3.Connection, proposal: Proposal, at: float) -> None:
    """Write a proposal down; a chat's second one since the same training is none."""
    connection.execute(PROPOSE, (proposal.chat_id, proposal.since, proposal.labels, at))


def find_unsent(connection: sqlite3.Connection, since: int) -> list[Proposal]:
    """Find the proposals that still make sense and were not sent."""
    return [Proposal(*row) for row in connection.execute(UNSENT, (since,))]


def note_message(connection: sqlite3.Connection, proposal: Proposal, message_id: int) -> None:
    """Note that a proposal was sent; 0 where it could not be."""
    connection.execute(NOTE_MESSAGE, (message_id, proposal.chat_id, proposal.since))
