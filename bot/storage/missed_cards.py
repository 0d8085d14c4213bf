"""Cards that a moderators' chat could not be shown, for when it can be again."""

import sqlite3

# What is older nobody waits for.
MISSED_SECONDS = 7 * 24 * 3600.0

# What waits for a person; an edit may be missing on a card that is there. And what the bot did
# while nobody saw it.
INCIDENTS = """
UPDATE incidents SET version = version + 1
WHERE chat_id = :chat AND changed_at > :since AND shown_version = version
AND (state = 'open' OR state = 'settled' AND settled_by = 0 AND card_chat_id IS NULL)
"""
APPEALS = """
UPDATE appeals SET version = version + 1
WHERE incident IN (SELECT id FROM incidents WHERE chat_id = :chat) AND asked_at > :since
AND shown_version = version AND state = 'open'
"""
# Copies of pictures stand beside the card: another chat gets its own.
COPIES = """
UPDATE exhibits SET copy_message_id = NULL
WHERE copy_message_id IS NOT NULL AND incident IN (
    SELECT id FROM incidents
    WHERE chat_id = :chat AND changed_at > :since AND state = 'open' AND card_chat_id <> :staff
)
"""


def show_anew(
    connection: sqlite3.Connection, chat_id: int, moderators_chat: int, at: float
) -> None:
    """Have what is undecided in a community shown again, in the chat that moderates it now."""
    values = {"chat": chat_id, "staff": moderators_chat, "since": at - MISSED_SECONDS}
    for statement in (INCIDENTS, APPEALS, COPIES):
        connection.execute(statement, values)
