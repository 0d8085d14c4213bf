"""Which picture stands below the words of a /mood: both are edited when a button is pressed."""

import sqlite3

# Whoever presses a button below older words gets a new picture.
KEPT_SECONDS = 180 * 24 * 3600

FIND = "SELECT picture FROM mood_pictures WHERE chat_id = ? AND words = ?"
SAVE = """
INSERT INTO mood_pictures (chat_id, words, picture, shown_at) VALUES (?, ?, ?, ?)
ON CONFLICT (chat_id, words) DO UPDATE SET
    picture = excluded.picture, shown_at = excluded.shown_at
"""
DROP = "DELETE FROM mood_pictures WHERE chat_id = ? AND words = ?"
DROP_OLD = "DELETE FROM mood_pictures WHERE shown_at < ?"

Words = tuple[int, int]
"""A chat, and the message in it that holds the words."""


def find(connection: sqlite3.Connection, words: Words) -> int | None:
    """Find the message that holds the picture; None where there is none."""
    row = connection.execute(FIND, words).fetchone()
    return int(row[0]) if row else None


def save(connection: sqlite3.Connection, words: Words, picture: int, at: float) -> None:
    """Note which picture belongs to some words from an epoch second on."""
    connection.execute(SAVE, (*words, picture, at))
    connection.execute(DROP_OLD, (at - KEPT_SECONDS,))


def drop(connection: sqlite3.Connection, words: Words) -> None:
    """Note that some words have no picture any more."""
    connection.execute(DROP, words)
