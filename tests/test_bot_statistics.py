"""Figures about the model: right where the truth is known, and honest about how sure they are."""

import random
from collections import Counter

import numpy as np
import pytest

from bot.latency import bucket_of, milliseconds_of, percentile
from bot.predictions import Prediction, predict
from bot.stats.intervals import wilson
from bot.stats.statistics import find_drift, macro_f1, measure, measure_accuracy
from bot.stats.strata import LEAST_LABELS, Judged, agreed_truth, stratify
from ml import metrics

TRUE_ACCURACY = 0.86
"""Of the traffic that `draw` makes: 0.8 * 0.95 + 0.2 * 0.5."""


def judged(truth, said, confidence=0.95):
    return Judged("sentiment", truth, Prediction(said, confidence), "tiny-1", -1, 0)


def draw(chance, is_sure):
    """A text that is taken for `a`: nearly always rightly, or by the toss of a coin."""
    is_right = chance.random() < (0.95 if is_sure else 0.5)
    return judged("a" if is_right else "b", "a", 0.95 if is_sure else 0.55)


def asked_when_unsure(chance, labels):
    """Labels of which two thirds are on the fifth of the traffic that the model is unsure of."""
    return [draw(chance, is_sure=number % 3 == 0) for number in range(labels)]


TRAFFIC = {("a", 9): 8_000, ("a", 5): 2_000}


def test_a_task_with_one_label_predicts_it_or_its_opposite():
    assert predict({"toxic": 0.7}) == Prediction("toxic", 0.7)
    assert predict({"toxic": 0.2}) == Prediction("ok", 0.8)
    assert predict({"a": 0.2, "b": 0.5, "c": 0.3}) == Prediction("b", 0.5)
    assert predict({}) is None


def test_labels_on_what_is_unsure_are_weighed_back_to_the_traffic():
    found = asked_when_unsure(random.Random(1), 900)
    bare = sum(one.is_right for one in found) / len(found)
    weighed = measure_accuracy(stratify(found, TRAFFIC))
    assert abs(bare - TRUE_ACCURACY) > 0.15
    assert weighed.value == pytest.approx(TRUE_ACCURACY, abs=0.03)
    assert weighed.low < TRUE_ACCURACY < weighed.high


@pytest.mark.parametrize("labels", [60, 300])
def test_intervals_hold_the_truth_about_as_often_as_they_say(labels):
    chance, truth = random.Random(2), macro_f1({("a", "a"): 0.86, ("b", "a"): 0.14})
    seen = [measure(stratify(asked_when_unsure(chance, labels), TRAFFIC)) for _ in range(200)]
    held = sum(one.accuracy.low <= TRUE_ACCURACY <= one.accuracy.high for one in seen)
    assert 182 <= held < 200
    held = sum(one.macro_f1.low <= truth <= one.macro_f1.high for one in seen)
    assert 182 <= held < 200


def test_labels_drawn_evenly_measure_as_without_weights():
    chance = random.Random(3)
    pairs = [(chance.choice("abc"), chance.choice("abc")) for _ in range(300)]
    strata = stratify([judged(*pair) for pair in pairs], Counter((said, 9) for _, said in pairs))
    truth, said = (np.array(["abc".index(pair[side]) for pair in pairs]) for side in (0, 1))
    quality = measure(strata)
    assert quality.accuracy.value == pytest.approx(metrics.accuracy(truth, said))
    assert quality.macro_f1.value == pytest.approx(metrics.macro_f1(truth, said))
    low, high = metrics.interval(truth, said, metrics.macro_f1)
    assert (quality.macro_f1.low, quality.macro_f1.high) == pytest.approx((low, high), abs=0.02)


def test_the_calibration_error_is_the_gap_between_confidence_and_being_right():
    sure = [judged("a" if number < 6 else "b", "a", 0.9) for number in range(10)]
    quality = measure(stratify(sure, {("a", 9): 10}))
    assert quality.calibration_error == pytest.approx(0.3)
    assert [(one.labels, round(one.accuracy, 2)) for one in quality.bins] == [(10, 0.6)]


def test_a_prediction_without_labels_is_said_to_be_left_out():
    found = [judged("a", "a")] * 10
    quality = measure(stratify(found, {("a", 9): 60, ("b", 9): 40}))
    assert quality.coverage == pytest.approx(0.6)
    assert quality.accuracy.value == pytest.approx(1)


def test_few_labels_are_joined_with_their_neighbours():
    alone = [judged("a", "a", 0.55)]
    strata = stratify(alone + [judged("a", "a", 0.95)] * LEAST_LABELS, TRAFFIC)
    assert [(len(one.judged), one.share) for one in strata.strata] == [(LEAST_LABELS + 1, 1.0)]


def test_nothing_labelled_measures_nothing():
    assert measure(stratify([], TRAFFIC)) is None


def test_fewer_than_thirty_labels_say_so():
    few, enough = (measure(stratify([judged("a", "a")] * n, TRAFFIC)) for n in (29, 30))
    assert (few.rests_on_few, enough.rests_on_few) == (True, False)


def test_all_right_is_not_surely_all_right():
    quality = measure(stratify([judged("a", "a")] * 9 + [judged("b", "b")], {("a", 9): 10}))
    assert quality.accuracy.value == quality.macro_f1.value == pytest.approx(1)
    assert quality.accuracy.low < 0.8
    assert quality.macro_f1.low < 0.8


def test_wilsons_interval_is_the_published_one():
    # Newcombe, Statistics in Medicine 17, 1998, table I: 81 of 263.
    assert wilson(81 / 263, 263) == pytest.approx((0.2553, 0.3662), abs=1e-4)


def test_the_same_shares_are_no_drift_and_others_are():
    usual = Counter(negative=200, positive=800)
    assert find_drift(Counter(negative=50, positive=200), usual).index < 0.01
    moved = find_drift(Counter(negative=150, positive=100), usual)
    # (0.6 - 0.2) ln(0.6 / 0.2) + (0.4 - 0.8) ln(0.4 / 0.8)
    assert moved.index == pytest.approx(0.717, abs=0.01)
    assert moved.now["negative"] == pytest.approx(0.6, abs=0.01)


def test_too_few_texts_drift_nowhere():
    assert find_drift(Counter(negative=99), Counter(positive=10_000)) is None


def test_truth_is_what_more_than_half_say():
    assert agreed_truth(["a", "b", "a"]) == "a"
    assert agreed_truth(["a", "b"]) is None


def test_percentiles_from_buckets_are_right_to_within_five_percent():
    seconds = np.random.default_rng(0).lognormal(-3, 1.5, 20_000)
    counts = Counter(bucket_of(one) for one in seconds)
    for share in (0.5, 0.95, 0.99):
        exact = 1000 * np.quantile(seconds, share, method="lower")
        assert percentile(counts, share) == pytest.approx(exact, rel=0.05)


def test_a_stage_that_took_less_than_nothing_took_next_to_nothing():
    assert milliseconds_of(bucket_of(-3.0)) == pytest.approx(0.1, rel=0.05)
    assert percentile({}, 0.5) is None
