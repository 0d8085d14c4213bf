"""Fits the temperature that makes a task's probabilities mean what they say."""

import numpy as np
from numpy.typing import NDArray

from ml.metrics import log_loss
from ml.probabilities import probabilities

_CANDIDATES = np.geomspace(0.25, 4.0, 161)
_COARSE = np.geomspace(0.4, 2.5, 21)
_SHIFTS = np.linspace(-2.5, 2.5, 101)
_FOLDS = 5
LEAST_TEXTS = 30  # for a shift or a temperature to be told at all


def class_probabilities(logits: NDArray[np.float64], temperature: float) -> NDArray[np.float64]:
    """Return (texts, classes) with at least two classes: a sigmoid becomes [no, yes]."""
    found = probabilities(logits, temperature)
    return np.hstack([1 - found, found]) if found.shape[1] == 1 else found


def fit_temperature(logits: NDArray[np.float64], truth: NDArray[np.int64]) -> float:
    """Return the temperature of least cross-entropy on texts that were not trained on."""
    losses = [log_loss(truth, class_probabilities(logits, t)) for t in _CANDIDATES]
    return round(float(_CANDIDATES[int(np.argmin(losses))]), 4)


def fit_shift(logits: NDArray[np.float64], truth: NDArray[np.int64]) -> float:
    """Return what to take off a yes-or-no task's logits, (texts, 1), for least cross-entropy.

    With the temperature it makes Platt's scaling (Platt, 1999): training may have seen more or
    fewer who say yes than there are. A standard normal prior keeps few texts from saying much, and
    fewer than LEAST_TEXTS say nothing.
    """
    if len(truth) < LEAST_TEXTS:
        return 0.0
    losses = [
        min(log_loss(truth, class_probabilities(logits - shift, t)) for t in _COARSE)
        + shift**2 / 2 / len(truth)
        for shift in _SHIFTS
    ]
    return round(float(_SHIFTS[int(np.argmin(losses))]), 4)


def cross_fitted(logits: NDArray[np.float64], truth: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return each text's probabilities under a temperature fitted without it, (texts, classes).

    Measured on them, a fitted temperature does not flatter itself.
    """
    fold = np.random.default_rng(0).permutation(len(truth)) % _FOLDS
    found = np.zeros((len(truth), max(2, logits.shape[1])))
    for place in range(_FOLDS):
        others, own = fold != place, fold == place
        found[own] = class_probabilities(
            logits[own], fit_temperature(logits[others], truth[others])
        )
    return found
