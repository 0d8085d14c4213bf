"""Communities: which moderators' chat looks after which, by what settings, and who changed them.

And what settings are chosen by: buttons' targets, and how sure the model was of what it read.
"""

from sqlite_utils import Database

# A chat without a row has the defaults. Times are epoch seconds, hours are of the community's zone.
COMMUNITIES = """
CREATE TABLE communities (
    chat_id INTEGER PRIMARY KEY,
    moderators_chat INTEGER,
    mode TEXT NOT NULL DEFAULT 'watch' CHECK (mode IN ('watch', 'ask', 'act')),
    toxic_threshold REAL NOT NULL DEFAULT 0.85,
    act_threshold REAL NOT NULL DEFAULT 0.97,
    care_threshold REAL NOT NULL DEFAULT 0.9,
    newcomer_hours REAL NOT NULL DEFAULT 24,
    language TEXT,
    quiet_from INTEGER,
    quiet_to INTEGER,
    time_zone TEXT NOT NULL DEFAULT 'Europe/Moscow',
    warnings_before_mute INTEGER NOT NULL DEFAULT 3,
    retention_days INTEGER,
    linked_by INTEGER,
    linked_at REAL,
    updated_at REAL NOT NULL
)
"""
BY_MODERATORS_CHAT = """
CREATE INDEX communities_by_moderators_chat ON communities (moderators_chat)
WHERE moderators_chat IS NOT NULL
"""

# Values as JSON; `what` is a column of communities, or `moderator` with the person's id.
SETTINGS_CHANGES = """
CREATE TABLE settings_changes (
    id INTEGER PRIMARY KEY,
    chat_id INTEGER NOT NULL,
    who INTEGER NOT NULL,
    what TEXT NOT NULL,
    changed_at REAL NOT NULL,
    before TEXT NOT NULL,
    after TEXT NOT NULL
)
"""
CHANGES_BY_CHAT = "CREATE INDEX settings_changes_by_chat ON settings_changes (chat_id, id)"
CHANGES_APPEND_ONLY = """
CREATE TRIGGER settings_changes_append_only
BEFORE UPDATE OF who, what, changed_at, before, after ON settings_changes
BEGIN
    SELECT RAISE(ABORT, 'what was changed stays written down');
END
"""

# Those whom an admin named; they moderate while they are still in the chat.
MODERATORS = """
CREATE TABLE moderators (
    chat_id INTEGER NOT NULL,
    person_id INTEGER NOT NULL,
    named_by INTEGER NOT NULL,
    named_at REAL NOT NULL,
    PRIMARY KEY (chat_id, person_id)
) WITHOUT ROWID
"""

# One-time tokens that deep links carry: whoever opens one still needs the rights in the chat.
# Some only open a private chat, others add the bot to a group that is to be linked.
LINK_OFFERS = """
CREATE TABLE link_offers (
    token TEXT PRIMARY KEY,
    chat_id INTEGER NOT NULL,
    offered_by INTEGER NOT NULL,
    adds_to_group INTEGER NOT NULL,
    expires_at REAL NOT NULL,
    used_at REAL
)
"""

# Buttons name chats and people by small numbers, which say nothing to whoever looks at them.
BUTTON_TARGETS = """
CREATE TABLE button_targets (
    number INTEGER PRIMARY KEY,
    target INTEGER NOT NULL UNIQUE
)
"""

# How many texts of a chat and day the model gave a label, by percent, from 50 up: what a
# threshold would have done is read from here, however many texts there were.
SCORE_COUNTS = """
CREATE TABLE score_counts (
    chat_id INTEGER NOT NULL,
    task TEXT NOT NULL,
    label TEXT NOT NULL,
    day INTEGER NOT NULL,
    percent INTEGER NOT NULL,
    texts INTEGER NOT NULL,
    PRIMARY KEY (chat_id, task, label, day, percent)
) WITHOUT ROWID
"""
# As bot/storage/whatif.py counts, on the day on which this step was written.
COUNT_EARLIER = """
INSERT INTO score_counts (chat_id, task, label, day, percent, texts)
SELECT m.chat_id, task.key, label.key, CAST(v.received_at / 86400 AS INTEGER),
    CAST(100 * label.value + 1e-9 AS INTEGER), count(*)
FROM verdicts AS v JOIN messages AS m ON m.id = v.message,
    json_each(v.scores) AS task, json_each(task.value) AS label
WHERE label.value >= 0.5
GROUP BY 1, 2, 3, 4, 5
"""


def communities(database: Database) -> None:
    """Create what a community is linked to, set to and moderated by."""
    for statement in (
        COMMUNITIES,
        BY_MODERATORS_CHAT,
        SETTINGS_CHANGES,
        CHANGES_BY_CHAT,
        CHANGES_APPEND_ONLY,
        MODERATORS,
        LINK_OFFERS,
        BUTTON_TARGETS,
        SCORE_COUNTS,
        COUNT_EARLIER,
    ):
        database.execute(statement)
