"""A reading's reviews as a CSV file. Pure."""

from collections.abc import Sequence
from datetime import UTC, datetime

from bot.reviews.stored import ScoredReview
from bot.tables import without_formula, write_table
from bot.vocabulary import SENTIMENT, TOXIC, TOXICITY

LABELS = ("negative", "neutral", "positive")
COLUMNS = ("number", "text", "stars", "written_at", "label", *LABELS, TOXIC, "model")


def review_table(found: Sequence[ScoredReview]) -> bytes:
    """Write reviews beside what the model says; times in UTC, probabilities 0 to 1."""
    return write_table(COLUMNS, map(_row, found))


def _row(one: ScoredReview) -> tuple[object, ...]:
    sentiment = one.scores.get(SENTIMENT, {})
    return (
        one.number + 1,
        without_formula(one.text),
        "" if one.stars is None else f"{one.stars:g}",
        _time(one.written_at),
        one.label or "",
        *(_probability(sentiment.get(label)) for label in LABELS),
        _probability(one.scores.get(TOXICITY, {}).get(TOXIC)),
        one.model,
    )


def _time(at: float | None) -> str:
    return "" if at is None else datetime.fromtimestamp(at, UTC).isoformat(timespec="seconds")


def _probability(value: float | None) -> str:
    return "" if value is None else f"{value:.4f}"
