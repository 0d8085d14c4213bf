"""Where the traffic has drifted: what communities write about is not what it was."""

import sqlite3
from collections.abc import Iterable, Sequence

from bot.communities.community import Community
from bot.stats.overview import view_drift
from bot.stats.statistics import GREAT_DRIFT
from bot.storage import rollups
from bot.storage.rollups import PredictionCount, Scope, day_of
from bot.storage.statistics import LOOK_BACK_DAYS, WEEK_DAYS


def find_drifted(
    connection: sqlite3.Connection, linked: Sequence[Community], now: float
) -> set[int]:
    """Find the moderators' chats of communities where a task's labels drifted greatly this week."""
    return {
        community.moderators_chat
        for community in linked
        if community.moderators_chat is not None and _has_drifted(connection, community, now)
    }


def _has_drifted(connection: sqlite3.Connection, community: Community, now: float) -> bool:
    today = day_of(now)
    week = today - WEEK_DAYS + 1
    scope = Scope([community.chat_id], today - LOOK_BACK_DAYS + 1, week, week)
    counts = rollups.find_predictions(connection, scope)
    tasks = {count.task for count in counts}
    return any(_is_great(task, counts, today) for task in tasks)


def _is_great(task: str, counts: Iterable[PredictionCount], today: int) -> bool:
    drift = view_drift([count for count in counts if count.task == task], today)
    return drift is not None and drift.index >= GREAT_DRIFT
