"""Shares in whole percent that add up to a hundred. Pure."""

from collections.abc import Sequence


def percents(weights: Sequence[float]) -> list[int]:
    """Round shares so that they add up to 100, or to 0 where nothing has any weight.

    By largest remainders, of equals the first.
    """
    total = sum(weights)
    if not total:
        return [0] * len(weights)
    exact = [100 * weight / total for weight in weights]
    rounded = [int(share) for share in exact]
    by_remainder = sorted(range(len(exact)), key=lambda place: rounded[place] - exact[place])
    for place in by_remainder[: 100 - sum(rounded)]:
        rounded[place] += 1
    return rounded
