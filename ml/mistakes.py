"""Which texts a version gets wrong, and which it gets right where another does not; as CSV."""

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from io import StringIO

import numpy as np
from numpy.typing import NDArray

from ml.evaluation import Paired
from ml.measured import Measured

_WORST = 200  # mistakes that are worth a person's time


@dataclass(frozen=True, slots=True)
class Mistake:
    """A text whose wrong label won, and that label's probability."""

    text: str
    label: str
    predicted: str
    probability: float


def worst_mistakes(measured: Measured) -> list[Mistake]:
    """Return the mistakes that the model was surest of, the surest first."""
    confidence, predicted = measured.probabilities.max(axis=1), measured.predicted
    worst = _surest_first(measured, predicted != measured.truth)[:_WORST]
    names = measured.labels
    return [
        Mistake(
            measured.table.texts[index],
            names[measured.truth[index]],
            names[predicted[index]],
            float(confidence[index]),
        )
        for index in worst
    ]


def mistakes_csv(measured: Measured) -> str:
    """Return the worst mistakes as a CSV that `ml.data` reads: its label is the true one."""
    rows = [
        (m.text, m.label, m.predicted, f"{m.probability:.4f}") for m in worst_mistakes(measured)
    ]
    return _csv(("text", "label", "predicted", "probability"), rows)


def changes_csv(paired: Paired) -> str:
    """Return the texts that one version alone gets right, the model's surest first."""
    model, against = paired.model.measured, paired.against.measured
    right, before = model.predicted == model.truth, against.predicted == model.truth
    rows = [
        (model.table.texts[index], *_said(paired, index), change)
        for change, chosen in (("better", right & ~before), ("worse", before & ~right))
        for index in _surest_first(model, chosen)
    ]
    names = ("text", "label", "model", "probability", "against", "against_probability", "change")
    return _csv(names, rows)


def _surest_first(measured: Measured, chosen: NDArray[np.bool_]) -> list[int]:
    places, confidence = np.flatnonzero(chosen), measured.probabilities.max(axis=1)
    return [int(place) for place in places[np.argsort(-confidence[places], kind="stable")]]


def _said(paired: Paired, index: int) -> tuple[str, ...]:
    """Return a text's true label and, for both versions, the winner and its probability."""
    model, against = paired.model.measured, paired.against.measured
    said = [model.labels[model.truth[index]]]
    for measured in (model, against):
        row = measured.probabilities[index]
        said += [measured.labels[int(row.argmax())], f"{row.max():.4f}"]
    return tuple(said)


def _csv(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    content = StringIO(newline="")
    writer = csv.writer(content, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return content.getvalue()
