"""Which of two versions is better: the paired tests, on cases worked out by hand."""

import math

import numpy as np
import pytest
import scipy.stats

from ml.comparison import Comparison, Difference, compare, mcnemar

TRUTH = np.arange(900) % 3


def spoiled(share: float, seed: int) -> np.ndarray:
    """Return the truth with this share of answers made wrong."""
    random = np.random.default_rng(seed)
    return np.where(random.random(len(TRUTH)) < share, (TRUTH + 1) % 3, TRUTH)


def test_few_discordant_pairs_take_the_exact_test() -> None:
    p_value, test = mcnemar(1, 9)
    assert p_value == pytest.approx(2 * (1 + 10) / 2**10)
    assert test == "exact binomial"


def test_many_discordant_pairs_take_chi_squared_with_continuity_correction() -> None:
    p_value, test = mcnemar(20, 40)
    assert p_value == pytest.approx(math.erfc(math.sqrt(19**2 / 60 / 2)))
    assert p_value == pytest.approx(0.0142, abs=1e-4)  # as a table of chi-squared has it
    assert test == "chi-squared with continuity correction"


@pytest.mark.parametrize("pairs", [(0, 0), (3, 3), (30, 30), (31, 30)])
def test_even_pairs_tell_nothing(pairs: tuple[int, int]) -> None:
    assert mcnemar(*pairs)[0] == 1.0


def test_p_value_does_not_care_who_is_first() -> None:
    assert mcnemar(3, 12) == mcnemar(12, 3)
    assert mcnemar(30, 50) == mcnemar(50, 30)


def test_pairs_are_counted_text_by_text() -> None:
    truth, first, second = np.array([0, 0, 1, 1]), np.array([0, 1, 1, 0]), np.array([0, 0, 0, 0])
    found = compare(truth, first, second)
    assert (found.both_right, found.only_first, found.only_second) == (1, 1, 1)
    assert found.accuracy.value == 0.0
    assert found.macro_f1.value == pytest.approx(1 / 2 - (2 / 3 + 0) / 2)


def test_clearly_better_version_is_named_whichever_comes_first() -> None:
    good, bad = spoiled(0.1, 1), spoiled(0.3, 2)
    assert compare(TRUTH, good, bad).verdict("a", "b") == "a is better than b."
    assert compare(TRUTH, bad, good).verdict("a", "b") == "b is better than a."
    assert compare(TRUTH, good, bad).macro_f1.sign == -compare(TRUTH, bad, good).macro_f1.sign == 1


def test_versions_of_one_quality_are_not_told_apart() -> None:
    found = compare(TRUTH, spoiled(0.2, 1), spoiled(0.2, 2))
    assert found.accuracy.low < found.accuracy.value < found.accuracy.high
    assert found.verdict("a", "b") == "The data can't tell which of a and b is better."


def test_pairing_sees_what_separate_intervals_do_not() -> None:
    second = spoiled(0.3, 1)
    wrong = np.flatnonzero(second != TRUTH)
    first = second.copy()
    first[wrong[:20]] = TRUTH[wrong[:20]]  # right wherever the other is, and on 20 texts more
    found = compare(TRUTH, first, second)
    assert found.accuracy.value == pytest.approx(20 / 900)
    assert found.accuracy.high - found.accuracy.low < 0.03  # each alone: about 0.06
    assert found.sign == 1


def comparison(p_value: float, low: float, high: float) -> Comparison:
    difference = Difference((low + high) / 2, low, high)
    return Comparison(100, 50, 30, 20, p_value, "exact binomial", difference, difference)


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (comparison(0.01, -0.1, 0.2), "a gets more texts right than b; whether its macro-F1"),
        (comparison(0.20, 0.1, 0.2), "a has a better macro-F1 than b; whether it gets more"),
        (comparison(0.01, -0.2, -0.1), "a gets more texts right, but b has the better macro-F1"),
    ],
)
def test_verdict_says_where_the_measures_differ(found: Comparison, said: str) -> None:
    assert found.verdict("a", "b").startswith(said)


def test_predictions_of_other_texts_are_refused() -> None:
    with pytest.raises(ValueError, match="can't be compared"):
        compare(TRUTH, TRUTH, TRUTH[1:])
    with pytest.raises(ValueError, match="can't be compared"):
        compare(TRUTH[:0], TRUTH[:0], TRUTH[:0])


@pytest.mark.parametrize("pairs", [(0, 3), (5, 12), (11, 13), (12, 13), (40, 21), (30, 30)])
def test_p_values_are_those_of_scipy(pairs: tuple[int, int]) -> None:
    discordant, gap = sum(pairs), max(abs(pairs[0] - pairs[1]) - 1, 0)
    exact = scipy.stats.binomtest(pairs[0], discordant).pvalue
    corrected = scipy.stats.chi2.sf(gap**2 / discordant, 1)
    assert mcnemar(*pairs)[0] == pytest.approx(exact if discordant < 25 else corrected)
