"""What members hear: an appeal of one's own an incident, and whether reports reach anybody."""

from sqlite_utils import Database

# Whoever was punished for an incident appeals for themself: each appeal has its own course.
APPEALS = """
CREATE TABLE own_appeals (
    id INTEGER PRIMARY KEY,
    token TEXT NOT NULL UNIQUE,
    incident INTEGER NOT NULL REFERENCES incidents (id),
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
    shown_version INTEGER NOT NULL DEFAULT 0,
    UNIQUE (incident, person_id)
)
"""
KEEP = """
INSERT INTO own_appeals (
    id, token, incident, person_id, state, asked_at, judged_by, judged_name, judged_at, told_at,
    card_chat_id, card_message_id, version, shown_version
)
SELECT id, token, incident, person_id, state, asked_at, judged_by, judged_name, judged_at, told_at,
    card_chat_id, card_message_id, version, shown_version
FROM appeals
"""
REPLACE = ("DROP TABLE appeals", "ALTER TABLE own_appeals RENAME TO appeals")
TO_TELL = """
CREATE INDEX appeals_to_tell ON appeals (id)
WHERE shown_version < version OR state <> 'open' AND told_at IS NULL
"""
BY_PERSON = "CREATE INDEX appeals_by_person ON appeals (person_id, id)"
FORWARD_ONLY = """
CREATE TRIGGER appeals_forward_only BEFORE UPDATE OF state ON appeals
WHEN OLD.state <> 'open' AND NEW.state <> OLD.state
BEGIN
    SELECT RAISE(ABORT, 'an appeal is judged once');
END
"""

# Who was told that nobody gets a chat's reports, and when; 0 stands for the chat itself.
REPORT_NOTICES = """
CREATE TABLE report_notices (
    chat_id INTEGER NOT NULL,
    person_id INTEGER NOT NULL,
    told_at REAL NOT NULL,
    PRIMARY KEY (chat_id, person_id)
) WITHOUT ROWID
"""

# What else holds a person, when one incident is undone.
MEASURES_BY_TARGET = "CREATE INDEX measures_by_target ON measures (chat_id, target, kind)"


def members(database: Database) -> None:
    """Give each person their own appeal, and note what members were told of reports."""
    for statement in (
        APPEALS,
        KEEP,
        *REPLACE,
        TO_TELL,
        BY_PERSON,
        FORWARD_ONLY,
        REPORT_NOTICES,
        MEASURES_BY_TARGET,
    ):
        database.execute(statement)
