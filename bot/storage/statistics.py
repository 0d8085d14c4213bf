"""What /stats reads: the labelled texts of some chats beside their verdicts, and counts of all.

Every query here is bounded by an index or a limit, and all run on the connection for long reads.
"""

import json
import sqlite3
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from bot.agreement import Pair
from bot.predictions import predict
from bot.storage import labels, rollups
from bot.storage.rollups import DAY_SECONDS, LatencyCount, PredictionCount, Scope, day_of
from bot.strata import Judged, agreed_truth

# The newest of a month; more would make figures hardly surer.
MOST_LABELS = 20_000
MOST_PAIRS = 5_000
# Days that figures look back: four weeks and the one that they are compared with.
LOOK_BACK_DAYS = 35
LATENCY_DAYS = 14
MINUTE_SECONDS = 60.0

# The label came after its text, so the index on its time bounds what is looked at. `+m.chat_id`
# keeps SQLite from starting at the chats' messages, which are many.
LABELLED = """
SELECT l.key, l.task, l.chosen, v.scores, v.received_at, m.chat_id
FROM labels_in_force AS l
JOIN messages AS m ON m.id = l.message
JOIN verdicts AS v ON v.key = l.key
WHERE l.pressed_at >= :since AND v.received_at >= :since
AND +m.chat_id IN (SELECT value FROM json_each(:chats))
AND (:model IS NULL OR v.model = :model)
ORDER BY l.pressed_at DESC LIMIT :limit
"""

PRESENT_MODEL = """
SELECT v.model, s.first_saved_at FROM verdicts AS v JOIN model_starts AS s ON s.model = v.model
WHERE v.rowid = (SELECT max(rowid) FROM verdicts)
"""

TITLES = "SELECT id, title FROM chats WHERE id IN (SELECT value FROM json_each(?))"

RECEIVED = """
SELECT count(*) FROM messages WHERE text IS NOT NULL AND received_at > ?
AND chat_id IN (SELECT value FROM json_each(?))
"""


@dataclass(frozen=True, slots=True)
class Counts:
    """Labelled texts, and what all texts of the same chats and days were taken for and took."""

    judged: Sequence[Judged]
    predictions: Sequence[PredictionCount]
    latencies: Sequence[LatencyCount]


@dataclass(frozen=True, slots=True)
class PresentModel:
    """The version that scored last, since its first verdict (epoch seconds)."""

    name: str
    since: float
    counts: Counts


@dataclass(frozen=True, slots=True)
class Facts:
    """All that is stored and that /stats speaks of."""

    titles: dict[int, str]
    """Of the chats that it speaks of, by id."""
    recent: Counts
    present: PresentModel | None
    pairs: dict[str, list[Pair]] = field(default_factory=dict)
    """Two people's labels on one text, by task."""
    received_in_minute: int = 0


def gather(connection: sqlite3.Connection, chats: Sequence[int], now: float) -> Facts:
    """Read what /stats says of some chats, at an epoch second."""
    today = day_of(now)
    recent = Counts(
        find_judged(connection, Scope(chats, today - LOOK_BACK_DAYS + 1)),
        rollups.find_predictions(connection, Scope(chats, today - LOOK_BACK_DAYS + 1)),
        rollups.find_latencies(connection, Scope(chats, today - LATENCY_DAYS + 1)),
    )
    return Facts(
        titles=_find_titles(connection, chats),
        recent=recent,
        present=_find_present(connection, chats),
        pairs={
            task: labels.find_pairs(connection, task, chats, MOST_PAIRS)
            for task in sorted({one.task for one in recent.judged})
        },
        received_in_minute=_count_received(connection, chats, now),
    )


def find_judged(connection: sqlite3.Connection, scope: Scope) -> list[Judged]:
    """Find the texts of a scope that people labelled and agree on, beside what the model said."""
    since = scope.day * DAY_SECONDS
    values = {
        "chats": json.dumps(list(scope.chats)),
        "since": since,
        "model": scope.model,
        "limit": MOST_LABELS,
    }
    rows = sorted(connection.execute(LABELLED, values))
    by_text = groupby(rows, key=lambda row: (row[0], row[1]))
    return [one for _, said in by_text for one in _judge(list(said))]


def _judge(said: Sequence[tuple[str, str, str, str, float, int]]) -> Iterator[Judged]:
    """Put together what people said of one text and task; nothing where they differ."""
    _, task, _, scores, received_at, chat_id = said[0]
    truth = agreed_truth([row[2] for row in said])
    prediction = predict(json.loads(scores).get(task, {}))
    if truth is not None and prediction is not None:
        yield Judged(task, truth, prediction, chat_id, day_of(received_at))


def _find_present(connection: sqlite3.Connection, chats: Sequence[int]) -> PresentModel | None:
    row = connection.execute(PRESENT_MODEL).fetchone()
    if row is None:
        return None
    name, since = row
    scope = Scope(chats, day_of(since), name)
    counts = Counts(
        find_judged(connection, scope),
        rollups.find_predictions(connection, scope),
        rollups.find_latencies(connection, scope),
    )
    return PresentModel(name, since, counts)


def _find_titles(connection: sqlite3.Connection, chats: Collection[int]) -> dict[int, str]:
    found = connection.execute(TITLES, (json.dumps(list(chats)),)).fetchall()
    titles = {chat_id: title for chat_id, title in found if title}
    return {chat_id: titles.get(chat_id, str(chat_id)) for chat_id in chats}


def _count_received(connection: sqlite3.Connection, chats: Collection[int], now: float) -> int:
    values = (now - MINUTE_SECONDS, json.dumps(list(chats)))
    (received,) = connection.execute(RECEIVED, values).fetchone()
    return int(received)
