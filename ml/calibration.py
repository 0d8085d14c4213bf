"""Fits the temperature that makes a task's probabilities mean what they say."""

from itertools import product

import numpy as np
from numpy.typing import NDArray

from ml.metrics import log_loss
from ml.probabilities import probabilities
from ml.temperature import Temperature, margins

_CANDIDATES = np.geomspace(0.25, 4.0, 161)
_QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)  # of the margins, where a temperature may bend
_BEND = 0.3  # the prior's standard deviation, of the logarithm from one margin to the next
_STEPS = (1.2, 1.05, 1.01)
_GAIN = 1e-6  # in nats a text, below which a step is not worth another look
_COARSE = np.geomspace(0.4, 2.5, 21)
_SHIFTS = np.linspace(-2.5, 2.5, 101)
_FOLDS = 5
LEAST_TO_BEND = 500
LEAST_TEXTS = 30  # for a shift or a temperature to be told at all


def class_probabilities(
    logits: NDArray[np.float64], temperature: Temperature
) -> NDArray[np.float64]:
    """Return (texts, classes) with at least two classes: a sigmoid becomes [no, yes]."""
    found = probabilities(logits, temperature)
    return np.hstack([1 - found, found]) if found.shape[1] == 1 else found


def fit_temperature(logits: NDArray[np.float64], truth: NDArray[np.int64]) -> Temperature:
    """Return the temperature of least cross-entropy on texts that were not trained on.

    It begins as the best constant; LEAST_TO_BEND texts or more bend it, at five margins of their
    own. A normal prior holds back how far its logarithm bends between neighbours.
    """
    losses = [_loss(logits, truth, Temperature.constant(t)) for t in _CANDIDATES]
    best = float(_CANDIDATES[int(np.argmin(losses))])
    if len(truth) < LEAST_TO_BEND:
        return Temperature.constant(round(best, 4))
    places = np.unique(np.quantile(margins(logits), _QUANTILES).round(4))
    found = Temperature(tuple(places.tolist()), (best,) * len(places))
    for step in _STEPS:
        found = _descend(logits, truth, found, step)
    return Temperature(found.margins, tuple(round(value, 4) for value in found.values))


def _descend(
    logits: NDArray[np.float64], truth: NDArray[np.int64], found: Temperature, step: float
) -> Temperature:
    """Multiply or divide one value after the other by `step` for as long as that is better."""
    least, better = _loss(logits, truth, found), True
    while better:
        better = False
        for place, factor in product(range(len(found.values)), (step, 1 / step)):
            changed = _changed(found, place, factor)
            loss = _loss(logits, truth, changed)
            if loss < least - _GAIN:
                found, least, better = changed, loss, True
    return found


def _changed(found: Temperature, place: int, factor: float) -> Temperature:
    values = list(found.values)
    values[place] *= factor
    return Temperature(found.margins, tuple(values))


def _loss(logits: NDArray[np.float64], truth: NDArray[np.int64], temperature: Temperature) -> float:
    """Return cross-entropy and what the prior says of the bends, in nats a text."""
    bends = np.diff(np.log(temperature.values)) / _BEND
    fit = log_loss(truth, class_probabilities(logits, temperature))
    return fit + float((bends**2).sum()) / 2 / len(truth)


def fit_shift(logits: NDArray[np.float64], truth: NDArray[np.int64]) -> float:
    """Return what to take off a yes-or-no task's logits, (texts, 1), for least cross-entropy.

    With the temperature it makes Platt's scaling (Platt, 1999): training may have seen more or
    fewer who say yes than there are. A standard normal prior keeps few texts from saying much, and
    fewer than LEAST_TEXTS say nothing.
    """
    if len(truth) < LEAST_TEXTS:
        return 0.0
    losses = [
        min(_loss(logits - shift, truth, Temperature.constant(t)) for t in _COARSE)
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
