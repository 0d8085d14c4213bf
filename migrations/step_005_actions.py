"""What the bot decided to do and how far it got: the audit, and what a crash resumes from."""

from sqlite_utils import Database

ACTIONS = """
CREATE TABLE actions (
    id INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,
    key TEXT NOT NULL,
    message TEXT NOT NULL,
    chat_id INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('planned', 'sending', 'done', 'failed')),
    reasons TEXT NOT NULL,
    note TEXT,
    sent_message_id INTEGER,
    planned_at REAL NOT NULL,
    changed_at REAL NOT NULL,
    UNIQUE (key, kind)
)
"""

OPEN = """
CREATE INDEX actions_open ON actions (chat_id, id) WHERE state IN ('planned', 'sending')
"""
BY_MESSAGE = "CREATE INDEX actions_by_message ON actions (message)"

FORWARD_ONLY = """
CREATE TRIGGER actions_forward_only BEFORE UPDATE OF state ON actions
WHEN OLD.state IN ('done', 'failed') OR (OLD.state = 'sending' AND NEW.state = 'planned')
BEGIN
    SELECT RAISE(ABORT, 'an action only moves forward');
END
"""


def actions(database: Database) -> None:
    """Create the table of actions and the trigger that lets their states move forward only."""
    for statement in (ACTIONS, OPEN, BY_MESSAGE, FORWARD_ONLY):
        database.execute(statement)
