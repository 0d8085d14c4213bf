"""The gate: whether a challenger may take the champion's place. Pure: arrays in, reasons out."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from ml import metrics
from ml.comparison import compare
from ml.metrics import Floats, Ints

# With fewer held-out labels of a task than this, nothing can be told.
LEAST_HELD_OUT = 30
# By how much a class's recall, the calibration and a base set's macro-F1 may fall.
RECALL_SLACK = 0.10
LEAST_OF_CLASS = 10
ECE_SLACK = 0.05
BASE_SLACK = 0.01
SPEED_SLACK = 1.5

COMMUNITY = "community"


@dataclass(frozen=True, slots=True)
class Judged:
    """What both say of one set of texts that neither was trained on.

    `truth` is (texts,), the probabilities (texts, classes) in the order of `labels`.
    """

    on: str
    """COMMUNITY, or a base set's name."""
    task: str
    labels: Sequence[str]
    truth: Ints
    before: Floats
    after: Floats
    texts: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Reason:
    """Why, as a code with numbers (shares from 0 to 1) and names."""

    code: str
    numbers: dict[str, float] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Figures:
    """How well one version does on one set."""

    n: int
    accuracy: float
    macro_f1: float
    ece: float
    log_loss: float
    recall: dict[str, float]
    confusion: list[list[int]]


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether the challenger passes, and all that speaks for and against it."""

    passes: bool
    reasons: tuple[Reason, ...]


def decide(sets: Sequence[Judged], slowdown: float = 1.0) -> Verdict:
    """Let the challenger pass when it is better for the community and loses nothing that matters.

    Better: on the held-out labels of one task its macro-F1 is higher by a paired test (the 95 %
    bootstrap interval of the difference is above nothing, or McNemar's test finds more texts
    right), and of no task lower. `slowdown` is its time for a text over the champion's.
    """
    own = [judged for judged in sets if judged.on == COMMUNITY]
    enough = [judged for judged in own if len(judged.truth) >= LEAST_HELD_OUT]
    if not enough:
        most = max((len(judged.truth) for judged in own), default=0)
        few = Reason("too-few-held-out", {"texts": most, "needed": LEAST_HELD_OUT})
        return Verdict(False, (few,))
    gains = [_gain(judged) for judged in enough]
    losses = [loss for judged in sets for loss in _losses(judged)]
    if slowdown > SPEED_SLACK:
        losses.append(Reason("too-slow", {"before": 1.0, "after": slowdown}))
    is_better = any(gain.code == "better" for gain in gains)
    return Verdict(is_better and not losses, (*gains, *losses))


def figures(judged: Judged, probabilities: Floats) -> Figures:
    """Measure one version on one set."""
    predicted = np.asarray(probabilities.argmax(axis=1), np.int64)
    counts = metrics.confusion(judged.truth, predicted, len(judged.labels))
    return Figures(
        n=len(judged.truth),
        accuracy=metrics.accuracy(judged.truth, predicted),
        macro_f1=metrics.macro_f1(judged.truth, predicted),
        ece=metrics.calibration_error(judged.truth, probabilities),
        log_loss=metrics.log_loss(judged.truth, probabilities),
        recall={
            label: float(counts[index, index] / counts[index].sum())
            for index, label in enumerate(judged.labels)
            if counts[index].sum()
        },
        confusion=counts.tolist(),
    )


def _gain(judged: Judged) -> Reason:
    first, second = _predicted(judged.after), _predicted(judged.before)
    found = compare(judged.truth, first, second)
    numbers = {
        "before": metrics.macro_f1(judged.truth, second),
        "after": metrics.macro_f1(judged.truth, first),
        "p": found.p_value,
        "texts": float(found.texts),
    }
    is_better = found.macro_f1.value > 0 and (found.macro_f1.sign > 0 or found.sign > 0)
    return Reason("better" if is_better else "not-better", numbers, {"task": judged.task})


def _losses(judged: Judged) -> Iterator[Reason]:
    if len(judged.truth) < LEAST_HELD_OUT:
        return
    before, after = figures(judged, judged.before), figures(judged, judged.after)
    if judged.on == COMMUNITY:
        yield from _fallen_recalls(judged, before, after)
    elif after.macro_f1 < before.macro_f1 - BASE_SLACK:
        numbers = {"before": before.macro_f1, "after": after.macro_f1}
        yield Reason("forgot", numbers, {"on": judged.on})
    # A challenger that is right more often than it is sure may be off by more and yet say more.
    if after.ece > before.ece + ECE_SLACK and after.log_loss > before.log_loss:
        numbers = {"before": before.ece, "after": after.ece}
        yield Reason("worse-calibrated", numbers, {"task": judged.task})


def _fallen_recalls(judged: Judged, before: Figures, after: Figures) -> Iterator[Reason]:
    for index, label in enumerate(judged.labels):
        count = int((judged.truth == index).sum())
        if count < LEAST_OF_CLASS or after.recall[label] >= before.recall[label] - RECALL_SLACK:
            continue
        numbers = {"before": before.recall[label], "after": after.recall[label]}
        yield Reason("recall-fell", numbers, {"task": judged.task, "label": label})


def _predicted(probabilities: Floats) -> Ints:
    return np.asarray(probabilities.argmax(axis=1), np.int64)
