"""Messages on which the champion and the version on trial differ: asked about, and judged."""

import json
import sqlite3
from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from bot.labelling.questions import Candidate, Question
from bot.storage.labelling import SOURCE
from bot.storage.training_data import majority
from bot.storage.verdicts import message_of
from bot.training import trial
from bot.training.trial import Difference, Figures, Winner

# What a moderator is offered at once; the next ones come with the next question.
MOST_OFFERED = 50

# What nobody has judged, and this person neither wrote nor was asked about.
QUESTIONS = """
SELECT d.key, m.text, m.chat_id, v.scores, v.model, d.task
FROM shadow_differences AS d
JOIN messages AS m ON m.id = d.message AND d.key = m.id || ':' || m.state
JOIN verdicts AS v ON v.key = d.key
WHERE d.shadow = (SELECT id FROM shadows WHERE state = 'open')
AND d.chat_id IN (SELECT value FROM json_each(:chats))
AND m.text IS NOT NULL AND m.sender_id IS NOT :who
AND NOT EXISTS (
    SELECT 1 FROM labels_in_force AS l
    WHERE l.message = d.message AND l.key = d.key AND l.task = d.task
    AND (l.source = :source OR l.who = :who)
)
AND NOT EXISTS (
    SELECT 1 FROM label_questions AS q
    WHERE q.message = d.message AND q.who = :who AND q.task = d.task
)
LIMIT :limit
"""

# A card shows what the champion says, so what is pressed there would speak for it.
JUDGED = """
SELECT d.key, d.task, d.before, d.after, l.chosen
FROM shadow_differences AS d
JOIN labels_in_force AS l ON l.message = d.message AND l.key = d.key AND l.task = d.task
WHERE d.shadow = ? AND l.source = ?
"""

COUNTS = "SELECT task, agreed, differed FROM shadow_counts WHERE shadow = ?"

TEXTS = """
SELECT m.chat_id, m.message_id, m.id, m.text FROM messages AS m
WHERE m.id || ':' || m.state = :key AND m.id = :message AND m.text IS NOT NULL
"""

DROP = "DELETE FROM shadow_differences WHERE shadow = ?"


@dataclass(frozen=True, slots=True)
class Example:
    """A message on which people said who was right."""

    chat_id: int
    message_id: int
    """0 where Telegram knows it by another number by now."""
    text: str
    difference: Difference
    winner: Winner


def find_questions(
    connection: sqlite3.Connection, who: int, chat_ids: Collection[int]
) -> list[Question]:
    """Find differences of the trial under way that somebody could judge; none without one."""
    chats = json.dumps(list(chat_ids))
    values = {"who": who, "chats": chats, "source": SOURCE, "limit": MOST_OFFERED}
    return [
        Question(Candidate(key, text, chat_id, json.loads(scores), model), task, "shadow")
        for key, text, chat_id, scores, model, task in connection.execute(QUESTIONS, values)
    ]


def measure(connection: sqlite3.Connection, shadow_id: int) -> Figures:
    """Sum up a trial as it stands."""
    counts = {
        task: (agreed, differed)
        for task, agreed, differed in connection.execute(COUNTS, (shadow_id,))
    }
    judged = [(found.task, won) for _, found, won in _judged(connection, shadow_id)]
    return trial.tally(counts, judged)


def find_examples(
    connection: sqlite3.Connection, shadow_id: int, chats: Collection[int] | None
) -> list[Example]:
    """Find what people have judged in some chats, or in all, with texts that are at hand."""
    found = []
    for key, difference, won in _judged(connection, shadow_id):
        values = {"key": key, "message": message_of(key)}
        row = connection.execute(TEXTS, values).fetchone()
        if row and won != "neither" and (chats is None or row[0] in chats):
            chat_id, message_id, first_id, text = row
            # A group that became a supergroup counts its messages anew.
            is_where_it_was = first_id.startswith(f"{chat_id}:")
            number = message_id if is_where_it_was else 0
            found.append(Example(chat_id, number, text, difference, won))
    return found


def drop(connection: sqlite3.Connection, shadow_id: int) -> None:
    """Forget what a trial differed on; its counts stay."""
    connection.execute(DROP, (shadow_id,))


def _judged(
    connection: sqlite3.Connection, shadow_id: int
) -> Iterator[tuple[str, Difference, Winner]]:
    """Yield each difference on which most of those who were asked agree, by the message's key."""
    said: defaultdict[tuple[str, Difference], list[str]] = defaultdict(list)
    for key, task, before, after, chosen in connection.execute(JUDGED, (shadow_id, SOURCE)):
        said[key, Difference(task, before, after)].append(chosen)
    for (key, difference), labels in said.items():
        truth = majority(labels)
        if truth is not None:
            yield key, difference, trial.winner(difference, truth)
