"""Chats, and the move of a group to the new id that it gets as a supergroup."""

import json
import sqlite3
from collections.abc import Mapping, Sequence

from bot.messages import Chat
from bot.outside.channels import FIRST_ID
from bot.storage import alarms, digests, moods_moving, rollups, shadow_counting, whatif

SAVE = """
INSERT INTO chats (id, kind, title, first_seen_at, username)
SELECT ?, ?, ?, ?, ? WHERE NOT EXISTS (SELECT 1 FROM chat_moves WHERE old_id = ?)
ON CONFLICT (id) DO UPDATE SET
    kind = excluded.kind, title = excluded.title, username = excluded.username
WHERE kind IS NOT excluded.kind OR title IS NOT excluded.title
    OR username IS NOT excluded.username
"""
# A name is one chat's at a time.
GIVE_UP_NAME = "UPDATE chats SET username = NULL WHERE username = ? AND id <> ?"

MOVE = """
INSERT INTO chat_moves (old_id, new_id, moved_at) VALUES (?, ?, ?)
ON CONFLICT (old_id) DO NOTHING
"""

# The supergroup may have spoken before its migration was heard of: then its row stays.
KEEP_ROW = """
INSERT INTO chats (id, kind, title, first_seen_at)
SELECT ?, 'supergroup', title, first_seen_at FROM chats WHERE id = ?
ON CONFLICT (id) DO UPDATE SET first_seen_at = min(first_seen_at, excluded.first_seen_at)
"""

# Without channels that are read from outside: Telegram knows no such id.
RECENT = """
SELECT id, kind, title FROM chats
WHERE id > ? AND kind IN (SELECT value FROM json_each(?))
ORDER BY first_seen_at DESC, id LIMIT ?
"""

# Every table that names a chat. Message ids and verdict keys stay as they were. Where the
# supergroup has a row of its own already, what was set for the group before wins. Albums' parts
# stay where they were written: their numbers are of no use elsewhere.
REWRITES = (
    "UPDATE OR REPLACE communities SET chat_id = ? WHERE chat_id = ?",
    "UPDATE communities SET moderators_chat = ? WHERE moderators_chat = ?",
    "UPDATE OR REPLACE moderators SET chat_id = ? WHERE chat_id = ?",
    "UPDATE settings_changes SET chat_id = ? WHERE chat_id = ?",
    "UPDATE link_offers SET chat_id = ? WHERE chat_id = ?",
    "UPDATE OR REPLACE button_targets SET target = ? WHERE target = ?",
    *whatif.REWRITES,
    "UPDATE messages SET chat_id = ? WHERE chat_id = ?",
    "UPDATE actions SET chat_id = ? WHERE chat_id = ?",
    "UPDATE OR IGNORE texts SET chat_id = ? WHERE chat_id = ?",
    "UPDATE incidents SET chat_id = ? WHERE chat_id = ?",
    # A supergroup counts its messages anew: the number of a copy or a card would name another one
    # there. What is still to be decided is shown again.
    """
    UPDATE exhibits SET copy_message_id = NULL
    WHERE incident IN (SELECT id FROM incidents WHERE card_chat_id = ?2)
    """,
    """
    UPDATE incidents SET card_chat_id = ?, card_message_id = NULL,
        version = version + (state = 'open')
    WHERE card_chat_id = ?
    """,
    "UPDATE exhibits SET chat_id = ? WHERE chat_id = ?",
    "UPDATE measures SET chat_id = ? WHERE chat_id = ?",
    "UPDATE OR REPLACE reports SET chat_id = ? WHERE chat_id = ?",
    "UPDATE OR REPLACE report_notices SET chat_id = ? WHERE chat_id = ?",
    "UPDATE OR REPLACE arrivals SET chat_id = ? WHERE chat_id = ?",
    "UPDATE warnings SET chat_id = ? WHERE chat_id = ?",
    """
    UPDATE appeals SET card_chat_id = ?, card_message_id = NULL,
        version = version + (state = 'open')
    WHERE card_chat_id = ?
    """,
    *rollups.REWRITES,
    *alarms.REWRITES,
    *digests.REWRITES,
    "UPDATE trainings SET chat_id = ? WHERE chat_id = ?",
    "UPDATE shadows SET chat_id = ? WHERE chat_id = ?",
    *shadow_counting.REWRITES,
    "UPDATE readings SET chat_id = ? WHERE chat_id = ?",
    "UPDATE OR REPLACE training_proposals SET chat_id = ? WHERE chat_id = ?",
    "UPDATE OR REPLACE watches SET chat_id = ? WHERE chat_id = ?",
    "UPDATE watches SET asked_in = ? WHERE asked_in = ?",
    "UPDATE OR REPLACE products SET chat_id = ? WHERE chat_id = ?",
    "UPDATE products SET asked_in = ? WHERE asked_in = ?",
)


def save(connection: sqlite3.Connection, seen: Mapping[int, tuple[Chat, float]]) -> None:
    """Store chats with the epoch second at which each was seen."""
    rows = ((c.id, c.kind, c.title, seen_at, c.username, c.id) for c, seen_at in seen.values())
    connection.executemany(SAVE, rows)
    names = ((c.username, c.id) for c, _ in seen.values() if c.username)
    connection.executemany(GIVE_UP_NAME, names)


def recent(connection: sqlite3.Connection, kinds: Sequence[str], limit: int) -> list[Chat]:
    """List the chats of some kinds that were seen first most recently."""
    rows = connection.execute(RECENT, (FIRST_ID, json.dumps(list(kinds)), limit))
    return [Chat(*row) for row in rows]


def find_title(connection: sqlite3.Connection, chat_id: int) -> str:
    """Find what a chat is called; its id where it has no title."""
    row = connection.execute("SELECT title FROM chats WHERE id = ?", (chat_id,)).fetchone()
    return str(row[0]) if row and row[0] else str(chat_id)


def move(connection: sqlite3.Connection, old_id: int, new_id: int, moved_at: float) -> None:
    """Rewrite a group's id everywhere. Doing it again changes nothing."""
    connection.execute(MOVE, (old_id, new_id, moved_at))
    connection.execute(KEEP_ROW, (new_id, old_id))
    connection.execute("DELETE FROM chats WHERE id = ?", (old_id,))
    for rewrite in REWRITES:
        connection.execute(rewrite, (new_id, old_id))
    moods_moving.move(connection, old_id, new_id)
