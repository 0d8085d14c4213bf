"""Some texts of a period, drawn evenly, for the words that moved and for examples."""

import json
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.mood.votes import HOUR_SECONDS, WHOLE
from bot.storage import mood_places

HOURS = """
SELECT chat_id, hour, votes FROM mood_hours
WHERE chat_id IN (SELECT value FROM json_each(?)) AND hour >= ? AND hour < ? AND votes > 0
"""

# Ordered by what copies share, which is as good as by chance; the earliest of copies stands.
DRAW = """
SELECT message, author, negative, neutral, positive, min(sent_at) FROM mood_texts
WHERE chat_id = ? AND hour = ? GROUP BY copy LIMIT ?
"""

TEXTS = """
SELECT id, text FROM messages
WHERE id IN (SELECT value FROM json_each(?)) AND text IS NOT NULL
"""

DELETED = """
SELECT e.message FROM exhibits AS e JOIN measures AS m
ON m.incident = e.incident AND m.kind = 'delete' AND m.target = e.message_id AND m.state = 'done'
WHERE e.message IN (SELECT value FROM json_each(?))
"""


@dataclass(frozen=True, slots=True)
class DrawnText:
    """A text that counts, and what it says of the mood."""

    message: str
    chat_id: int
    """Where it stands now; its name may begin with what the chat was before."""
    author: int
    text: str
    negative: float
    neutral: float
    positive: float
    is_post: bool = False
    """A channel's own: all of them have one author, and each stands for itself."""

    @property
    def voice(self) -> int | str:
        """Of whom no more than one text is shown at a time."""
        return self.message if self.is_post else self.author


def draw(
    connection: sqlite3.Connection, chats: Sequence[int], period: tuple[float, float], most: int
) -> list[DrawnText]:
    """Draw about so many texts that are at hand, from each hour as its votes are many."""
    since, until = (int(-(-at // HOUR_SECONDS)) for at in period)
    hours = connection.execute(HOURS, (json.dumps(list(chats)), since, until)).fetchall()
    votes = sum(row[2] for row in hours)
    drawn = []
    for chat_id, hour, count in hours:
        rows = connection.execute(DRAW, (chat_id, hour, -(-most * count // votes)))
        drawn += [(chat_id, *row) for row in rows]
    texts = find_texts(connection, [row[1] for row in drawn])
    channels = {one for one in chats if mood_places.is_channel(connection, one)}
    return [
        DrawnText(
            message,
            chat_id,
            author,
            texts[message],
            negative / WHOLE,
            neutral / WHOLE,
            positive / WHOLE,
            is_post=chat_id in channels,
        )
        for chat_id, message, author, negative, neutral, positive, _ in drawn
        if message in texts
    ]


def find_texts(connection: sqlite3.Connection, messages: Iterable[str]) -> dict[str, str]:
    """Find the texts of those messages that are at hand."""
    return dict(connection.execute(TEXTS, (json.dumps(list(messages)),)).fetchall())


def find_deleted(connection: sqlite3.Connection, messages: Iterable[str]) -> set[str]:
    """Find those that moderators had deleted."""
    return {row[0] for row in connection.execute(DELETED, (json.dumps(list(messages)),))}
