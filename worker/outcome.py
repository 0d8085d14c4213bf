"""What a training came to, as the bot is told: figures, examples that changed."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from core.training import ChangedExample, Reason, TaskChange, TaskFigures
from ml import gate
from ml.gate import COMMUNITY, Judged, Verdict

MOST_EXAMPLES = 5
LONGEST_EXAMPLE = 300


@dataclass(frozen=True, slots=True)
class Outcome:
    """All that a result says once both versions were judged."""

    passes: bool
    reasons: tuple[Reason, ...]
    changes: tuple[TaskChange, ...]
    better: tuple[ChangedExample, ...]
    worse: tuple[ChangedExample, ...]


def describe(verdict: Verdict, sets: Sequence[Judged]) -> Outcome:
    """Put the gate's verdict into what crosses the wall."""
    return Outcome(
        passes=verdict.passes,
        reasons=tuple(
            Reason(code=r.code, numbers=r.numbers, names=r.names) for r in verdict.reasons
        ),
        changes=tuple(_changes(sets)),
        better=_examples(sets, better=True),
        worse=_examples(sets, better=False),
    )


def _changes(sets: Sequence[Judged]) -> Iterable[TaskChange]:
    for judged in sets:
        before = gate.figures(judged, judged.before)
        after = gate.figures(judged, judged.after)
        yield TaskChange(
            task=judged.task,
            on=judged.on,
            before=_figures(before, judged.labels),
            after=_figures(after, judged.labels),
        )


def _figures(found: gate.Figures, labels: Sequence[str]) -> TaskFigures:
    return TaskFigures(
        n=found.n,
        accuracy=found.accuracy,
        macro_f1=found.macro_f1,
        ece=found.ece,
        recall=found.recall,
        confusion=tuple(map(tuple, found.confusion)),
        labels=tuple(labels),
    )


def _examples(sets: Sequence[Judged], *, better: bool) -> tuple[ChangedExample, ...]:
    """Pick held-out texts of the community that one of the two got right and the other wrong."""
    own = (judged for judged in sets if judged.on == COMMUNITY)
    found = [example for judged in own for example in _changed(judged, better=better)]
    return tuple(found[:MOST_EXAMPLES])


def _changed(judged: Judged, *, better: bool) -> Iterator[ChangedExample]:
    before, after = judged.before.argmax(axis=1), judged.after.argmax(axis=1)
    right, wrong = (after, before) if better else (before, after)
    for i in ((right == judged.truth) & (wrong != judged.truth)).nonzero()[0].tolist():
        yield ChangedExample(
            text=judged.texts[i][:LONGEST_EXAMPLE],
            task=judged.task,
            truth=judged.labels[judged.truth[i]],
            before=judged.labels[before[i]],
            after=judged.labels[after[i]],
        )
