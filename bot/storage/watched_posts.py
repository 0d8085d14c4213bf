"""Posts of channels that are read from outside: seen, changed, gone. Their texts are messages."""

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

from bot.messages import Chat, Message
from bot.outside.channels import mark_of
from bot.storage import chats, messages, mood_places, moods_votes
from bot.storage.channel_readings import Reading
from core.contracts import Text
from core.reading import ChannelPost

KNOWN = """
SELECT number, CASE WHEN gone_at IS NULL THEN mark ELSE '' END FROM watched_posts
WHERE channel = ? AND number IN (SELECT value FROM json_each(?))
"""
SAVE = """
INSERT INTO watched_posts (channel, number, mark) VALUES (?, ?, ?)
ON CONFLICT (channel, number) DO UPDATE SET mark = excluded.mark, gone_at = NULL
"""
# What lies between two posts that a page shows is on that page, or was deleted. Beyond them, and
# on a page that shows fewer, nothing is known.
MISSING = """
SELECT number FROM watched_posts
WHERE channel = :channel AND number > :low AND number < :high AND gone_at IS NULL
AND number NOT IN (SELECT value FROM json_each(:shown))
"""
GONE = "UPDATE watched_posts SET gone_at = ? WHERE channel = ? AND number = ?"
# As in messages.PURGE: what was labelled stays with its label.
DROP_TEXT = """
UPDATE messages SET text = NULL, waiting = 0
WHERE id = ? AND NOT EXISTS (SELECT 1 FROM labels_in_force AS l WHERE l.message = messages.id)
"""

# What Telegram hands over of a channel that the bot is in is known already, under another id.
HANDED_OVER = """
SELECT message_id FROM messages
WHERE chat_id = ? AND message_id IN (SELECT value FROM json_each(?))
"""
WATCHED_AS = """
SELECT m.id FROM watched_channels AS w JOIN messages AS m ON m.id = w.chat_id || ':' || ?
WHERE w.name = ? AND m.text IS NOT NULL
"""


@dataclass(frozen=True, slots=True)
class Changes:
    """What a page says that was not known."""

    texts: Sequence[Text]
    """New or edited ones, to be scored."""
    gone: Sequence[str]
    """Ids of messages that are there no more."""
    fresh: int
    """How many posts are new, edited or gone, those without texts, too."""


def save(
    connection: sqlite3.Connection, reading: Reading, posts: Sequence[ChannelPost], at: float
) -> Changes:
    """Store what a page shows of a channel; the same page again changes nothing."""
    known = _known(connection, reading, posts)
    fresh = [post for post in posts if known.get(post.number) != mark_of(post.text)]
    rows = ((reading.channel, post.number, mark_of(post.text)) for post in fresh)
    connection.executemany(SAVE, rows)
    twins = _handed_over(connection, reading.chat_id, fresh)
    seen = [post for post in fresh if post.number not in twins]
    texts = messages.save(
        connection, [_message(reading, post, at, post.number in known) for post in seen]
    )
    gone = _note_gone(connection, reading, [post.number for post in posts], at)
    return Changes(texts, gone, len(fresh) + len(gone))


def give_way(connection: sqlite3.Connection, posts: Sequence[Message]) -> None:
    """Let posts that Telegram hands over count once, where they were read from outside before."""
    places = ((post.message_id, post.chat.username) for post in posts)
    found = [row[0] for place in places for row in connection.execute(WATCHED_AS, place)]
    connection.executemany(DROP_TEXT, ((message,) for message in found))
    moods_votes.withdraw(connection, found)


def note_title(connection: sqlite3.Connection, reading: Reading, title: str, at: float) -> None:
    """Note what a channel is called."""
    chat = Chat(reading.chat_id, "channel", title or reading.title)
    chats.save(connection, {chat.id: (chat, at)})


def _known(
    connection: sqlite3.Connection, reading: Reading, posts: Sequence[ChannelPost]
) -> dict[int, str]:
    numbers = json.dumps([post.number for post in posts])
    return dict(connection.execute(KNOWN, (reading.channel, numbers)).fetchall())


def _handed_over(
    connection: sqlite3.Connection, watched: int, posts: Sequence[ChannelPost]
) -> set[int]:
    """The numbers of those posts that came by Telegram, too."""
    twin = mood_places.twin_of(connection, watched)
    if twin is None:
        return set()
    numbers = json.dumps([post.number for post in posts])
    return {row[0] for row in connection.execute(HANDED_OVER, (twin, numbers))}


def _note_gone(
    connection: sqlite3.Connection, reading: Reading, shown: Sequence[int], at: float
) -> list[str]:
    if not shown:
        return []
    values = {
        "channel": reading.channel,
        "low": min(shown),
        "high": max(shown),
        "shown": json.dumps(list(shown)),
    }
    numbers = [number for (number,) in connection.execute(MISSING, values)]
    gone = [f"{reading.chat_id}:{number}" for number in numbers]
    connection.executemany(GONE, ((at, reading.channel, number) for number in numbers))
    connection.executemany(DROP_TEXT, ((message,) for message in gone))
    return gone


def _message(reading: Reading, post: ChannelPost, at: float, is_known: bool) -> Message:
    return Message(
        chat=Chat(reading.chat_id, "channel", reading.title),
        message_id=post.number,
        sender_id=None,
        text=post.text,
        sent_at=int(post.posted_at),
        # The page says that a post was edited and not when: it was after it was last looked at.
        edited_at=int(at) if is_known else 0,
        thread_id=None,
        reply_to=None,
        album=None,
        update_id=reading.number,
        received_at=at,
        language=None,
    )
