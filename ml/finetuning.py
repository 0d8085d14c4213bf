"""Fine-tunes a classifier: batches of few shapes, one loss for all tasks, averaged weights.

`ml.training` prepares what this loop needs and keeps what it yields.
"""

import copy
import math
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from ml.batching import Rectangle, rectangle, rectangles, width_for
from ml.devices import Device
from ml.errors import MlError
from ml.examples import Examples, shuffled_batches
from ml.journal import Journal, Tensors
from ml.progress import ProgressBar
from ml.task_loss import Targets, TaskLoss

SAVE_EVERY_SECONDS = 60.0


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
    teacher_share: float = 0.5  # of a target, where a text has a label and teachers


class FineTuning:
    """One run: a model, its averaged twin, and the optimizer."""

    def __init__(
        self,
        model: nn.Module,
        tasks: Mapping[str, Sequence[str]],
        class_weights: Sequence[NDArray[np.float64]],
        schedule: Schedule,
        device: Device,
    ) -> None:
        self.schedule, self.device = schedule, device
        self.model = model.to(device.name)
        self.averaged = copy.deepcopy(self.model).requires_grad_(False)
        weights = [torch.from_numpy(w).float().to(device.name) for w in class_weights]
        self._loss = TaskLoss(tasks, weights, schedule.smoothing, schedule.teacher_share)
        decayed = [p for p in model.parameters() if p.ndim > 1]
        plain = [p for p in model.parameters() if p.ndim <= 1]
        groups = [
            {"params": decayed, "weight_decay": schedule.weight_decay},
            {"params": plain, "weight_decay": 0.0},
        ]
        self._optimizer = torch.optim.AdamW(groups, lr=0.0, fused=True)
        self._step, self._pieces = 0, 1
        self.on_step: Callable[[float, float], None] | None = None
        """Told the share that is done and the seconds left; what it raises ends the run."""

    def epochs(
        self,
        examples: Examples,
        pad_id: int,
        seed: int,
        journal: tuple[Journal, str] | None = None,
    ) -> Iterator[int]:
        """Train, yielding each finished epoch's number; `averaged` is then worth evaluating.

        With a journal and the name of an entry in it, goes on where that entry stands.
        """
        random = np.random.default_rng(seed)
        size = self.schedule.batch_tokens
        plans = [shuffled_batches(examples, size, random) for _ in range(self.schedule.epochs)]
        steps = sum(map(len, plans))
        usual = sum(len(batch) for plan in plans for batch in plan) / max(steps, 1)
        self._go_on(journal)
        begun, ends = self._step, np.cumsum([len(plan) for plan in plans]).tolist()
        with ProgressBar(f"seed {seed}") as bar:
            pace = _Pace(steps, begun, bar, self.on_step)
            for epoch, (plan, end) in enumerate(zip(plans, ends, strict=True), 1):
                self.model.train()
                for batch in plan[max(len(plan) - (end - begun), 0) :] if end > begun else ():
                    self._set_learning_rate(steps)
                    pace.add(self._learn(examples, batch, pad_id, usual), _tokens(examples, batch))
                    if pace.time_to_save():
                        self._save(journal)
                if end >= begun:
                    self._save(journal)
                    yield epoch

    def _set_learning_rate(self, steps: int) -> None:
        done, warmup = self._step / steps, self.schedule.warmup
        rate = min((done + 1 / steps) / warmup, (1 - done) / (1 - warmup))
        for group in self._optimizer.param_groups:
            group["lr"] = self.schedule.learning_rate * rate

    def _learn(self, examples: Examples, batch: list[int], pad_id: int, usual: float) -> float:
        """Take one step; every text counts the same, however many share its batch."""
        while True:
            try:
                total = self._gradients(examples, batch, pad_id, usual)
                break
            except (torch.OutOfMemoryError, RuntimeError, MemoryError) as error:
                self._halve(error, len(batch))
        if not math.isfinite(total):
            raise MlError("the loss is no longer a finite number; give a lower --lr")
        nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        self._optimizer.step()
        self._optimizer.zero_grad()
        self._average()
        return total / len(batch)

    def _gradients(self, examples: Examples, batch: list[int], pad_id: int, usual: float) -> float:
        width, total = width_for(max(len(examples.encoded[i]) for i in batch)), 0.0
        for piece in np.array_split(batch, min(self._pieces, len(batch))):
            part = rectangle(examples.encoded, piece.tolist(), width, pad_id)
            with self.device.autocast():
                logits = forward(self.model, part, self.device.name)
            loss = self._loss.total(logits.float(), self._targets(examples, part.index))
            torch.autograd.backward(loss / usual)
            total += float(loss.detach())
        return total

    def _targets(self, examples: Examples, index: list[int]) -> Targets:
        labels = torch.from_numpy(examples.targets[index])
        outputs = sum(map(len, self._loss.tasks.values()))
        soft = torch.full((len(index), outputs), torch.nan)
        if examples.soft is not None:
            soft = torch.from_numpy(examples.soft[index])
        return Targets(labels.to(self.device.name), soft.to(self.device.name))

    def _halve(self, error: Exception, texts: int) -> None:
        """Split batches further after running out of memory. Raises what is anything else."""
        if not _out_of_memory(error):
            raise error
        if self._pieces >= texts:
            raise MlError(
                "out of memory even with one text at a time; close other programs, or take a "
                "smaller --base"
            ) from None
        self._optimizer.zero_grad()
        if self.device.kind == "cuda":
            torch.cuda.empty_cache()
        self._pieces *= 2
        print(f"out of memory: batches are now learned in {self._pieces} pieces", flush=True)

    def _average(self) -> None:
        self._step += 1
        keep = min(self.schedule.average, self._step / (self._step + 10))
        with torch.no_grad():
            pairs = zip(self.averaged.parameters(), self.model.parameters(), strict=True)
            for slow, fast in pairs:
                slow.lerp_(fast, 1 - keep)

    def _save(self, journal: tuple[Journal, str] | None) -> None:
        if journal is None:
            return
        tensors: Tensors = {"random": torch.get_rng_state()}
        for place, twin in enumerate((self.model, self.averaged)):
            tensors |= {f"{place}/{name}": value for name, value in twin.state_dict().items()}
        for index, entries in self._optimizer.state_dict()["state"].items():
            tensors |= {f"optimizer/{index}/{name}": value for name, value in entries.items()}
        facts = {"step": self._step, "pieces": self._pieces}
        journal[0].save(journal[1], tensors, facts)

    def _go_on(self, journal: tuple[Journal, str] | None) -> None:
        found = journal[0].load(journal[1]) if journal else None
        if found is None:
            return
        tensors, facts = found
        for place, twin in enumerate((self.model, self.averaged)):
            twin.load_state_dict({name: tensors[f"{place}/{name}"] for name in twin.state_dict()})
        state = self._optimizer.state_dict()
        for name, value in tensors.items():
            if name.startswith("optimizer/"):
                _, index, key = name.split("/")
                state["state"].setdefault(int(index), {})[key] = value
        self._optimizer.load_state_dict(state)
        torch.set_rng_state(tensors["random"])
        self._step, self._pieces = facts["step"], facts["pieces"]


class _Pace:
    """Tells the bar how far the steps are, and when it is time to save."""

    def __init__(
        self,
        steps: int,
        begun: int,
        bar: ProgressBar,
        on_step: Callable[[float, float], None] | None,
    ) -> None:
        self._steps, self._done, self._begun, self._bar = steps, begun, begun, bar
        self._on_step = on_step
        self._started = self._saved = time.monotonic()

    def add(self, loss: float, tokens: int) -> None:
        self._done += 1
        each = (time.monotonic() - self._started) / (self._done - self._begun)
        left = each * (self._steps - self._done)
        self._bar.step(loss, tokens, self._done / self._steps, left)
        if self._on_step:
            self._on_step(self._done / self._steps, left)

    def time_to_save(self) -> bool:
        now = time.monotonic()
        if now - self._saved < SAVE_EVERY_SECONDS:
            return False
        self._saved = now
        return True


def _tokens(examples: Examples, batch: list[int]) -> int:
    return sum(len(examples.encoded[index]) for index in batch)


def _out_of_memory(error: Exception) -> bool:
    """Say whether memory ran out: on a processor torch says so in words alone."""
    words = ("can't allocate memory", "not enough memory", "out of memory")
    return isinstance(error, (torch.OutOfMemoryError, MemoryError)) or any(
        word in str(error) for word in words
    )


def forward(model: nn.Module, part: Rectangle, device: str = "cpu") -> Tensor:
    """Return a transformers classifier's logits (texts, outputs) for one rectangle."""
    logits: Tensor = model(
        input_ids=torch.from_numpy(part.ids).long().to(device),
        attention_mask=torch.from_numpy(part.mask).long().to(device),
    ).logits
    return logits


def predict(
    model: nn.Module, encoded: Sequence[Sequence[int]], pad_id: int, outputs: int
) -> NDArray[np.float64]:
    """Return a model's logits (texts, outputs) in float32, without dropout."""
    logits = np.zeros((len(encoded), outputs))
    device = str(next(model.parameters()).device)
    model.eval()
    with torch.inference_mode():
        for part in rectangles(encoded, pad_id, 4_096):
            logits[part.index] = forward(model, part, device).float().cpu().numpy()
    return logits
