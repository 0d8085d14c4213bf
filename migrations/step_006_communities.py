"""Communities: which moderators' chat looks after which, by what settings, and who changed them."""

from sqlite_utils import Database

# A chat without a row has the defaults. Times are epoch seconds, hours are of the community's zone.
COMMUNITIES = """
CREATE TABLE communities (
    chat_id INTEGER PRIMARY KEY,
    moderators_chat INTEGER,
    mode TEXT NOT NULL DEFAULT 'watch' CHECK (mode IN ('watch', 'ask', 'act')),
    toxic_threshold REAL NOT NULL DEFAULT 0.85,
    act_threshold REAL NOT NULL DEFAULT 0.97,
    care_threshold REAL NOT NULL DEFAULT 0.9,
    newcomer_hours REAL NOT NULL DEFAULT 24,
    language TEXT,
    quiet_from INTEGER,
    quiet_to INTEGER,
    time_zone TEXT NOT NULL DEFAULT 'Europe/Moscow',
    warnings_before_mute INTEGER NOT NULL DEFAULT 3,
    retention_days INTEGER,
    linked_by INTEGER,
    linked_at REAL,
    updated_at REAL NOT NULL
)
"""
BY_MODERATORS_CHAT = """
CREATE INDEX communities_by_moderators_chat ON communities (moderators_chat)
WHERE moderators_chat IS NOT NULL
"""

# Values as JSON; `what` is a column of communities, or `moderator` with the person's id.
SETTINGS_CHANGES = """
CREATE TABLE settings_changes (
    id INTEGER PRIMARY KEY,
    chat_id INTEGER NOT NULL,
    who INTEGER NOT NULL,
    what TEXT NOT NULL,
    changed_at REAL NOT NULL,
    before TEXT NOT NULL,
    after TEXT NOT NULL
)
"""
CHANGES_BY_CHAT = "CREATE INDEX settings_changes_by_chat ON settings_changes (chat_id, id)"
CHANGES_APPEND_ONLY = """
CREATE TRIGGER settings_changes_append_only
BEFORE UPDATE OF who, what, changed_at, before, after ON settings_changes
BEGIN
    SELECT RAISE(ABORT, 'what was changed stays written down');
END
"""

# Those whom an admin named; they moderate while they are still in the chat.
MODERATORS = """
CREATE TABLE moderators (
    chat_id INTEGER NOT NULL,
    person_id INTEGER NOT NULL,
    named_by INTEGER NOT NULL,
    named_at REAL NOT NULL,
    PRIMARY KEY (chat_id, person_id)
) WITHOUT ROWID
"""

# One-time tokens that deep links carry: whoever opens one still needs the rights in the chat.
LINK_OFFERS = """
CREATE TABLE link_offers (
    token TEXT PRIMARY KEY,
    chat_id INTEGER NOT NULL,
    offered_by INTEGER NOT NULL,
    expires_at REAL NOT NULL,
    used_at REAL
)
"""


def communities(database: Database) -> None:
    """Create what a community is linked to, set to and moderated by."""
    for statement in (
        COMMUNITIES,
        BY_MODERATORS_CHAT,
        SETTINGS_CHANGES,
        CHANGES_BY_CHAT,
        CHANGES_APPEND_ONLY,
        MODERATORS,
        LINK_OFFERS,
    ):
        database.execute(statement)
