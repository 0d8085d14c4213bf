"""Where the posts of channels stand in their discussion groups: their comments are that thread."""

import sqlite3
from collections.abc import Sequence

from bot.messages import PostCopy

SAVE = """
INSERT INTO channel_posts (chat_id, thread, channel_id, post, posted_at)
SELECT coalesce((SELECT new_id FROM chat_moves WHERE old_id = ?1), ?1), ?2, ?3, ?4, ?5
WHERE true ON CONFLICT DO NOTHING
"""


def save(connection: sqlite3.Connection, posts: Sequence[PostCopy]) -> None:
    """Note where posts' comments go; again is harmless."""
    rows = ((p.chat_id, p.thread, p.channel_id, p.post, p.posted_at) for p in posts)
    connection.executemany(SAVE, rows)
