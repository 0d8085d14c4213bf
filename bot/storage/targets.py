"""The small numbers by which buttons name chats and people."""

import sqlite3

ADD = "INSERT INTO button_targets (target) VALUES (?) ON CONFLICT (target) DO NOTHING"
NUMBER = "SELECT number FROM button_targets WHERE target = ?"
TARGET = "SELECT target FROM button_targets WHERE number = ?"


class NoTargetError(LookupError):
    """A button names nothing that is known here."""


def number_of(connection: sqlite3.Connection, target: int) -> int:
    """Give a chat or person its number; it keeps it, also when a group moves."""
    connection.execute(ADD, (target,))
    return int(connection.execute(NUMBER, (target,)).fetchone()[0])


def find(connection: sqlite3.Connection, number: int) -> int:
    """Find the chat or person that a number names. Raises NoTargetError."""
    row = connection.execute(TARGET, (number,)).fetchone()
    if row is None:
        raise NoTargetError(f"no target has the number {number}")
    return int(row[0])
