"""The measures, on cases worked out by hand."""

import numpy as np
import pytest

from ml import metrics
from ml.calibration import class_probabilities, fit_temperature

TRUTH = np.array([0, 0, 0, 1, 1, 2])
PREDICTED = np.array([0, 0, 1, 1, 2, 2])


def test_accuracy_and_macro_f1() -> None:
    assert metrics.accuracy(TRUTH, PREDICTED) == pytest.approx(4 / 6)
    assert metrics.macro_f1(TRUTH, PREDICTED) == pytest.approx((0.8 + 0.5 + 2 / 3) / 3)


def test_each_class_has_precision_recall_and_count() -> None:
    table = metrics.per_class(TRUTH, PREDICTED, ["a", "b", "c"])
    assert table["a"] == {"precision": 1.0, "recall": pytest.approx(2 / 3), "f1": 0.8, "n": 3}


def test_class_that_never_occurs_has_zeros_not_errors() -> None:
    table = metrics.per_class(np.array([0]), np.array([0]), ["a", "b"])
    assert table["b"] == {"precision": 0.0, "recall": 0.0, "f1": 0.0, "n": 0}


def test_calibration_error_is_the_gap_between_confidence_and_truth() -> None:
    probabilities = np.array([[0.9, 0.1]] * 10)
    truth = np.array([0] * 7 + [1] * 3)
    assert metrics.calibration_error(truth, probabilities) == pytest.approx(0.2)


def test_interval_surrounds_the_measure() -> None:
    truth = np.arange(300) % 3
    predicted = np.where(np.arange(300) % 5 == 0, 0, truth)
    low, high = metrics.interval(truth, predicted, metrics.accuracy)
    assert low < metrics.accuracy(truth, predicted) < high


def test_fitted_temperature_undoes_overconfidence() -> None:
    random = np.random.default_rng(0)
    honest = random.normal(size=(4_000, 3)) * 2
    powers = np.exp(honest)
    shares = (powers / powers.sum(axis=1, keepdims=True)).cumsum(axis=1)
    truth = (random.random((4_000, 1)) > shares).sum(axis=1)
    assert fit_temperature(honest * 2, truth) == pytest.approx(2.0, rel=0.1)


def test_single_output_becomes_no_and_yes() -> None:
    found = class_probabilities(np.array([[0.0], [100.0]]), 1.0)
    np.testing.assert_allclose(found, [[0.5, 0.5], [0.0, 1.0]], atol=1e-9)
