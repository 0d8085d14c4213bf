"""Cards that a moderators' chat could not be shown, for when it can be again."""

import sqlite3

# What is older nobody waits for.
MISSED_SECONDS = 7 * 24 * 3600.0

# What waits for a person; an edit may be missing on a card that is there. And what the bot did
# while nobody saw it.
INCIDENTS = """
UPDATE incidents SET version = version + 1
WHERE chat_id = ? AND changed_at > ? AND shown_version = version
AND (state = 'open' OR state = 'settled' AND settled_by = 0 AND card_chat_id IS NULL)
"""
APPEALS = """
UPDATE appeals SET version = version + 1
WHERE incident IN (SELECT id FROM incidents WHERE chat_id = ?) AND asked_at > ?
AND shown_version = version AND state = 'open'
"""


def show_anew(connection: sqlite3.Connection, chat_id: int, at: float) -> None:
    """Have what is undecided in a community shown again, in whatever chat moderates it now."""
    for statement in (INCIDENTS, APPEALS):
        connection.execute(statement, (chat_id, at - MISSED_SECONDS))
