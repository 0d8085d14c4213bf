"""Verdicts, each stored once, and what they say of a chat."""

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

from bot.storage import judged, moods_votes, rollups, shadow_counting, whatif
from bot.storage.judged import Judged
from core.contracts import Scores, Verdict

SAVE = """
INSERT INTO verdicts (key, message, model, scores, received_at, read_at, scored_at, saved_at)
VALUES (?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (key) DO NOTHING
"""

SETTLE = "UPDATE messages SET waiting = 0 WHERE id = ? AND state = ?"

FIND = "SELECT model, scores FROM verdicts WHERE key = ?"

LATEST_LATENCY = "SELECT model, saved_at - received_at FROM verdicts ORDER BY rowid DESC LIMIT 1"

COUNT = "SELECT count(*) FROM verdicts"

# A text is replaced by the next edit, so that an older state's verdict stands alone.
SCORED = """
SELECT v.key, CASE WHEN v.key = m.id || ':' || m.state THEN m.text END,
    v.scores, v.received_at, v.saved_at
FROM verdicts AS v JOIN messages AS m ON m.id = v.message
"""

SCORED_OF_CHAT = SCORED + "WHERE ? IS NULL OR m.chat_id = ? ORDER BY v.rowid"

SCORED_BY_KEY = SCORED + "WHERE v.key = ?"


@dataclass(frozen=True, slots=True)
class StoredVerdict:
    """What the model said of one text."""

    model: str
    scores: Scores


@dataclass(frozen=True, slots=True)
class ScoredMessage:
    """A text beside its verdict; times in epoch seconds."""

    key: str
    text: str | None
    label: str | None
    """The likeliest sentiment; None when there was nothing to score."""
    probability: float | None
    scores: Scores
    received_at: float
    saved_at: float


@dataclass(frozen=True, slots=True)
class LastVerdict:
    """Who scored last, and how long it took from Telegram to the disk."""

    model: str
    latency_seconds: float


def save(
    connection: sqlite3.Connection, verdicts: Sequence[Verdict], saved_at: float
) -> list[Judged]:
    """Store verdicts, the first one of each key, and note that their texts wait no more.

    Returns those that were not there already, beside the messages that they speak of.
    """
    # One by one: `executemany` does not say which of them were there already.
    fresh = [v for v in verdicts if connection.execute(SAVE, _row(v, saved_at)).rowcount == 1]
    found = judged.find(connection, fresh)
    rollups.add(connection, found, saved_at)
    rollups.note_models(connection, {verdict.model for verdict in fresh}, saved_at)
    whatif.add(connection, found)
    moods_votes.add(connection, found)
    shadow_counting.add(connection, fresh)
    connection.executemany(SETTLE, (_message_and_state(verdict.key) for verdict in verdicts))
    return found


def find(connection: sqlite3.Connection, key: str) -> StoredVerdict:
    """Find one verdict. Raises LookupError."""
    row = connection.execute(FIND, (key,)).fetchone()
    if row is None:
        raise LookupError(f"no verdict on {key}")
    return StoredVerdict(row[0], json.loads(row[1]))


def find_last(connection: sqlite3.Connection) -> LastVerdict | None:
    """Find the verdict that was stored last, if there is any."""
    row = connection.execute(LATEST_LATENCY).fetchone()
    return LastVerdict(*row) if row else None


def list_scored(connection: sqlite3.Connection, chat_id: int | None = None) -> list[ScoredMessage]:
    """List all verdicts, or a chat's, in the order of saving, with texts that are still at hand."""
    return [_scored(*row) for row in connection.execute(SCORED_OF_CHAT, (chat_id, chat_id))]


def find_scored(connection: sqlite3.Connection, key: str) -> ScoredMessage | None:
    """Find one verdict beside its message's text; None while there is none."""
    row = connection.execute(SCORED_BY_KEY, (key,)).fetchone()
    return _scored(*row) if row else None


def count(connection: sqlite3.Connection) -> int:
    """Count the verdicts that are stored."""
    (stored,) = connection.execute(COUNT).fetchone()
    return int(stored)


def message_of(key: str) -> str:
    """The id of the message whose state a key names."""
    return key.rpartition(":")[0]


def _row(verdict: Verdict, saved_at: float) -> tuple[object, ...]:
    return (
        verdict.key,
        message_of(verdict.key),
        verdict.model,
        json.dumps(verdict.scores),
        verdict.received_at,
        verdict.read_at,
        verdict.scored_at,
        saved_at,
    )


def _message_and_state(key: str) -> tuple[str, int]:
    message, _, state = key.rpartition(":")
    return message, int(state)


def _scored(
    key: str, text: str | None, scores: str, received_at: float, saved_at: float
) -> ScoredMessage:
    tasks: Scores = json.loads(scores)
    sentiment = tasks.get("sentiment", {})
    label = max(sentiment, key=sentiment.__getitem__, default=None)
    probability = sentiment[label] if label is not None else None
    return ScoredMessage(key, text, label, probability, tasks, received_at, saved_at)
