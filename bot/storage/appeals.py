"""Appeals: one a person and incident, judged once, shown to moderators, answered in private."""

import json
import secrets
import sqlite3
from collections.abc import Collection

from bot.moderation.appeals import (
    APPEAL_SECONDS,
    MOST_OFFERED,
    Appeal,
    Appealable,
    Course,
    Lifted,
    State,
)
from bot.moderation.incidents import PUNISHES
from bot.storage.incidents import Presser

OWN_TEXT = """(
    SELECT e.text FROM exhibits AS e WHERE e.incident = i.id AND e.sender_id = :person
    ORDER BY e.id DESC LIMIT 1
)"""

# What a person may still appeal against, the newest first.
APPEALABLE = f"""
SELECT i.token, i.outcome, {OWN_TEXT}
FROM incidents AS i JOIN communities AS c ON c.chat_id = i.chat_id
WHERE i.id IN (SELECT incident FROM exhibits WHERE sender_id = :person)
AND i.state = 'settled' AND i.settled_at > :since AND c.moderators_chat IS NOT NULL
AND i.outcome IN (SELECT value FROM json_each(:outcomes))
AND NOT EXISTS (SELECT 1 FROM appeals AS a WHERE a.incident = i.id AND a.person_id = :person)
AND (:token IS NULL OR i.token = :token)
ORDER BY i.settled_at DESC LIMIT :limit
"""

ASK = """
INSERT INTO appeals (token, incident, person_id, asked_at)
SELECT ?, id, ?, ? FROM incidents WHERE token = ?
ON CONFLICT (incident, person_id) DO NOTHING
"""

# A decision that is undone since holds for nobody, whatever was said of it on appeal.
STATE = "CASE i.state WHEN 'undone' THEN 'taken-back' ELSE a.state END"
STATE_OF = f"""
SELECT {STATE} FROM appeals AS a JOIN incidents AS i ON i.id = a.incident
WHERE i.token = ? AND a.person_id = ?
"""
COURSES = f"""
SELECT {STATE}, coalesce(c.title, ''), {OWN_TEXT}
FROM appeals AS a JOIN incidents AS i ON i.id = a.incident LEFT JOIN chats AS c ON c.id = i.chat_id
WHERE a.person_id = :person AND (a.state = 'open' OR a.judged_at > :since)
ORDER BY a.id DESC LIMIT :limit
"""

SELECT = """
SELECT a.id, a.token, a.incident, i.chat_id, a.person_id, a.state, a.judged_by, a.judged_name,
    a.told_at, a.card_chat_id, a.card_message_id, a.version, a.shown_version
FROM appeals AS a JOIN incidents AS i ON i.id = a.incident
"""

# As the partial index says it; one of each community, its oldest.
TO_TELL = f"""
{SELECT}
WHERE a.id IN (
    SELECT min(w.id) FROM appeals AS w JOIN incidents AS j ON j.id = w.incident
    WHERE (w.shown_version < w.version OR w.state <> 'open' AND w.told_at IS NULL)
    AND j.chat_id NOT IN (SELECT value FROM json_each(?))
    GROUP BY j.chat_id
)
ORDER BY a.id LIMIT ?
"""

JUDGE_SOME = """
UPDATE appeals SET state = ?, judged_by = ?, judged_name = ?, judged_at = ?, version = version + 1
WHERE state = 'open' AND
"""
JUDGE = JUDGE_SOME + "id = ?"
JUDGE_ALL = JUDGE_SOME + "incident = ?"

LIFTED = """
SELECT person_id, coalesce(judged_name, '') FROM appeals
WHERE incident = ? AND state = 'taken-back' ORDER BY judged_at, id
"""

SHOWN = """
UPDATE appeals SET card_chat_id = ?, card_message_id = ?, shown_version = max(shown_version, ?)
WHERE id = ?
"""

TOLD = "UPDATE appeals SET told_at = ? WHERE id = ?"


class NoAppealError(LookupError):
    """A button names an appeal that is not at hand."""


def list_appealable(
    connection: sqlite3.Connection, person_id: int, at: float, token: str | None = None
) -> list[Appealable]:
    """List the last decisions that a person may appeal against now; or that one, by its token."""
    values = {
        "person": person_id,
        "since": at - APPEAL_SECONDS,
        "outcomes": json.dumps(sorted(PUNISHES)),
        "token": token,
        "limit": MOST_OFFERED,
    }
    return [Appealable(*row) for row in connection.execute(APPEALABLE, values)]


def list_courses(connection: sqlite3.Connection, person_id: int, at: float) -> list[Course]:
    """List where a person's own last appeals stand, the newest first."""
    values = {"person": person_id, "since": at - APPEAL_SECONDS, "limit": MOST_OFFERED}
    return [Course(*row) for row in connection.execute(COURSES, values)]


def ask(connection: sqlite3.Connection, token: str, person_id: int, at: float) -> State | None:
    """Appeal against the decision on an incident, once; returns where that stands.

    None where one may not: it is too late, or it is about somebody else.
    """
    if list_appealable(connection, person_id, at, token):
        connection.execute(ASK, (secrets.token_urlsafe(9), person_id, at, token))
    row = connection.execute(STATE_OF, (token, person_id)).fetchone()
    return row[0] if row else None


def find_by_token(connection: sqlite3.Connection, token: str) -> Appeal:
    """Find the appeal that a button names. Raises NoAppealError."""
    row = connection.execute(SELECT + "WHERE a.token = ?", (token,)).fetchone()
    if row is None:
        raise NoAppealError("a button names no appeal")
    return Appeal(*row)


def find_to_tell(
    connection: sqlite3.Connection, busy_chats: Collection[int], limit: int
) -> list[Appeal]:
    """Find each free community's oldest appeal that somebody is still to hear of."""
    rows = connection.execute(TO_TELL, (json.dumps(list(busy_chats)), limit))
    return [Appeal(*row) for row in rows]


def judge(connection: sqlite3.Connection, appeal: int, state: State, judge: Presser) -> bool:
    """Judge one open appeal; False where somebody was quicker."""
    row = (state, judge.id, judge.name, judge.at, appeal)
    return connection.execute(JUDGE, row).rowcount == 1


def take_back_all(connection: sqlite3.Connection, incident: int, judge: Presser) -> None:
    """End all open appeals against what is undone."""
    row = ("taken-back", judge.id, judge.name, judge.at, incident)
    connection.execute(JUDGE_ALL, row)


def list_lifted(connection: sqlite3.Connection, incident: int) -> list[Lifted]:
    """List those for whom appeals took a decision back, the first judged first."""
    return [Lifted(*row) for row in connection.execute(LIFTED, (incident,))]


def note_shown(
    connection: sqlite3.Connection, appeal: Appeal, card: tuple[int, int] | None
) -> None:
    """Note which card, (chat, message), shows the appeal as of its version."""
    chat_id, message_id = card or (appeal.card_chat_id, appeal.card_message_id)
    connection.execute(SHOWN, (chat_id, message_id, appeal.version, appeal.id))


def note_told(connection: sqlite3.Connection, appeal: Appeal, at: float) -> None:
    """Note that who appealed has heard the result."""
    connection.execute(TOLD, (at, appeal.id))
