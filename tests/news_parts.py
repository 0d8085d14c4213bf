"""What tests of alerts and digests share: weeks of mood, a rise, digests that are due."""

import time
from typing import Any

from bot_parts import rows

from bot.mood.votes import HOUR_SECONDS, WHOLE
from bot.storage import communities
from bot.storage.communities import By
from bot.storage.database import Storage
from core.bells import Bell

CALM, RAISED = 0.2, 0.8
WEEKS_HOURS = 24 * 29
HOUR_ROW = "INSERT INTO mood_hours VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0)"
DIGEST = """
INSERT INTO digests (chat_id, since, due_at, changed_at) VALUES (?, ?, ?, 0) RETURNING id
"""
ALARMS = "SELECT state, judged, judged_name, note FROM alarms ORDER BY id"
SENDINGS = "SELECT target, state, note FROM digest_sendings ORDER BY digest, target"


def mood_hour(hour: int, share: float, votes: int = 40) -> tuple[int, ...]:
    """An hour of which so many votes are negative."""
    negative = round(votes * share * WHOLE)
    return hour, votes, negative, votes * WHOLE - negative, 0, votes, 10


def add_hours(storage: Storage, chat_id: int, hours: list[tuple[int, ...]]) -> None:
    with storage.connection:
        storage.connection.executemany(HOUR_ROW, [(chat_id, *hour) for hour in hours])


def calm_weeks(storage: Storage, chat_id: int, now: float) -> int:
    """Let a chat have been calm up to the hour before this one, which is returned."""
    hour = int((now - 120) // HOUR_SECONDS)
    add_hours(storage, chat_id, [mood_hour(n, CALM) for n in range(hour - WEEKS_HOURS, hour)])
    return hour


async def set_to(storage: Storage, chat_id: int, **settings: Any) -> None:
    for setting in settings.items():
        await storage.write(communities.save_setting, chat_id, setting, By(1, 1.0))


async def due_digest(storage: Storage, chat_id: int, seconds_ago: float = 1.0) -> Bell:
    """Let a community's digest of the last week be due; return its bell."""
    due = time.time() - seconds_ago

    def plan(connection: Any) -> int:
        connection.execute("DELETE FROM digests WHERE state = 'planned'")
        week = (chat_id, due - 7 * 24 * HOUR_SECONDS, due)
        return int(connection.execute(DIGEST, week).fetchone()[0])

    number = await storage.write(plan)
    return Bell(id=f"digest-{number}", kind="digest", chat_id=chat_id, due_at=due)


def sendings(storage: Storage) -> list[tuple[Any, ...]]:
    return rows(storage, SENDINGS)
