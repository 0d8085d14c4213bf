"""What the picture of a review report shows, as values."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class Class:
    """One class of texts; `kind` chooses its colour: negative, neutral, positive or any other."""

    kind: str
    name: str
    count: int


@dataclass(frozen=True, slots=True)
class StarRow:
    """The reviews with so many stars, by class in the order of the classes."""

    stars: int
    counts: Sequence[int]


@dataclass(frozen=True, slots=True)
class ReviewCaptions:
    """The words in the picture; the last with `{}` where the number goes."""

    title: str
    split: str
    split_note: str
    stars: str
    stars_note: str
    nothing: str
    percent: str


@dataclass(frozen=True, slots=True)
class ReviewPicture:
    """The split of the texts, and the same for each number of stars; no rows where none has any."""

    drawn_by: ClassVar[str] = "bot.charts.reviews_drawing"

    captions: ReviewCaptions
    classes: Sequence[Class]
    rows: Sequence[StarRow]
