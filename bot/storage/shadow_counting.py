"""How often the champion and the version on trial differ, counted as verdicts are saved."""

import json
import sqlite3
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from bot.fingerprints import fingerprint
from bot.training import trial
from bot.training.trial import Difference
from core.contracts import Verdict

# Of one community: so that a lively one leaves room for others, and none is asked without end.
MOST_OF_CHAT = 100
OPEN = "SELECT id, version, champion FROM shadows WHERE state = 'open'"

# Only the latest state of a message that somebody moderates.
MESSAGES = """
SELECT m.id || ':' || m.state, m.chat_id, m.text, c.toxic_threshold
FROM messages AS m JOIN communities AS c ON c.chat_id = m.chat_id
WHERE m.id IN (SELECT value FROM json_each(?)) AND m.text IS NOT NULL
AND c.moderators_chat IS NOT NULL
"""

COUNT = """
INSERT INTO shadow_counts (shadow, task, agreed, differed) VALUES (?, ?, ?, ?)
ON CONFLICT DO UPDATE SET agreed = agreed + excluded.agreed, differed = differed + excluded.differed
"""

KEEP = """
INSERT INTO shadow_differences
    (shadow, fingerprint, task, key, message, chat_id, before, after)
SELECT :shadow, :fingerprint, :task, :key, :message, :chat_id, :before, :after
WHERE (
    SELECT count(*) FROM shadow_differences WHERE shadow = :shadow AND chat_id = :chat_id
) < :most
ON CONFLICT DO NOTHING
"""

REWRITES = ("UPDATE shadow_differences SET chat_id = ? WHERE chat_id = ?",)
FORGET = "DELETE FROM shadow_differences WHERE message IN (SELECT value FROM json_each(?))"


@dataclass(frozen=True, slots=True)
class _Message:
    chat_id: int
    text: str
    toxic_threshold: float


def add(connection: sqlite3.Connection, fresh: Sequence[Verdict]) -> None:
    """Compare what two versions say in verdicts stored just now; each is to be counted once.

    Costs nothing where no version is tried.
    """
    if not any(verdict.shadow_model for verdict in fresh):
        return
    row = connection.execute(OPEN).fetchone()
    if row is None:
        return
    shadow, *versions = row
    compared = [v for v in fresh if [v.shadow_model, v.model] == versions]
    messages = _find_messages(connection, compared)
    counts: Counter[tuple[str, bool]] = Counter()
    for verdict in compared:
        if message := messages.get(verdict.key):
            for difference, is_same in trial.compare(verdict, message.toxic_threshold):
                counts[difference.task, is_same] += 1
                if not is_same:
                    connection.execute(KEEP, _row(shadow, verdict.key, message, difference))
    for task in {task for task, _ in counts}:
        connection.execute(COUNT, (shadow, task, counts[task, True], counts[task, False]))


def _find_messages(
    connection: sqlite3.Connection, verdicts: Sequence[Verdict]
) -> dict[str, _Message]:
    ids = json.dumps([verdict.key.rpartition(":")[0] for verdict in verdicts])
    return {key: _Message(*row) for key, *row in connection.execute(MESSAGES, (ids,))}


def _row(shadow: int, key: str, message: _Message, difference: Difference) -> dict[str, object]:
    return {
        "shadow": shadow,
        "fingerprint": fingerprint(message.text),
        "task": difference.task,
        "key": key,
        "message": key.rpartition(":")[0],
        "chat_id": message.chat_id,
        "before": difference.before,
        "after": difference.after,
        "most": MOST_OF_CHAT,
    }
