"""The parts of albums, so that deleting one of them deletes all."""

from sqlite_utils import Database

# Most parts carry no words, so they are no messages of ours. `chat_id` is where a part was written,
# for ever: in a supergroup that was a group its number names another message.
ALBUM_PARTS = """
CREATE TABLE album_parts (
    album TEXT NOT NULL,
    chat_id INTEGER NOT NULL,
    message_id INTEGER NOT NULL,
    received_at REAL NOT NULL,
    PRIMARY KEY (album, chat_id, message_id)
) WITHOUT ROWID
"""
BY_AGE = "CREATE INDEX album_parts_by_age ON album_parts (received_at)"
# Which decisions a part of an album falls under that comes late.
EXHIBITS_BY_ALBUM = "CREATE INDEX exhibits_by_album ON exhibits (album) WHERE album IS NOT NULL"


def album_parts(database: Database) -> None:
    """Create the table of albums' parts."""
    for statement in (ALBUM_PARTS, BY_AGE, EXHIBITS_BY_ALBUM):
        database.execute(statement)
