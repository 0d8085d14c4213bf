"""What the picture of /stats shows, as values."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from bot.charts.confusion import Confusion


@dataclass(frozen=True, slots=True)
class Curve:
    """How often the model is right, by how sure it is: (confidence, share right, labels)."""

    name: str
    points: Sequence[tuple[float, float, int]]


@dataclass(frozen=True, slots=True)
class Line:
    """A percentile of each day, in milliseconds."""

    name: str
    milliseconds: Sequence[float]


@dataclass(frozen=True, slots=True)
class Captions:
    """The words in the picture."""

    title: str
    true: str
    said: str
    reliability: str
    confidence: str
    right: str
    latency: str
    nothing: str
    percent: str
    milliseconds: str
    seconds: str
    """The last three with `{}` where the number goes."""


@dataclass(frozen=True, slots=True)
class StatsPicture:
    """What /stats shows: confusions, reliability, and times by day."""

    drawn_by: ClassVar[str] = "bot.charts.stats_drawing"

    captions: Captions
    confusions: Sequence[Confusion]
    curves: Sequence[Curve]
    days: Sequence[str]
    lines: Sequence[Line]
