"""How good predictions are: accuracy, F1, calibration, and how sure one can be of them."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

ECE_BINS = 15


def accuracy(truth: Ints, predicted: Ints) -> float:
    """Return the share of right answers."""
    return float((truth == predicted).mean())


def per_class(truth: Ints, predicted: Ints, labels: Sequence[str]) -> dict[str, dict[str, Any]]:
    """Return precision, recall, F1 and the number of true rows for each label."""
    found: dict[str, dict[str, Any]] = {}
    for index, label in enumerate(labels):
        right = int(((truth == index) & (predicted == index)).sum())
        said, true = int((predicted == index).sum()), int((truth == index).sum())
        precision, recall = right / max(said, 1), right / max(true, 1)
        f1 = 2 * right / max(said + true, 1)
        found[label] = {"precision": precision, "recall": recall, "f1": f1, "n": true}
    return found


def macro_f1(truth: Ints, predicted: Ints) -> float:
    """Return the mean F1 of the classes that occur in truth or prediction."""
    classes = np.union1d(truth, predicted)
    names = [str(index) for index in range(int(classes.max()) + 1)]
    table = per_class(truth, predicted, names)
    return float(np.mean([table[str(index)]["f1"] for index in classes]))


def calibration_error(truth: Ints, probabilities: Floats) -> float:
    """Return the expected calibration error over 15 equal bins of the winning probability.

    `probabilities` are (texts, classes). Guo et al., On Calibration of Modern Networks, 2017.
    """
    confidence, right = probabilities.max(axis=1), probabilities.argmax(axis=1) == truth
    bins = np.minimum((confidence * ECE_BINS).astype(int), ECE_BINS - 1)
    gaps = [
        abs(float(right[bins == b].mean() - confidence[bins == b].mean()))
        * float((bins == b).sum())
        for b in np.unique(bins)
    ]
    return sum(gaps) / len(truth)


def interval(
    truth: Ints, predicted: Ints, measure: Callable[[Ints, Ints], float], draws: int = 1_000
) -> tuple[float, float]:
    """Return the 95 % bootstrap interval of a measure."""
    random = np.random.default_rng(0)
    values = []
    for _ in range(draws):
        chosen = random.integers(0, len(truth), len(truth))
        values.append(measure(truth[chosen], predicted[chosen]))
    low, high = np.percentile(values, [2.5, 97.5])
    return float(low), float(high)
