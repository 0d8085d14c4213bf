"""Product pages that communities have linked, and what buyers say there, as figures over time."""

from sqlite_utils import Database

# A reading that no message shows: it is for figures alone.
QUIET = "ALTER TABLE readings ADD COLUMN is_quiet INTEGER NOT NULL DEFAULT 0"

# `reading` is the one under way. `seen` counts the readings that were ordered, `told` is when it
# was said in `asked_in` how the first one went. `outcome` is that of the last one.
PRODUCTS = """
CREATE TABLE products (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    chat_id INTEGER NOT NULL,
    url TEXT NOT NULL,
    address TEXT NOT NULL,
    title TEXT NOT NULL DEFAULT '',
    asked_in INTEGER NOT NULL,
    asked_by INTEGER NOT NULL,
    asked_at REAL NOT NULL,
    seen INTEGER NOT NULL DEFAULT 0,
    reading INTEGER,
    outcome TEXT,
    read_at REAL,
    told_at REAL,
    due_at REAL NOT NULL,
    UNIQUE (chat_id, address)
)
"""
DUE = "CREATE INDEX products_due ON products (due_at) WHERE reading IS NULL"
UNDER_WAY = "CREATE INDEX products_under_way ON products (id) WHERE reading IS NOT NULL"
FORWARD_ONLY = """
CREATE TRIGGER products_forward_only BEFORE UPDATE OF seen, told_at ON products
WHEN NEW.seen < OLD.seen OR OLD.told_at IS NOT NULL AND NEW.told_at IS NOT OLD.told_at
BEGIN
    SELECT RAISE(ABORT, 'what was read and told stays so');
END
"""

# One row a review, known again by `mark`, without its words. `at` is when it was written, or, where
# the page does not say, when it was first seen; empty for those that were there from the beginning.
OPINIONS = """
CREATE TABLE opinions (
    product INTEGER NOT NULL REFERENCES products (id),
    mark TEXT NOT NULL,
    at REAL,
    stars REAL,
    negative REAL NOT NULL,
    neutral REAL NOT NULL,
    positive REAL NOT NULL,
    PRIMARY KEY (product, mark)
) WITHOUT ROWID
"""
BY_TIME = "CREATE INDEX opinions_by_time ON opinions (product, at)"


def products(database: Database) -> None:
    """Create what is remembered of product pages."""
    for statement in (QUIET, PRODUCTS, DUE, UNDER_WAY, FORWARD_ONLY, OPINIONS, BY_TIME):
        database.execute(statement)
