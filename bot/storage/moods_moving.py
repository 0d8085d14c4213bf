"""How a group felt moves with it to the supergroup that it becomes."""

import sqlite3
from dataclasses import replace

from bot.storage.moods_votes import apply, list_of_hour

SHARED = """
SELECT hour FROM mood_hours WHERE chat_id = ?1
INTERSECT
SELECT hour FROM mood_hours WHERE chat_id = ?2
"""

# Sums are brought beside what the supergroup has already.
MOVE = (
    """
    INSERT INTO mood_hours
    SELECT ?1, hour, votes, negative, neutral, positive, messages, authors, is_closed
    FROM mood_hours WHERE chat_id = ?2
    ON CONFLICT DO UPDATE SET votes = votes + excluded.votes,
        negative = negative + excluded.negative, neutral = neutral + excluded.neutral,
        positive = positive + excluded.positive, messages = messages + excluded.messages,
        authors = authors + excluded.authors, is_closed = min(is_closed, excluded.is_closed)
    """,
    """
    INSERT INTO mood_threads
    SELECT ?1, hour, thread, votes, negative, neutral, positive, messages
    FROM mood_threads WHERE chat_id = ?2
    ON CONFLICT DO UPDATE SET votes = votes + excluded.votes,
        negative = negative + excluded.negative, neutral = neutral + excluded.neutral,
        positive = positive + excluded.positive, messages = messages + excluded.messages
    """,
    "DELETE FROM mood_hours WHERE chat_id = ?2",
    "DELETE FROM mood_threads WHERE chat_id = ?2",
    "UPDATE mood_texts SET chat_id = ?1 WHERE chat_id = ?2",
    "UPDATE mood_votes SET chat_id = ?1 WHERE chat_id = ?2",
    "UPDATE OR REPLACE channel_posts SET chat_id = ?1 WHERE chat_id = ?2",
)


def move(connection: sqlite3.Connection, old_id: int, new_id: int) -> None:
    """Bring a group's mood along; again is harmless."""
    if old_id == new_id:
        return
    # In the hour of the move its members may have spoken in both: there they are put together.
    for (hour,) in connection.execute(SHARED, (new_id, old_id)).fetchall():
        texts = list_of_hour(connection, old_id, hour)
        apply(connection, [(text, replace(text, chat_id=new_id)) for text in texts])
    for statement in MOVE:
        connection.execute(statement, (new_id, old_id))
