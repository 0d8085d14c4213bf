"""A table's truth beside a model's outputs, and the figures that a manifest keeps of them."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ml import metrics
from ml.calibration import class_probabilities
from ml.data import LABELS, Table
from ml.temperature import UNCHANGED, Temperature


@dataclass(frozen=True, slots=True)
class Measured:
    """One table's truth and logits for its own task, both in the order of `labels`."""

    table: Table
    truth: NDArray[np.int64]
    logits: NDArray[np.float64]
    temperature: Temperature = UNCHANGED

    @property
    def labels(self) -> list[str]:
        """The names of the classes."""
        return LABELS[self.table.task]

    @property
    def probabilities(self) -> NDArray[np.float64]:
        """The calibrated probabilities, (texts, classes)."""
        return class_probabilities(self.logits, self.temperature)

    @property
    def predicted(self) -> NDArray[np.int64]:
        """The winning classes, (texts,)."""
        return np.asarray(self.probabilities.argmax(axis=1), np.int64)

    def macro_f1(self) -> float:
        """Return macro-F1 of the winning labels."""
        return metrics.macro_f1(self.truth, self.predicted)

    def figures(self, temperature: Temperature) -> dict[str, Any]:
        """Return what the manifest records of a table."""
        found = class_probabilities(self.logits, temperature)
        predicted = found.argmax(axis=1)
        low, high = metrics.interval(self.truth, predicted, metrics.macro_f1)
        return {
            "n": len(self.truth),
            "accuracy": round(metrics.accuracy(self.truth, predicted), 4),
            "macro_f1": round(metrics.macro_f1(self.truth, predicted), 4),
            "macro_f1_interval": [round(low, 4), round(high, 4)],
            "ece": round(metrics.calibration_error(self.truth, found), 4),
        }
