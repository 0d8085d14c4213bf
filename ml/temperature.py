"""What a task's logits are divided by so that its probabilities mean what they say."""

from bisect import bisect
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Temperature:
    """A temperature that depends on the margin, by which a text's best label leads the next.

    One number (Guo et al., 2017) sharpens sure and unsure texts alike; a network trained on
    smoothed labels, or averaged over steps and seeds, is timid where it is right most of all. So
    the temperature stands at some `margins`, which rise, is linear between them and constant
    beyond. No label's rank changes.
    """

    margins: tuple[float, ...]
    values: tuple[float, ...]

    @classmethod
    def constant(cls, value: float) -> "Temperature":
        """Return the same temperature for every text."""
        return cls((0.0,), (value,))

    @classmethod
    def from_json(cls, stored: Any) -> "Temperature":
        """Read one number, or pairs of a margin and a temperature. Raises ValueError."""
        pairs = [(0.0, stored)] if isinstance(stored, int | float) else stored
        try:
            found = cls(*(tuple(map(float, column)) for column in zip(*pairs, strict=True)))
        except (TypeError, ValueError) as error:
            raise ValueError(f"{stored!r} is no temperature: {error}") from None
        rising = all(a < b for a, b in zip(found.margins, found.margins[1:], strict=False))
        if not rising or not all(0 < value < np.inf for value in found.values):
            raise ValueError(f"{stored!r} is no temperature: margins rise, values are above 0")
        return found

    def to_json(self) -> float | list[list[float]]:
        """Return what `from_json` reads."""
        if len(self.values) == 1:
            return self.values[0]
        return [list(pair) for pair in zip(self.margins, self.values, strict=True)]

    def __str__(self) -> str:
        pairs = zip(self.margins, self.values, strict=True)
        if len(self.values) == 1:
            return f"{self.values[0]:g}"
        return ", ".join(f"{value:g} at a margin of {margin:g}" for margin, value in pairs)

    def divide(self, logits: Array) -> Array:
        """Return (texts, labels) logits, each text's divided by its temperature."""
        found = np.interp(margins(logits), self.margins, self.values)
        return np.asarray(logits / found[:, None], np.float64)

    def at(self, logits: Sequence[float]) -> float:
        """Return one text's temperature, as `divide` does: numpy alone takes ten times as long."""
        if len(self.values) == 1:
            return self.values[0]
        if len(logits) == 1:
            margin = abs(logits[0])
        else:
            *_, second, first = sorted(logits)
            margin = first - second
        after = bisect(self.margins, margin)
        if after in (0, len(self.margins)):
            return self.values[min(after, len(self.values) - 1)]
        (left, right), (low, high) = (
            known[after - 1 : after + 1] for known in (self.margins, self.values)
        )
        return low + (high - low) * (margin - left) / (right - left)


UNCHANGED = Temperature.constant(1.0)


def margins(logits: Array) -> Array:
    """Return by how much the best label leads the next, (texts,); one logit leads or trails 0."""
    if logits.shape[1] == 1:
        return np.asarray(np.abs(logits[:, 0]), np.float64)
    best = np.sort(logits, axis=1)
    return np.asarray(best[:, -1] - best[:, -2], np.float64)
