"""What needs a person: incidents, the messages they are made of, and the measures taken."""

from sqlite_utils import Database

# `token` is what buttons carry. `version` counts what changed on the card and `shown_version` what
# the moderators have seen of it: while they differ, the card is to be shown again.
INCIDENTS = """
CREATE TABLE incidents (
    id INTEGER PRIMARY KEY,
    token TEXT NOT NULL UNIQUE,
    chat_id INTEGER NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('care', 'moderate')),
    is_raid INTEGER NOT NULL DEFAULT 0,
    state TEXT NOT NULL DEFAULT 'new' CHECK (state IN ('new', 'open', 'settled', 'undone')),
    acts INTEGER NOT NULL DEFAULT 0,
    reasons TEXT NOT NULL,
    outcome TEXT,
    settled_by INTEGER,
    settled_name TEXT,
    assigned_name TEXT,
    undone_name TEXT,
    card_chat_id INTEGER,
    card_message_id INTEGER,
    version INTEGER NOT NULL DEFAULT 1,
    shown_version INTEGER NOT NULL DEFAULT 0,
    opened_at REAL NOT NULL,
    changed_at REAL NOT NULL,
    settled_at REAL
)
"""
RECENT = "CREATE INDEX incidents_recent ON incidents (chat_id, kind, changed_at)"
TO_SHOW = "CREATE INDEX incidents_to_show ON incidents (id) WHERE shown_version < version"

FORWARD_ONLY = """
CREATE TRIGGER incidents_forward_only BEFORE UPDATE OF state ON incidents
WHEN NEW.state <> OLD.state AND (
    OLD.state = 'undone'
    OR OLD.state = 'settled' AND NEW.state <> 'undone'
    OR OLD.state = 'open' AND NEW.state <> 'settled'
    OR OLD.state = 'new' AND NEW.state NOT IN ('open', 'settled')
)
BEGIN
    SELECT RAISE(ABORT, 'an incident only moves forward');
END
"""

# The evidence: `text` stays as it was written, whatever its author or a moderator does to it.
EXHIBITS = """
CREATE TABLE exhibits (
    id INTEGER PRIMARY KEY,
    incident INTEGER NOT NULL REFERENCES incidents (id),
    key TEXT NOT NULL,
    message TEXT NOT NULL,
    chat_id INTEGER NOT NULL,
    message_id INTEGER NOT NULL,
    album TEXT,
    sender_id INTEGER,
    sender_name TEXT,
    text TEXT,
    fingerprint TEXT NOT NULL,
    has_media INTEGER NOT NULL DEFAULT 0,
    copy_message_id INTEGER,
    scores TEXT NOT NULL,
    model TEXT NOT NULL,
    added_at REAL NOT NULL,
    UNIQUE (incident, key)
)
"""
BY_MESSAGE = "CREATE INDEX exhibits_by_message ON exhibits (message)"

# `target` is a message id within its chat, or a person's id.
MEASURES = """
CREATE TABLE measures (
    id INTEGER PRIMARY KEY,
    incident INTEGER NOT NULL REFERENCES incidents (id),
    kind TEXT NOT NULL,
    chat_id INTEGER NOT NULL,
    target INTEGER NOT NULL,
    until INTEGER,
    by_person INTEGER NOT NULL,
    state TEXT NOT NULL DEFAULT 'planned'
        CHECK (state IN ('planned', 'taking', 'done', 'failed')),
    note TEXT,
    planned_at REAL NOT NULL,
    changed_at REAL NOT NULL,
    UNIQUE (incident, kind, target)
)
"""
OPEN_MEASURES = """
CREATE INDEX measures_open ON measures (chat_id, id) WHERE state IN ('planned', 'taking')
"""
MEASURES_FORWARD_ONLY = """
CREATE TRIGGER measures_forward_only BEFORE UPDATE OF state ON measures
WHEN OLD.state IN ('done', 'failed') OR (OLD.state = 'taking' AND NEW.state = 'planned')
BEGIN
    SELECT RAISE(ABORT, 'a measure only moves forward');
END
"""

REPORTS = """
CREATE TABLE reports (
    chat_id INTEGER NOT NULL,
    message_id INTEGER NOT NULL,
    person_id INTEGER NOT NULL,
    reported_at REAL NOT NULL,
    PRIMARY KEY (chat_id, message_id, person_id)
)
"""
REPORTS_BY_PERSON = "CREATE INDEX reports_by_person ON reports (person_id, reported_at)"

# Since when the bot knows someone in a chat; newcomers are judged more strictly.
ARRIVALS = """
CREATE TABLE arrivals (
    chat_id INTEGER NOT NULL,
    person_id INTEGER NOT NULL,
    name TEXT,
    first_seen_at REAL NOT NULL,
    PRIMARY KEY (chat_id, person_id)
) WITHOUT ROWID
"""
MEDIA = "ALTER TABLE messages ADD COLUMN has_media INTEGER NOT NULL DEFAULT 0"


def incidents(database: Database) -> None:
    """Create what moderators' cards are made of."""
    for statement in (
        INCIDENTS,
        RECENT,
        TO_SHOW,
        FORWARD_ONLY,
        EXHIBITS,
        BY_MESSAGE,
        MEASURES,
        OPEN_MEASURES,
        MEASURES_FORWARD_ONLY,
        REPORTS,
        REPORTS_BY_PERSON,
        ARRIVALS,
        MEDIA,
    ):
        database.execute(statement)
