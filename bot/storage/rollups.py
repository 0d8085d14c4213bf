"""Verdicts counted by chat and day as they are saved, for figures about months of them.

Counts rather than queries, since percentiles of a million rows would take seconds, and rather than
a sample of the newest rows, which would know nothing of last week. Counting costs the writer
microseconds a verdict; reading costs what there are chats and days, however much was written.
"""

import json
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import NamedTuple

from bot.latency import TOTAL, bucket_of, stages_of
from bot.predictions import predict
from bot.storage.judged import Judged

DAY_SECONDS = 24 * 3600

ADD_LATENCY = """
INSERT INTO latency_counts (chat_id, day, model, stage, bucket, texts) VALUES (?, ?, ?, ?, ?, ?)
ON CONFLICT DO UPDATE SET texts = texts + excluded.texts
"""

ADD_PREDICTION = """
INSERT INTO prediction_counts (chat_id, day, model, task, label, confidence, texts)
VALUES (?, ?, ?, ?, ?, ?, ?)
ON CONFLICT DO UPDATE SET texts = texts + excluded.texts
"""

NOTE_MODEL = """
INSERT INTO model_starts (model, first_saved_at) VALUES (?, ?) ON CONFLICT DO NOTHING
"""

# Summed over the days of a week, and of the rest: `max(day)` stands for any of them.
LATENCIES = """
SELECT chat_id, max(day), stage, bucket, sum(texts) FROM latency_counts
WHERE chat_id IN (SELECT value FROM json_each(:chats)) AND day >= :first
AND (:model IS NULL OR model = :model)
GROUP BY chat_id, day >= :week, stage, bucket
"""

DAYS = """
SELECT day, bucket, sum(texts) FROM latency_counts
WHERE chat_id IN (SELECT value FROM json_each(:chats)) AND day >= :first
AND (:model IS NULL OR model = :model) AND stage = :stage
GROUP BY day, bucket
"""

PREDICTIONS = """
SELECT chat_id, max(day), task, label, confidence, sum(texts) FROM prediction_counts
WHERE chat_id IN (SELECT value FROM json_each(:chats)) AND day >= :first
AND (:model IS NULL OR model = :model)
GROUP BY chat_id, (day >= :week) + (day >= :month), task, label, confidence
"""

# A group that moves brings its counts along, beside what the supergroup has already.
REWRITES = (
    """
    INSERT INTO latency_counts (chat_id, day, model, stage, bucket, texts)
    SELECT ?1, day, model, stage, bucket, texts FROM latency_counts WHERE chat_id = ?2
    ON CONFLICT DO UPDATE SET texts = texts + excluded.texts
    """,
    """
    INSERT INTO prediction_counts (chat_id, day, model, task, label, confidence, texts)
    SELECT ?1, day, model, task, label, confidence, texts FROM prediction_counts
    WHERE chat_id = ?2
    ON CONFLICT DO UPDATE SET texts = texts + excluded.texts
    """,
    "DELETE FROM latency_counts WHERE ?1 <> ?2 AND chat_id = ?2",
    "DELETE FROM prediction_counts WHERE ?1 <> ?2 AND chat_id = ?2",
)


class LatencyCount(NamedTuple):
    """How many texts of a chat took how long in a stage."""

    chat_id: int
    day: int
    stage: str
    bucket: int
    texts: int


class DayCount(NamedTuple):
    """How many texts of a day took how long from end to end."""

    day: int
    bucket: int
    texts: int


class PredictionCount(NamedTuple):
    """How many texts of a chat were taken for a label, and how surely."""

    chat_id: int
    day: int
    task: str
    label: str
    tenth: int
    texts: int


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose counts, since which day (that day included), and by which model, if by one only.

    Days before the last week, and those before the last month, are summed up, since figures part
    them no further: a count's `day` is one of those that it sums up.
    """

    chats: Sequence[int]
    first: int
    week: int
    month: int
    """The days on which the last week and month began."""
    model: str | None = None


def day_of(at: float) -> int:
    """The day that an epoch second lies in, counted from 1970 in UTC."""
    return int(at // DAY_SECONDS)


def add(connection: sqlite3.Connection, fresh: Sequence[Judged], saved_at: float) -> None:
    """Count verdicts that were stored just now; each is to be counted once."""
    latencies = Counter(cell for one in fresh for cell in _latencies(one, saved_at))
    predictions = Counter(cell for one in fresh for cell in _predictions(one))
    connection.executemany(ADD_LATENCY, ((*cell, n) for cell, n in latencies.items()))
    connection.executemany(ADD_PREDICTION, ((*cell, n) for cell, n in predictions.items()))


def note_models(connection: sqlite3.Connection, models: Iterable[str], saved_at: float) -> None:
    """Note since when models have said something, unless that is known."""
    connection.executemany(NOTE_MODEL, ((model, saved_at) for model in models))


def find_latencies(connection: sqlite3.Connection, scope: Scope) -> list[LatencyCount]:
    """List what was counted of the times that texts took."""
    return [LatencyCount(*row) for row in connection.execute(LATENCIES, _values(scope))]


def find_days(connection: sqlite3.Connection, scope: Scope) -> list[DayCount]:
    """List what was counted of the whole times of each day's texts."""
    values = _values(scope) | {"stage": TOTAL}
    return [DayCount(*row) for row in connection.execute(DAYS, values)]


def find_predictions(connection: sqlite3.Connection, scope: Scope) -> list[PredictionCount]:
    """List what was counted of what texts were taken for."""
    return [PredictionCount(*row) for row in connection.execute(PREDICTIONS, _values(scope))]


def _values(scope: Scope) -> dict[str, object]:
    return asdict(scope) | {"chats": json.dumps(list(scope.chats))}


def _latencies(one: Judged, saved_at: float) -> Iterator[tuple[int, int, str, str, int]]:
    verdict, day = one.verdict, day_of(one.verdict.received_at)
    for stage, seconds in stages_of(verdict, saved_at).items():
        yield one.message.chat_id, day, verdict.model, stage, bucket_of(seconds)


def _predictions(one: Judged) -> Iterator[tuple[int, int, str, str, str, int]]:
    verdict, day = one.verdict, day_of(one.verdict.received_at)
    for task, probabilities in verdict.scores.items():
        if found := predict(probabilities):
            yield one.message.chat_id, day, verdict.model, task, found.label, found.tenth
