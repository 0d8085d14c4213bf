"""Public channels that communities watch from outside, by their preview pages."""

from sqlite_utils import Database

# `chat_id` is what their posts have among messages (bot/outside/channels.py). `readings` counts the
# readings that were ordered: the last one is under way while `ordered_at` is set. `low` and `fresh`
# sum up what it has shown so far; the next one begins at `due_at`, and reads what is `before` a
# post, or the newest page. Times are epoch seconds, `pause` is seconds.
CHANNELS = """
CREATE TABLE watched_channels (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    chat_id INTEGER NOT NULL UNIQUE,
    readings INTEGER NOT NULL DEFAULT 0,
    ordered_at REAL,
    asked_at REAL,
    low INTEGER,
    fresh INTEGER NOT NULL DEFAULT 0,
    outcome TEXT,
    due_at REAL NOT NULL,
    pause REAL NOT NULL,
    before INTEGER,
    pages_left INTEGER NOT NULL DEFAULT 0,
    joins_at INTEGER NOT NULL DEFAULT 0,
    added_at REAL NOT NULL
)
"""
DUE = "CREATE INDEX watched_channels_due ON watched_channels (due_at) WHERE ordered_at IS NULL"
FORWARD_ONLY = """
CREATE TRIGGER watched_channels_forward_only BEFORE UPDATE OF readings ON watched_channels
WHEN NEW.readings < OLD.readings
BEGIN
    SELECT RAISE(ABORT, 'readings are only counted up');
END
"""

# `state` is the most that is known of how it goes, `told` what of it was said where it was asked.
WATCHES = """
CREATE TABLE watches (
    chat_id INTEGER NOT NULL,
    channel INTEGER NOT NULL REFERENCES watched_channels (id),
    asked_in INTEGER NOT NULL,
    asked_by INTEGER NOT NULL,
    asked_at REAL NOT NULL,
    state TEXT NOT NULL DEFAULT 'new' CHECK (state IN ('new', 'trouble', 'read', 'missing')),
    told TEXT NOT NULL DEFAULT 'new' CHECK (told IN ('new', 'trouble', 'read', 'missing')),
    PRIMARY KEY (chat_id, channel)
) WITHOUT ROWID
"""
BY_CHANNEL = "CREATE INDEX watches_by_channel ON watches (channel)"
TO_TELL = "CREATE INDEX watches_to_tell ON watches (asked_at) WHERE told <> state"
WATCHES_FORWARD_ONLY = """
CREATE TRIGGER watches_forward_only BEFORE UPDATE OF state ON watches
WHEN NEW.state <> OLD.state AND (
    OLD.state = 'missing'
    OR OLD.state = 'read' AND NEW.state <> 'missing'
    OR NEW.state = 'new'
)
BEGIN
    SELECT RAISE(ABORT, 'a watch only moves forward');
END
"""

# `mark` tells one text from another after the text itself is dropped: the page goes on showing it.
POSTS = """
CREATE TABLE watched_posts (
    channel INTEGER NOT NULL,
    number INTEGER NOT NULL,
    mark TEXT NOT NULL,
    gone_at REAL,
    PRIMARY KEY (channel, number)
) WITHOUT ROWID
"""


def watches(database: Database) -> None:
    """Create what is remembered of channels that are read from outside."""
    for statement in (
        CHANNELS,
        DUE,
        FORWARD_ONLY,
        WATCHES,
        BY_CHANNEL,
        TO_TELL,
        WATCHES_FORWARD_ONLY,
        POSTS,
    ):
        database.execute(statement)
