"""What /stats reads: the labelled texts of some chats beside their verdicts, and counts of all.

Every query here is bounded by an index or a limit, and all run on the connection for long reads.
"""

import json
import sqlite3
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from bot.labelling.agreement import Pair
from bot.predictions import predict
from bot.stats.strata import Judged, agreed_truth
from bot.storage import labels, rollups
from bot.storage.rollups import DAY_SECONDS, DayCount, LatencyCount, PredictionCount, Scope, day_of

# The newest of a month; more would make figures hardly surer.
MOST_LABELS = 20_000
MOST_PAIRS = 2_000
# Days that figures look back: four weeks and the one that they are compared with.
LOOK_BACK_DAYS = 35
WEEK_DAYS, MONTH_DAYS = 7, 30
LATENCY_DAYS = 14
MINUTE_SECONDS = 60.0

# Texts that were asked about because two versions differed would make the model look worse than it
# is. The label came after its text, so the index on its time bounds what is looked at. `+m.chat_id`
# keeps SQLite from starting at the chats' messages, which are many.
LABELLED = """
SELECT l.key, l.task, l.chosen, v.scores, v.model, m.chat_id, v.received_at
FROM labels_in_force AS l
JOIN messages AS m ON m.id = l.message
JOIN verdicts AS v ON v.key = l.key
WHERE l.pressed_at >= :since AND v.received_at >= :since
AND +m.chat_id IN (SELECT value FROM json_each(:chats))
AND NOT EXISTS (
    SELECT 1 FROM label_questions AS q
    WHERE q.message = l.message AND q.who = l.who AND q.task = l.task AND q.reason = 'shadow'
)
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
    days: Sequence[DayCount]
    present: PresentModel | None
    pairs: dict[str, list[Pair]]
    """Two people's labels on one text, by task."""
    received_in_minute: int


def gather(connection: sqlite3.Connection, chats: Sequence[int], now: float) -> Facts:
    """Read what /stats says of some chats, at an epoch second."""
    today = day_of(now)
    week, month = today - WEEK_DAYS + 1, today - MONTH_DAYS + 1
    scope = Scope(chats, today - LOOK_BACK_DAYS + 1, week, month)
    version = connection.execute(PRESENT_MODEL).fetchone()
    first = min([scope.first] + ([day_of(version[1])] if version else []))
    judged = find_judged(connection, chats, first)
    return Facts(
        titles=_find_titles(connection, chats),
        recent=_count(connection, scope, [one for one in judged if one.day >= scope.first]),
        days=rollups.find_days(connection, replace(scope, first=today - LATENCY_DAYS + 1)),
        present=_find_present(connection, scope, version, judged) if version else None,
        pairs=_find_pairs(connection, chats, judged),
        received_in_minute=_count_received(connection, chats, now),
    )


def find_judged(
    connection: sqlite3.Connection, chats: Sequence[int], first_day: int
) -> list[Judged]:
    """Find the texts of some chats since a day that people labelled and agree on."""
    values = {
        "chats": json.dumps(list(chats)),
        "since": first_day * DAY_SECONDS,
        "limit": MOST_LABELS,
    }
    by_text: defaultdict[tuple[str, str], list[tuple[Any, ...]]] = defaultdict(list)
    for key, task, *rest in connection.execute(LABELLED, values):
        by_text[key, task].append(tuple(rest))
    return [one for (_, task), said in by_text.items() for one in _judge(task, said)]


def _judge(task: str, said: Sequence[tuple[Any, ...]]) -> Iterator[Judged]:
    """Put together what people said of one text; nothing where they differ."""
    _, scores, model, chat_id, received_at = said[0]
    truth = agreed_truth([row[0] for row in said])
    prediction = predict(json.loads(scores).get(task, {}))
    if truth is not None and prediction is not None:
        yield Judged(task, truth, prediction, model, chat_id, day_of(received_at))


def _count(connection: sqlite3.Connection, scope: Scope, judged: Sequence[Judged]) -> Counts:
    predictions = rollups.find_predictions(connection, scope)
    return Counts(judged, predictions, rollups.find_latencies(connection, scope))


def _find_present(
    connection: sqlite3.Connection,
    scope: Scope,
    version: tuple[str, float],
    judged: Sequence[Judged],
) -> PresentModel:
    name, since = version
    own = [one for one in judged if one.model == name]
    counts = _count(connection, replace(scope, first=day_of(since), model=name), own)
    return PresentModel(name, since, counts)


def _find_pairs(
    connection: sqlite3.Connection, chats: Sequence[int], judged: Sequence[Judged]
) -> dict[str, list[Pair]]:
    tasks = sorted({one.task for one in judged})
    return {task: labels.find_pairs(connection, task, chats, MOST_PAIRS) for task in tasks}


def _find_titles(connection: sqlite3.Connection, chats: Collection[int]) -> dict[int, str]:
    found = connection.execute(TITLES, (json.dumps(list(chats)),)).fetchall()
    titles = {chat_id: title for chat_id, title in found if title}
    return {chat_id: titles.get(chat_id, str(chat_id)) for chat_id in chats}


def _count_received(connection: sqlite3.Connection, chats: Collection[int], now: float) -> int:
    values = (now - MINUTE_SECONDS, json.dumps(list(chats)))
    (received,) = connection.execute(RECEIVED, values).fetchone()
    return int(received)
