"""How good the model is on a community's own messages: figures with intervals, from labels.

Pure arithmetic on labels that were weighted back to the traffic by `bot/stats/strata.py`.
"""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.predictions import TENTHS
from bot.stats.intervals import Cell, Estimate, Smooth, estimate
from bot.stats.strata import Judged, Strata

# Below so many labels a figure says little, so it is not told, but how many more there must be.
FEW_LABELS = 30
# Below so many texts on either side, shares differ by chance alone.
LEAST_TEXTS_FOR_DRIFT = 100
# Siddiqi, Credit Risk Scorecards, 2006: below 0.1 nothing has changed, from 0.25 on much has.
SLIGHT_DRIFT, GREAT_DRIFT = 0.1, 0.25


@dataclass(frozen=True, slots=True)
class Bin:
    """Texts of about one confidence: the mean of it, the share that is right, and their labels."""

    confidence: float
    accuracy: float
    labels: int
    weight: float
    """Their share of the traffic."""


@dataclass(frozen=True, slots=True)
class Quality:
    """How well one task is done; all shares are of the traffic, not of what was labelled."""

    labels: int
    coverage: float
    """The share of the traffic that the labels speak for."""
    accuracy: Estimate
    macro_f1: Estimate
    confusion: Mapping[Cell, float]
    bins: tuple[Bin, ...]
    calibration_error: float

    @property
    def rests_on_few(self) -> bool:
        return self.labels < FEW_LABELS


@dataclass(frozen=True, slots=True)
class Drift:
    """How the shares of a task's predicted labels moved."""

    index: float
    """The population stability index."""
    now: Mapping[str, float]
    before: Mapping[str, float]


def measure(strata: Strata) -> Quality | None:
    """Measure one task; None where nothing is labelled."""
    if not strata.judged:
        return None
    confusion = _confusion(strata)
    bins = _bins(strata)
    return Quality(
        labels=len(strata.judged),
        coverage=strata.coverage,
        accuracy=measure_accuracy(strata),
        macro_f1=measure_macro_f1(strata),
        confusion=confusion,
        bins=bins,
        calibration_error=sum(b.weight * abs(b.accuracy - b.confidence) for b in bins),
    )


def measure_accuracy(strata: Strata) -> Estimate:
    """Return the share of the traffic that is read rightly. There must be labels."""
    value = sum(weight for one, weight in strata.weighted() if one.is_right)
    smooth = Smooth.of(strata)
    likely = smooth.confusion
    gains = {(truth, said): float(truth == said) for truth, said in likely}
    right = sum(share * gains[cell] for cell, share in likely.items())
    return estimate(value, right, smooth.variance(gains))


def measure_macro_f1(strata: Strata) -> Estimate:
    """Return the macro-F1 on the traffic. There must be labels.

    Its variance by the delta method (Takahashi et al., Applied Intelligence 52, 2022).
    """
    confusion = _confusion(strata)
    smooth = Smooth.of(strata)
    return estimate(
        macro_f1(confusion), macro_f1(smooth.confusion), smooth.variance(_gains(smooth.confusion))
    )


def macro_f1(confusion: Mapping[Cell, float]) -> float:
    """Return the mean F1 of the labels that occur in truth or prediction."""
    occurrences = _occurrences(confusion)
    scores = (2 * confusion.get((x, x), 0.0) / share for x, share in occurrences.items())
    return sum(scores) / len(occurrences)


def find_drift(now: Counter[str], before: Counter[str]) -> Drift | None:
    """Compare what was predicted; None where there is too little of either.

    The population stability index, as Siddiqi has it (2006), half a text added to each count so
    that none is empty.
    """
    if min(now.total(), before.total()) < LEAST_TEXTS_FOR_DRIFT:
        return None
    labels = sorted(now.keys() | before.keys())
    new, old = _shares(now, labels), _shares(before, labels)
    index = sum((new[x] - old[x]) * math.log(new[x] / old[x]) for x in labels)
    return Drift(index, new, old)


def _shares(counts: Counter[str], labels: Sequence[str]) -> dict[str, float]:
    total = counts.total() + len(labels) / 2
    return {label: (counts[label] + 0.5) / total for label in labels}


def _confusion(strata: Strata) -> dict[Cell, float]:
    found: dict[Cell, float] = {}
    for one, weight in strata.weighted():
        cell = (one.truth, one.said.label)
        found[cell] = found.get(cell, 0.0) + weight
    return found


def _bins(strata: Strata) -> tuple[Bin, ...]:
    """Sort labels by tenths of confidence; their gaps make up the expected calibration error.

    Guo et al., On Calibration of Modern Neural Networks, 2017.
    """
    places: list[list[tuple[Judged, float]]] = [[] for _ in range(TENTHS)]
    for one, weight in strata.weighted():
        places[one.said.tenth].append((one, weight))
    return tuple(_bin(place) for place in places if place)


def _bin(place: Sequence[tuple[Judged, float]]) -> Bin:
    weight = sum(weight for _, weight in place)
    return Bin(
        confidence=sum(weight * one.said.confidence for one, weight in place) / weight,
        accuracy=sum(weight for one, weight in place if one.is_right) / weight,
        labels=len(place),
        weight=weight,
    )


def _gains(confusion: Mapping[Cell, float]) -> dict[Cell, float]:
    """Return how much macro-F1 grows with the share of each cell: its partial derivatives."""
    occurrences = _occurrences(confusion)
    losses = {x: 2 * confusion.get((x, x), 0.0) / n**2 for x, n in occurrences.items()}
    gains = {}
    for truth, said in confusion:
        gain = 2 / occurrences[truth] if truth == said else 0.0
        gains[truth, said] = (gain - losses[truth] - losses[said]) / len(occurrences)
    return gains


def _occurrences(confusion: Mapping[Cell, float]) -> dict[str, float]:
    """Each label's share in truth and in prediction, added up."""
    found: dict[str, float] = {}
    for cell, share in confusion.items():
        for label in cell:
            found[label] = found.get(label, 0.0) + share
    return found
