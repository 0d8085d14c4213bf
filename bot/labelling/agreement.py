"""How far labellers agree, beyond what chance would make them."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Pair:
    """What two people said of one text."""

    one: int
    other: int
    ones_label: str
    others_label: str


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far labellers agree; shares and kappa are None where no text has two labels."""

    pairs: int
    people: int
    share: float | None
    """Of pairs that say the same, 0 to 1."""
    kappa: float | None
    """Cohen's, -1 to 1; 0 is what chance would give, 1 is full agreement."""


def cohen_kappa(pairs: Sequence[tuple[str, str]]) -> float | None:
    """Return Cohen's kappa of two people's labels on the same texts; None without any text.

    (observed - expected) / (1 - expected), Cohen 1960. Where both always say one and the same
    label the quotient is 0/0: they agree, so it is 1.
    """
    if not pairs:
        return None
    count = len(pairs)
    observed = sum(one == other for one, other in pairs) / count
    ones, others = Counter(one for one, _ in pairs), Counter(other for _, other in pairs)
    expected = sum(ones[label] * others[label] for label in ones) / count**2
    return 1.0 if expected == 1 else (observed - expected) / (1 - expected)


def agreement(pairs: Sequence[Pair]) -> Agreement:
    """Sum up pairs of labels: each two people's kappa, weighted by the texts that both labelled."""
    by_people: dict[tuple[int, int], list[tuple[str, str]]] = defaultdict(list)
    for pair in pairs:
        swap = pair.one > pair.other
        people = (pair.other, pair.one) if swap else (pair.one, pair.other)
        said = (pair.ones_label, pair.others_label)
        by_people[people].append((said[1], said[0]) if swap else said)
    if not pairs:
        return Agreement(0, 0, None, None)
    same = sum(pair.ones_label == pair.others_label for pair in pairs)
    weighted = sum(len(said) * (cohen_kappa(said) or 0.0) for said in by_people.values())
    people_seen = {person for two in by_people for person in two}
    return Agreement(len(pairs), len(people_seen), same / len(pairs), weighted / len(pairs))
