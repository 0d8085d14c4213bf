"""What a trial comes to: how often two versions differed, and who was right then. Pure."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Literal

from bot.labelling.questions import said_by_model
from bot.training.sign_test import sign_test
from core.contracts import Verdict

Winner = Literal["challenger", "champion", "neither"]

# So many differences that people have judged end a trial, and so long a time.
MOST_JUDGED = 30
LONGEST_SECONDS = 7 * 24 * 3600.0
# As in the gate: what chance would bring about less often is taken to be more than chance.
SIGNIFICANT = 0.05


@dataclass(frozen=True, slots=True)
class Difference:
    """A task on which two versions said different things of one text."""

    task: str
    before: str
    """What the champion said."""
    after: str


@dataclass(frozen=True, slots=True)
class Tally:
    """One task: how many messages both took for the same, and who was right on the others."""

    task: str
    agreed: int
    differed: int
    challenger: int = 0
    champion: int = 0
    neither: int = 0

    @property
    def judged(self) -> int:
        """On how many differences people have said what is right."""
        return self.challenger + self.champion + self.neither


@dataclass(frozen=True, slots=True)
class Figures:
    """All tasks of a trial."""

    tallies: tuple[Tally, ...] = ()

    @property
    def judged(self) -> int:
        """On how many differences people have said what is right."""
        return sum(tally.judged for tally in self.tallies)

    @property
    def challenger(self) -> int:
        """How often the version on trial alone was right."""
        return sum(tally.challenger for tally in self.tallies)

    @property
    def champion(self) -> int:
        """How often the champion alone was right."""
        return sum(tally.champion for tally in self.tallies)

    @property
    def p_value(self) -> float:
        """How likely chance alone would part them as far."""
        return sign_test(self.challenger, self.champion)


def compare(verdict: Verdict, toxic_threshold: float) -> Iterator[tuple[Difference, bool]]:
    """Yield each task that both versions do, and whether they say the same.

    Tasks whose labels are not the same in both can't be compared.
    """
    for task, scores in verdict.scores.items():
        if scores.keys() == verdict.shadow.get(task, {}).keys():
            before = said_by_model(task, verdict.scores, toxic_threshold)
            after = said_by_model(task, verdict.shadow, toxic_threshold)
            yield Difference(task, before, after), before == after


def winner(difference: Difference, truth: str) -> Winner:
    """Tell who was right."""
    if truth == difference.after:
        return "challenger"
    return "champion" if truth == difference.before else "neither"


def tally(counts: Mapping[str, tuple[int, int]], judged: Iterable[tuple[str, Winner]]) -> Figures:
    """Sum up: `counts` says by task how often they agreed and differed."""
    winners: Sequence[tuple[str, Winner]] = list(judged)
    return Figures(
        tuple(
            Tally(
                task,
                agreed,
                differed,
                challenger=winners.count((task, "challenger")),
                champion=winners.count((task, "champion")),
                neither=winners.count((task, "neither")),
            )
            for task, (agreed, differed) in sorted(counts.items())
        )
    )


def to_text(figures: Figures) -> str:
    """Write figures as JSON."""
    return json.dumps([asdict(one) for one in figures.tallies])


def from_text(text: str) -> Figures:
    """Read what `to_text` wrote; nothing where a trial has not ended."""
    found = json.loads(text)
    return Figures(tuple(Tally(**one) for one in found)) if isinstance(found, list) else Figures()
