"""The pretraining loop: one resumable run in one directory, scheduled to a time budget."""

import itertools
import json
import signal
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from tokenizers import Tokenizer
from transformers import BertForMaskedLM

from ml import cooccurrence, masked_lm
from ml.errors import CheckpointError, DataError, MlError
from ml.files import restore, whole_directory
from ml.objectives import HiddenWords, Objective, ReplacedWords
from ml.packing import Ids, Masking, Rows, Shape, batches
from ml.progress import ProgressBar
from ml.wordpiece import SPECIAL_TOKENS, write_tokenizer

SHAPES = (Shape(64, 64), Shape(32, 128))  # 4,096 tokens each
MAX_TOKENS = SHAPES[-1].width
WARMUP = 0.04  # of the time budget
EMBEDDING_SCALE = 0.03  # standard deviation at the start
SAVE_EVERY_SECONDS = 150.0
_HEAD = "head.safetensors"  # of a run that finds replaced words


@dataclass(frozen=True, slots=True)
class Recipe:
    """How long and how fast to learn."""

    minutes: float
    learning_rate: float
    seed: int
    bf16: bool


@dataclass(slots=True)
class Progress:
    """Where a run stands; written beside its checkpoint."""

    seconds: float = 0.0
    steps: int = 0
    epoch: int = 0
    batch: int = 0
    loss: float = 0.0


@contextmanager
def _told_to_stop() -> Iterator[list[int]]:
    """Yield a list that fills when Ctrl-C or SIGTERM comes."""
    numbers = list[int]()
    before = {
        sign: signal.signal(sign, lambda number, _: numbers.append(number))
        for sign in (signal.SIGINT, signal.SIGTERM)
    }
    try:
        yield numbers
    finally:
        for sign, handler in before.items():
            signal.signal(sign, handler)


def _opened(checkpoint: Path) -> BertForMaskedLM:
    """Load a masked-language model. Raises CheckpointError where it is something else."""
    try:
        loaded: Any = BertForMaskedLM.from_pretrained(
            checkpoint, dtype=torch.float32, output_loading_info=True
        )
    except (OSError, ValueError, RuntimeError, SafetensorError) as error:
        why = " ".join(str(error).split())[:300]
        raise CheckpointError(f"{checkpoint} can't be loaded: {why}") from None
    model: BertForMaskedLM = loaded[0]
    if missing := loaded[1]["missing_keys"]:
        raise CheckpointError(
            f"{checkpoint} is no masked-language model (it lacks {min(missing)}); "
            "give the directory `checkpoint` that an earlier "
            "run of ml.pretrain wrote under its --out"
        )
    return model


def masking_of(tokenizer: Tokenizer) -> Masking:
    """Read from a vocabulary which pieces continue words and which are special."""
    vocabulary = tokenizer.get_vocab()
    continues = np.zeros(len(vocabulary), bool)
    special = np.zeros(len(vocabulary), bool)
    for piece, index in vocabulary.items():
        continues[index] = piece.startswith("##")
        special[index] = piece in SPECIAL_TOKENS
    return Masking(vocabulary["[MASK]"], len(vocabulary), continues, special)


class Pretraining:
    """One run; `out/checkpoint` always holds its last whole state."""

    def __init__(
        self, out: Path, tokenizer: Tokenizer, recipe: Recipe, start: Path | None = None
    ) -> None:
        """Hide words; with the checkpoint `start` go on from it, detecting what it replaces."""
        torch.manual_seed(recipe.seed)
        self.out, self.tokenizer, self.recipe = out, tokenizer, recipe
        masking = masking_of(tokenizer)
        self.model: BertForMaskedLM
        self.objective: Objective
        if start is None:
            self.model = masked_lm.new_model(tokenizer.get_vocab_size(), MAX_TOKENS)
            self.objective = HiddenWords(masking)
        else:
            self.model = _opened(start)
            self.objective = ReplacedWords(masking, _opened(start))
        self._started = start is not None
        self.optimizer = self._new_optimizer()
        self.progress = Progress()

    def _new_optimizer(self) -> torch.optim.Optimizer:
        parameters = [*self.model.parameters(), *self.objective.head.parameters()]
        return torch.optim.AdamW(
            parameters, lr=0.0, betas=(0.9, 0.98), weight_decay=0.01, fused=True
        )

    def begin(self, documents: Sequence[Ids]) -> None:
        """Go on from the last checkpoint, or start from co-occurrence embeddings."""
        restore(self.checkpoint)
        if (self.checkpoint / "progress.json").exists():
            self._require_same_objective()
            self._resume()
            return
        if self._started:
            return
        weight = self.model.bert.embeddings.word_embeddings.weight
        pieces, width = weight.shape
        start = cooccurrence.embeddings(documents, pieces, width, EMBEDDING_SCALE)
        with torch.no_grad():
            weight.copy_(start)

    @property
    def checkpoint(self) -> Path:
        """Where the run's state is."""
        return self.out / "checkpoint"

    def run(self, documents: Sequence[Ids]) -> None:
        """Train until the time budget is spent, saving on the way.

        Ctrl-C and SIGTERM save and raise KeyboardInterrupt. Raises MlError when the loss is no
        number any more; what was saved last then stays.
        """
        if self.progress.seconds >= self._budget_seconds:
            print(f"{self.checkpoint}: its time is spent; give more --minutes to go on")
            return
        with _told_to_stop() as stopping:
            self._learn(documents, stopping)
            self.save()
        if stopping:
            raise KeyboardInterrupt

    def _learn(self, documents: Sequence[Ids], stopping: Sequence[int]) -> None:
        saved, started = time.monotonic(), time.monotonic() - self.progress.seconds
        with ProgressBar("pretraining") as bar:
            for rows, masks in self._batches(documents):
                self._report(bar, self.step(rows, masks), rows)
                self.progress.seconds = time.monotonic() - started
                self.progress.steps += 1
                if stopping or self.progress.seconds >= self._budget_seconds:
                    break
                if time.monotonic() - saved > SAVE_EVERY_SECONDS:
                    self.save()
                    saved = time.monotonic()

    @property
    def _budget_seconds(self) -> float:
        return 60 * self.recipe.minutes

    def _report(self, bar: ProgressBar, loss: float, rows: Rows) -> None:
        seconds = self.progress.seconds
        left = self._budget_seconds - seconds
        bar.step(loss, int((rows.segments > 0).sum()), seconds / self._budget_seconds, left)
        self.progress.loss = bar.loss

    def _batches(self, documents: Sequence[Ids]) -> Iterator[tuple[Rows, np.random.Generator]]:
        for epoch in itertools.count(self.progress.epoch):
            skip = self.progress.batch if epoch == self.progress.epoch else 0
            self.progress.epoch = epoch
            order = np.random.default_rng([self.recipe.seed, epoch])
            self.progress.batch = 0
            for number, rows in enumerate(batches(documents, SHAPES, order)):
                self.progress.batch = number + 1
                if number >= skip:
                    yield rows, np.random.default_rng([self.recipe.seed, epoch, number])
            if not self.progress.batch:
                raise DataError("the texts don't fill one batch of 4,096 tokens; give more of them")

    def step(self, rows: Rows, masks: np.random.Generator) -> float:
        """Learn from one batch; returns its loss."""
        for group in self.optimizer.param_groups:
            group["lr"] = self.learning_rate()
        with torch.autocast("cpu", torch.bfloat16, enabled=self.recipe.bf16):
            loss = self.objective.loss(self.model, rows, masks)
        if not torch.isfinite(loss):
            raise MlError("the loss is no longer a finite number; give a lower --lr")
        torch.autograd.backward(loss)
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        self.optimizer.step()
        self.optimizer.zero_grad()
        return loss.item()

    def learning_rate(self) -> float:
        """Warm up, then fall linearly to nothing as the time budget runs out."""
        done = self.progress.seconds / self._budget_seconds
        share = min(done / WARMUP + 0.01, max(1 - done, 0) / (1 - WARMUP))
        return self.recipe.learning_rate * share

    def save(self) -> None:
        """Write model, tokenizer, optimizer and progress as one."""
        with whole_directory(self.checkpoint) as directory:
            self.model.save_pretrained(directory)
            write_tokenizer(self.tokenizer, directory, MAX_TOKENS)
            save_file(self._optimizer_tensors(), directory / "optimizer.safetensors")
            if self._started:
                save_file(self.objective.head.state_dict(), directory / _HEAD)
            progress = json.dumps(asdict(self.progress))
            (directory / "progress.json").write_text(progress + "\n", encoding="utf-8")

    def _optimizer_tensors(self) -> dict[str, torch.Tensor]:
        return {
            f"0.{index}.{name}": value.contiguous()
            for index, entries in self.optimizer.state_dict()["state"].items()
            for name, value in entries.items()
        }

    def _require_same_objective(self) -> None:
        """Raise CheckpointError where the run began with another objective than it shall go on."""
        if (self.checkpoint / _HEAD).exists() != self._started:
            without = "without" if self._started else "with"
            raise CheckpointError(
                f"{self.out} holds a run that began {without} --replace-with; give another --out"
            )

    def _resume(self) -> None:
        self.model = BertForMaskedLM.from_pretrained(self.checkpoint)
        if self._started:
            self.objective.head.load_state_dict(load_file(self.checkpoint / _HEAD))
        self.optimizer = self._new_optimizer()
        state = self.optimizer.state_dict()
        for name, value in load_file(self.checkpoint / "optimizer.safetensors").items():
            _, index, key = name.split(".")
            state["state"].setdefault(int(index), {})[key] = value
        self.optimizer.load_state_dict(state)
        text = (self.checkpoint / "progress.json").read_text(encoding="utf-8")
        self.progress = Progress(**json.loads(text))
