"""From logits to calibrated probabilities, task by task."""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Scores = dict[str, dict[str, float]]


def task_columns(tasks: Mapping[str, Sequence[str]]) -> Iterator[tuple[str, slice]]:
    """Yield each task with the columns of its logits."""
    start = 0
    for task, labels in tasks.items():
        yield task, slice(start, start + len(labels))
        start += len(labels)


def probabilities(logits: Array, temperature: float) -> Array:
    """Return (texts, labels): a sigmoid for one label, else a softmax, of logits / temperature."""
    scaled = np.asarray(logits, np.float64) / temperature
    if scaled.shape[1] == 1:
        return 1 / (1 + np.exp(-np.clip(scaled, -60, 60)))
    powers = np.exp(scaled - scaled.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True))


def scores(
    logits: Array, tasks: Mapping[str, Sequence[str]], temperatures: Mapping[str, float]
) -> list[Scores]:
    """Return each text's probabilities by task and label."""
    found: list[Scores] = [{} for _ in range(len(logits))]
    for task, columns in task_columns(tasks):
        table = probabilities(logits[:, columns], temperatures.get(task, 1.0)).tolist()
        for text, row in zip(found, table, strict=True):
            text[task] = dict(zip(tasks[task], row, strict=True))
    return found
