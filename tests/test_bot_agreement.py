"""How far labellers agree: Cohen's kappa."""

import pytest

from bot.labelling.agreement import Pair, agreement, cohen_kappa


def test_kappa_is_that_of_the_published_example():
    # The grant proposals of Wikipedia's article on Cohen's kappa: 20, 5, 10, 15.
    pairs = [("yes", "yes")] * 20 + [("yes", "no")] * 5 + [("no", "yes")] * 10
    assert cohen_kappa(pairs + [("no", "no")] * 15) == pytest.approx(0.4)


def test_full_agreement_is_one_and_what_chance_gives_is_zero():
    assert cohen_kappa([("a", "a"), ("b", "b")]) == 1
    assert cohen_kappa([("a", "a")]) == 1
    assert cohen_kappa([("a", "a"), ("a", "b"), ("b", "a"), ("b", "b")]) == 0


def test_full_disagreement_is_below_zero_and_nothing_is_unknown():
    assert cohen_kappa([("a", "b"), ("b", "a")]) == -1
    assert cohen_kappa([]) is None


def test_each_two_peoples_kappa_counts_by_how_many_texts_they_share():
    agreed = [Pair(1, 2, label, label) for label in ("a", "b", "a")]
    found = agreement([*agreed, Pair(1, 3, "a", "b"), Pair(3, 1, "a", "b")])
    assert (found.pairs, found.people, found.share) == (5, 3, 0.6)
    assert found.kappa == pytest.approx((3 * 1 + 2 * -1) / 5)


def test_without_a_text_that_two_have_labelled_nothing_is_said():
    found = agreement([])
    assert (found.pairs, found.share, found.kappa) == (0, None, None)
