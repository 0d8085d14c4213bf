"""Shares in whole percent, as people add them up."""

import pytest

from bot.percents import percents


@pytest.mark.parametrize(
    ("weights", "expected"),
    [
        ((175, 415, 410), [18, 41, 41]),
        ((17.6, 41.7, 40.7), [17, 42, 41]),
        ((1, 1, 1), [34, 33, 33]),
        ((1, 0, 2), [33, 0, 67]),
        ((0.0, 0.0), [0, 0]),
        ((1,), [100]),
        ((), []),
    ],
)
def test_percents_add_up_to_a_hundred_unless_there_is_nothing(weights, expected):
    assert percents(weights) == expected


def test_no_percent_is_a_whole_one_away_from_the_truth():
    for weights in [(n, m, 7) for n in range(30) for m in range(30)]:
        found = percents(weights)
        assert sum(found) == 100
        truth = [100 * weight / sum(weights) for weight in weights]
        assert all(abs(one - true) < 1 for one, true in zip(found, truth, strict=True))
