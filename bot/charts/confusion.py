"""What the model said against what was true, as values that a picture shows."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class MatrixCaptions:
    """The words around a confusion matrix."""

    true: str
    said: str
    percent: str
    """With `{}` where the number goes."""


@dataclass(frozen=True, slots=True)
class Confusion:
    """What was true (rows) against what the model said (columns), as shares or counts."""

    title: str
    note: str
    labels: Sequence[str]
    shares: Sequence[Sequence[float]]
    before: Sequence[Sequence[float]] = ()
    """What it was before, where a change is shown."""
