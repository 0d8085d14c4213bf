"""How far one engine's probabilities are from another's."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ml.calibration import class_probabilities
from ml.errors import ParityError
from ml.manifest import Manifest
from ml.probabilities import task_columns
from ml.scoring import Engine, score

LARGEST_DIFFERENCE = 0.02  # of a probability
LEAST_AGREEMENT = 0.995  # of the winning labels


@dataclass(frozen=True, slots=True)
class Parity:
    """The largest difference of a probability, and the share of labels that agree."""

    texts: int
    difference: float
    agreement: float
    reference: str = "float32"

    @property
    def holds(self) -> bool:
        """Whether both are close enough."""
        return self.difference <= LARGEST_DIFFERENCE and self.agreement >= LEAST_AGREEMENT

    def require(self) -> None:
        """Raise ParityError unless it holds."""
        if not self.holds:
            raise ParityError(
                f"int8 differs from {self.reference} by up to {self.difference:.3f} (at most "
                f"{LARGEST_DIFFERENCE}) and agrees on {self.agreement:.2%} of labels (at least "
                f"{LEAST_AGREEMENT:.1%}) over {self.texts} texts; nothing was written, serve this "
                "model on a GPU or train it longer"
            )


def compare(
    plain: Engine, small: Engine, encoded: Sequence[Sequence[int]], manifest: Manifest
) -> Parity:
    """Score texts with both engines; the worst task counts."""
    one, other = (score(engine, encoded, manifest.outputs) for engine in (plain, small))
    return compare_logits(one, other, manifest, plain.name)


def compare_logits(
    one: NDArray[np.float64], other: NDArray[np.float64], manifest: Manifest, reference: str
) -> Parity:
    """Compare raw outputs (texts, outputs) of the same texts; `reference` says whose `one` are."""
    difference, agreement = 0.0, 1.0
    for task, columns in task_columns(manifest.tasks):
        temperature = manifest.temperature(task)
        a = class_probabilities(one[:, columns], temperature)
        b = class_probabilities(other[:, columns], temperature)
        difference = max(difference, float(np.abs(a - b).max()))
        agreement = min(agreement, float((a.argmax(axis=1) == b.argmax(axis=1)).mean()))
    return Parity(len(one), difference, agreement, reference)
