"""Files of reviews, read strictly: text, or CSV with a column text and perhaps stars."""

from collections.abc import Iterator

from bot.reviews.pasted import pasted_reviews
from bot.tables import RefusedFileError, decoded, header, records
from core.reading import LONGEST_REVIEW, Review

TEXT, STARS, LABEL = "text", "stars", "label"
# What the model reads in a second or two, so that no message waits for longer behind them.
MOST_ROWS = 2000
LONGEST_QUOTE = 40
TABLE_ENDING = ".csv"
ENDINGS = (TABLE_ENDING, ".txt")


def is_file_of_reviews(name: str | None) -> bool:
    """Tell by its name whether a file may hold reviews."""
    return bool(name and name.lower().endswith(ENDINGS))


def read_review_file(data: bytes, name: str) -> list[Review]:
    """Read a file of reviews, by its name as CSV or as text. Raises RefusedFileError."""
    text, _ = decoded(data)
    is_table = name.lower().endswith(TABLE_ENDING)
    found = list(_rows(text)) if is_table else pasted_reviews(text, MOST_ROWS + 1)
    if not found:
        raise RefusedFileError("no-rows")
    if len(found) > MOST_ROWS:
        raise RefusedFileError("too-many", rows=MOST_ROWS)
    return found


def holds_labels(data: bytes) -> bool:
    """Tell whether a CSV file holds labelled texts, which are no reviews but for /import."""
    try:
        names, _ = header(decoded(data)[0], (TEXT, LABEL))
    except RefusedFileError:
        return False
    return STARS not in names


def _rows(text: str) -> Iterator[Review]:
    names, separator = header(text, (TEXT,))
    stars_at = names.index(STARS) if STARS in names else None
    found = records(text, separator)
    next(found)
    for count, (number, record) in enumerate(found, 1):
        if count > MOST_ROWS:
            raise RefusedFileError("too-many", rows=MOST_ROWS)
        if len(record) != len(names):
            raise RefusedFileError("columns", row=number, found=len(record), wanted=len(names))
        stars = "" if stars_at is None else record[stars_at]
        yield _row(number, record[names.index(TEXT)], stars)


def _row(number: int, text: str, stars: str) -> Review:
    text, stars = text.strip(), stars.strip()
    if not text and not stars:
        raise RefusedFileError("empty-text", row=number)
    if len(text) > LONGEST_REVIEW:
        raise RefusedFileError("long-text", row=number, most=LONGEST_REVIEW)
    return Review(text=text, stars=_stars(number, stars) if stars else None)


def _stars(number: int, said: str) -> float:
    try:
        stars = float(said.replace(",", "."))
    except ValueError:
        stars = 0.0
    if not 1 <= stars <= 5:
        raise RefusedFileError("stars", row=number, stars=said[:LONGEST_QUOTE])
    return stars
