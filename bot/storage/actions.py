"""Actions: what was decided about a verdict, moving from planned to done or failed, never back."""

import json
import sqlite3
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from bot.storage.verdicts import message_of

PLAN = """
INSERT INTO actions (kind, key, message, chat_id, state, reasons, planned_at, changed_at)
VALUES (?, ?, ?, ?, 'planned', ?, ?, ?)
ON CONFLICT (key, kind) DO NOTHING
"""

# One a chat, its oldest: a chat's actions go one after the other, and a chat that floods holds
# one place.
NEXT = """
SELECT min(id), kind, key, chat_id FROM actions
WHERE state IN ('planned', 'sending') AND chat_id NOT IN (SELECT value FROM json_each(?))
GROUP BY chat_id ORDER BY 1 LIMIT ?
"""

START = "UPDATE actions SET state = 'sending', changed_at = ? WHERE id = ? AND state = 'planned'"

FINISH = """
UPDATE actions SET state = ?, sent_message_id = ?, note = ?, changed_at = ? WHERE id = ?
"""

IS_LATEST = """
SELECT 1 FROM actions AS a JOIN messages AS m ON m.id = a.message
WHERE a.id = ? AND a.key = m.id || ':' || m.state
"""

# Not an answer to another message that once had the same number. The minute is for clocks that
# disagree.
EARLIER_ANSWER = """
SELECT b.sent_message_id FROM actions AS a
JOIN messages AS m ON m.id = a.message
JOIN actions AS b ON b.message = a.message AND b.kind = a.kind AND b.id < a.id
WHERE a.id = ? AND b.sent_message_id IS NOT NULL AND b.planned_at > m.sent_at - 60
ORDER BY b.id DESC LIMIT 1
"""

KEY_OF = "SELECT key FROM actions WHERE id = ? AND chat_id = ?"


@dataclass(frozen=True, slots=True)
class Plan:
    """An action to take because of a verdict."""

    kind: str
    key: str
    chat_id: int
    reasons: Sequence[str]


@dataclass(frozen=True, slots=True)
class Action:
    """An action that is not finished."""

    id: int
    kind: str
    key: str
    chat_id: int

    @property
    def lane(self) -> int:
        return self.chat_id

    @property
    def message_id(self) -> int:
        """The message that the verdict speaks of, by its id within its chat."""
        return int(message_of(self.key).rpartition(":")[2])


@dataclass(frozen=True, slots=True)
class Outcome:
    """How an action ended."""

    state: str
    note: str | None = None
    sent_message_id: int | None = None


def plan(connection: sqlite3.Connection, plans: Sequence[Plan], planned_at: float) -> None:
    """Write down actions to take; each kind once a verdict."""
    rows = (
        (p.kind, p.key, message_of(p.key), p.chat_id, json.dumps(p.reasons), planned_at, planned_at)
        for p in plans
    )
    connection.executemany(PLAN, rows)


def find_next(
    connection: sqlite3.Connection, busy_chats: Collection[int], limit: int
) -> list[Action]:
    """Find each free chat's oldest unfinished action, those that a crash cut short included."""
    rows = connection.execute(NEXT, (json.dumps(list(busy_chats)), limit))
    return [Action(*row) for row in rows]


def start(connection: sqlite3.Connection, action_id: int, at: float) -> None:
    """Note that an action is being taken; after a crash it is so already."""
    connection.execute(START, (at, action_id))


def finish(connection: sqlite3.Connection, action_id: int, outcome: Outcome, at: float) -> None:
    """Note how an action ended."""
    row = (outcome.state, outcome.sent_message_id, outcome.note, at, action_id)
    connection.execute(FINISH, row)


def is_latest(connection: sqlite3.Connection, action_id: int) -> bool:
    """Tell whether the action still speaks of its message's latest state."""
    return connection.execute(IS_LATEST, (action_id,)).fetchone() is not None


def find_earlier_answer(connection: sqlite3.Connection, action_id: int) -> int | None:
    """Find the bot's message that answered an earlier state of the same message, if it did."""
    row = connection.execute(EARLIER_ANSWER, (action_id,)).fetchone()
    return row[0] if row else None


def find_key(connection: sqlite3.Connection, action_id: int, chat_id: int) -> str:
    """Find the verdict behind an action of a chat. Raises LookupError."""
    row = connection.execute(KEY_OF, (action_id, chat_id)).fetchone()
    if row is None:
        raise LookupError(f"no action {action_id} in chat {chat_id}")
    return str(row[0])
