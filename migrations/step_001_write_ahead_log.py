"""Readers (Datasette, exports, benchmarks) must not stop the bot from writing."""

from sqlite_utils import Database


def write_ahead_log(database: Database) -> None:
    """Switch the file to a write-ahead log; the file remembers it."""
    database.enable_wal()
