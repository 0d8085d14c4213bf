"""From logits to calibrated probabilities, task by task."""

import math
from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from ml.temperature import UNCHANGED, Array, Temperature

Scores = dict[str, dict[str, float]]


def task_columns(tasks: Mapping[str, Sequence[str]]) -> Iterator[tuple[str, slice]]:
    """Yield each task with the columns of its logits."""
    start = 0
    for task, labels in tasks.items():
        yield task, slice(start, start + len(labels))
        start += len(labels)


def probabilities(logits: Array, temperature: Temperature = UNCHANGED) -> Array:
    """Return (texts, labels): a sigmoid for one label, else a softmax, of logits / temperature."""
    scaled = temperature.divide(np.asarray(logits, np.float64))
    if scaled.shape[1] == 1:
        return 1 / (1 + np.exp(-np.clip(scaled, -60, 60)))
    powers = np.exp(scaled - scaled.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True))


def scores(
    logits: Array, tasks: Mapping[str, Sequence[str]], temperatures: Mapping[str, Temperature]
) -> list[Scores]:
    """Return each text's probabilities by task and label."""
    places = [(task, columns, tasks[task]) for task, columns in task_columns(tasks)]
    return [
        {
            task: dict(
                zip(labels, _of_text(row[columns], temperatures.get(task, UNCHANGED)), strict=True)
            )
            for task, columns, labels in places
        }
        for row in logits.tolist()
    ]


def _of_text(logits: Sequence[float], temperature: Temperature) -> list[float]:
    """Do what `probabilities` does, for one text: numpy alone takes six times as long."""
    divisor = temperature.at(logits)
    scaled = [logit / divisor for logit in logits]
    if len(scaled) == 1:
        return [1 / (1 + math.exp(-min(max(scaled[0], -60.0), 60.0)))]
    largest = max(scaled)
    powers = [math.exp(logit - largest) for logit in scaled]
    total = sum(powers)
    return [power / total for power in powers]
