"""Which model versions learnt from which texts, so that `/forget` can name them."""

import sqlite3
from collections.abc import Iterable

from bot.storage.verdicts import message_of

NOTE = """
INSERT INTO training_sources (message, key, version) VALUES (?, ?, ?) ON CONFLICT DO NOTHING
"""

VERSIONS = "SELECT DISTINCT version FROM training_sources WHERE message = ? ORDER BY version"


def note_trained(connection: sqlite3.Connection, version: str, keys: Iterable[str]) -> None:
    """Note which texts a version learnt from, by the keys of verdicts or of imported texts."""
    connection.executemany(NOTE, ((message_of(key), key, version) for key in keys))


def find_versions(connection: sqlite3.Connection, message: str) -> list[str]:
    """Find the versions that learnt from any state of a message."""
    return [version for (version,) in connection.execute(VERSIONS, (message,))]
