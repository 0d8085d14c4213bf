"""What a threshold would have done: scores counted by chat, day and percent as they are saved.

Counts rather than a query over verdicts, which would read every text of the week at each press.
"""

import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from bot.storage.judged import Judged

DAY_SECONDS = 24 * 3600
# Below it nothing is counted: no threshold goes there.
LEAST_PERCENT = 50
MOST_LABELS = 10_000

ADD = """
INSERT INTO score_counts (chat_id, task, label, day, percent, texts) VALUES (?, ?, ?, ?, ?, ?)
ON CONFLICT DO UPDATE SET texts = texts + excluded.texts
"""

COUNTS = """
SELECT percent, sum(texts) FROM score_counts
WHERE chat_id = :chat AND task = :task AND label = :label AND day >= :day
GROUP BY percent
"""

# From the labels, which are few, to their verdicts; each text once, whoever called it wrong.
WRONG = """
SELECT DISTINCT l.key, json_extract(v.scores, :path)
FROM (
    SELECT * FROM labels_in_force
    WHERE pressed_at >= :since AND task = :task AND chosen <> :label
    ORDER BY pressed_at DESC LIMIT :most
) AS l
JOIN verdicts AS v ON v.key = l.key
JOIN messages AS m ON m.id = l.message
WHERE m.chat_id = :chat AND v.received_at >= :since
AND json_extract(v.scores, :path) >= :least / 100.0
"""

# A group that moves brings its counts along, beside what the supergroup has already.
REWRITES = (
    """
    INSERT INTO score_counts (chat_id, task, label, day, percent, texts)
    SELECT ?1, task, label, day, percent, texts FROM score_counts WHERE chat_id = ?2
    ON CONFLICT DO UPDATE SET texts = texts + excluded.texts
    """,
    "DELETE FROM score_counts WHERE ?1 <> ?2 AND chat_id = ?2",
)


@dataclass(frozen=True, slots=True)
class Alarm:
    """What a threshold watches for: a label of a task."""

    task: str
    label: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """How many texts reached a threshold, and how many of those people called otherwise."""

    cards: int
    wrong: int


def add(connection: sqlite3.Connection, fresh: Sequence[Judged]) -> None:
    """Count verdicts that were stored just now; each is to be counted once."""
    counts = Counter(cell for one in fresh for cell in _cells(one))
    connection.executemany(ADD, ((*cell, n) for cell, n in counts.items()))


def outcomes(
    connection: sqlite3.Connection, chat_id: int, alarm: Alarm, since: float
) -> dict[int, Outcome]:
    """What each threshold, in percent from 50 to 100, would have done in a chat since then.

    Reckoned in whole days of UTC. Every state of a message counts, and who wrote it does not.
    """
    values = {
        "chat": chat_id,
        "task": alarm.task,
        "label": alarm.label,
        "since": since,
        "day": int(since // DAY_SECONDS),
        "path": f'$."{alarm.task}"."{alarm.label}"',
        "least": LEAST_PERCENT,
        "most": MOST_LABELS,
    }
    counted: dict[int, int] = dict(connection.execute(COUNTS, values).fetchall())
    wrong = Counter(percent_of(p) for _, p in connection.execute(WRONG, values))
    return {
        percent: Outcome(_at_least(percent, counted.items()), _at_least(percent, wrong.items()))
        for percent in range(LEAST_PERCENT, 101)
    }


def percent_of(probability: float) -> int:
    """The whole percent that a probability reaches."""
    return int(100 * probability + 1e-9)


def _at_least(percent: int, counted: Iterable[tuple[int, int]]) -> int:
    return sum(texts for reached, texts in counted if reached >= percent)


def _cells(one: Judged) -> Iterator[tuple[int, str, str, int, int]]:
    day = int(one.verdict.received_at // DAY_SECONDS)
    for task, probabilities in one.verdict.scores.items():
        for label, probability in probabilities.items():
            percent = percent_of(probability)
            if percent >= LEAST_PERCENT:
                yield one.message.chat_id, task, label, day, percent
