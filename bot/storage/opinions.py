"""What buyers say on the product pages of a community: each review once, as figures."""

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

from bot.outside.channels import mark_of
from bot.reviews.stored import ScoredReview
from bot.vocabulary import SENTIMENT

# More would not change a picture.
MOST_OPINIONS = 20_000

ADD = """
INSERT INTO opinions (product, mark, at, stars, negative, neutral, positive)
VALUES (?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (product, mark) DO NOTHING
"""
BETWEEN = """
SELECT o.at, o.negative, o.neutral, o.positive FROM products AS p
JOIN opinions AS o ON o.product = p.id
WHERE p.chat_id = ? AND o.at >= ? AND o.at < ? ORDER BY o.at DESC LIMIT ?
"""
EVER = """
SELECT count(*), coalesce(sum(o.negative), 0), coalesce(sum(o.neutral), 0),
    coalesce(sum(o.positive), 0)
FROM products AS p JOIN opinions AS o ON o.product = p.id WHERE p.chat_id = ?
"""
COUNT = "SELECT count(*) FROM opinions WHERE product = ?"


@dataclass(frozen=True, slots=True)
class Opinion:
    """What one buyer says, when, in probabilities."""

    at: float
    negative: float
    neutral: float
    positive: float


@dataclass(frozen=True, slots=True)
class Sums:
    """How many opinions, and their probabilities summed up."""

    opinions: int
    negative: float
    neutral: float
    positive: float


@dataclass(frozen=True, slots=True)
class Heard:
    """What buyers say: in a period each, and in sum ever."""

    lately: Sequence[Opinion]
    ever: Sums


def add(
    connection: sqlite3.Connection, product: int, found: Sequence[ScoredReview], seen_at: float
) -> int:
    """Add what a reading found that is not known yet; return how many reviews that are.

    What is undated was written since the page was read last; at the first reading nobody knows.
    """
    is_first = not count(connection, product)
    rows = [
        _row(product, one, one.written_at or (None if is_first else seen_at))
        for one in found
        if one.scores.get(SENTIMENT)
    ]
    return sum(connection.execute(ADD, row).rowcount for row in rows)


def list_between(
    connection: sqlite3.Connection, chat_id: int, since: float, until: float
) -> list[Opinion]:
    """List what was said on a community's pages from one epoch second on and before another."""
    rows = connection.execute(BETWEEN, (chat_id, since, until, MOST_OPINIONS))
    return [Opinion(*row) for row in rows]


def sum_up(connection: sqlite3.Connection, chat_id: int) -> Sums:
    """Sum up all that was ever said on a community's pages."""
    return Sums(*connection.execute(EVER, (chat_id,)).fetchone())


def count(connection: sqlite3.Connection, product: int) -> int:
    """Count what is known of a page."""
    return int(connection.execute(COUNT, (product,)).fetchone()[0])


def _row(product: int, one: ScoredReview, at: float | None) -> tuple[object, ...]:
    sentiment = one.scores[SENTIMENT]
    # A date tells apart what several people wrote in the same words.
    mark = mark_of(json.dumps([one.text, one.stars, one.written_at]))
    feelings = (sentiment.get(label, 0.0) for label in ("negative", "neutral", "positive"))
    return (product, mark, at, one.stars, *feelings)
