"""A training's loss and accuracy, step by step, read off the model while others train it."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F  # noqa: N812 - torch's own habit
from numpy.typing import NDArray
from torch import Tensor, nn

from ml.examples import Examples


class Curve:
    """Watches a model's calls in training mode; `losses` and `accuracies` have one entry a batch.

    It knows a batch's truth by its ids, so that the loop needs not know of it. Only the first
    `classes` outputs and the first task's targets are looked at.
    """

    def __init__(self, model: nn.Module, examples: Examples, classes: int) -> None:
        self.losses: list[float] = []
        self.accuracies: list[float] = []
        self._classes = classes
        self._truth = {
            tuple(ids): int(target)
            for ids, target in zip(examples.encoded, examples.targets[:, 0], strict=True)
        }
        self._hook = model.register_forward_hook(self._watch, with_kwargs=True)

    def close(self) -> None:
        """Leave the model alone."""
        self._hook.remove()

    def _watch(
        self, model: nn.Module, _: tuple[Any, ...], fed: Mapping[str, Tensor], output: Any
    ) -> None:
        if not model.training:
            return
        truth = torch.tensor(self._truths(fed["input_ids"], fed["attention_mask"]))
        logits = output.logits.detach().float().cpu()[:, : self._classes]
        self.losses.append(float(F.cross_entropy(logits, truth)))
        self.accuracies.append(float((logits.argmax(dim=1) == truth).float().mean()))

    def _truths(self, ids: Tensor, mask: Tensor) -> list[int]:
        lengths = mask.sum(dim=1).tolist()
        rows = zip(ids.tolist(), lengths, strict=True)
        return [self._truth[tuple(row[:length])] for row, length in rows]


def smoothed(values: Sequence[float], keep: float = 0.97) -> NDArray[np.float64]:
    """Return the exponential moving average, free of the start's bias.

    Kingma and Ba, Adam, 2015, section 3, correct it the same way.
    """
    found = np.zeros(len(values))
    mean = 0.0
    for step, value in enumerate(values, 1):
        mean = keep * mean + (1 - keep) * value
        found[step - 1] = mean / (1 - keep**step)
    return found
