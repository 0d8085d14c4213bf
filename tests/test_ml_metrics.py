"""The measures, on cases worked out by hand."""

import numpy as np
import pytest
import scipy.stats
import sklearn.calibration
import sklearn.metrics

from ml import metrics
from ml.calibration import class_probabilities, cross_fitted, fit_shift, fit_temperature
from ml.temperature import UNCHANGED

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


def overconfident(texts: int = 4_000) -> tuple[np.ndarray, np.ndarray]:
    """Draw logits that are twice as large as they should be, and truth as likely as it was."""
    random = np.random.default_rng(0)
    honest = random.normal(size=(texts, 3)) * 2
    powers = np.exp(honest)
    shares = (powers / powers.sum(axis=1, keepdims=True)).cumsum(axis=1)
    return honest * 2, (random.random((texts, 1)) > shares).sum(axis=1)


def test_fitted_temperature_undoes_overconfidence() -> None:
    assert fit_temperature(*overconfident()).values == pytest.approx([2.0] * 5, rel=0.15)


def test_single_output_becomes_no_and_yes() -> None:
    found = class_probabilities(np.array([[0.0], [100.0]]), UNCHANGED)
    np.testing.assert_allclose(found, [[0.5, 0.5], [0.0, 1.0]], atol=1e-9)


def test_confusion_counts_true_classes_in_rows() -> None:
    counts = metrics.confusion(TRUTH, PREDICTED, 3)
    assert counts.tolist() == [[2, 1, 0], [0, 1, 1], [0, 0, 1]]


def test_measures_are_those_of_scikit_learn() -> None:
    random = np.random.default_rng(3)
    truth, predicted = random.integers(0, 3, 500), random.integers(0, 3, 500)
    scores = random.integers(0, 40, 500) / 40  # with ties
    theirs = sklearn.metrics.f1_score(truth, predicted, average="macro")
    assert metrics.macro_f1(truth, predicted) == pytest.approx(theirs)
    theirs = sklearn.metrics.average_precision_score(truth == 1, scores)
    assert metrics.average_precision(truth == 1, scores) == pytest.approx(theirs)


def test_class_that_never_occurs_does_not_lower_macro_f1() -> None:
    assert metrics.macro_f1(np.array([0, 2]), np.array([0, 2])) == 1.0


def test_curve_has_a_point_for_each_distinct_score() -> None:
    positive, scores = np.array([True, False, True, False]), np.array([0.9, 0.8, 0.8, 0.1])
    precision, recall = metrics.precision_recall(positive, scores)
    assert precision.tolist() == pytest.approx([1, 2 / 3, 2 / 4])
    assert recall.tolist() == [0.5, 1, 1]


def test_reliability_leaves_empty_bins_out() -> None:
    probabilities = np.array([[0.95, 0.05]] * 4 + [[0.4, 0.6]] * 2)
    low, high = metrics.reliability(np.array([0, 0, 0, 1, 1, 0]), probabilities)
    assert (low.n, low.confidence, low.accuracy) == (2, pytest.approx(0.6), 0.5)
    assert (high.n, high.confidence, high.accuracy) == (4, pytest.approx(0.95), 0.75)


def test_paired_interval_of_a_thing_with_itself_is_nothing() -> None:
    assert metrics.paired_interval(TRUTH, PREDICTED, PREDICTED, metrics.macro_f1) == (0.0, 0.0)


def test_cross_fitted_probabilities_are_calibrated_and_keep_the_labels() -> None:
    logits, truth = overconfident()
    found = cross_fitted(logits, truth)
    assert (found.argmax(axis=1) == logits.argmax(axis=1)).all()
    before = metrics.calibration_error(truth, class_probabilities(logits, UNCHANGED))
    assert metrics.calibration_error(truth, found) < 0.03 < 0.1 < before


def test_no_text_s_own_label_moves_its_cross_fitted_probability() -> None:
    logits, truth = overconfident()
    other = truth.copy()
    other[7] = (truth[7] + 1) % 3
    np.testing.assert_array_equal(cross_fitted(logits, truth)[7], cross_fitted(logits, other)[7])


def test_a_fitted_shift_undoes_a_lean_towards_yes() -> None:
    random = np.random.default_rng(1)
    truth = random.integers(0, 2, 2_000)
    logits = (2.0 * truth - 1 + random.normal(0, 1.0, 2_000) + 0.9)[:, None]
    shift = fit_shift(logits, truth)
    assert shift == pytest.approx(0.9, abs=0.15)
    wrong = (logits[:, 0] > 0) != truth
    assert ((logits[:, 0] > shift) != truth).mean() < wrong.mean() - 0.05


def test_calibration_and_log_loss_are_those_of_scikit_learn() -> None:
    random = np.random.default_rng(4)
    probabilities = random.dirichlet([1.0, 1.0, 1.0], 800)
    truth = random.integers(0, 3, 800)
    theirs = sklearn.metrics.log_loss(truth, probabilities)
    assert metrics.log_loss(truth, probabilities) == pytest.approx(theirs)
    confidence, right = probabilities.max(axis=1), probabilities.argmax(axis=1) == truth
    means, sure = sklearn.calibration.calibration_curve(right, confidence, n_bins=15)
    counts = np.histogram(confidence, np.linspace(0, 1, 16))[0]
    gap = (np.abs(means - sure) * counts[counts > 0]).sum() / 800
    assert metrics.calibration_error(truth, probabilities) == pytest.approx(gap)


def test_intervals_are_those_of_scipy_s_bootstrap() -> None:
    random = np.random.default_rng(5)
    truth, first, second = random.integers(0, 3, (3, 400))
    theirs = scipy.stats.bootstrap(
        (first == truth, second == truth),
        lambda one, other, axis: one.mean(axis=axis) - other.mean(axis=axis),
        paired=True,
        method="percentile",
        n_resamples=2_000,
        rng=np.random.default_rng(6),
    ).confidence_interval
    found = metrics.paired_interval(truth, first, second, metrics.accuracy)
    assert found == pytest.approx((theirs.low, theirs.high), abs=0.01)
