"""What members may expect: warnings that add up, appeals, and what became of their reports."""

from sqlite_utils import Database

# `mutes` marks the warning with which it was enough: the next one begins anew. `number` is which
# it was of `most`, as it was said.
WARNINGS = """
CREATE TABLE warnings (
    id INTEGER PRIMARY KEY,
    incident INTEGER NOT NULL REFERENCES incidents (id),
    chat_id INTEGER NOT NULL,
    person_id INTEGER NOT NULL,
    number INTEGER NOT NULL,
    most INTEGER NOT NULL,
    mutes INTEGER NOT NULL,
    given_at REAL NOT NULL,
    withdrawn_at REAL,
    UNIQUE (incident, person_id)
)
"""
WARNINGS_IN_FORCE = """
CREATE INDEX warnings_in_force ON warnings (chat_id, person_id, id) WHERE withdrawn_at IS NULL
"""

# `token` is what buttons carry; `version` and `shown_version` are as in incidents.
APPEALS = """
CREATE TABLE appeals (
    id INTEGER PRIMARY KEY,
    token TEXT NOT NULL UNIQUE,
    incident INTEGER NOT NULL UNIQUE REFERENCES incidents (id),
    person_id INTEGER NOT NULL,
    state TEXT NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'upheld', 'taken-back')),
    asked_at REAL NOT NULL,
    judged_by INTEGER,
    judged_name TEXT,
    judged_at REAL,
    told_at REAL,
    card_chat_id INTEGER,
    card_message_id INTEGER,
    version INTEGER NOT NULL DEFAULT 1,
    shown_version INTEGER NOT NULL DEFAULT 0
)
"""
APPEALS_TO_TELL = """
CREATE INDEX appeals_to_tell ON appeals (id)
WHERE shown_version < version OR state <> 'open' AND told_at IS NULL
"""
APPEALS_FORWARD_ONLY = """
CREATE TRIGGER appeals_forward_only BEFORE UPDATE OF state ON appeals
WHEN OLD.state <> 'open' AND NEW.state <> OLD.state
BEGIN
    SELECT RAISE(ABORT, 'an appeal is judged once');
END
"""
BY_SENDER = "CREATE INDEX exhibits_by_sender ON exhibits (sender_id, incident)"

REPORTS = (
    "ALTER TABLE reports ADD COLUMN incident INTEGER",
    "ALTER TABLE reports ADD COLUMN is_futile INTEGER NOT NULL DEFAULT 0",
    "CREATE INDEX reports_by_incident ON reports (incident) WHERE incident IS NOT NULL",
)


def fairness(database: Database) -> None:
    """Create what warnings and appeals remember, and note what reports led to."""
    for statement in (
        WARNINGS,
        WARNINGS_IN_FORCE,
        APPEALS,
        APPEALS_TO_TELL,
        APPEALS_FORWARD_ONLY,
        BY_SENDER,
        *REPORTS,
    ):
        database.execute(statement)
