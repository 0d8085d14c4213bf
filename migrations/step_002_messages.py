"""Chats, the people who spoke to the bot, and messages."""

from sqlite_utils import Database

CHATS = """
CREATE TABLE chats (
    id INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,
    title TEXT,
    first_seen_at REAL NOT NULL
)
"""

# A group that becomes a supergroup gets another id; late updates still carry the old one.
CHAT_MOVES = """
CREATE TABLE chat_moves (
    old_id INTEGER PRIMARY KEY,
    new_id INTEGER NOT NULL,
    moved_at REAL NOT NULL
)
"""

PEOPLE = """
CREATE TABLE people (
    id INTEGER PRIMARY KEY,
    language TEXT,
    first_seen_at REAL NOT NULL
)
"""

# `id` is `<chat_id>:<message_id>` as they were when the message came, for ever: message ids start
# anew in a supergroup, so the pair with the new chat id could name two messages.
# `state` is the third part of the key: 0, or the time of the latest edit.
MESSAGES = """
CREATE TABLE messages (
    id TEXT PRIMARY KEY,
    chat_id INTEGER NOT NULL,
    message_id INTEGER NOT NULL,
    thread_id INTEGER,
    reply_to INTEGER,
    album TEXT,
    sender_id INTEGER,
    text TEXT,
    state INTEGER NOT NULL,
    edited_at INTEGER NOT NULL,
    update_id INTEGER NOT NULL,
    sent_at INTEGER NOT NULL,
    received_at REAL NOT NULL,
    waiting INTEGER NOT NULL DEFAULT 1
)
"""

BY_CHAT = "CREATE INDEX messages_by_chat ON messages (chat_id, message_id)"
# Holds only what has no verdict yet, so it stays tiny and costs the sweep nothing.
WAITING = "CREATE INDEX messages_waiting ON messages (received_at) WHERE waiting = 1"


def messages(database: Database) -> None:
    """Create the tables that the intake writes."""
    for statement in (CHATS, CHAT_MOVES, PEOPLE, MESSAGES, BY_CHAT, WAITING):
        database.execute(statement)
