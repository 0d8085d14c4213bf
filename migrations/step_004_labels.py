"""The ledger of what people said is right: only ever appended to."""

from sqlite_utils import Database

# `press` identifies the button press, so that handling it twice writes it once.
LABELS = """
CREATE TABLE labels (
    id INTEGER PRIMARY KEY,
    press TEXT NOT NULL UNIQUE,
    pressed_at REAL NOT NULL,
    who INTEGER NOT NULL,
    source TEXT NOT NULL,
    key TEXT NOT NULL,
    message TEXT NOT NULL,
    task TEXT NOT NULL,
    model TEXT NOT NULL,
    shown TEXT NOT NULL,
    chosen TEXT NOT NULL
)
"""

BY_MESSAGE = "CREATE INDEX labels_by_message ON labels (message)"

APPEND_ONLY = """
CREATE TRIGGER labels_append_only BEFORE UPDATE ON labels
BEGIN
    SELECT RAISE(ABORT, 'labels are only appended: add one that supersedes');
END
"""


def labels(database: Database) -> None:
    """Create the ledger and the trigger that keeps its rows as they were written."""
    for statement in (LABELS, BY_MESSAGE, APPEND_ONLY):
        database.execute(statement)
