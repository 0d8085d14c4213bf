"""How chats felt, hour by hour and thread by thread: what /mood, digests and alerts read.

`bot.storage.moods_votes` keeps these sums; reading them costs what there are hours and threads,
however much was written.
"""

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

from bot.mood.votes import HOUR_SECONDS, WHOLE

HOURS = """
SELECT hour, votes, negative, neutral, positive, messages, authors FROM mood_hours
WHERE chat_id = ? AND hour >= ? AND hour < ? AND messages > 0 ORDER BY hour
"""

# With the post that a thread comments on, if it does.
THREADS = """
WITH heard AS (
    SELECT chat_id, thread, sum(votes) AS votes, sum(negative) AS negative,
        sum(neutral) AS neutral, sum(positive) AS positive, sum(messages) AS messages
    FROM mood_threads
    WHERE chat_id IN (SELECT value FROM json_each(?)) AND hour >= ? AND hour < ? AND thread <> 0
    GROUP BY chat_id, thread HAVING sum(messages) > 0
    ORDER BY sum(votes) DESC, sum(messages) DESC, thread DESC LIMIT ?
)
SELECT h.chat_id, h.thread, p.channel_id, p.post, h.messages, h.votes, h.negative, h.neutral,
    h.positive
FROM heard AS h
LEFT JOIN channel_posts AS p ON p.chat_id = h.chat_id AND p.thread = h.thread
ORDER BY h.votes DESC, h.messages DESC, h.thread DESC
"""


@dataclass(frozen=True, slots=True)
class HourMood:
    """How a chat felt in an hour."""

    hour: int
    """Hours since 1970 in UTC, of when messages were sent."""
    votes: float
    """An author is one vote in each thread, copies of a text are none."""
    negative: float
    neutral: float
    positive: float
    """Sums of the votes' probabilities: their shares of `votes` are what people felt."""
    messages: int
    """All that were scored, copies too."""
    authors: int
    """How many people and channels wrote them."""


@dataclass(frozen=True, slots=True)
class ThreadMood:
    """How a thread felt in some period; the numbers are as in HourMood."""

    chat_id: int
    thread: int
    channel_id: int | None
    post: int | None
    """What it comments on, if that is a channel's post."""
    messages: int
    votes: float
    negative: float
    neutral: float
    positive: float

    @property
    def root(self) -> str:
        """The message that it begins with: the post itself, not its copy."""
        if self.channel_id is not None:
            return f"{self.channel_id}:{self.post}"
        return f"{self.chat_id}:{self.thread}"


def hours(
    connection: sqlite3.Connection, chat_id: int, since: float, until: float
) -> list[HourMood]:
    """List the hours with messages that begin from one epoch second on and before another."""
    rows = connection.execute(HOURS, (chat_id, _first_hour(since), _first_hour(until)))
    return [HourMood(row[0], *_shares(row[1:5]), *row[5:]) for row in rows]


def busiest_threads(
    connection: sqlite3.Connection,
    chats: Sequence[int],
    period: tuple[float, float],
    limit: int,
) -> list[ThreadMood]:
    """List the threads of some chats with the most votes in a period of whole hours."""
    since, until = map(_first_hour, period)
    rows = connection.execute(THREADS, (json.dumps(list(chats)), since, until, limit))
    return [
        ThreadMood(chat_id, thread, channel_id, post, messages, *_shares(sums))
        for chat_id, thread, channel_id, post, messages, *sums in rows
    ]


def _first_hour(at: float) -> int:
    """The first hour that begins at an epoch second or after it."""
    return int(-(-at // HOUR_SECONDS))


def _shares(sums: Sequence[int]) -> tuple[float, float, float, float]:
    votes, negative, neutral, positive = sums
    return float(votes), negative / WHOLE, neutral / WHOLE, positive / WHOLE
