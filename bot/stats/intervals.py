"""How sure figures are that rest on labels from strata: intervals of 95 %."""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.stats.strata import Strata

# Stands for whatever else might be true where only one label was ever seen.
ANOTHER = ""
# Of the normal distribution, for intervals of 95 %.
Z = 1.96
# Labels that each stratum is thought to have beside its own, when its interval is made.
ADDED_LABELS = 2

Cell = tuple[str, str]
"""A true label and a predicted one."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure between 0 and 1, and the ends of its 95 % interval."""

    value: float
    low: float
    high: float


def wilson(share: float, size: float) -> tuple[float, float]:
    """Return the 95 % interval of a share (Wilson, JASA 22, 1927); `size` need not be whole."""
    scale = 1 + Z**2 / size
    centre = (share + Z**2 / (2 * size)) / scale
    reach = Z / scale * math.sqrt(share * (1 - share) / size + Z**2 / (4 * size**2))
    return max(centre - reach, 0.0), min(centre + reach, 1.0)


def estimate(value: float, likely: float, variance: float) -> Estimate:
    """Give a figure Wilson's interval, at the size at which a plain share would vary as it does.

    As Franco et al. do for shares of strata (Journal of Survey Statistics and Methodology 7, 2019).
    """
    size = likely * (1 - likely) / variance
    low, high = wilson(min(value, 1.0), size)
    return Estimate(value, low, high)


@dataclass(frozen=True, slots=True)
class Smooth:
    """Strata with a few labels more, so that a mistake not seen among few is thought possible.

    These labels serve intervals only. They are spread in each stratum as labels of the same
    prediction are (as Agresti and Caffo add one success and one failure to each of two samples, The
    American Statistician 54, 2000).
    """

    parts: tuple[tuple[float, int, str, dict[str, float]], ...]
    """Of each stratum: its share, labels, prediction, and {true label: likely share}."""

    @classmethod
    def of(cls, strata: Strata) -> "Smooth":
        """Smooth strata that hold labels."""
        labels = _labels_and_another(strata)
        usual = _usual_truths(strata, labels)
        parts = []
        for stratum in strata.strata:
            said, size = stratum.judged[0].said.label, len(stratum.judged)
            truths = Counter(one.truth for one in stratum.judged)
            likely = {
                x: (truths[x] + ADDED_LABELS * usual[said][x]) / (size + ADDED_LABELS)
                for x in labels
            }
            parts.append((stratum.share, size, said, likely))
        return cls(tuple(parts))

    @property
    def confusion(self) -> dict[Cell, float]:
        """The likely share of each true and predicted label."""
        found: dict[Cell, float] = {}
        for share, _, said, likely in self.parts:
            for truth, probability in likely.items():
                found[truth, said] = found.get((truth, said), 0.0) + share * probability
        return found

    def variance(self, gains: Mapping[Cell, float]) -> float:
        """Return the variance of a figure that grows so with each cell's share."""
        whole = 0.0
        for share, size, said, likely in self.parts:
            mean = sum(p * gains[truth, said] for truth, p in likely.items())
            square = sum(p * gains[truth, said] ** 2 for truth, p in likely.items())
            whole += share**2 * (square - mean**2) / size
        return whole


def _labels_and_another(strata: Strata) -> list[str]:
    """The labels that occur; where it is but one, another one might have been true, too."""
    found = {label for one in strata.judged for label in (one.truth, one.said.label)}
    return sorted(found if len(found) > 1 else found | {ANOTHER})


def _usual_truths(strata: Strata, labels: Sequence[str]) -> dict[str, dict[str, float]]:
    """How the true labels of each predicted label spread over all its strata; none is 0."""
    seen = Counter((one.said.label, one.truth) for one in strata.judged)
    spread = {}
    for said in labels:
        counts = {truth: seen[said, truth] + 1 / len(labels) for truth in labels}
        spread[said] = {truth: count / sum(counts.values()) for truth, count in counts.items()}
    return spread
