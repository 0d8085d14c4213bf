"""Messages and the chats and people they came with. What is stored here is what gets scored."""

import json
import sqlite3
from collections.abc import Sequence

from bot.messages import Message
from bot.storage import arrivals, chats, people
from core.contracts import Text

# A redelivered or older state changes nothing. Two edits within one second carry the same date:
# the later update wins, and its state is one higher, so that its key is another one. The same
# number with another time is another message: under a new BOT_TOKEN private chats count anew.
# An empty text is what an edit has left of one: it makes no new message.
SAVE = """
INSERT INTO messages (
    id, chat_id, message_id, thread_id, reply_to, album, sender_id, text, state, edited_at,
    update_id, sent_at, received_at, has_media
)
SELECT
    :id, coalesce((SELECT new_id FROM chat_moves WHERE old_id = :chat_id), :chat_id),
    :message_id, :thread_id, :reply_to, :album, :sender_id, :text, :edited_at, :edited_at,
    :update_id, :sent_at, :received_at, :has_media
WHERE :text <> '' OR EXISTS (SELECT 1 FROM messages WHERE id = :id)
ON CONFLICT (id) DO UPDATE SET
    thread_id = excluded.thread_id,
    reply_to = excluded.reply_to,
    album = excluded.album,
    sender_id = excluded.sender_id,
    text = excluded.text,
    state = max(excluded.edited_at, messages.state + 1),
    edited_at = excluded.edited_at,
    update_id = excluded.update_id,
    sent_at = excluded.sent_at,
    received_at = excluded.received_at,
    waiting = 1
WHERE excluded.sent_at <> messages.sent_at OR excluded.text IS NOT messages.text AND (
    excluded.edited_at > messages.edited_at
    OR excluded.edited_at = messages.edited_at AND excluded.update_id > messages.update_id
)
"""

TO_SCORE = """
SELECT id || ':' || state, text, received_at FROM messages
WHERE waiting = 1 AND text IS NOT NULL AND id IN (SELECT value FROM json_each(?))
ORDER BY received_at
"""

FORGOTTEN_BY_REDIS = """
SELECT id || ':' || state, text, received_at FROM messages
WHERE waiting = 1 AND text IS NOT NULL AND received_at < ? ORDER BY received_at LIMIT ?
"""

# A label is worth nothing without its text, so labelled texts stay, while the label counts.
PURGE = """
UPDATE messages SET text = NULL, waiting = 0
WHERE rowid > ? AND rowid <= ? AND received_at < ? AND text IS NOT NULL
AND NOT EXISTS (SELECT 1 FROM labels_in_force AS l WHERE l.message = messages.id)
"""

LAST_ROW = "SELECT coalesce(max(rowid), 0) FROM messages"


def save(connection: sqlite3.Connection, messages: Sequence[Message]) -> list[Text]:
    """Store messages, the latest state of each, and return the texts that need a verdict."""
    chats.save(connection, {m.chat.id: (m.chat, m.received_at) for m in messages})
    people.save(connection, [m for m in messages if m.language and m.sender_id])
    arrivals.save(connection, messages)
    connection.executemany(SAVE, map(_row, messages))
    ids = json.dumps([message.id for message in messages])
    return _texts(connection.execute(TO_SCORE, (ids,)))


def find_forgotten(
    connection: sqlite3.Connection, received_before: float, limit: int
) -> list[Text]:
    """Find texts that came before an epoch second and have no verdict."""
    return _texts(connection.execute(FORGOTTEN_BY_REDIS, (received_before, limit)))


def purge_texts(
    connection: sqlite3.Connection, received_before: float, rows: tuple[int, int]
) -> int:
    """Drop old texts among rows after the first and up to the last named; return how many.

    A text is old when it came before an epoch second. Its verdicts stay.
    """
    return connection.execute(PURGE, (*rows, received_before)).rowcount


def find_last_row(connection: sqlite3.Connection) -> int:
    """Find the number of the row that was added last."""
    (last,) = connection.execute(LAST_ROW).fetchone()
    return int(last)


def _row(message: Message) -> dict[str, object]:
    return {
        "id": message.id,
        "chat_id": message.chat.id,
        "message_id": message.message_id,
        "thread_id": message.thread_id,
        "reply_to": message.reply_to,
        "album": message.album,
        "sender_id": message.sender_id,
        "text": message.text,
        "edited_at": message.edited_at,
        "update_id": message.update_id,
        "sent_at": message.sent_at,
        "received_at": message.received_at,
        "has_media": message.has_media,
    }


def _texts(rows: sqlite3.Cursor) -> list[Text]:
    return [Text(key=key, text=text, received_at=received_at) for key, text, received_at in rows]
