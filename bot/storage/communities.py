"""Communities' settings, their links to moderators' chats, and who changed what."""

import json
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, fields

from bot.communities.community import Community, is_quiet
from bot.storage import missed_cards

COLUMNS = tuple(field.name for field in fields(Community))
# What `save_setting` may change: the rest comes with a link.
SETTINGS = frozenset(COLUMNS) - {"chat_id", "linked_by", "linked_at", "updated_at"}

SELECT = f"SELECT {', '.join(COLUMNS)} FROM communities "
FIND = SELECT + "WHERE chat_id = ?"
OF_MODERATORS_CHAT = SELECT + "WHERE moderators_chat = ? ORDER BY chat_id"
LINKED = SELECT + "WHERE moderators_chat IS NOT NULL ORDER BY chat_id"

QUIET = SELECT + "WHERE moderators_chat IS NOT NULL AND quiet_from IS NOT NULL"

CREATE = """
INSERT INTO communities (chat_id, updated_at) VALUES (?, ?) ON CONFLICT (chat_id) DO NOTHING
"""
NOTE_LINK = "UPDATE communities SET linked_by = ?, linked_at = ? WHERE chat_id = ?"
NOTE_CHANGE = """
INSERT INTO settings_changes (chat_id, who, what, changed_at, before, after)
VALUES (?, ?, ?, ?, ?, ?)
"""
CHANGES = """
SELECT who, what, changed_at, before, after FROM settings_changes
WHERE chat_id = ? ORDER BY id DESC LIMIT ?
"""
# What a chat says speaks the language of its community, or of one that it moderates.
LANGUAGE = """
SELECT language FROM communities WHERE chat_id = :chat AND language IS NOT NULL
UNION ALL
SELECT language FROM communities WHERE moderators_chat = :chat AND language IS NOT NULL
LIMIT 1
"""
RETENTIONS = "SELECT chat_id, retention_days FROM communities WHERE retention_days IS NOT NULL"

Value = str | int | float | None


@dataclass(frozen=True, slots=True)
class By:
    """Who changes something, and when (epoch seconds)."""

    person: int
    at: float


@dataclass(frozen=True, slots=True)
class Change:
    """A line of the audit: who changed which setting, from what to what."""

    who: int
    what: str
    changed_at: float
    before: Value
    after: Value


def find(connection: sqlite3.Connection, chat_id: int) -> Community:
    """Find a chat's settings: the defaults where nobody has set it up."""
    row = connection.execute(FIND, (chat_id,)).fetchone()
    return Community(*row) if row else Community(chat_id)


def save_setting(
    connection: sqlite3.Connection, chat_id: int, setting: tuple[str, Value], by: By
) -> Community:
    """Set one field and note who did; the same value again notes nothing. Returns what holds.

    Raises KeyError for what is no setting, and sqlite3.IntegrityError for a mode that isn't one.
    """
    name, value = setting
    if name not in SETTINGS:
        raise KeyError(name)
    before = getattr(find(connection, chat_id), name)
    if before != value:
        connection.execute(CREATE, (chat_id, by.at))
        update = f"UPDATE communities SET {name} = ?, updated_at = ? WHERE chat_id = ?"
        connection.execute(update, (value, by.at, chat_id))
        note_change(connection, chat_id, (name, before, value), by)
    return find(connection, chat_id)


def link(
    connection: sqlite3.Connection, chat_id: int, moderators_chat: int, by: int, at: float
) -> Community:
    """Have a moderators' chat look after a chat and see what waits there; again is harmless."""
    missed_cards.show_anew(connection, chat_id, moderators_chat, at)
    before = find(connection, chat_id)
    if before.moderators_chat == moderators_chat:
        return before
    save_setting(connection, chat_id, ("moderators_chat", moderators_chat), By(by, at))
    connection.execute(NOTE_LINK, (by, at, chat_id))
    return find(connection, chat_id)


def unlink(connection: sqlite3.Connection, chat_id: int, by: int, at: float) -> bool:
    """Take a chat's moderators' chat away; its other settings stay. False when there was none."""
    if find(connection, chat_id).moderators_chat is None:
        return False
    save_setting(connection, chat_id, ("moderators_chat", None), By(by, at))
    connection.execute(NOTE_LINK, (None, None, chat_id))
    return True


def communities_of_moderators_chat(connection: sqlite3.Connection, chat_id: int) -> list[Community]:
    """List the communities whose cards go to a chat."""
    return [Community(*row) for row in connection.execute(OF_MODERATORS_CHAT, (chat_id,))]


def all_linked(connection: sqlite3.Connection) -> list[Community]:
    """List every community that has a moderators' chat."""
    return [Community(*row) for row in connection.execute(LINKED)]


def find_quiet(connection: sqlite3.Connection, at: float) -> list[int]:
    """List the communities whose quiet hours an epoch second falls into."""
    found = (Community(*row) for row in connection.execute(QUIET))
    return [community.chat_id for community in found if is_quiet(community, at)]


def find_language(connection: sqlite3.Connection, chat_id: int) -> str | None:
    """Find the language set for a community or moderators' chat; None when none is."""
    row = connection.execute(LANGUAGE, {"chat": chat_id}).fetchone()
    return row[0] if row else None


def retentions(connection: sqlite3.Connection) -> dict[int, int]:
    """The days for which each chat keeps its texts, for those that set them."""
    return dict(connection.execute(RETENTIONS).fetchall())


def note_change(
    connection: sqlite3.Connection, chat_id: int, change: tuple[str, Value, Value], by: By
) -> None:
    """Write into the audit what was changed, from what to what."""
    what, before, after = change
    row = (chat_id, by.person, what, by.at, json.dumps(before), json.dumps(after))
    connection.execute(NOTE_CHANGE, row)


def changes(connection: sqlite3.Connection, chat_id: int, limit: int) -> Iterator[Change]:
    """Yield a chat's last changes, the newest first."""
    for who, what, at, before, after in connection.execute(CHANGES, (chat_id, limit)):
        yield Change(who, what, at, json.loads(before), json.loads(after))
