"""What the picture of /mood shows, as values."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class Band:
    """A line and how sure it is: percentages by bucket, None where nothing was said."""

    name: str
    values: Sequence[float | None]
    low: Sequence[float | None]
    high: Sequence[float | None]


@dataclass(frozen=True, slots=True)
class MoodCaptions:
    """The words in the picture."""

    title: str
    volume: str
    volume_note: str
    outside: str
    nothing: str
    percent: str
    """With `{}` where the number goes."""


@dataclass(frozen=True, slots=True)
class Mark:
    """When a model version began, by its place among the buckets."""

    place: float
    name: str


@dataclass(frozen=True, slots=True)
class MoodPicture:
    """What /mood shows: shares of the feelings over time, and below how much was said."""

    drawn_by: ClassVar[str] = "bot.charts.mood_drawing"

    captions: MoodCaptions
    ticks: Sequence[tuple[int, str]]
    shares: Sequence[Band]
    """Negative, neutral and positive, 0 to 100."""
    votes: Sequence[float]
    messages: Sequence[int]
    marks: Sequence[Mark] = ()
    outside: Sequence[Band] = ()
    """Scores, -100 to 100, of those inside and those outside; not drawn where there are none."""
