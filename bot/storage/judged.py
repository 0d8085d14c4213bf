"""What verdicts speak of: looked up once a batch, for everything that is counted and decided."""

import json
import sqlite3
from collections.abc import Sequence
from typing import NamedTuple

from bot.messages import Chat
from core.contracts import Verdict

FIND = """
SELECT m.id, m.state, m.chat_id, c.kind, c.title, coalesce(m.thread_id, 0),
    coalesce(m.sender_id, m.chat_id), m.sent_at, m.text
FROM messages AS m LEFT JOIN chats AS c ON c.id = m.chat_id
WHERE m.id IN (SELECT value FROM json_each(?))
"""


class Spoken(NamedTuple):
    """A message as it stands."""

    id: str
    state: int
    chat_id: int
    """Where it is now: a group may have moved since."""
    chat_kind: str | None
    chat_title: str | None
    thread: int
    """0 outside of threads."""
    author: int
    """A person, or the chat that is spoken for."""
    sent_at: int
    text: str | None


class Judged(NamedTuple):
    """A verdict beside the message that it speaks of."""

    verdict: Verdict
    message: Spoken

    @property
    def is_latest(self) -> bool:
        """Whether the verdict speaks of what the message says now, not of an older edit."""
        return self.verdict.key == f"{self.message.id}:{self.message.state}"

    @property
    def chat(self) -> Chat | None:
        """Where the message is; None where the chat is not known."""
        message = self.message
        if message.chat_kind is None:
            return None
        return Chat(message.chat_id, message.chat_kind, message.chat_title)


def find(connection: sqlite3.Connection, verdicts: Sequence[Verdict]) -> list[Judged]:
    """Find what verdicts speak of; one whose message is not known is left out."""
    messages = [verdict.key.rpartition(":")[0] for verdict in verdicts]
    rows = connection.execute(FIND, (json.dumps(messages),))
    found = {row[0]: Spoken._make(row) for row in rows}
    pairs = zip(verdicts, messages, strict=True)
    return [Judged(verdict, found[message]) for verdict, message in pairs if message in found]
