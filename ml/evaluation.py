"""Scores a labelled table with a model version and says how good, and how sure, it is.

`ml.evaluate` is its command line.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ml import comparison, metrics
from ml.classifier import Classifier
from ml.comparison import Comparison, Difference
from ml.data import LABELS, TASKS, Table
from ml.errors import CheckpointError
from ml.measured import Measured
from ml.probabilities import task_columns


@dataclass(frozen=True, slots=True)
class Evaluation:
    """A version's outputs for a table, and how long it took."""

    version: str
    measured: Measured
    ms_per_text: float

    def figures(self) -> dict[str, Any]:
        """Return the fields that `--json` prints, the intervals after those of the contract."""
        truth, predicted = self.measured.truth, self.measured.predicted
        return {
            "n": len(truth),
            "accuracy": metrics.accuracy(truth, predicted),
            "macro_f1": metrics.macro_f1(truth, predicted),
            "per_class": metrics.per_class(truth, predicted, self.measured.labels),
            "ece": metrics.calibration_error(truth, self.measured.probabilities),
            "ms_per_text": self.ms_per_text,
            "model": self.version,
            "accuracy_interval": list(metrics.interval(truth, predicted, metrics.accuracy)),
            "macro_f1_interval": list(metrics.interval(truth, predicted, metrics.macro_f1)),
        }


@dataclass(frozen=True, slots=True)
class Paired:
    """Two versions on one table: `model` is compared with `against`."""

    model: Evaluation
    against: Evaluation
    comparison: Comparison

    @property
    def names(self) -> tuple[str, str]:
        """What to call the two, even where they carry the same version."""
        one, other = self.model.version, self.against.version
        return (one, other) if one != other else (one, f"{other} (against)")

    @property
    def verdict(self) -> str:
        """Say in one sentence which is better."""
        return self.comparison.verdict(*self.names)

    def figures(self) -> dict[str, Any]:
        """Return the fields that `--json` prints under `against`; a gain is model's over it."""
        measured, found = self.against.measured, self.comparison
        return {
            "model": self.against.version,
            "accuracy": metrics.accuracy(measured.truth, measured.predicted),
            "macro_f1": measured.macro_f1(),
            "both_right": found.both_right,
            "only_model_right": found.only_first,
            "only_against_right": found.only_second,
            "p_value": found.p_value,
            "test": found.test,
            **_gain("accuracy", found.accuracy),
            **_gain("macro_f1", found.macro_f1),
            "verdict": self.verdict,
        }


def _gain(measure: str, gain: Difference) -> dict[str, Any]:
    return {f"{measure}_gain": gain.value, f"{measure}_gain_interval": [gain.low, gain.high]}


def evaluate(classifier: Classifier, table: Table) -> dict[str, Any]:
    """Score a table's texts and compare; returns the fields that `--json` prints."""
    return run(classifier, table).figures()


def run(classifier: Classifier, table: Table) -> Evaluation:
    """Score a table's texts. Raises CheckpointError where the model has other labels."""
    order = label_order(classifier, table.task)
    classifier.warm()
    started = time.perf_counter()
    logits = classifier.logits(table.texts)
    seconds = time.perf_counter() - started
    columns = dict(task_columns(classifier.tasks))[table.task]
    measured = Measured(
        table,
        np.array(table.labels, np.int64),
        logits[:, columns][:, order],
        classifier.temperature(table.task),
    )
    return Evaluation(classifier.version, measured, 1_000 * seconds / len(table.texts))


def pair(model: Evaluation, against: Evaluation) -> Paired:
    """Compare two versions that scored the same table."""
    one, other = model.measured, against.measured
    found = comparison.compare(one.truth, one.predicted, other.predicted)
    return Paired(model, against, found)


def label_order(classifier: Classifier, task: str) -> Sequence[int]:
    """Return where the model has each of a task's outputs: a hub checkpoint orders its own way.

    Raises CheckpointError where it lacks the task or a label.
    """
    if task not in classifier.tasks:
        raise CheckpointError(
            f"the model {classifier.version} has no task {task}; it has "
            f"{', '.join(classifier.tasks)}"
        )
    found = classifier.tasks[task]
    wanted = TASKS[task] if len(found) == 1 else LABELS[task]
    if sorted(found) != sorted(wanted):
        raise CheckpointError(
            f"the model {classifier.version} calls the labels of {task} {', '.join(found)}, data "
            f"files call them {', '.join(wanted)}; rename them in its manifest.json and config.json"
        )
    return [found.index(label) for label in wanted]
