"""Alarms and digests of a community's mood: what rose, what is to be sent, and what was sent."""

from sqlite_utils import Database

SETTINGS = (
    """
    ALTER TABLE communities ADD COLUMN alert TEXT NOT NULL DEFAULT 'normal'
        CHECK (alert IN ('off', 'low', 'normal', 'high'))
    """,
    """
    ALTER TABLE communities ADD COLUMN digest TEXT NOT NULL DEFAULT 'weekly'
        CHECK (digest IN ('off', 'daily', 'weekly'))
    """,
    "ALTER TABLE communities ADD COLUMN digest_hour INTEGER NOT NULL DEFAULT 10",
)

# How far each community's sum has come after a whole hour; hours count from 1970, UTC.
COURSES = """
CREATE TABLE alarm_courses (
    chat_id INTEGER PRIMARY KEY,
    hour INTEGER NOT NULL,
    score REAL NOT NULL,
    since INTEGER,
    votes REAL NOT NULL,
    negative REAL NOT NULL,
    expected REAL NOT NULL,
    most_authors INTEGER NOT NULL,
    alarmed INTEGER
)
"""

# One an episode, which `ended` ends. The figures are as of the alarm; `token`, `version` and
# `shown_version` are as in incidents. `sending` is noted before the alert is sent, so that it is
# never sent twice.
ALARMS = """
CREATE TABLE alarms (
    id INTEGER PRIMARY KEY,
    token TEXT NOT NULL UNIQUE,
    chat_id INTEGER NOT NULL,
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
    UNIQUE (chat_id, hour)
)
"""
ALARMS_TO_TELL = """
CREATE INDEX alarms_to_tell ON alarms (id)
WHERE state IN ('planned', 'sending') OR shown_version < version
"""

# What a digest is about ends when it is due. `rung_at` is when its bell was heard; one `on_demand`
# is sent at once to who asked, and is none of those that come by themselves.
DIGESTS = """
CREATE TABLE digests (
    id INTEGER PRIMARY KEY,
    chat_id INTEGER NOT NULL,
    since REAL NOT NULL,
    due_at REAL NOT NULL,
    rung_at REAL,
    on_demand INTEGER NOT NULL DEFAULT 0,
    state TEXT NOT NULL DEFAULT 'planned' CHECK (state IN ('planned', 'opened', 'skipped')),
    changed_at REAL NOT NULL,
    UNIQUE (chat_id, due_at)
)
"""
PLANNED = "CREATE UNIQUE INDEX digests_planned ON digests (chat_id) WHERE state = 'planned'"

# To whom a digest goes: the moderators' chat, and those who asked for it in private.
SENDINGS = """
CREATE TABLE digest_sendings (
    digest INTEGER NOT NULL REFERENCES digests (id),
    target INTEGER NOT NULL,
    state TEXT NOT NULL DEFAULT 'planned'
        CHECK (state IN ('planned', 'sending', 'sent', 'skipped')),
    note TEXT,
    changed_at REAL NOT NULL,
    PRIMARY KEY (digest, target)
) WITHOUT ROWID
"""
TO_SEND = """
CREATE INDEX digest_sendings_to_send ON digest_sendings (target, digest)
WHERE state IN ('planned', 'sending')
"""
READERS = """
CREATE TABLE digest_readers (
    chat_id INTEGER NOT NULL,
    person_id INTEGER NOT NULL,
    asked_at REAL NOT NULL,
    PRIMARY KEY (chat_id, person_id)
) WITHOUT ROWID
"""


def _forward_only(table: str, what: str) -> str:
    return f"""
    CREATE TRIGGER {table}_forward_only BEFORE UPDATE OF state ON {table}
    WHEN NEW.state <> OLD.state AND (
        OLD.state IN ('sent', 'opened', 'skipped')
        OR OLD.state = 'sending' AND NEW.state = 'planned'
    )
    BEGIN
        SELECT RAISE(ABORT, '{what} only moves forward');
    END
    """


def alarms(database: Database) -> None:
    """Create what alarms and digests remember, and their settings."""
    for statement in (
        *SETTINGS,
        COURSES,
        ALARMS,
        ALARMS_TO_TELL,
        _forward_only("alarms", "an alarm"),
        DIGESTS,
        PLANNED,
        _forward_only("digests", "a digest"),
        SENDINGS,
        TO_SEND,
        _forward_only("digest_sendings", "a sending"),
        READERS,
    ):
        database.execute(statement)
