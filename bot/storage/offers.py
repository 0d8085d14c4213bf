"""Offers to link a community: one-time tokens that deep links carry, for an hour."""

import secrets
import sqlite3
from dataclasses import dataclass

from bot.storage.communities import By

OPEN_SECONDS = 3600.0
# Between being shown the link to a group and choosing one.
ADDING_SECONDS = 600.0

CREATE = """
INSERT INTO link_offers (token, chat_id, offered_by, adds_to_group, expires_at)
VALUES (?, ?, ?, ?, ?)
"""
FIND = """
SELECT chat_id, offered_by FROM link_offers
WHERE token = ? AND used_at IS NULL AND expires_at > ?
"""
CLOSE = "UPDATE link_offers SET used_at = ? WHERE chat_id = ? AND used_at IS NULL"
OF_PERSON = """
SELECT 1 FROM link_offers
WHERE offered_by = ? AND adds_to_group AND used_at IS NULL AND expires_at > ?
"""
DROP_OLD = "DELETE FROM link_offers WHERE expires_at < ?"


class NoOfferError(LookupError):
    """No offer has this token, or it was used, or is too old."""


@dataclass(frozen=True, slots=True)
class Offer:
    """An invitation to choose the moderators' chat of a community."""

    token: str
    chat_id: int
    offered_by: int


def create(
    connection: sqlite3.Connection, chat_id: int, by: By, adds_to_group: bool = False
) -> str:
    """Offer to link a community, and return the token that a link carries."""
    connection.execute(DROP_OLD, (by.at - OPEN_SECONDS,))
    token = secrets.token_urlsafe(12)
    row = (token, chat_id, by.person, adds_to_group, by.at + OPEN_SECONDS)
    connection.execute(CREATE, row)
    return token


def find(connection: sqlite3.Connection, token: str, at: float) -> Offer:
    """Find an offer that is still open. Raises NoOfferError."""
    row = connection.execute(FIND, (token, at)).fetchone()
    if row is None:
        raise NoOfferError("the offer is used or too old")
    return Offer(token, *row)


def close(connection: sqlite3.Connection, chat_id: int, at: float) -> None:
    """Close what was offered for a community, since it is linked; again is harmless."""
    connection.execute(CLOSE, (at, chat_id))


def is_adding_to_group(connection: sqlite3.Connection, person_id: int, at: float) -> bool:
    """Tell whether someone was just offered to add the bot to a group that is to be linked."""
    lately = at + OPEN_SECONDS - ADDING_SECONDS
    return connection.execute(OF_PERSON, (person_id, lately)).fetchone() is not None
