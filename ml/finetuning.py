"""Fine-tunes a classifier: batches of few shapes, one loss for all tasks, averaged weights.

`ml.train` prepares what this loop needs and keeps what it yields.
"""

import copy
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F  # noqa: N812 - torch's own habit
from numpy.typing import NDArray
from torch import Tensor, nn

from ml.batching import rectangles, width_for
from ml.probabilities import task_columns

ABSENT = -1
REPORT_EVERY_STEPS = 100


@dataclass(frozen=True, slots=True)
class Examples:
    """Encoded texts: `targets` is (texts, tasks), ABSENT where a text has no label for a task."""

    encoded: Sequence[Sequence[int]]
    targets: NDArray[np.int64]
    weights: NDArray[np.float64]  # (texts,): how often an epoch shows it, and how much it counts


@dataclass(frozen=True, slots=True)
class Schedule:
    """How to learn."""

    epochs: int = 3
    learning_rate: float = 4e-4
    batch_tokens: int = 2_048
    warmup: float = 0.06
    smoothing: float = 0.05
    average: float = 0.998  # of the averaged weights, what stays at each step
    weight_decay: float = 0.01
    bf16: bool = True


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


class FineTuning:
    """One run: a model, its averaged twin, and the optimizer."""

    def __init__(
        self,
        model: nn.Module,
        tasks: Mapping[str, Sequence[str]],
        class_weights: Sequence[NDArray[np.float64]],
        schedule: Schedule,
    ) -> None:
        self.model, self.tasks, self.schedule = model, tasks, schedule
        self.averaged = copy.deepcopy(model).requires_grad_(False)
        self._class_weights = [torch.from_numpy(w).float() for w in class_weights]
        decayed = [p for p in model.parameters() if p.ndim > 1]
        plain = [p for p in model.parameters() if p.ndim <= 1]
        groups = [
            {"params": decayed, "weight_decay": schedule.weight_decay},
            {"params": plain, "weight_decay": 0.0},
        ]
        self._optimizer = torch.optim.AdamW(groups, lr=0.0, fused=True)
        self._step = 0

    def epochs(self, examples: Examples, pad_id: int, seed: int) -> Iterator[int]:
        """Train, yielding each finished epoch's number; `averaged` is then worth evaluating."""
        random = np.random.default_rng(seed)
        size = self.schedule.batch_tokens
        plans = [shuffled_batches(examples, size, random) for _ in range(self.schedule.epochs)]
        steps = sum(map(len, plans))
        usual = sum(len(batch) for plan in plans for batch in plan) / max(steps, 1)
        progress = _Progress(steps)
        for epoch, plan in enumerate(plans, 1):
            self.model.train()
            for batch in plan:
                self._set_learning_rate(steps)
                progress.add(self._learn(examples, batch, pad_id, usual))
            yield epoch

    def _set_learning_rate(self, steps: int) -> None:
        done = self._step / steps
        rate = min(
            (done + 1 / steps) / self.schedule.warmup, (1 - done) / (1 - self.schedule.warmup)
        )
        for group in self._optimizer.param_groups:
            group["lr"] = self.schedule.learning_rate * rate

    def _learn(self, examples: Examples, batch: list[int], pad_id: int, usual: float) -> float:
        """Take one step; every text counts the same, however many share its batch."""
        (part,) = rectangles([examples.encoded[i] for i in batch], pad_id, 1 << 30)
        targets = torch.from_numpy(examples.targets[[batch[i] for i in part.index]])
        with torch.autocast("cpu", torch.bfloat16, enabled=self.schedule.bf16):
            logits = self.model(
                input_ids=torch.from_numpy(part.ids).long(),
                attention_mask=torch.from_numpy(part.mask).long(),
            ).logits
        loss = self._loss(logits.float(), targets) / usual
        torch.autograd.backward(loss)
        nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        self._optimizer.step()
        self._optimizer.zero_grad()
        self._average()
        return float(loss.detach()) * usual / len(batch)

    def _loss(self, logits: Tensor, targets: Tensor) -> Tensor:
        """Sum the tasks' losses over the texts that have a label for them."""
        total = logits.sum() * 0
        for place, (_, columns) in enumerate(task_columns(self.tasks)):
            known = targets[:, place] != ABSENT
            scores, truth = logits[known, columns], targets[known, place]
            weight = self._class_weights[place]
            if scores.shape[1] == 1:
                soft = truth * (1 - self.schedule.smoothing) + self.schedule.smoothing / 2
                losses = F.binary_cross_entropy_with_logits(scores[:, 0], soft, reduction="none")
                total = total + (losses * weight[truth]).sum()
            else:
                total = total + F.cross_entropy(
                    scores, truth, weight, reduction="sum", label_smoothing=self.schedule.smoothing
                )
        return total

    def _average(self) -> None:
        self._step += 1
        keep = min(self.schedule.average, self._step / (self._step + 10))
        with torch.no_grad():
            pairs = zip(self.averaged.parameters(), self.model.parameters(), strict=True)
            for slow, fast in pairs:
                slow.lerp_(fast, 1 - keep)


class _Progress:
    """Prints a line now and then."""

    def __init__(self, steps: int) -> None:
        self._steps, self._done, self._losses = steps, 0, list[float]()
        self._started = time.monotonic()

    def add(self, loss: float) -> None:
        self._done += 1
        self._losses.append(loss)
        if self._done % REPORT_EVERY_STEPS and self._done != self._steps:
            return
        left = (time.monotonic() - self._started) / self._done * (self._steps - self._done)
        mean = sum(self._losses) / len(self._losses)
        print(f"step {self._done}/{self._steps}  loss {mean:.3f}  {left:.0f} s left", flush=True)
        self._losses.clear()


def predict(
    model: nn.Module, encoded: Sequence[Sequence[int]], pad_id: int, outputs: int
) -> NDArray[np.float64]:
    """Return a model's logits (texts, outputs) in float32, without dropout."""
    logits = np.zeros((len(encoded), outputs))
    model.eval()
    with torch.inference_mode():
        for part in rectangles(encoded, pad_id, 4_096):
            fed = {
                "input_ids": torch.from_numpy(part.ids).long(),
                "attention_mask": torch.from_numpy(part.mask).long(),
            }
            logits[part.index] = model(**fed).logits.float().numpy()
    return logits
