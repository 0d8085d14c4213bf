"""Alarms about watched channels, what a channel is called in public, and pictures below /mood."""

from sqlite_utils import Database

# A community's sums and alarms are of itself or of a channel that it watches: `about` says which,
# by the id that its messages have.
COURSES = (
    """
    CREATE TABLE alarm_courses_new (
        chat_id INTEGER NOT NULL,
        about INTEGER NOT NULL,
        hour INTEGER NOT NULL,
        score REAL NOT NULL,
        since INTEGER,
        votes REAL NOT NULL,
        negative REAL NOT NULL,
        expected REAL NOT NULL,
        most_authors INTEGER NOT NULL,
        alarmed INTEGER,
        PRIMARY KEY (chat_id, about)
    ) WITHOUT ROWID
    """,
    """
    INSERT INTO alarm_courses_new
    SELECT chat_id, chat_id, hour, score, since, votes, negative, expected, most_authors, alarmed
    FROM alarm_courses
    """,
    "DROP TABLE alarm_courses",
    "ALTER TABLE alarm_courses_new RENAME TO alarm_courses",
)
COLUMNS = """
    id, token, chat_id, hour, since, ended, votes, negative, expected, state, note, raised_at,
    judged, judged_by, judged_name, judged_at, alert_chat_id, alert_message_id, version,
    shown_version
"""
ALARMS = (
    """
    CREATE TABLE alarms_new (
        id INTEGER PRIMARY KEY,
        token TEXT NOT NULL UNIQUE,
        chat_id INTEGER NOT NULL,
        about INTEGER NOT NULL,
        hour INTEGER NOT NULL,
        since INTEGER NOT NULL,
        ended INTEGER,
        votes REAL NOT NULL,
        negative REAL NOT NULL,
        expected REAL NOT NULL,
        state TEXT NOT NULL DEFAULT 'planned'
            CHECK (state IN ('planned', 'sending', 'sent', 'skipped')),
        note TEXT,
        raised_at REAL NOT NULL,
        judged TEXT CHECK (judged IN ('seen', 'false')),
        judged_by INTEGER,
        judged_name TEXT,
        judged_at REAL,
        alert_chat_id INTEGER,
        alert_message_id INTEGER,
        version INTEGER NOT NULL DEFAULT 1,
        shown_version INTEGER NOT NULL DEFAULT 1,
        UNIQUE (chat_id, about, hour)
    )
    """,
    f"INSERT INTO alarms_new ({COLUMNS}, about) SELECT {COLUMNS}, chat_id FROM alarms",
    # Its index and its trigger go with it.
    "DROP TABLE alarms",
    "ALTER TABLE alarms_new RENAME TO alarms",
    """
    CREATE INDEX alarms_to_tell ON alarms (id)
    WHERE state IN ('planned', 'sending') OR shown_version < version
    """,
    """
    CREATE TRIGGER alarms_forward_only BEFORE UPDATE OF state ON alarms
    WHEN NEW.state <> OLD.state AND (
        OLD.state IN ('sent', 'skipped')
        OR OLD.state = 'sending' AND NEW.state = 'planned'
    )
    BEGIN
        SELECT RAISE(ABORT, 'an alarm only moves forward');
    END
    """,
)

# In small letters. A channel that the bot is in may be watched from outside, too: by its name one
# is known for the other.
NAMES = (
    "ALTER TABLE chats ADD COLUMN username TEXT",
    "CREATE INDEX chats_by_username ON chats (username) WHERE username IS NOT NULL",
)
# The epoch second up to which all that a channel posted has been read; NULL before the first time.
READ_UNTIL = "ALTER TABLE watched_channels ADD COLUMN read_until REAL"

# Which picture belongs to the words of a /mood, so that both are edited.
PICTURES = """
CREATE TABLE mood_pictures (
    chat_id INTEGER NOT NULL,
    words INTEGER NOT NULL,
    picture INTEGER NOT NULL,
    shown_at REAL NOT NULL,
    PRIMARY KEY (chat_id, words)
) WITHOUT ROWID
"""


def watched_alarms(database: Database) -> None:
    """Create what alarms about watched channels and pictures that are edited need."""
    for statement in (*COURSES, *ALARMS, *NAMES, READ_UNTIL, PICTURES):
        database.execute(statement)
