"""Where those speak whose mood is asked for: more chats than one for a channel."""

import sqlite3

from bot.outside.channels import is_watched

# The discussion group of a channel is where it is talked about.
DISCUSSION = """
SELECT chat_id FROM channel_posts WHERE channel_id = ? ORDER BY posted_at DESC LIMIT 1
"""
# A channel that is watched from outside, and that the bot is in, too: what Telegram hands over of
# it stands there, and nowhere else.
TWIN = """
SELECT c.id FROM watched_channels AS w
JOIN chats AS c ON c.username = w.name AND c.kind = 'channel'
WHERE w.chat_id = ? LIMIT 1
"""
NAMED = "SELECT id FROM chats WHERE username = ? AND kind = 'channel'"
IS_CHANNEL = "SELECT 1 FROM chats WHERE id = ? AND kind = 'channel'"


def places_of(connection: sqlite3.Connection, chat_id: int) -> list[int]:
    """List the chats in which a community or watched channel speaks, itself first."""
    if is_watched(chat_id):
        twin = twin_of(connection, chat_id)
        return [chat_id] if twin is None else [chat_id, twin]
    return [chat_id, *(row[0] for row in connection.execute(DISCUSSION, (chat_id,)))]


def twin_of(connection: sqlite3.Connection, watched: int) -> int | None:
    """Find the chat by which the bot is in a channel that is watched, too."""
    row = connection.execute(TWIN, (watched,)).fetchone()
    return int(row[0]) if row else None


def find_channel(connection: sqlite3.Connection, name: str) -> int | None:
    """Find the channel of a public name that the bot is or was in."""
    row = connection.execute(NAMED, (name,)).fetchone()
    return int(row[0]) if row else None


def is_channel(connection: sqlite3.Connection, chat_id: int) -> bool:
    """Tell whether all that is said in a chat is said by one channel."""
    return connection.execute(IS_CHANNEL, (chat_id,)).fetchone() is not None
