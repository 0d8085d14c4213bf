"""Trials of versions beside the champion: begun, ended, shown; and what they came to."""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from bot.storage import shadow_differences
from bot.training import trial
from bot.training.trial import Figures

Outcome = Literal["judged", "time", "stopped", "over"]

BEGIN = """
INSERT INTO shadows (press, version, champion, asked_by, chat_id, language, started_at, ends_at)
VALUES (?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT DO NOTHING
"""
DROP = "DELETE FROM shadows WHERE id = ? AND state = 'open'"

COLUMNS = """
id, version, champion, asked_by, chat_id, language, state, outcome, figures, started_at, ends_at
"""
SELECT = f"SELECT {COLUMNS} FROM shadows "
OPEN = SELECT + "WHERE state = 'open'"
BY_PRESS = SELECT + "WHERE press = ?"
ENDED = SELECT + "WHERE state <> 'shown' AND state <> 'open' ORDER BY id LIMIT 20"

END = """
UPDATE shadows SET state = 'ended', outcome = ?, figures = ?, ended_at = ?
WHERE id = ? AND state = 'open'
"""
SHOWN = "UPDATE shadows SET state = 'shown' WHERE id = ? AND state = 'ended'"


@dataclass(frozen=True, slots=True)
class NewShadow:
    """A trial as it is asked for."""

    press: str
    """Identifies who asked for it: the same one twice is one trial."""
    version: str
    champion: str
    """Who serves beside it."""
    asked_by: int
    chat_id: int
    language: str
    started_at: float


@dataclass(frozen=True, slots=True)
class Shadow:
    """A trial and how far its story is told."""

    id: int
    version: str
    champion: str
    asked_by: int
    chat_id: int
    """Where it was asked for, and where its end is told."""
    language: str
    state: str
    outcome: Outcome | None
    figures: Figures
    """What it came to; empty until it has ended."""
    started_at: float
    ends_at: float


def begin(connection: sqlite3.Connection, new: NewShadow) -> Shadow | None:
    """Write a trial down before it is ordered; again is harmless.

    Returns the one under way where it is of the same version, and None where it is of another.
    """
    row = (
        new.press,
        new.version,
        new.champion,
        new.asked_by,
        new.chat_id,
        new.language,
        new.started_at,
        new.started_at + trial.LONGEST_SECONDS,
    )
    connection.execute(BEGIN, row)
    asked, open_one = find_asked(connection, new.press), find_open(connection)
    return asked or (open_one if open_one and open_one.version == new.version else None)


def find_asked(connection: sqlite3.Connection, press: str) -> Shadow | None:
    """Find the trial that came of a press."""
    return _one(connection, BY_PRESS, press)


def drop(connection: sqlite3.Connection, shadow_id: int) -> None:
    """Forget a trial that could not be ordered."""
    connection.execute(DROP, (shadow_id,))
    shadow_differences.drop(connection, shadow_id)


def find_open(connection: sqlite3.Connection) -> Shadow | None:
    """Find the trial that is under way."""
    return _one(connection, OPEN)


def find_ended(connection: sqlite3.Connection) -> list[Shadow]:
    """Find the trials whose end was not told yet, the oldest first."""
    return [_shadow(row) for row in connection.execute(ENDED)]


def end(connection: sqlite3.Connection, shadow_id: int, outcome: Outcome, at: float) -> None:
    """Note that a trial has ended and what it came to; one that has ended stays as it is."""
    figures = trial.to_text(shadow_differences.measure(connection, shadow_id))
    connection.execute(END, (outcome, figures, at, shadow_id))


def mark_shown(connection: sqlite3.Connection, shadow_id: int) -> None:
    """Note that people know how a trial ended; what it was about is not needed any more."""
    connection.execute(SHOWN, (shadow_id,))
    shadow_differences.drop(connection, shadow_id)


def _one(connection: sqlite3.Connection, query: str, *values: object) -> Shadow | None:
    row = connection.execute(query, values).fetchone()
    return _shadow(row) if row else None


def _shadow(row: Sequence[Any]) -> Shadow:
    *first, figures, started_at, ends_at = row
    values = (*first, trial.from_text(figures), started_at, ends_at)
    return Shadow(*values)
