"""Verdicts of a chat's period, some at a time, for files: one row a message, its latest state."""

import json
import sqlite3
from dataclasses import dataclass
from typing import Any

from core.contracts import Scores

# Not what somebody asked to have forgotten, which only a group's nameless messages are; nor posts
# that a watched channel took back.
PAGE = """
SELECT m.message_id, m.id, m.chat_id, m.sent_at, m.thread_id, m.sender_id, m.edited_at, m.text,
    v.model, v.scores
FROM messages AS m
JOIN chats AS c ON c.id = m.chat_id
JOIN verdicts AS v ON v.key = m.id || ':' || m.state
WHERE m.chat_id = :chat AND (m.message_id, m.id) > (:number, :id)
AND m.sent_at >= :since AND m.sent_at < :until
AND (m.sender_id IS NOT NULL OR c.kind = 'channel')
AND NOT EXISTS (
    SELECT 1 FROM watched_channels AS w JOIN watched_posts AS p ON p.channel = w.id
    WHERE w.chat_id = m.chat_id AND p.number = m.message_id AND p.gone_at IS NOT NULL
)
ORDER BY m.message_id, m.id LIMIT :limit
"""
# One verdict of each version shows which tasks and labels it knows.
SCORES = """
SELECT v.scores FROM messages AS m JOIN verdicts AS v ON v.key = m.id || ':' || m.state
WHERE m.chat_id = :chat AND m.sent_at >= :since AND m.sent_at < :until AND v.scores <> '{}'
GROUP BY v.model
"""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Whose verdicts, on messages sent from one epoch second on and before another."""

    chat_id: int
    since: float
    until: float


@dataclass(frozen=True, slots=True)
class VerdictRow:
    """What the model says of a message."""

    message_id: int
    message: str
    """Its id, which begins with the chat where it was written."""
    chat_id: int
    sent_at: int
    thread_id: int | None
    sender_id: int | None
    edited_at: int
    text: str | None
    """None where it is not kept any longer."""
    model: str
    scores: Scores

    @property
    def has_moved(self) -> bool:
        """Whether its chat is another one since, in which its number names another message."""
        return not self.message.startswith(f"{self.chat_id}:")


BEGIN = (-1, "")


def page(
    connection: sqlite3.Connection, wanted: Wanted, after: tuple[int, str], limit: int
) -> list[VerdictRow]:
    """List the rows after one, at first BEGIN, by their numbers; the last one leads on."""
    values = {
        "chat": wanted.chat_id,
        "since": wanted.since,
        "until": wanted.until,
        "number": after[0],
        "id": after[1],
        "limit": limit,
    }
    return [_row(*row) for row in connection.execute(PAGE, values)]


def find_outputs(connection: sqlite3.Connection, wanted: Wanted) -> list[tuple[str, str]]:
    """List the tasks and labels that the period's verdicts speak of."""
    values = {"chat": wanted.chat_id, "since": wanted.since, "until": wanted.until}
    found: dict[tuple[str, str], None] = {}
    for (scores,) in connection.execute(SCORES, values):
        tasks: Scores = json.loads(scores)
        found |= {(task, label): None for task, labels in tasks.items() for label in labels}
    return sorted(found)


def _row(*columns: Any) -> VerdictRow:
    values = [*columns[:-1], json.loads(columns[-1])]
    return VerdictRow(*values)
