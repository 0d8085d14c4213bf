"""Digests: planned one ahead, opened when due, sent once to each who is to get them."""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

from bot.communities.community import Community
from bot.news.schedule import DAYS_OF, Digest, Hour
from bot.storage import communities

# A digest that comes later is skipped, and the next one says so.
LATEST_SECONDS = 6 * 3600
DAY_SECONDS = 24 * 3600
ONE_PRESS_SECONDS = 10
BESIDE_SECONDS = 0.5
# A due digest waits so long for its bell: where none rings, it is opened all the same.
GRACE_SECONDS = 60.0
# By how much the clocks of the bot's host and the scheduler's may differ.
CLOCK_SKEW_SECONDS = 5.0

SELECT = "SELECT id, chat_id, since, due_at FROM digests WHERE state = 'planned' "
PLANNED = SELECT + "ORDER BY due_at"
PLANNED_OF = SELECT + "AND chat_id = ?"
LAST_DUE = (
    "SELECT max(due_at) FROM digests WHERE chat_id = ? AND state <> 'planned' AND on_demand = 0"
)
PLAN = """
INSERT INTO digests (chat_id, since, due_at, changed_at) VALUES (?, ?, ?, ?)
ON CONFLICT (chat_id, due_at) DO NOTHING
"""
# Nothing has come of it.
DROP = "DELETE FROM digests WHERE id = ? AND state = 'planned'"
NOTE_RUNG = """
UPDATE digests SET rung_at = ?
WHERE chat_id = ? AND due_at = ? AND state = 'planned' AND rung_at IS NULL
"""
DUE = f"""
{SELECT} AND due_at <= :now
    + CASE WHEN rung_at IS NULL THEN -{GRACE_SECONDS} ELSE {CLOCK_SKEW_SECONDS} END
ORDER BY due_at LIMIT 50
"""
MOVE_ON = "UPDATE digests SET state = ?, changed_at = ? WHERE id = ?"
OPEN = """
INSERT INTO digest_sendings (digest, target, changed_at)
SELECT ?1, moderators_chat, ?2 FROM communities WHERE chat_id = ?3 AND moderators_chat IS NOT NULL
UNION
SELECT ?1, person_id, ?2 FROM digest_readers WHERE chat_id = ?3
"""
ORDER = """
INSERT INTO digests (chat_id, since, due_at, on_demand, state, changed_at)
VALUES (?, ?, ?, 1, 'opened', ?) ON CONFLICT (chat_id, due_at) DO NOTHING
"""
# Whoever else asks at the same time gets it, too.
ORDER_SENDING = """
INSERT INTO digest_sendings (digest, target, changed_at)
SELECT id, ?, ? FROM digests WHERE chat_id = ? AND due_at = ?
ON CONFLICT (digest, target) DO NOTHING
"""

ADD_READER = """
INSERT INTO digest_readers (chat_id, person_id, asked_at) VALUES (?, ?, ?)
ON CONFLICT (chat_id, person_id) DO NOTHING
"""
DROP_READER = "DELETE FROM digest_readers WHERE chat_id = ? AND person_id = ?"
IS_READER = "SELECT 1 FROM digest_readers WHERE chat_id = ? AND person_id = ?"

CARDS = """
SELECT state, outcome, count(*) FROM incidents
WHERE chat_id = ?1 AND kind IN ('care', 'moderate') AND changed_at >= ?2
AND opened_at >= ?2 AND opened_at < ?3 AND outcome IS NOT 'exempt'
GROUP BY state, outcome
"""

# The supergroup may have plans of its own: then the group's go.
REWRITES = (
    "UPDATE OR REPLACE digests SET chat_id = ? WHERE chat_id = ?",
    "UPDATE OR REPLACE digest_readers SET chat_id = ? WHERE chat_id = ?",
    "UPDATE OR IGNORE digest_sendings SET target = ? WHERE target = ?",
)
FORGET = (
    "DELETE FROM digest_readers WHERE person_id = :person",
    "DELETE FROM digest_sendings WHERE target = :person",
)


@dataclass(frozen=True, slots=True)
class Planned:
    """A digest that is to come."""

    id: int
    chat_id: int
    since: float
    due_at: float


@dataclass(frozen=True, slots=True)
class Turn:
    """What is planned now, how many were opened, and which came too late."""

    planned: Sequence[Planned]
    opened: int
    late: Sequence[Planned]


@dataclass(frozen=True, slots=True)
class CardCount:
    """How many cards came, and how they were settled."""

    cards: int = 0
    waiting: int = 0
    wrong: int = 0
    """Those of which moderators said that the model was wrong."""


def turn(connection: sqlite3.Connection, now: float) -> Turn:
    """Open what is due at an epoch second, and plan what comes next; again is harmless."""
    _plan_all(connection, now)
    opened, late = _open_due(connection, now)
    if opened or late:
        _plan_all(connection, now)
    planned = [Planned(*row) for row in connection.execute(PLANNED)]
    return Turn(planned, opened, late)


def _plan_all(connection: sqlite3.Connection, now: float) -> None:
    """Plan the next digest of each community that wants any, and drop plans that hold no more."""
    linked = communities.all_linked(connection)
    wanted = {one.chat_id: one for one in linked if one.digest != "off"}
    for digest, chat_id, *_ in connection.execute(PLANNED).fetchall():
        if chat_id not in wanted:
            connection.execute(DROP, (digest,))
    for community in wanted.values():
        _plan(connection, community, now)


def _plan(connection: sqlite3.Connection, community: Community, now: float) -> None:
    row = connection.execute(PLANNED_OF, (community.chat_id,)).fetchone()
    planned = Planned(*row) if row else None
    if planned and planned.due_at <= now:
        return
    digest = _next(connection, community, now)
    if planned and (planned.since, planned.due_at) == (digest.since, digest.due_at):
        return
    if planned:
        connection.execute(DROP, (planned.id,))
    connection.execute(PLAN, (community.chat_id, digest.since, digest.due_at, now))


def _next(connection: sqlite3.Connection, community: Community, now: float) -> Digest:
    (last_due,) = connection.execute(LAST_DUE, (community.chat_id,)).fetchone()
    when = Hour(community.digest, community.digest_hour, community.time_zone)
    return when.next_of(now, last_due)


def note_rung(connection: sqlite3.Connection, chat_id: int, due_at: float, at: float) -> None:
    """Note that a digest's bell rang; for one that is planned no more it changes nothing."""
    connection.execute(NOTE_RUNG, (at, chat_id, due_at))


def _open_due(connection: sqlite3.Connection, now: float) -> tuple[int, list[Planned]]:
    """Open what is due; return how many were, and those that came too late and are skipped."""
    due = [Planned(*row) for row in connection.execute(DUE, {"now": now})]
    late = [one for one in due if now - one.due_at > LATEST_SECONDS]
    for one in due:
        connection.execute(MOVE_ON, ("skipped" if one in late else "opened", now, one.id))
        if one not in late:
            connection.execute(OPEN, (one.id, now, one.chat_id))
    return len(due) - len(late), late


def order(connection: sqlite3.Connection, chat_id: int, target: int, now: float) -> None:
    """Have a digest sent to someone now; what comes by itself comes all the same."""
    rhythm = communities.find(connection, chat_id).digest
    # Two presses at once ask for the same; none is that of a full hour, which comes by itself.
    until = now - now % ONE_PRESS_SECONDS + BESIDE_SECONDS
    since = until - DAYS_OF["weekly" if rhythm == "off" else rhythm] * DAY_SECONDS
    connection.execute(ORDER, (chat_id, since, until, now))
    connection.execute(ORDER_SENDING, (target, now, chat_id, until))


def set_reader(
    connection: sqlite3.Connection, chat_id: int, person_id: int, is_one: bool, at: float
) -> None:
    """Let someone get a community's digests in private, or not any more; again is harmless."""
    if is_one:
        connection.execute(ADD_READER, (chat_id, person_id, at))
    else:
        connection.execute(DROP_READER, (chat_id, person_id))


def is_reader(connection: sqlite3.Connection, chat_id: int, person_id: int) -> bool:
    """Tell whether someone gets a community's digests in private."""
    return connection.execute(IS_READER, (chat_id, person_id)).fetchone() is not None


def count_cards(
    connection: sqlite3.Connection, chat_id: int, since: float, until: float
) -> CardCount:
    """Count the cards that came in some time, and how they stand now."""
    cards = waiting = wrong = 0
    for state, outcome, count in connection.execute(CARDS, (chat_id, since, until)):
        cards += count
        waiting += count if state in ("new", "open") else 0
        wrong += count if outcome == "wrong" else 0
    return CardCount(cards, waiting, wrong)
