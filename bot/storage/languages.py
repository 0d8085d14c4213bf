"""In which language a chat is spoken to when nobody there has just said something."""

import sqlite3

from bot.storage import communities, people


def find_language(connection: sqlite3.Connection, chat_id: int) -> str | None:
    """Find the code of whom a private chat is with, or of the community that a chat is or serves.

    None where nothing is known.
    """
    find = people.find_language if chat_id > 0 else communities.find_language
    return find(connection, chat_id)
