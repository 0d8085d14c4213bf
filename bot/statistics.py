"""How good the model is on a community's own messages: figures with intervals, from labels.

Pure arithmetic on labels that were weighted back to the traffic by `bot/strata.py`.
"""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.predictions import TENTHS
from bot.strata import Judged, Strata

# Below so many labels a figure says little, and says so.
FEW_LABELS = 30
# Of the normal distribution, for intervals of 95 %.
Z = 1.96
DRAWS = 1_000
# Below so many texts on either side, shares differ by chance alone.
LEAST_TEXTS_FOR_DRIFT = 100
# Siddiqi, Credit Risk Scorecards, 2006: below 0.1 nothing has changed, from 0.25 on much has.
SLIGHT_DRIFT, GREAT_DRIFT = 0.1, 0.25


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure between 0 and 1, and the ends of its 95 % interval."""

    value: float
    low: float
    high: float


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
    confusion: Mapping[tuple[str, str], float]
    """{(true label, predicted label): share}."""
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
        macro_f1=_macro_f1_estimate(strata, confusion),
        confusion=confusion,
        bins=bins,
        calibration_error=sum(b.weight * abs(b.accuracy - b.confidence) for b in bins),
    )


def measure_accuracy(strata: Strata) -> Estimate:
    """Return the share of the traffic that is read rightly. There must be labels.

    Wilson's interval at the size that a plain sample as sure as these strata would have (Franco
    et al., Journal of Survey Statistics and Methodology 7, 2019). For that size only, each stratum
    gets one more label of each kind (Agresti and Caffo, The American Statistician 54, 2000): a few
    that are all right must not make it look sure.
    """
    value = sum(weight for one, weight in strata.weighted() if one.is_right)
    share = variance = 0.0
    for stratum in strata.strata:
        size = len(stratum.judged)
        right = (sum(one.is_right for one in stratum.judged) + 1) / (size + 2)
        share += stratum.share * right
        variance += stratum.share**2 * right * (1 - right) / size
    return Estimate(value, *wilson(min(value, 1.0), share * (1 - share) / variance))


def wilson(share: float, size: float) -> tuple[float, float]:
    """Return the 95 % interval of a share (Wilson, JASA 22, 1927); `size` need not be whole."""
    scale = 1 + Z**2 / size
    centre = (share + Z**2 / (2 * size)) / scale
    reach = Z / scale * math.sqrt(share * (1 - share) / size + Z**2 / (4 * size**2))
    return max(centre - reach, 0.0), min(centre + reach, 1.0)


def macro_f1(confusion: Mapping[tuple[str, str], float]) -> float:
    """Return the mean F1 of the labels that occur in truth or prediction."""
    labels = _labels(confusion)
    true, said = Counter[str](), Counter[str]()
    for (truth, predicted), share in confusion.items():
        true[truth] += share  # type: ignore[assignment]
        said[predicted] += share  # type: ignore[assignment]
    return sum(2 * confusion.get((x, x), 0.0) / (true[x] + said[x]) for x in labels) / len(labels)


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


def _confusion(strata: Strata) -> dict[tuple[str, str], float]:
    found: dict[tuple[str, str], float] = {}
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


def _macro_f1_estimate(strata: Strata, confusion: Mapping[tuple[str, str], float]) -> Estimate:
    """Draw the strata's true shares anew, each stratum keeping its weight (Rubin, The Bayesian
    Bootstrap, Annals of Statistics 9, 1981).

    Each stratum has one label more, spread over all labels (Perks' prior), so that a mistake that
    was not seen among a few is not taken for impossible. numpy draws all at once, in milliseconds;
    it is loaded here, by those who ask for figures.
    """
    import numpy as np

    labels = _labels(confusion)
    random = np.random.default_rng(0)
    drawn = np.zeros((DRAWS, len(labels), len(labels)))
    for stratum in strata.strata:
        said = labels.index(stratum.judged[0].said.label)
        truths = Counter(one.truth for one in stratum.judged)
        seen = [truths[label] + 1 / len(labels) for label in labels]
        drawn[:, :, said] += stratum.share * random.dirichlet(seen, size=DRAWS)
    diagonal = np.diagonal(drawn, axis1=1, axis2=2)
    occurring = drawn.sum(axis=1) + drawn.sum(axis=2)
    means = (2 * diagonal / occurring).mean(axis=1)
    low, high = np.percentile(means, [2.5, 97.5])
    value = macro_f1(confusion)
    return Estimate(value, min(float(low), value), max(float(high), value))


def _labels(confusion: Mapping[tuple[str, str], float]) -> list[str]:
    return sorted({label for cell in confusion for label in cell})
