"""Versions that are tried on live messages beside the champion, and where the two differ."""

from sqlite_utils import Database

# `press` identifies who asked for it, so that the same press is one trial. `champion` is who serves
# beside it. `figures` is what it came to, as JSON, once it has ended. Times are epoch seconds.
SHADOWS = """
CREATE TABLE shadows (
    id INTEGER PRIMARY KEY,
    press TEXT NOT NULL UNIQUE,
    version TEXT NOT NULL,
    champion TEXT NOT NULL,
    asked_by INTEGER NOT NULL,
    chat_id INTEGER NOT NULL,
    language TEXT NOT NULL,
    state TEXT NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'ended', 'shown')),
    outcome TEXT CHECK (outcome IN ('judged', 'time', 'stopped', 'over')),
    figures TEXT NOT NULL DEFAULT '{}',
    started_at REAL NOT NULL,
    ends_at REAL NOT NULL,
    ended_at REAL
)
"""
# At most one version is tried at a time.
ONE_OPEN = "CREATE UNIQUE INDEX shadows_one_open ON shadows (state) WHERE state = 'open'"
TO_SHOW = "CREATE INDEX shadows_to_show ON shadows (id) WHERE state <> 'shown'"
FORWARD_ONLY = """
CREATE TRIGGER shadows_forward_only BEFORE UPDATE OF state ON shadows
WHEN OLD.state = 'shown' AND NEW.state <> 'shown' OR OLD.state = 'ended' AND NEW.state = 'open'
BEGIN
    SELECT RAISE(ABORT, 'a trial only moves forward');
END
"""

# How often the two said the same of a task, by trial: no chat's and nobody's.
COUNTS = """
CREATE TABLE shadow_counts (
    shadow INTEGER NOT NULL,
    task TEXT NOT NULL,
    agreed INTEGER NOT NULL,
    differed INTEGER NOT NULL,
    PRIMARY KEY (shadow, task)
) WITHOUT ROWID
"""

# Messages on which they differ, until the trial's end is told: `before` is what the champion says,
# `after` what the other one does. Copies of a text are one.
DIFFERENCES = """
CREATE TABLE shadow_differences (
    shadow INTEGER NOT NULL,
    fingerprint TEXT NOT NULL,
    task TEXT NOT NULL,
    key TEXT NOT NULL,
    message TEXT NOT NULL,
    chat_id INTEGER NOT NULL,
    before TEXT NOT NULL,
    after TEXT NOT NULL,
    PRIMARY KEY (shadow, fingerprint, task)
) WITHOUT ROWID
"""
BY_CHAT = "CREATE INDEX shadow_differences_by_chat ON shadow_differences (shadow, chat_id)"
BY_MESSAGE = "CREATE INDEX shadow_differences_by_message ON shadow_differences (message)"


def shadows(database: Database) -> None:
    """Create what is remembered of versions that are tried."""
    for statement in (
        SHADOWS,
        ONE_OPEN,
        TO_SHOW,
        FORWARD_ONLY,
        COUNTS,
        DIFFERENCES,
        BY_CHAT,
        BY_MESSAGE,
    ):
        database.execute(statement)
