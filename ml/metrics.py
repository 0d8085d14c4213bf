"""How good predictions are: accuracy, F1, calibration, and how sure one can be of them.

Truth and predictions are indices of classes, (texts,); probabilities are (texts, classes).
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Measure = Callable[[Ints, Ints], float]

ECE_BINS = 15
DRAWS = 1_000  # of texts with replacement, for a bootstrap interval


def accuracy(truth: Ints, predicted: Ints) -> float:
    """Return the share of right answers."""
    return float((truth == predicted).mean())


def confusion(truth: Ints, predicted: Ints, classes: int) -> Ints:
    """Return how many texts of each true class (rows) were taken for each class (columns)."""
    cells = np.asarray(truth) * classes + np.asarray(predicted)
    return np.bincount(cells, minlength=classes**2).reshape(classes, classes)


def per_class(truth: Ints, predicted: Ints, labels: Sequence[str]) -> dict[str, dict[str, Any]]:
    """Return precision, recall, F1 and the number of true rows for each label."""
    counts = confusion(truth, predicted, len(labels))
    found: dict[str, dict[str, Any]] = {}
    for index, label in enumerate(labels):
        right, said, true = _of_class(counts, index)
        precision, recall = right / max(said, 1), right / max(true, 1)
        f1 = 2 * right / max(said + true, 1)
        found[label] = {"precision": precision, "recall": recall, "f1": f1, "n": true}
    return found


def _of_class(counts: Ints, index: int) -> tuple[int, int, int]:
    """Return how many of a class were found, how many were taken for it, and how many there are."""
    said, true = counts[:, index].sum(), counts[index].sum()
    return int(counts[index, index]), int(said), int(true)


def macro_f1(truth: Ints, predicted: Ints) -> float:
    """Return the mean F1 of the classes that occur in truth or prediction."""
    counts = confusion(truth, predicted, int(max(np.max(truth), np.max(predicted))) + 1)
    occurrences = counts.sum(axis=0) + counts.sum(axis=1)
    occurring = occurrences > 0
    return float((2 * counts.diagonal()[occurring] / occurrences[occurring]).mean())


@dataclass(frozen=True, slots=True)
class Bin:
    """Texts of about one confidence: its mean, and the share of them that are right."""

    n: int
    confidence: float
    accuracy: float


def reliability(truth: Ints, probabilities: Floats) -> list[Bin]:
    """Return the texts in 15 equal bins of the winning probability, empty bins left out."""
    confidence, right = probabilities.max(axis=1), probabilities.argmax(axis=1) == truth
    places = np.minimum((confidence * ECE_BINS).astype(int), ECE_BINS - 1)
    return [
        Bin(int(inside.sum()), float(confidence[inside].mean()), float(right[inside].mean()))
        for inside in (places == place for place in np.unique(places))
    ]


def calibration_error(truth: Ints, probabilities: Floats) -> float:
    """Return the expected calibration error, the bins' mean gap weighted by their texts.

    Guo et al., On Calibration of Modern Neural Networks, 2017.
    """
    bins = reliability(truth, probabilities)
    return sum(b.n * abs(b.accuracy - b.confidence) for b in bins) / len(truth)


def log_loss(truth: Ints, probabilities: Floats) -> float:
    """Return the mean cross-entropy in nats."""
    said = probabilities[np.arange(len(truth)), truth]
    return float(-np.log(np.maximum(said, 1e-12)).mean())


def precision_recall(positive: NDArray[np.bool_], scores: Floats) -> tuple[Floats, Floats]:
    """Return precision and recall at each distinct score as threshold, the highest first."""
    order = np.argsort(-scores, kind="stable")
    found = np.cumsum(positive[order])
    # Texts of equal scores pass a threshold together.
    last = np.append(np.flatnonzero(np.diff(scores[order])), len(scores) - 1)
    return found[last] / (last + 1), found[last] / max(int(positive.sum()), 1)


def average_precision(positive: NDArray[np.bool_], scores: Floats) -> float:
    """Return precision averaged over the steps in recall: the area under the curve, as steps."""
    precision, recall = precision_recall(positive, scores)
    return float((np.diff(recall, prepend=0.0) * precision).sum())


def interval(
    truth: Ints, predicted: Ints, measure: Measure, draws: int = DRAWS
) -> tuple[float, float]:
    """Return the 95 % bootstrap interval of a measure (percentiles; Efron and Tibshirani, 1993)."""
    return _percentiles(
        [measure(truth[chosen], predicted[chosen]) for chosen in _drawn(len(truth), draws)]
    )


def paired_interval(
    truth: Ints, first: Ints, second: Ints, measure: Measure
) -> tuple[float, float]:
    """Return the 95 % bootstrap interval of how much better `first` measures than `second`.

    Each draw takes the same texts for both, so what makes a text hard for both cancels out.
    """
    return _percentiles(
        [
            measure(truth[chosen], first[chosen]) - measure(truth[chosen], second[chosen])
            for chosen in _drawn(len(truth), DRAWS)
        ]
    )


def _drawn(texts: int, draws: int) -> Iterator[Ints]:
    random = np.random.default_rng(0)
    for _ in range(draws):
        yield random.integers(0, texts, texts)


def _percentiles(values: Sequence[float]) -> tuple[float, float]:
    low, high = np.percentile(values, [2.5, 97.5])
    return float(low), float(high)
