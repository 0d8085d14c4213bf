"""The loss of a classifier with several tasks, from labels, from teachers, or from both."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import torch
import torch.nn.functional as F  # noqa: N812 - torch's own habit
from torch import Tensor

from ml.examples import ABSENT
from ml.probabilities import task_columns


@dataclass(frozen=True, slots=True)
class Targets:
    """A batch's targets: `labels` (texts, tasks), and the teachers' `soft` (texts, outputs)."""

    labels: Tensor
    soft: Tensor


@dataclass(frozen=True, slots=True)
class TaskLoss:
    """Cross-entropy to a mixture of the label, smoothed, and the teachers' probabilities.

    A label counts `1 - teacher_share` where there are both (Hinton et al., 2015, at temperature 1);
    `class_weights` hold one vector a task, over its classes.
    """

    tasks: Mapping[str, Sequence[str]]
    class_weights: Sequence[Tensor]
    smoothing: float
    teacher_share: float

    def total(self, logits: Tensor, targets: Targets) -> Tensor:
        """Return the sum over texts and tasks; a text counts for what is known of it."""
        total = logits.sum() * 0
        for place, (_, columns) in enumerate(task_columns(self.tasks)):
            labels, soft = targets.labels[:, place], targets.soft[:, columns]
            known, taught = labels != ABSENT, ~torch.isnan(soft[:, 0])
            used = known | taught
            weight = torch.ones(len(labels), device=logits.device)
            weight[known] = self.class_weights[place][labels[known]]
            wanted = self._mixture(labels, soft, known, taught)
            losses = _cross_entropy(logits[used, columns], wanted[used])
            total = total + (losses * weight[used]).sum()
        return total

    def _mixture(self, labels: Tensor, soft: Tensor, known: Tensor, taught: Tensor) -> Tensor:
        share = self.teacher_share * taught.float()
        share[~known] = 1.0
        hard = self._smoothed(labels.clamp_min(0), soft.shape[1])
        return hard * (1 - share[:, None]) + torch.nan_to_num(soft) * share[:, None]

    def _smoothed(self, labels: Tensor, outputs: int) -> Tensor:
        if outputs == 1:
            return labels[:, None] * (1 - self.smoothing) + self.smoothing / 2
        return F.one_hot(labels, outputs) * (1 - self.smoothing) + self.smoothing / outputs


def _cross_entropy(logits: Tensor, wanted: Tensor) -> Tensor:
    if logits.shape[1] == 1:
        losses = F.binary_cross_entropy_with_logits(logits, wanted, reduction="none")
        return losses[:, 0]
    return -(wanted * torch.log_softmax(logits, dim=1)).sum(dim=1)
