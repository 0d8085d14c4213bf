"""Whether one of two is right more often, or whether chance would make it look so."""

import math


def sign_test(first: int, second: int) -> float:
    """Return the two-sided p-value of the exact sign test; 1 where there is nothing to tell by.

    `first` and `second` count the texts on which only that one was right: McNemar's test in its
    exact form, Psychometrika 12, 1947.
    """
    n = first + second
    tail = sum(math.comb(n, k) for k in range(min(first, second) + 1))
    return min(1.0, 2 * tail / float(2**n))
