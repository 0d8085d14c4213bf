"""Trainings that were ordered, which message shows each, and the proposals to train."""

from sqlite_utils import Database

# `keys` names the texts that went in, as JSON, until the version that came of them is noted.
# `last_label` is the newest in the ledger at the time: what comes after it is new to the next one.
TRAININGS = """
CREATE TABLE trainings (
    id TEXT PRIMARY KEY,
    asked_by INTEGER NOT NULL,
    chat_id INTEGER NOT NULL,
    language TEXT NOT NULL,
    labels INTEGER NOT NULL,
    last_label INTEGER NOT NULL,
    keys TEXT NOT NULL,
    state TEXT NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'ended', 'shown')),
    message_id INTEGER,
    outcome TEXT,
    version TEXT,
    ordered_at REAL NOT NULL,
    ended_at REAL
)
"""
TO_SHOW = "CREATE INDEX trainings_to_show ON trainings (ordered_at) WHERE state <> 'shown'"
BY_TIME = "CREATE INDEX trainings_by_time ON trainings (ordered_at)"

FORWARD_ONLY = """
CREATE TRIGGER trainings_forward_only BEFORE UPDATE OF state ON trainings
WHEN OLD.state = 'shown' AND NEW.state <> 'shown' OR OLD.state = 'ended' AND NEW.state = 'open'
BEGIN
    SELECT RAISE(ABORT, 'a training only moves forward');
END
"""

# One a moderators' chat and training: `since` is that training's `last_label`. `message_id` is
# empty until the proposal is sent, and 0 where it could not be.
PROPOSALS = """
CREATE TABLE training_proposals (
    chat_id INTEGER NOT NULL,
    since INTEGER NOT NULL,
    labels INTEGER NOT NULL,
    proposed_at REAL NOT NULL,
    message_id INTEGER,
    PRIMARY KEY (chat_id, since)
)
"""


def trainings(database: Database) -> None:
    """Create what is remembered of trainings; what they learnt from is in `training_sources`."""
    for statement in (TRAININGS, TO_SHOW, BY_TIME, FORWARD_ONLY, PROPOSALS):
        database.execute(statement)
