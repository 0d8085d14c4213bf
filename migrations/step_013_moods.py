"""How chats feel, hour by hour: votes, what they are made of, and which threads are posts'.

One author is one vote an hour and thread, and of copies of a text in an hour and chat only the
first counts. Sums are whole millionths, so that what was added can be taken away without a trace.
"""

import hashlib
import json
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from sqlite_utils import Database

# One row a message, its latest scored state, until the text is not kept any longer. `copy` is what
# copies of a text share; in an hour and chat the earliest of them counts, and this key finds it.
TEXTS = """
CREATE TABLE mood_texts (
    message TEXT NOT NULL,
    chat_id INTEGER NOT NULL,
    hour INTEGER NOT NULL,
    thread INTEGER NOT NULL,
    author INTEGER NOT NULL,
    copy INTEGER NOT NULL,
    sent_at INTEGER NOT NULL,
    negative INTEGER NOT NULL,
    neutral INTEGER NOT NULL,
    positive INTEGER NOT NULL,
    PRIMARY KEY (chat_id, hour, copy, sent_at, message)
) WITHOUT ROWID
"""
BY_MESSAGE = "CREATE UNIQUE INDEX mood_texts_by_message ON mood_texts (message)"

# An author's part: `messages` came, `texts` of them count, and the vote is their mean.
VOTES = """
CREATE TABLE mood_votes (
    chat_id INTEGER NOT NULL,
    hour INTEGER NOT NULL,
    author INTEGER NOT NULL,
    thread INTEGER NOT NULL,
    messages INTEGER NOT NULL,
    texts INTEGER NOT NULL,
    negative INTEGER NOT NULL,
    neutral INTEGER NOT NULL,
    positive INTEGER NOT NULL,
    PRIMARY KEY (chat_id, hour, author, thread)
) WITHOUT ROWID
"""

# What is left when authors are forgotten. `hour` counts hours since 1970 in UTC.
THREADS = """
CREATE TABLE mood_threads (
    chat_id INTEGER NOT NULL,
    hour INTEGER NOT NULL,
    thread INTEGER NOT NULL,
    votes INTEGER NOT NULL,
    negative INTEGER NOT NULL,
    neutral INTEGER NOT NULL,
    positive INTEGER NOT NULL,
    messages INTEGER NOT NULL,
    PRIMARY KEY (chat_id, hour, thread)
) WITHOUT ROWID
"""
# `is_closed` once its texts are dropped: from then on nothing can be replaced in it.
HOURS = """
CREATE TABLE mood_hours (
    chat_id INTEGER NOT NULL,
    hour INTEGER NOT NULL,
    votes INTEGER NOT NULL,
    negative INTEGER NOT NULL,
    neutral INTEGER NOT NULL,
    positive INTEGER NOT NULL,
    messages INTEGER NOT NULL,
    authors INTEGER NOT NULL,
    is_closed INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (chat_id, hour)
) WITHOUT ROWID
"""
OPEN_HOURS = "CREATE INDEX mood_hours_open ON mood_hours (hour, chat_id) WHERE is_closed = 0"

# Where a channel's posts stand in its discussion group: their comments are that thread.
POSTS = """
CREATE TABLE channel_posts (
    chat_id INTEGER NOT NULL,
    thread INTEGER NOT NULL,
    channel_id INTEGER NOT NULL,
    post INTEGER NOT NULL,
    posted_at INTEGER NOT NULL,
    PRIMARY KEY (chat_id, thread)
) WITHOUT ROWID
"""
BY_CHANNEL = "CREATE INDEX channel_posts_by_channel ON channel_posts (channel_id, posted_at)"

# As bot/storage/moods_votes.py counts, on the day on which this step was written: the texts at
# hand that came last, and no more than take a few seconds.
MOST_EARLIER = 200_000
EARLIER = """
SELECT m.id, m.chat_id, m.sent_at / 3600, coalesce(m.thread_id, 0),
    coalesce(m.sender_id, m.chat_id), m.text, m.sent_at, v.scores
FROM (
    SELECT * FROM messages WHERE text IS NOT NULL ORDER BY rowid DESC LIMIT ?
) AS m
JOIN verdicts AS v ON v.key = m.id || ':' || m.state
WHERE m.chat_id < 0
"""
FILL_TEXTS = "INSERT INTO mood_texts VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
FILL_VOTES = "INSERT INTO mood_votes VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
# Both from the votes, which are there by then.
FILL_THREADS = """
INSERT INTO mood_threads
SELECT chat_id, hour, thread, sum(texts > 0), sum(negative / max(texts, 1)),
    sum(neutral / max(texts, 1)), sum(positive / max(texts, 1)), sum(messages)
FROM mood_votes GROUP BY chat_id, hour, thread
"""
FILL_HOURS = """
INSERT INTO mood_hours
SELECT chat_id, hour, sum(texts > 0), sum(negative / max(texts, 1)),
    sum(neutral / max(texts, 1)), sum(positive / max(texts, 1)), sum(messages),
    count(DISTINCT author), 0
FROM mood_votes GROUP BY chat_id, hour
"""

LABELS = ("negative", "neutral", "positive")
Row = tuple[Any, ...]


def moods(database: Database) -> None:
    """Create what moods are kept in, and count the texts that are at hand."""
    tables = (TEXTS, BY_MESSAGE, VOTES, THREADS, HOURS, OPEN_HOURS, POSTS, BY_CHANNEL)
    for statement in tables:
        database.execute(statement)
    texts = list(_texts(database.execute(EARLIER, (MOST_EARLIER,))))
    connection = database.conn
    connection.executemany(FILL_TEXTS, texts)
    connection.executemany(FILL_VOTES, _votes(texts))
    database.execute(FILL_THREADS)
    database.execute(FILL_HOURS)


def _texts(rows: Iterator[Row]) -> Iterator[Row]:
    for message, chat_id, hour, thread, author, text, sent_at, scores in rows:
        sentiment = json.loads(scores).get("sentiment", {})
        if text and any(label in sentiment for label in LABELS):
            feeling = (round(1_000_000 * sentiment.get(label, 0)) for label in LABELS)
            yield message, chat_id, hour, thread, author, _copy(text), sent_at, *feeling


def _votes(texts: Sequence[Row]) -> Iterator[Row]:
    """Sum texts up by chat, hour, author and thread; of copies only the earliest counts."""
    sums: defaultdict[Row, list[int]] = defaultdict(lambda: [0] * 5)
    heard = set()
    # In the order of time, then of the messages' names.
    for message in sorted(texts, key=lambda row: (row[6], row[0])):
        _, chat_id, hour, thread, author, copy, _, *feeling = message
        counts = (chat_id, hour, copy) not in heard
        heard.add((chat_id, hour, copy))
        cell = sums[chat_id, hour, author, thread]
        for place, value in enumerate((1, 1, *feeling)):
            cell[place] += value if counts or place == 0 else 0
    return ((*place, *cell) for place, cell in sums.items())


def _copy(text: str) -> int:
    """As bot/fingerprints.py tells copies, in 64 bits with a sign."""
    folded = unicodedata.normalize("NFKC", text).casefold().replace("\u0451", "\u0435")
    words = "".join(c if c.isalnum() else " " for c in folded).split()
    kept = " ".join(words) or " ".join(folded.split())
    digest = hashlib.blake2b(kept.encode("utf-8", "replace"), digest_size=16).digest()
    return int.from_bytes(digest[:8], "big", signed=True)
