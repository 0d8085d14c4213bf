"""Fits the temperature that makes a task's probabilities mean what they say."""

import numpy as np
from numpy.typing import NDArray

from ml.probabilities import probabilities

_CANDIDATES = np.geomspace(0.25, 4.0, 161)


def class_probabilities(logits: NDArray[np.float64], temperature: float) -> NDArray[np.float64]:
    """Return (texts, classes) with at least two classes: a sigmoid becomes [no, yes]."""
    found = probabilities(logits, temperature)
    return np.hstack([1 - found, found]) if found.shape[1] == 1 else found


def fit_temperature(logits: NDArray[np.float64], truth: NDArray[np.int64]) -> float:
    """Return the temperature of least cross-entropy on texts that were not trained on."""
    rows = np.arange(len(truth))
    losses = [
        -np.log(np.maximum(class_probabilities(logits, t)[rows, truth], 1e-12)).mean()
        for t in _CANDIDATES
    ]
    return round(float(_CANDIDATES[int(np.argmin(losses))]), 4)
