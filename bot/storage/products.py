"""Product pages that communities have linked: which, when they are read, and how that went."""

import sqlite3
from dataclasses import dataclass

from bot.reviews.readings import Asked, Outcome
from bot.storage import readings
from bot.storage.communities import By, note_change

# Each is read once a day, up to a thousand reviews.
MOST_PRODUCTS = 5
DAY_SECONDS, HOUR_SECONDS = 24 * 3600.0, 3600.0
# What was read since is not read anew.
FRESH_SECONDS = HOUR_SECONDS

COUNT = "SELECT count(*) FROM products WHERE chat_id = ?"
IS_LINKED = "SELECT 1 FROM products WHERE chat_id = ? AND address = ?"
ADD = """
INSERT INTO products (chat_id, url, address, asked_in, asked_by, asked_at, due_at)
VALUES (?, ?, ?, ?, ?, ?, ?)
"""
COLUMNS = "id, chat_id, url, address, title, asked_in, seen, reading, outcome, read_at, told_at"
SELECT = f"SELECT {COLUMNS} FROM products "
OF_COMMUNITY = SELECT + "WHERE chat_id = ? ORDER BY id"
FIND = SELECT + "WHERE id = ?"
REMOVE = ("DELETE FROM opinions WHERE product = ?", "DELETE FROM products WHERE id = ?")
HURRY = """
UPDATE products SET due_at = min(due_at, max(?, coalesce(read_at, 0) + ?)) WHERE id = ?
"""

DUE = (
    SELECT
    + """
WHERE reading IS NULL AND due_at <= ?
AND EXISTS (
    SELECT 1 FROM communities AS c
    WHERE c.chat_id = products.chat_id AND c.moderators_chat IS NOT NULL
)
ORDER BY due_at LIMIT 1
"""
)
UNDER_WAY = SELECT + "WHERE reading IS NOT NULL ORDER BY id"
BEGIN = "UPDATE products SET seen = seen + 1, reading = ? WHERE id = ?"
END = """
UPDATE products SET reading = NULL, outcome = ?, read_at = ?, due_at = ?,
    title = CASE WHEN ? <> '' THEN ? ELSE title END
WHERE id = ?
"""
UNTOLD = SELECT + "WHERE told_at IS NULL AND outcome IS NOT NULL ORDER BY id LIMIT 20"
TOLD = "UPDATE products SET told_at = ? WHERE id = ? AND told_at IS NULL"


class TooManyProductsError(Exception):
    """A community has linked as many pages as it may."""


@dataclass(frozen=True, slots=True)
class Linked:
    """Which community links which page, and where to tell how it goes."""

    chat_id: int
    url: str
    address: str
    """The url in the one form by which it is known again."""
    asked_in: int


@dataclass(frozen=True, slots=True)
class Product:
    """A page that a community has linked; times in epoch seconds."""

    id: int
    chat_id: int
    url: str
    address: str
    title: str
    """Empty until it was read."""
    asked_in: int
    seen: int
    reading: int | None
    """The one that is under way."""
    outcome: Outcome | None
    """Of the last reading."""
    read_at: float | None
    told_at: float | None

    @property
    def name(self) -> str:
        """What it is called; its address until that is known."""
        return self.title or self.address.lstrip("/")


def link(connection: sqlite3.Connection, linked: Linked, by: By) -> bool:
    """Link a page; False where it is linked already. Raises TooManyProductsError."""
    if connection.execute(IS_LINKED, (linked.chat_id, linked.address)).fetchone():
        return False
    (count,) = connection.execute(COUNT, (linked.chat_id,)).fetchone()
    if count >= MOST_PRODUCTS:
        raise TooManyProductsError(linked.address)
    row = (linked.chat_id, linked.url, linked.address, linked.asked_in, by.person, by.at, by.at)
    connection.execute(ADD, row)
    note_change(connection, linked.chat_id, ("product", None, linked.address), by)
    return True


def remove(connection: sqlite3.Connection, product: Product, by: By) -> bool:
    """Take a page off, and what was said there; False where it is off already."""
    # In this order: an opinion refers to its product.
    counts = [connection.execute(statement, (product.id,)).rowcount for statement in REMOVE]
    if counts[-1]:
        note_change(connection, product.chat_id, ("product", product.address, None), by)
    return bool(counts[-1])


def of_community(connection: sqlite3.Connection, chat_id: int) -> list[Product]:
    """List the pages that a community has linked, the first one first."""
    return [Product(*row) for row in connection.execute(OF_COMMUNITY, (chat_id,))]


def find(connection: sqlite3.Connection, product: int) -> Product:
    """Find a page. Raises LookupError."""
    row = connection.execute(FIND, (product,)).fetchone()
    if row is None:
        raise LookupError(f"no product {product}")
    return Product(*row)


def hurry(connection: sqlite3.Connection, product: int, at: float) -> None:
    """Have a page read now, or as soon as what was read of it is an hour old."""
    connection.execute(HURRY, (at, FRESH_SECONDS, product))


def find_due(connection: sqlite3.Connection, at: float) -> Product | None:
    """Find the page that is to be read now, if one is."""
    row = connection.execute(DUE, (at,)).fetchone()
    return Product(*row) if row else None


def begin(connection: sqlite3.Connection, product: Product, at: float) -> None:
    """Write down that a page is to be read, for nobody's eyes, as a community's own wish."""
    asked = Asked(
        press=f"product:{product.id}:{product.seen + 1}",
        kind="link",
        url=product.url,
        address=product.address,
        asked_by=product.chat_id,
        chat_id=product.chat_id,
        reply_to=0,
        language="",
        at=at,
    )
    reading = readings.ask(connection, asked, at - FRESH_SECONDS)
    readings.hush(connection, reading.id)
    connection.execute(BEGIN, (reading.id, product.id))


def list_under_way(connection: sqlite3.Connection) -> list[Product]:
    """List the pages that are being read."""
    return [Product(*row) for row in connection.execute(UNDER_WAY)]


def end(
    connection: sqlite3.Connection, product: int, outcome: Outcome, title: str, at: float
) -> None:
    """Note how a reading went; the next one is tomorrow, or sooner where a host was busy."""
    due_at = at + (HOUR_SECONDS if outcome in ("busy", "no-reader") else DAY_SECONDS)
    connection.execute(END, (outcome, at, due_at, title, title, product))


def find_untold(connection: sqlite3.Connection) -> list[Product]:
    """Find pages of whose first reading nobody was told."""
    return [Product(*row) for row in connection.execute(UNTOLD)]


def note_told(connection: sqlite3.Connection, product: int, at: float) -> None:
    """Note that it was told; again is harmless."""
    connection.execute(TOLD, (at, product))
