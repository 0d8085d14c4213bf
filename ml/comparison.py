"""Which of two predictions of the same texts is better, or that the data can't tell.

Pure: truth and two arrays of predicted classes in, a frozen value out.
"""

import math
from dataclasses import dataclass

from ml import metrics
from ml.metrics import Ints, Measure

SIGNIFICANT = 0.05
EXACT_BELOW = 25  # discordant texts; with more of them chi-squared is close enough


@dataclass(frozen=True, slots=True)
class Difference:
    """How much more the first measures than the second, with the 95 % bootstrap interval."""

    value: float
    low: float
    high: float

    @property
    def sign(self) -> int:
        """1 where the first is better, -1 where the second is, 0 where the data can't tell."""
        return int(self.low > 0) - int(self.high < 0)

    def points(self) -> str:
        """Return it in words, in points of a hundredth."""
        return f"{100 * self.value:+.1f} points ({100 * self.low:+.1f} to {100 * self.high:+.1f})"


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two predictions of the same texts; `only_first` are those that the first alone gets right."""

    texts: int
    both_right: int
    only_first: int
    only_second: int
    p_value: float
    test: str
    accuracy: Difference
    macro_f1: Difference

    @property
    def sign(self) -> int:
        """Say which gets more texts right by McNemar's test: 1 the first, -1 the second, or 0."""
        if self.p_value >= SIGNIFICANT:
            return 0
        return 1 if self.only_first > self.only_second else -1

    def verdict(self, first: str, second: str) -> str:
        """Say in one sentence which is better, calling the two by these names."""
        names = {1: (first, second), -1: (second, first)}
        by_texts, by_f1 = self.sign, self.macro_f1.sign
        if not by_texts and not by_f1:
            return f"The data can't tell which of {first} and {second} is better."
        better, worse = names[by_texts or by_f1]
        if by_texts == by_f1:
            return f"{better} is better than {worse}."
        if not by_f1:
            return (
                f"{better} gets more texts right than {worse}; whether its macro-F1 is better, "
                "the data can't tell."
            )
        if not by_texts:
            return (
                f"{better} has a better macro-F1 than {worse}; whether it gets more texts right, "
                "the data can't tell."
            )
        return f"{better} gets more texts right, but {worse} has the better macro-F1."


def compare(truth: Ints, first: Ints, second: Ints) -> Comparison:
    """Compare two predictions of the same texts, pair by pair; all are (texts,).

    Raises ValueError where the lengths differ or there is no text.
    """
    if not len(truth) or not len(truth) == len(first) == len(second):
        raise ValueError(f"{len(truth)}, {len(first)} and {len(second)} texts can't be compared")
    one, other = first == truth, second == truth
    only_first, only_second = int((one & ~other).sum()), int((other & ~one).sum())
    p_value, test = mcnemar(only_first, only_second)
    return Comparison(
        texts=len(truth),
        both_right=int((one & other).sum()),
        only_first=only_first,
        only_second=only_second,
        p_value=p_value,
        test=test,
        accuracy=_difference(truth, first, second, metrics.accuracy),
        macro_f1=_difference(truth, first, second, metrics.macro_f1),
    )


def mcnemar(only_first: int, only_second: int) -> tuple[float, str]:
    """Return the two-sided p-value of McNemar's test, and how it was found.

    McNemar, Psychometrika 12, 1947, with the continuity correction of Edwards, Psychometrika 13,
    1948; for few discordant pairs the exact binomial test. Recommended for two classifiers on one
    test set by Dietterich, Neural Computation 10, 1998.
    """
    discordant = only_first + only_second
    if discordant < EXACT_BELOW:
        tail = sum(math.comb(discordant, k) for k in range(min(only_first, only_second) + 1))
        return min(1.0, 2 * tail / 2**discordant), "exact binomial"
    gap = max(abs(only_first - only_second) - 1, 0)
    # Chi-squared of one degree of freedom is the square of a normal variable.
    p_value = math.erfc(math.sqrt(gap**2 / discordant / 2))
    return p_value, "chi-squared with continuity correction"


def _difference(truth: Ints, first: Ints, second: Ints, measure: Measure) -> Difference:
    value = measure(truth, first) - measure(truth, second)
    return Difference(value, *metrics.paired_interval(truth, first, second, measure))
