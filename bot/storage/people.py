"""Those who spoke to the bot in private, and the language in which it answers them."""

import sqlite3
from collections.abc import Sequence

from bot.messages import Message

SAVE = """
INSERT INTO people (id, language, first_seen_at) VALUES (?, ?, ?)
ON CONFLICT (id) DO UPDATE SET language = excluded.language
WHERE language IS NOT excluded.language
"""


def save(connection: sqlite3.Connection, messages: Sequence[Message]) -> None:
    """Remember the language of each message's sender."""
    connection.executemany(SAVE, ((m.sender_id, m.language, m.received_at) for m in messages))


def find_language(connection: sqlite3.Connection, person_id: int) -> str | None:
    """Find the language code that a person's Telegram was last set to; None for a stranger."""
    row = connection.execute("SELECT language FROM people WHERE id = ?", (person_id,)).fetchone()
    return row[0] if row else None
