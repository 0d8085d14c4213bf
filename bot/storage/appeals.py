"""Appeals: one an incident, judged once, shown to moderators and answered in private."""

import json
import secrets
import sqlite3
from collections.abc import Collection

from bot.moderation.appeals import APPEAL_SECONDS, MOST_OFFERED, Appeal, Appealable, State
from bot.moderation.incidents import PUNISHES
from bot.storage.incidents import Presser

# What a person may still appeal against, the newest first.
APPEALABLE = """
SELECT i.token, i.outcome,
    (SELECT e.text FROM exhibits AS e WHERE e.incident = i.id AND e.sender_id = :person
        ORDER BY e.id DESC LIMIT 1)
FROM incidents AS i JOIN communities AS c ON c.chat_id = i.chat_id
WHERE i.id IN (SELECT incident FROM exhibits WHERE sender_id = :person)
AND i.state = 'settled' AND i.settled_at > :since AND c.moderators_chat IS NOT NULL
AND i.outcome IN (SELECT value FROM json_each(:outcomes))
AND NOT EXISTS (SELECT 1 FROM appeals AS a WHERE a.incident = i.id)
ORDER BY i.settled_at DESC LIMIT :limit
"""

ASK = """
INSERT INTO appeals (token, incident, person_id, asked_at)
SELECT ?, id, ?, ? FROM incidents WHERE token = ?
ON CONFLICT (incident) DO NOTHING
"""

OF_INCIDENT = """
SELECT a.person_id FROM appeals AS a JOIN incidents AS i ON i.id = a.incident WHERE i.token = ?
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

JUDGE = """
UPDATE appeals SET state = ?, judged_by = ?, judged_name = ?, judged_at = ?, version = version + 1
WHERE incident = ? AND state = 'open'
"""

SHOWN = """
UPDATE appeals SET card_chat_id = ?, card_message_id = ?, shown_version = max(shown_version, ?)
WHERE id = ?
"""

TOLD = "UPDATE appeals SET told_at = ? WHERE id = ?"


class NoAppealError(LookupError):
    """A button names an appeal that is not at hand."""


def list_appealable(connection: sqlite3.Connection, person_id: int, at: float) -> list[Appealable]:
    """List the last decisions that a person may appeal against now."""
    values = {
        "person": person_id,
        "since": at - APPEAL_SECONDS,
        "outcomes": json.dumps(sorted(PUNISHES)),
        "limit": MOST_OFFERED,
    }
    return [Appealable(*row) for row in connection.execute(APPEALABLE, values)]


def ask(connection: sqlite3.Connection, token: str, person_id: int, at: float) -> bool:
    """Appeal against the decision on an incident; again is harmless. False where one may not."""
    offered = list_appealable(connection, person_id, at)
    if any(one.token == token for one in offered):
        connection.execute(ASK, (secrets.token_urlsafe(9), person_id, at, token))
        return True
    row = connection.execute(OF_INCIDENT, (token,)).fetchone()
    return row is not None and row[0] == person_id


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


def judge_of_incident(
    connection: sqlite3.Connection, incident: int, state: State, judge: Presser
) -> bool:
    """Judge the open appeal against an incident; False where there is none."""
    row = (state, judge.id, judge.name, judge.at, incident)
    return connection.execute(JUDGE, row).rowcount == 1


def note_shown(
    connection: sqlite3.Connection, appeal: Appeal, card: tuple[int, int] | None
) -> None:
    """Note which card, (chat, message), shows the appeal as of its version."""
    chat_id, message_id = card or (appeal.card_chat_id, appeal.card_message_id)
    connection.execute(SHOWN, (chat_id, message_id, appeal.version, appeal.id))


def note_told(connection: sqlite3.Connection, appeal: Appeal, at: float) -> None:
    """Note that who appealed has heard the result."""
    connection.execute(TOLD, (at, appeal.id))
