"""Numbers, stars and dates as sites write them, of any type at all; what is none is None."""

import math
import re
from datetime import UTC, datetime

LARGEST = 1e15
NUMBER = re.compile(r"-?\d{1,15}(?:[.,]\d{1,15})?")
SPACED_THOUSANDS = re.compile(r"(?<=\d)[\s\u00a0\u202f](?=\d{3}\b)")
DOTTED_DATE = re.compile(r"\b(\d{1,2})[./](\d{1,2})[./](\d{4})\b")
WORDED_DATE = re.compile(r"\b(\d{1,2})\s+([а-яё]{3,8})\.?,?\s+(\d{4})\b", re.IGNORECASE)
MONTHS = ("янв", "фев", "мар", "апр", "ма", "июн", "июл", "авг", "сен", "окт", "ноя", "дек")
MILLISECONDS_FROM = 1e11
EARLIEST = datetime(1995, 1, 1, tzinfo=UTC).timestamp()
LATEST = datetime(2100, 1, 1, tzinfo=UTC).timestamp()


def number_in(value: object) -> float | None:
    """The first number in it: `4,5`, `4.5 из 5`, `1 204 отзыва`."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    if isinstance(value, str):
        found = NUMBER.search(SPACED_THOUSANDS.sub("", value[:100]))
        return float(found[0].replace(",", ".")) if found else None
    return float(value) if abs(value) <= LARGEST and math.isfinite(value) else None


def count_in(value: object) -> int | None:
    """A number of things: not negative, not beyond belief."""
    number = number_in(value)
    return int(number) if number is not None and 0 <= number <= LARGEST else None


def as_stars(value: object, best: object = None, worst: object = None) -> float | None:
    """Put a rating on the scale of 1 to 5.

    Without a scale of its own it is of 5, or of 10 or 100 where it is more.
    """
    rating, lowest = number_in(value), number_in(worst)
    if rating is None:
        return None
    highest = number_in(best) or _likely_best(rating)
    lowest = 1.0 if lowest is None else lowest
    if not lowest < highest or not min(lowest, 0.0) <= rating <= highest:
        return None
    if highest == 5 and 0 <= lowest <= 1:
        # Of five stars two are two, also where a site says that its worst is 0.
        return max(1.0, rating)
    return round(min(max(1 + 4 * (rating - lowest) / (highest - lowest), 1.0), 5.0), 2)


def _likely_best(rating: float) -> float:
    return 5.0 if rating <= 5 else 10.0 if rating <= 10 else 100.0


def moment_in(value: object) -> float | None:
    """Epoch seconds of a date in any of the usual forms; without a zone it is UTC."""
    if isinstance(value, str):
        moment = _written_moment(value.strip()[:64])
    else:
        moment = number_in(value)
        if moment is not None and moment >= MILLISECONDS_FROM:
            moment /= 1000
    return moment if moment is not None and EARLIEST <= moment <= LATEST else None


def _written_moment(text: str) -> float | None:
    try:
        when = datetime.fromisoformat(text)
    except ValueError:
        when = None
    found = when or _from_parts(text)
    if found is None:
        return None
    try:
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp()
    except (OverflowError, ValueError):
        return None


def _from_parts(text: str) -> datetime | None:
    if dotted := DOTTED_DATE.search(text):
        day, month, year = int(dotted[1]), int(dotted[2]), int(dotted[3])
    elif worded := WORDED_DATE.search(text):
        day, month, year = int(worded[1]), _month(worded[2].lower()), int(worded[3])
    else:
        return None
    try:
        return datetime(year, month, day, tzinfo=UTC)
    except ValueError:
        return None


def _month(word: str) -> int:
    return next((at for at, stem in enumerate(MONTHS, 1) if word.startswith(stem)), 0)
