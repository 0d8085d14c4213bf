"""Readings of review pages that somebody asked for, and the reviews that were found."""

from sqlite_utils import Database

# `press` identifies what asked for it, so that handling that twice is one reading. `source` is the
# reading whose reviews this one shows: itself, or an earlier one of the same address. `next_part`
# counts the parts that came, `reviews` what was in them. `outcome` is the reader's, or our own
# word for what became of it; `found` what the reader said at its end, as JSON. `version` rises
# with each change, `shown_version` follows it once a message shows that. `quotes` holds the
# numbers of the reviews that the report quotes.
READINGS = """
CREATE TABLE readings (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    press TEXT NOT NULL UNIQUE,
    source INTEGER NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('link', 'text', 'file')),
    url TEXT NOT NULL,
    address TEXT NOT NULL,
    asked_by INTEGER NOT NULL,
    chat_id INTEGER NOT NULL,
    reply_to INTEGER NOT NULL,
    language TEXT NOT NULL,
    asked_at REAL NOT NULL,
    state TEXT NOT NULL DEFAULT 'asked'
        CHECK (state IN ('asked', 'reading', 'ended', 'told', 'shown')),
    version INTEGER NOT NULL DEFAULT 1,
    shown_version INTEGER NOT NULL DEFAULT 0,
    message_id INTEGER,
    heard_at REAL NOT NULL,
    next_part INTEGER NOT NULL DEFAULT 0,
    reviews INTEGER NOT NULL DEFAULT 0,
    outcome TEXT,
    found TEXT,
    quotes TEXT NOT NULL DEFAULT '[]'
)
"""

FORWARD_ONLY = """
CREATE TRIGGER readings_forward_only BEFORE UPDATE OF state ON readings
WHEN instr('asked reading ended told shown', NEW.state)
    < instr('asked reading ended told shown', OLD.state)
BEGIN
    SELECT RAISE(ABORT, 'a reading only moves forward');
END
"""

# Numbered from 0 within a reading. `waiting` until the model has said what it thinks; a review
# without words never waits.
REVIEWS = """
CREATE TABLE reviews (
    id INTEGER PRIMARY KEY,
    reading INTEGER NOT NULL,
    number INTEGER NOT NULL,
    received_at REAL NOT NULL,
    waiting INTEGER NOT NULL,
    stars REAL,
    written_at REAL,
    model TEXT,
    scores TEXT,
    text TEXT NOT NULL,
    UNIQUE (reading, number)
)
"""

INDICES = (
    "CREATE INDEX readings_to_show ON readings (chat_id, id) WHERE state <> 'shown'",
    "CREATE INDEX readings_by_source ON readings (source)",
    "CREATE INDEX readings_by_address ON readings (address, asked_at)",
    "CREATE INDEX readings_by_person ON readings (asked_by, asked_at)",
    "CREATE INDEX readings_by_time ON readings (asked_at)",
    "CREATE INDEX reviews_waiting ON reviews (received_at) WHERE waiting = 1",
    # How many of a reading wait is asked many times a second.
    "CREATE INDEX reviews_waiting_of ON reviews (reading) WHERE waiting = 1",
    "CREATE INDEX reviews_by_time ON reviews (received_at)",
)


def reviews(database: Database) -> None:
    """Create what is remembered of readings and reviews."""
    for statement in (READINGS, FORWARD_ONLY, REVIEWS, *INDICES):
        database.execute(statement)
