"""Verdicts counted by chat and day, so that a month of millions is read within a blink."""

import json
import math
from collections import Counter
from collections.abc import Iterator

from sqlite_utils import Database

# Times of a stage (waiting, scoring, total) in buckets that grow by a constant factor.
LATENCIES = """
CREATE TABLE latency_counts (
    chat_id INTEGER NOT NULL,
    day INTEGER NOT NULL,
    model TEXT NOT NULL,
    stage TEXT NOT NULL,
    bucket INTEGER NOT NULL,
    texts INTEGER NOT NULL,
    PRIMARY KEY (chat_id, day, model, stage, bucket)
) WITHOUT ROWID
"""

# `day` counts days since 1970 in UTC, `confidence` tenths of the predicted label's probability.
# The label is `ok` where a task has one label and the model says that it does not fit.
PREDICTIONS = """
CREATE TABLE prediction_counts (
    chat_id INTEGER NOT NULL,
    day INTEGER NOT NULL,
    model TEXT NOT NULL,
    task TEXT NOT NULL,
    label TEXT NOT NULL,
    confidence INTEGER NOT NULL,
    texts INTEGER NOT NULL,
    PRIMARY KEY (chat_id, day, model, task, label, confidence)
) WITHOUT ROWID
"""

MODELS = """
CREATE TABLE model_starts (
    model TEXT PRIMARY KEY,
    first_saved_at REAL NOT NULL
) WITHOUT ROWID
"""

LABELS_BY_TIME = "CREATE INDEX labels_by_time ON labels (pressed_at)"

EARLIER = """
SELECT m.chat_id, v.model, v.scores, v.received_at, v.read_at, v.scored_at, v.saved_at
FROM verdicts AS v JOIN messages AS m ON m.id = v.message
"""
FILL_LATENCIES = "INSERT INTO latency_counts VALUES (?, ?, ?, ?, ?, ?)"
FILL_PREDICTIONS = "INSERT INTO prediction_counts VALUES (?, ?, ?, ?, ?, ?, ?)"
FILL_MODELS = """
INSERT INTO model_starts SELECT model, min(saved_at) FROM verdicts GROUP BY model
"""

# As bot/latency.py and bot/storage/rollups.py count, on the day on which this step was written.
GROWTH = 1.05 / 0.95


def rollups(database: Database) -> None:
    """Create the counts, and count what was stored before there were any."""
    for statement in (LATENCIES, PREDICTIONS, MODELS, LABELS_BY_TIME):
        database.execute(statement)
    latencies: Counter[tuple[object, ...]] = Counter()
    predictions: Counter[tuple[object, ...]] = Counter()
    for chat_id, model, scores, *times in database.execute(EARLIER):
        place = (chat_id, int(times[0] // 86400), model)
        latencies.update((*place, *cell) for cell in _latencies(*times))
        predictions.update((*place, *cell) for cell in _predictions(scores))
    connection = database.conn
    connection.executemany(FILL_LATENCIES, ((*cell, n) for cell, n in latencies.items()))
    connection.executemany(FILL_PREDICTIONS, ((*cell, n) for cell, n in predictions.items()))
    database.execute(FILL_MODELS)


def _latencies(
    received_at: float, read_at: float, scored_at: float, saved_at: float
) -> Iterator[tuple[str, int]]:
    yield "waiting", _bucket(read_at - received_at)
    yield "scoring", _bucket(scored_at - read_at)
    yield "total", _bucket(saved_at - received_at)


def _bucket(seconds: float) -> int:
    return math.ceil(math.log(max(1000 * seconds, 0.1), GROWTH))


def _predictions(scores: str) -> Iterator[tuple[str, str, int]]:
    for task, labels in json.loads(scores).items():
        if len(labels) == 1:
            labels = labels | {"ok": 1 - sum(labels.values())}
        if labels:
            label = max(labels, key=labels.__getitem__)
            yield task, label, min(int(10 * labels[label]), 9)
