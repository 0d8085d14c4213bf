"""What a fine-tuning learns from: encoded texts, their labels, and what teachers say of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ml.batching import width_for
from ml.data import LABELS, Table

ABSENT = -1

Soft = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Examples:
    """Encoded texts: `targets` is (texts, tasks), ABSENT where a text has no label for a task.

    `soft` is (texts, outputs): the teachers' probabilities, NaN where they have nothing to say.
    """

    encoded: Sequence[Sequence[int]]
    targets: NDArray[np.int64]
    weights: NDArray[np.float64]  # (texts,): how often an epoch shows it
    soft: Soft | None = None


def targets_of(tables: Sequence[Table], tasks: Sequence[str]) -> NDArray[np.int64]:
    """Return (texts, tasks) for the tables' rows in their order, each labelled for its own task."""
    targets = np.full((sum(len(table.texts) for table in tables), len(tasks)), ABSENT)
    start = 0
    for table in tables:
        stop = start + len(table.texts)
        targets[start:stop, tasks.index(table.task)] = table.labels
        start = stop
    return targets


def class_weights(
    examples: Examples, tasks: Mapping[str, Sequence[str]]
) -> list[NDArray[np.float64]]:
    """Weigh the classes of each task so that all count the same over an epoch; their mean is 1."""
    weights = []
    for place, task in enumerate(tasks):
        known = examples.targets[:, place] != ABSENT
        counts = np.bincount(
            examples.targets[known, place], examples.weights[known], len(LABELS[task])
        )
        weights.append(counts.sum() / np.maximum(counts, 1) / len(counts))
    return weights


def shuffled_batches(
    examples: Examples, batch_tokens: int, random: np.random.Generator
) -> list[list[int]]:
    """Return one epoch's batches, each of texts of one width; a weight of 2 shows a text twice."""
    times = np.floor(examples.weights + random.random(len(examples.weights))).astype(int)
    shown = random.permutation(np.repeat(np.arange(len(times)), times))
    by_width: dict[int, list[int]] = {}
    for index in shown.tolist():
        by_width.setdefault(width_for(len(examples.encoded[index])), []).append(index)
    batches = [
        members[start : start + batch_tokens // width]
        for width, members in by_width.items()
        for start in range(0, len(members), batch_tokens // width)
    ]
    return [batches[place] for place in random.permutation(len(batches))]
