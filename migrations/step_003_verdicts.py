"""What the model said of each state of each message."""

from sqlite_utils import Database

# `key` is `<message>:<state>`. Times are epoch seconds; `scores` is {task: {label: probability}}.
VERDICTS = """
CREATE TABLE verdicts (
    key TEXT PRIMARY KEY,
    message TEXT NOT NULL,
    model TEXT NOT NULL,
    scores TEXT NOT NULL,
    received_at REAL NOT NULL,
    read_at REAL NOT NULL,
    scored_at REAL NOT NULL,
    saved_at REAL NOT NULL
)
"""


def verdicts(database: Database) -> None:
    """Create the table of verdicts."""
    database.execute(VERDICTS)
