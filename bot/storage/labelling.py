"""The queue of `/label`: texts to ask about, what was asked of whom, and how it ended."""

import json
import sqlite3
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from bot.fingerprints import fingerprint
from bot.labelling.questions import Candidate, Question
from bot.storage import labels
from bot.storage.verdicts import message_of

Row = tuple[str, str, int, str, str]
Outcome = Literal["labelled", "skipped", "gone"]
SOURCE = "label queue"
# So far back in a chat questions are looked for.
WINDOW = 2000
# So many questions are tried before it is said that there is none: copies of what was asked.
MOST_TRIED = 500
MOST_SECOND_OPINIONS = 500
MOST_CONFLICTS = 50

# The newest texts with a verdict that nobody has labelled and that this person has not written.
CANDIDATES = """
SELECT v.key, m.text, m.chat_id, v.scores, v.model
FROM (
    SELECT id, state, text, chat_id, sender_id FROM messages
    WHERE chat_id = :chat_id AND text IS NOT NULL ORDER BY received_at DESC LIMIT :window
) AS m
JOIN verdicts AS v ON v.key = m.id || ':' || m.state
WHERE m.sender_id IS NOT :who AND v.scores <> '{}'
AND NOT EXISTS (SELECT 1 FROM labels AS l WHERE l.message = m.id)
AND NOT EXISTS (SELECT 1 FROM label_questions AS q WHERE q.message = m.id AND q.who = :who)
"""

# What somebody else has said something of, and this person has not been asked.
OPEN_TO_OTHERS = """
SELECT l.key, coalesce(m.text, t.text), coalesce(m.chat_id, t.chat_id), coalesce(v.scores, '{}'),
    coalesce(v.model, ''), l.task
FROM RECENT AS l
LEFT JOIN messages AS m ON m.id = l.message AND l.key = m.id || ':' || m.state
LEFT JOIN texts AS t ON t.id = l.message
LEFT JOIN verdicts AS v ON v.key = l.key
WHERE coalesce(m.text, t.text) IS NOT NULL AND m.sender_id IS NOT :who
AND coalesce(m.chat_id, t.chat_id) IN (SELECT value FROM json_each(:chat_ids))
AND NOT EXISTS (
    SELECT 1 FROM labels AS mine WHERE mine.who = :who AND mine.key = l.key AND mine.task = l.task
)
AND NOT EXISTS (
    SELECT 1 FROM label_questions AS q
    WHERE q.message = l.message AND q.who = :who AND q.task = l.task
)
"""
CONFLICTS = OPEN_TO_OTHERS.replace("RECENT", "label_conflicts") + "ORDER BY l.since LIMIT :limit"
NEWEST_LABELS = """(
    SELECT DISTINCT key, task, message FROM (
        SELECT key, task, message FROM labels_in_force ORDER BY id DESC LIMIT :limit
    )
)"""
SECOND_OPINIONS = OPEN_TO_OTHERS.replace("RECENT", NEWEST_LABELS)

ASK = """
INSERT INTO label_questions (who, key, message, task, fingerprint, reason, asked_at)
VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (who, fingerprint, task) DO NOTHING
"""

LABELLED_ELSEWHERE = """
SELECT 1 FROM label_questions WHERE fingerprint = ? AND task = ? AND outcome = 'labelled'
"""

ASKED = """
SELECT q.id, q.task, q.reason, q.outcome, q.key, coalesce(m.text, t.text),
    coalesce(m.chat_id, t.chat_id), coalesce(v.scores, '{}'), coalesce(v.model, '')
FROM label_questions AS q
LEFT JOIN messages AS m ON m.id = q.message AND q.key = m.id || ':' || m.state
LEFT JOIN texts AS t ON t.id = q.message
LEFT JOIN verdicts AS v ON v.key = q.key
"""
FIND = ASKED + "WHERE q.id = ? AND q.who = ?"
FIND_OPEN = ASKED + "WHERE q.who = ? AND q.outcome IS NULL ORDER BY q.id DESC LIMIT 1"
LAST_SETTLED = """
SELECT id FROM label_questions WHERE who = ? AND outcome IN ('labelled', 'skipped')
ORDER BY settled_at DESC, id DESC LIMIT 1
"""

# An answer stays one, whatever an older message's buttons say later.
SETTLE = """
UPDATE label_questions SET outcome = :outcome, settled_at = :at
WHERE id = :id AND (outcome IS NULL OR :outcome = 'labelled')
"""
REOPEN = "UPDATE label_questions SET outcome = NULL, settled_at = NULL WHERE id = ?"
TAKE_BACK = "DELETE FROM label_questions WHERE id = ? AND outcome IS NULL"

TURN = "SELECT count(*) FROM label_questions WHERE who = ?"

PROGRESS = """
SELECT count(*), coalesce(sum(pressed_at >= ?), 0),
    coalesce(sum(shown <> '' AND chosen <> shown), 0)
FROM labels_in_force WHERE who = ? AND source = ?
"""


class NotAskedError(LookupError):
    """This person was not asked this question, or it was forgotten since."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question that somebody was asked; its text is empty once it is not at hand any more."""

    id: int
    question: Question
    is_open: bool
    has_text: bool


@dataclass(frozen=True, slots=True)
class Progress:
    """What somebody's labels from the queue amount to."""

    total: int
    today: int
    changed: int
    """How many say something else than the model did."""


def find_candidates(
    connection: sqlite3.Connection, who: int, chat_ids: Collection[int]
) -> list[Row]:
    """Find texts of some chats to ask someone about, among each chat's newest.

    They are rows for `read_candidates`, which needs no database and takes longer than this.
    """
    found: list[Row] = []
    for chat_id in chat_ids:
        values = {"chat_id": chat_id, "who": who, "window": max(1, WINDOW // len(chat_ids))}
        found += connection.execute(CANDIDATES, values).fetchall()
    return found


def read_candidates(rows: Sequence[Row]) -> list[Candidate]:
    """Read what `find_candidates` found."""
    return [_candidate(*row) for row in rows]


def find_conflicts(
    connection: sqlite3.Connection, who: int, chat_ids: Collection[int]
) -> list[Question]:
    """Find texts on which others differ, the oldest conflict first."""
    values = _values(who, chat_ids, MOST_CONFLICTS)
    rows = connection.execute(CONFLICTS, values)
    return [Question(_candidate(*row), task, "conflict") for *row, task in rows]


def find_second_opinions(
    connection: sqlite3.Connection, who: int, chat_ids: Collection[int]
) -> list[Question]:
    """Find texts among the newest labelled ones that only others have labelled."""
    values = _values(who, chat_ids, MOST_SECOND_OPINIONS)
    rows = connection.execute(SECOND_OPINIONS, values)
    return [Question(_candidate(*row), task, "second opinion") for *row, task in rows]


def ask(
    connection: sqlite3.Connection, who: int, questions: Iterable[Question], at: float
) -> Asked | None:
    """Note the first question whose text this person was not asked about; None without any.

    A copy of what others labelled is passed over, unless their labels are what it is about.
    """
    for _, question in zip(range(MOST_TRIED), questions, strict=False):
        digest = fingerprint(question.candidate.text)
        values = (digest, question.task)
        is_new = question.reason in ("uncertain", "random")
        if is_new and connection.execute(LABELLED_ELSEWHERE, values).fetchone():
            continue
        key = question.candidate.key
        row = (who, key, message_of(key), question.task, digest, question.reason, at)
        if connection.execute(ASK, row).rowcount == 1:
            return find_open(connection, who)
    return None


def find(connection: sqlite3.Connection, question_id: int, who: int) -> Asked:
    """Find a question that somebody was asked. Raises NotAskedError."""
    row = connection.execute(FIND, (question_id, who)).fetchone()
    if row is None:
        raise NotAskedError(f"{who} was not asked question {question_id}")
    return _asked(row)


def find_open(connection: sqlite3.Connection, who: int) -> Asked | None:
    """Find the question that somebody has still to answer."""
    row = connection.execute(FIND_OPEN, (who,)).fetchone()
    return _asked(row) if row else None


def settle(connection: sqlite3.Connection, question_id: int, outcome: Outcome, at: float) -> None:
    """Note how a question ended."""
    connection.execute(SETTLE, {"outcome": outcome, "at": at, "id": question_id})


def go_back(connection: sqlite3.Connection, question_id: int, who: int, at: float) -> None:
    """Ask somebody's last question again instead of an open one; its label is withdrawn."""
    last = connection.execute(LAST_SETTLED, (who,)).fetchone()
    if last is None or connection.execute(TAKE_BACK, (question_id,)).rowcount != 1:
        return
    asked = find(connection, last[0], who)
    key, task = asked.question.candidate.key, asked.question.task
    labels.withdraw(connection, (key, task, who), who, at)
    connection.execute(REOPEN, last)


def has_settled(connection: sqlite3.Connection, who: int) -> bool:
    """Tell whether somebody has answered or skipped a question."""
    return connection.execute(LAST_SETTLED, (who,)).fetchone() is not None


def count_asked(connection: sqlite3.Connection, who: int) -> int:
    """Count the questions that somebody was asked."""
    (asked,) = connection.execute(TURN, (who,)).fetchone()
    return int(asked)


def measure(connection: sqlite3.Connection, who: int, today_since: float) -> Progress:
    """Sum up somebody's labels from the queue that are in force."""
    return Progress(*connection.execute(PROGRESS, (today_since, who, SOURCE)).fetchone())


def _values(who: int, chat_ids: Collection[int], limit: int) -> dict[str, object]:
    return {"who": who, "chat_ids": json.dumps(list(chat_ids)), "limit": limit}


def _candidate(key: str, text: str, chat_id: int, scores: str, model: str) -> Candidate:
    return Candidate(key, text, chat_id, json.loads(scores), model)


def _asked(row: Sequence[Any]) -> Asked:
    number, task, reason, outcome, key, text, chat_id, scores, model = row
    candidate = _candidate(key, text or "", chat_id or 0, scores, model)
    return Asked(number, Question(candidate, task, reason), outcome is None, text is not None)
