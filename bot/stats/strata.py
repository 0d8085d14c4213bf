"""Weighs labels back to the traffic, since what gets labelled is not drawn from it evenly.

The label queue asks about what the model is unsure of, cards show what it is sure is bad. So the
traffic is parted by what the model said and how surely, and each part counts by its share of the
traffic, however many of its texts were labelled: stratification after selection (Cochran, Sampling
Techniques, 1977, 5A.9; Holt and Smith, Post Stratification, JRSS A 142, 1979). Unlike weights by
inverse propensity this needs no record of how likely each text was to be asked about, whatever
button its label came from. It holds as far as, among texts of one prediction and confidence, those
that are labelled are not harder than the others.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.predictions import Prediction

# Parts with fewer labels are joined with the next surer one. More would bring back what parting is
# against: in a joined part the unsure, who are asked about more, outweigh the sure.
LEAST_LABELS = 2

Cell = tuple[str, int]
"""A predicted label and the tenth of its confidence."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A text of the traffic whose true label is known."""

    task: str
    truth: str
    said: Prediction
    model: str
    chat_id: int
    day: int

    @property
    def is_right(self) -> bool:
        return self.truth == self.said.label


@dataclass(frozen=True, slots=True)
class Stratum:
    """A part of the traffic: its share of what labels speak for, and those labels."""

    share: float
    judged: tuple[Judged, ...]


@dataclass(frozen=True, slots=True)
class Strata:
    """One task's labels, parted."""

    strata: tuple[Stratum, ...]
    coverage: float
    """The share of the traffic that lies in a stratum with labels."""

    @property
    def judged(self) -> list[Judged]:
        return [one for stratum in self.strata for one in stratum.judged]

    def weighted(self) -> Iterator[tuple[Judged, float]]:
        """Yield each label with its weight; all weights are 1 together."""
        for stratum in self.strata:
            for one in stratum.judged:
                yield one, stratum.share / len(stratum.judged)


@dataclass(slots=True)
class _Part:
    texts: int
    judged: list[Judged]

    def join(self, other: "_Part") -> None:
        self.texts += other.texts
        self.judged += other.judged


def stratify(judged: Sequence[Judged], traffic: Mapping[Cell, int]) -> Strata:
    """Part one task's labels by prediction and confidence; `traffic` counts all of its texts."""
    by_cell: defaultdict[Cell, list[Judged]] = defaultdict(list)
    for one in judged:
        by_cell[one.said.label, one.said.tenth].append(one)
    parts, uncovered = [], 0
    for label in sorted({label for label, _ in by_cell.keys() | traffic.keys()}):
        for part in _join_small(_parts_of(label, by_cell, traffic)):
            if part.judged:
                parts.append(part)
            else:
                uncovered += part.texts
    covered = sum(part.texts for part in parts)
    strata = tuple(Stratum(part.texts / covered, tuple(part.judged)) for part in parts)
    return Strata(strata, covered / max(covered + uncovered, 1))


def _parts_of(
    label: str, by_cell: Mapping[Cell, list[Judged]], traffic: Mapping[Cell, int]
) -> Iterator[_Part]:
    for cell in sorted(cell for cell in by_cell.keys() | traffic.keys() if cell[0] == label):
        found = by_cell.get(cell, [])
        # A labelled text is traffic, whatever was counted.
        yield _Part(max(traffic.get(cell, 0), len(found)), list(found))


def _join_small(parts: Iterator[_Part]) -> list[_Part]:
    """Join neighbours until each has enough labels; what is left over joins the last one."""
    joined: list[_Part] = []
    for part in parts:
        if joined and len(joined[-1].judged) < LEAST_LABELS:
            joined[-1].join(part)
        else:
            joined.append(part)
    if len(joined) > 1 and len(joined[-1].judged) < LEAST_LABELS:
        last = joined.pop()
        joined[-1].join(last)
    return joined


def agreed_truth(chosen: Sequence[str]) -> str | None:
    """Return what more than half of the people chose for a text; None while that is open."""
    label, votes = Counter(chosen).most_common(1)[0]
    return label if 2 * votes > len(chosen) else None
