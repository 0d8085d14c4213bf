"""Texts of communities that keep them for less time than the operator lets them."""

import sqlite3

# Labelled texts stay, as in `bot.storage.messages.PURGE`.
DROP = """
UPDATE messages SET text = NULL, waiting = 0
WHERE rowid IN (
    SELECT rowid FROM messages
    WHERE chat_id = ? AND received_at < ? AND text IS NOT NULL
    AND id NOT IN (SELECT message FROM labels)
    LIMIT ?
)
"""
DROP_EVIDENCE = """
UPDATE exhibits SET text = NULL WHERE chat_id = ? AND added_at < ? AND text IS NOT NULL
"""


def drop_texts(
    connection: sqlite3.Connection, chat_id: int, received_before: float, most: int
) -> int:
    """Drop a chat's texts that came before an epoch second, at most so many; return how many."""
    return connection.execute(DROP, (chat_id, received_before, most)).rowcount


def drop_evidence(connection: sqlite3.Connection, chat_id: int, added_before: float) -> None:
    """Drop what a chat's incidents quote from before an epoch second."""
    connection.execute(DROP_EVIDENCE, (chat_id, added_before))
