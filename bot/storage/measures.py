"""Measures: what is done to a message or a person; rows that only move forward, and the audit."""

import json
import sqlite3
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from bot.moderation.incidents import REVERSALS, Measure

PLAN = """
INSERT INTO measures (incident, kind, chat_id, target, until, by_person, planned_at, changed_at)
VALUES (?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (incident, kind, target) DO NOTHING
"""

COLUMNS = "id, incident, kind, chat_id, target, until, by_person, state, note"

# Each free chat's oldest, and those of the same kind and incident with it: they are taken at once.
NEXT = f"""
WITH first AS (
    SELECT min(id) AS id FROM measures
    WHERE state IN ('planned', 'taking') AND chat_id NOT IN (SELECT value FROM json_each(?))
    GROUP BY chat_id LIMIT ?
)
SELECT {", ".join("m." + name for name in COLUMNS.split(", "))} FROM first
JOIN measures AS f ON f.id = first.id
JOIN measures AS m ON m.incident = f.incident AND m.kind = f.kind AND m.chat_id = f.chat_id
WHERE m.state IN ('planned', 'taking')
ORDER BY f.id, m.id
"""

START = "UPDATE measures SET state = 'taking', changed_at = ? WHERE id = ? AND state = 'planned'"
FINISH = "UPDATE measures SET state = ?, note = ?, changed_at = ? WHERE id = ?"
CANCEL = """
UPDATE measures SET state = 'failed', note = 'undone before it was taken', changed_at = ?
WHERE id = ? AND state = 'planned'
"""
BEING_TAKEN = """
SELECT id FROM measures WHERE id IN (SELECT value FROM json_each(?)) AND state = 'taking'
"""
# Done because of another incident, and neither over nor taken back.
IN_FORCE = f"""
SELECT {COLUMNS} FROM measures AS m
WHERE chat_id = :chat AND target = :target AND kind = :kind
AND incident <> :incident AND state = 'done' AND (until IS NULL OR until > :at)
AND NOT EXISTS (
    SELECT 1 FROM measures AS r
    WHERE r.incident = m.incident AND r.kind = :reversal AND r.target = m.target
)
ORDER BY until IS NULL DESC, until DESC LIMIT 1
"""
OF_INCIDENT = f"SELECT {COLUMNS} FROM measures WHERE incident = ? ORDER BY id"


@dataclass(frozen=True, slots=True)
class Plan:
    """Measures to take in one chat because of an incident."""

    incident: int
    chat_id: int
    by_person: int
    """0 is the bot itself."""
    at: float


def plan(
    connection: sqlite3.Connection,
    what: Plan,
    kind: str,
    targets: Sequence[int],
    until: int | None = None,
) -> None:
    """Write down measures of one kind; each once a target. `until` is epoch seconds."""
    rows = (
        (what.incident, kind, what.chat_id, target, until, what.by_person, what.at, what.at)
        for target in targets
    )
    connection.executemany(PLAN, rows)


def plan_reversals(
    connection: sqlite3.Connection,
    what: Plan,
    taken_back: Collection[Measure],
    restored: Collection[int],
) -> None:
    """Drop those measures that are not yet taken, and write down what reverses the others.

    Of the deleted messages those are said again whose numbers are in `restored`.
    """
    for measure in taken_back:
        if connection.execute(CANCEL, (what.at, measure.id)).rowcount == 1:
            continue
        if measure.state == "failed" or measure.kind not in REVERSALS:
            continue
        if measure.kind != "delete" or measure.target in restored:
            plan(connection, what, REVERSALS[measure.kind], [measure.target])


def find_in_force(
    connection: sqlite3.Connection, measure: Measure, kind: str, at: float
) -> Measure | None:
    """Find what another incident holds a measure's target by at an epoch second, if one does."""
    values = {
        "chat": measure.chat_id,
        "target": measure.target,
        "kind": kind,
        "incident": measure.incident,
        "reversal": REVERSALS[kind],
        "at": at,
    }
    row = connection.execute(IN_FORCE, values).fetchone()
    return Measure(*row) if row else None


def find_next(
    connection: sqlite3.Connection, busy_chats: Collection[int], limit: int
) -> list[list[Measure]]:
    """Find each free chat's oldest unfinished measure, and what is taken in one go with it."""
    groups: dict[int, list[Measure]] = {}
    for row in connection.execute(NEXT, (json.dumps(list(busy_chats)), limit)):
        measure = Measure(*row)
        groups.setdefault(measure.chat_id, []).append(measure)
    return list(groups.values())


def start(connection: sqlite3.Connection, found: Sequence[Measure], at: float) -> list[Measure]:
    """Note that measures are being taken; after a crash it is so already.

    Returns them as they were found, without those that were undone since.
    """
    connection.executemany(START, ((at, measure.id) for measure in found))
    ids = json.dumps([measure.id for measure in found])
    going = {row[0] for row in connection.execute(BEING_TAKEN, (ids,))}
    return [measure for measure in found if measure.id in going]


def finish(
    connection: sqlite3.Connection, taken: Sequence[Measure], failure: str | None, at: float
) -> None:
    """Note how measures ended: well, or why not."""
    state = "failed" if failure else "done"
    connection.executemany(FINISH, ((state, failure, at, measure.id) for measure in taken))


def list_of_incident(connection: sqlite3.Connection, incident: int) -> list[Measure]:
    """List all measures of an incident in the order in which they were planned."""
    return [Measure(*row) for row in connection.execute(OF_INCIDENT, (incident,))]
