"""The ledger grows: labels taken back, imported texts, questions asked, what versions learnt from.

And what `/forget` did, which outlives the words that it dropped.
"""

from sqlite_utils import Database

# A label is never changed, and neither is the word that it no longer counts.
WITHDRAWALS = """
CREATE TABLE label_withdrawals (
    label INTEGER PRIMARY KEY,
    who INTEGER NOT NULL,
    withdrawn_at REAL NOT NULL
)
"""

WITHDRAWN_FOR_EVER = """
CREATE TRIGGER label_withdrawals_append_only BEFORE UPDATE ON label_withdrawals
BEGIN
    SELECT RAISE(ABORT, 'a withdrawal stays as it is: append another label');
END
"""

# A person's latest label on a text and task; one that was withdrawn does not revive the one before.
IN_FORCE = """
CREATE VIEW labels_in_force AS
SELECT l.* FROM labels AS l
WHERE NOT EXISTS (
    SELECT 1 FROM labels AS later
    WHERE later.who = l.who AND later.key = l.key AND later.task = l.task AND later.id > l.id
) AND NOT EXISTS (SELECT 1 FROM label_withdrawals AS w WHERE w.label = l.id)
"""

# Texts that came in a file: no chat holds them, so they are no messages, which could be linked to,
# deleted or scored as traffic. Their ids begin with `text:` and so never meet a message's, and
# a label speaks of one by `<id>:0`. One row a community and text, whatever its case and marks.
TEXTS = """
CREATE TABLE texts (
    id TEXT PRIMARY KEY,
    chat_id INTEGER NOT NULL,
    fingerprint TEXT NOT NULL,
    text TEXT NOT NULL,
    added_by INTEGER NOT NULL,
    added_at REAL NOT NULL,
    UNIQUE (chat_id, fingerprint)
)
"""

# What /label asked whom. `outcome` is empty while the question is open.
QUESTIONS = """
CREATE TABLE label_questions (
    id INTEGER PRIMARY KEY,
    who INTEGER NOT NULL,
    key TEXT NOT NULL,
    message TEXT NOT NULL,
    task TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    reason TEXT NOT NULL,
    asked_at REAL NOT NULL,
    outcome TEXT CHECK (outcome IN ('labelled', 'skipped', 'gone')),
    settled_at REAL,
    UNIQUE (who, fingerprint, task)
)
"""

# Texts of which people in force say different things, none of it more often than all else together.
CONFLICTS = """
CREATE TABLE label_conflicts (
    key TEXT NOT NULL,
    task TEXT NOT NULL,
    message TEXT NOT NULL,
    since REAL NOT NULL,
    PRIMARY KEY (key, task)
) WITHOUT ROWID
"""

# Which versions learnt from which texts.
SOURCES = """
CREATE TABLE training_sources (
    message TEXT NOT NULL,
    key TEXT NOT NULL,
    version TEXT NOT NULL,
    PRIMARY KEY (message, key, version)
) WITHOUT ROWID
"""

# `press` identifies who asked for it and when, so that doing it again goes on with the same row.
FORGETTINGS = """
CREATE TABLE forgettings (
    press TEXT PRIMARY KEY,
    asked_by INTEGER NOT NULL,
    person INTEGER NOT NULL,
    asked_at REAL NOT NULL,
    texts INTEGER NOT NULL DEFAULT 0,
    labels INTEGER NOT NULL DEFAULT 0,
    versions TEXT NOT NULL DEFAULT '[]'
)
"""

INDICES = (
    "CREATE INDEX labels_by_person ON labels (who, key, task)",
    "CREATE INDEX label_questions_by_message ON label_questions (message, who)",
    "CREATE INDEX label_questions_open ON label_questions (who) WHERE outcome IS NULL",
    "CREATE INDEX label_questions_settled ON label_questions (who, settled_at)",
    "CREATE INDEX label_questions_by_text ON label_questions (fingerprint, task)",
    "CREATE INDEX label_conflicts_by_message ON label_conflicts (message)",
    "CREATE INDEX label_conflicts_by_age ON label_conflicts (since)",
    "CREATE INDEX messages_by_sender ON messages (sender_id)",
    # Texts that are still at hand, so that the newest of a chat are found at once.
    "CREATE INDEX messages_with_text ON messages (chat_id, received_at) WHERE text IS NOT NULL",
    "CREATE INDEX texts_by_person ON texts (added_by)",
)


def ledger(database: Database) -> None:
    """Create what labelling, imports, training and forgetting remember."""
    of_labels = (WITHDRAWALS, WITHDRAWN_FOR_EVER, IN_FORCE, CONFLICTS, TEXTS)
    for statement in (*of_labels, QUESTIONS, SOURCES, FORGETTINGS, *INDICES):
        database.execute(statement)
