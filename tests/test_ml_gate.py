"""The gate: a challenger passes when it is better for its community and forgets nothing."""

import numpy as np

from ml.gate import COMMUNITY, Judged, decide

LABELS = ("neutral", "positive", "negative")


def said(truth, right, seed=0, sure=0.8):
    """Probabilities that get the first `right` texts of each hundred right."""
    predicted = np.where(np.arange(len(truth)) % 100 < right, truth, (truth + 1) % 3)
    found = np.full((len(truth), 3), (1 - sure) / 2)
    found[np.arange(len(truth)), predicted] = sure
    return found


def judged(before, after, count=100, on=COMMUNITY, sure=0.8):
    truth = np.arange(count) % 3
    return Judged(
        on, "sentiment", LABELS, truth, said(truth, before), said(truth, after, sure=sure)
    )


def codes(verdict):
    return [reason.code for reason in verdict.reasons]


def test_a_clearly_better_challenger_passes():
    verdict = decide([judged(60, 85)])
    assert (verdict.passes, codes(verdict)) == (True, ["better"])


def test_what_may_be_chance_does_not_pass():
    verdict = decide([judged(60, 63)])
    assert (verdict.passes, codes(verdict)) == (False, ["not-better"])


def test_a_few_held_out_labels_tell_nothing():
    verdict = decide([judged(0, 100, count=29)])
    assert (verdict.passes, codes(verdict)) == (False, ["too-few-held-out"])
    assert verdict.reasons[0].numbers == {"texts": 29, "needed": 30}


def test_a_challenger_that_forgot_the_base_data_does_not_pass():
    verdict = decide([judged(60, 85), judged(80, 75, on="rureviews")])
    assert (verdict.passes, codes(verdict)) == (False, ["better", "forgot"])


def test_a_class_must_not_pay_for_the_others():
    truth = np.repeat([0, 1, 2], [80, 80, 20])
    before = said(truth, 50)
    before[truth == 2] = [0.1, 0.1, 0.8]
    after = np.eye(3)[np.where(truth == 2, 0, truth)] * 0.7 + 0.1
    verdict = decide([Judged(COMMUNITY, "sentiment", LABELS, truth, before, after)])
    assert "recall-fell" in codes(verdict)
    assert not verdict.passes


def test_a_challenger_that_is_too_sure_of_itself_does_not_pass():
    verdict = decide([judged(60, 85), judged(80, 80, on="rureviews", sure=0.99)])
    assert (verdict.passes, codes(verdict)) == (False, ["better", "worse-calibrated"])


def test_a_slow_challenger_does_not_pass():
    assert codes(decide([judged(60, 85)], slowdown=3.0)) == ["better", "too-slow"]
