"""The moderators that admins named, by community."""

import sqlite3

from bot.storage.communities import By, note_change

NAME = """
INSERT INTO moderators (chat_id, person_id, named_by, named_at) VALUES (?, ?, ?, ?)
ON CONFLICT (chat_id, person_id) DO NOTHING
"""
DISMISS = "DELETE FROM moderators WHERE chat_id = ? AND person_id = ?"
IS_NAMED = "SELECT 1 FROM moderators WHERE chat_id = ? AND person_id = ?"
OF_CHAT = "SELECT person_id FROM moderators WHERE chat_id = ? ORDER BY named_at, person_id"


def name(connection: sqlite3.Connection, chat_id: int, person_id: int, by: By) -> bool:
    """Name a moderator of a chat; False when they are one already."""
    row = (chat_id, person_id, by.person, by.at)
    if connection.execute(NAME, row).rowcount != 1:
        return False
    note_change(connection, chat_id, ("moderator", None, person_id), by)
    return True


def dismiss(connection: sqlite3.Connection, chat_id: int, person_id: int, by: By) -> bool:
    """Take a moderator's name away; False when they were none."""
    if connection.execute(DISMISS, (chat_id, person_id)).rowcount != 1:
        return False
    note_change(connection, chat_id, ("moderator", person_id, None), by)
    return True


def is_named(connection: sqlite3.Connection, chat_id: int, person_id: int) -> bool:
    """Tell whether an admin named someone, who may have left the chat since."""
    return connection.execute(IS_NAMED, (chat_id, person_id)).fetchone() is not None


def of_chat(connection: sqlite3.Connection, chat_id: int) -> list[int]:
    """List the moderators named in a chat, the first named first."""
    return [row[0] for row in connection.execute(OF_CHAT, (chat_id,))]
