"""Takes in what a reader found on a channel's preview page: posts become messages like any other.

They go onto the stream of texts, so that verdicts, counts and /mood treat them as they treat what
Telegram hands over.
"""

import sqlite3
import time
from collections.abc import Sequence

import redis.asyncio
from rq import Queue

from bot.outside.channels import MISSING
from bot.storage import channel_readings, moods_votes, watched_posts, watches
from bot.storage.channel_readings import ORDER_PREFIX, Reading
from bot.storage.database import Storage
from core.contracts import Text
from core.queues import put_texts
from core.reading import ReadEnd, ReadOutcome, ReadPart

STATES = dict.fromkeys(MISSING, "missing") | {"read": "read"}


def is_of_channel(part: ReadPart) -> bool:
    """Tell whether a part is for `take_posts`."""
    return part.order_id.startswith(ORDER_PREFIX)


async def take_posts(
    storage: Storage, connection: redis.asyncio.Redis, score_queue: Queue, part: ReadPart
) -> None:
    """Store a part's posts and have the new ones scored; the same part again is harmless.

    Raises sqlite3.Error or redis.RedisError: then take it again.
    """
    texts = await storage.write(save_part, part, time.time())
    await put_texts(connection, score_queue, texts)


def save_part(connection: sqlite3.Connection, part: ReadPart, at: float) -> Sequence[Text]:
    """Store a part in one transaction; return the texts to score.

    A part of a reading that has ended is passed over: what it says may be older than what is known.
    Texts that it left without a verdict are found by the sweep.
    """
    reading = channel_readings.find_under_way(connection, part.order_id)
    if reading is None:
        return []
    changes = watched_posts.save(connection, reading, part.posts, at)
    # Unlike what moderators remove from a chat: a channel's owner took it back.
    moods_votes.withdraw(connection, changes.gone)
    low = min((post.number for post in part.posts), default=None)
    channel_readings.note_shown(connection, reading.channel, low, changes.fresh)
    if part.end:
        end_reading(connection, reading, part.end, at)
    return changes.texts


def end_reading(connection: sqlite3.Connection, reading: Reading, end: ReadEnd, at: float) -> None:
    """Note how a reading ended, when the next one is due, and what there is to tell."""
    # Nothing before the first post is no trouble.
    is_past_first = end.outcome == "no-reviews" and reading.before is not None
    outcome: ReadOutcome = "read" if is_past_first else end.outcome
    channel_readings.end(connection, reading.channel, outcome, at)
    if outcome == "read":
        watched_posts.note_title(connection, reading, end.title, at)
    watches.note_state(connection, reading.channel, STATES.get(outcome, "trouble"))
