"""The serving model: texts in, calibrated probabilities out. The worker loads it, once.

On a CPU nothing here imports torch.
"""

import shutil
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ml import manifest as manifests
from ml import onnx_engine, probabilities
from ml.batching import BATCH_TOKENS, WIDTHS
from ml.errors import MlError
from ml.probabilities import Scores
from ml.scoring import Engine, score
from ml.temperature import Temperature
from ml.text import has_words
from ml.tokenization import TextTokenizer, load_tokenizer

__all__ = ["Classifier", "Scores"]

_GPU_BATCH_TOKENS = 16_384


class Classifier:
    """A loaded model version."""

    def __init__(
        self, engine: Engine, tokenizer: TextTokenizer, manifest: manifests.Manifest
    ) -> None:
        self._engine, self._tokenizer, self._manifest = engine, tokenizer, manifest
        self._batch_tokens = BATCH_TOKENS if engine.device == "cpu" else _GPU_BATCH_TOKENS
        self.version: str = manifest.version
        self.device: str = engine.device
        self.engine: str = engine.name
        self.tasks: dict[str, list[str]] = {
            task: list(labels) for task, labels in manifest.tasks.items()
        }

    @classmethod
    def load(
        cls, path: Path, *, device: str = "auto", threads: int = 1, cache_dir: Path | None = None
    ) -> "Classifier":
        """Load a checkpoint directory; `device` is auto, cpu or cuda.

        What a CPU needs besides is built into `cache_dir`, or in memory without one. Raises
        CheckpointError, and MlError when a GPU is asked for that isn't there.
        """
        manifest = manifests.read(path)
        tokenizer = TextTokenizer(load_tokenizer(path))
        engine: Engine
        if _wants_gpu(device):
            from ml import torch_engine

            engine = torch_engine.load(path)
        else:
            engine = onnx_engine.load(path, threads, cache_dir)
        return cls(engine, tokenizer, manifest)

    def predict(self, texts: Sequence[str]) -> list[Scores]:
        """Return {task: {label: probability}} for each text; {} where there is nothing to score."""
        places = [index for index, text in enumerate(texts) if has_words(text)]
        logits = self.logits([texts[index] for index in places])
        scored = probabilities.scores(logits, self.tasks, self._manifest.temperatures)
        found: list[Scores] = [{} for _ in texts]
        for place, probability in zip(places, scored, strict=True):
            found[place] = probability
        return found

    def logits(self, texts: Sequence[str]) -> NDArray[np.float64]:
        """Return the raw outputs (texts, outputs), before temperatures."""
        encoded = self._tokenizer.encode(texts)
        outputs, pad_id = self._manifest.outputs, self._tokenizer.pad_id
        return score(self._engine, encoded, outputs, pad_id, self._batch_tokens)

    def temperature(self, task: str) -> Temperature:
        """Return what a task's logits are divided by."""
        return self._manifest.temperature(task)

    def warm(self) -> None:
        """Run every width and the largest rectangle: the first text is then as fast as the next."""
        for width in WIDTHS:
            self._run_empty(1, width)
        self._run_empty(max(1, self._batch_tokens // WIDTHS[-1]), WIDTHS[-1])
        self.predict(["тепло"])

    def _run_empty(self, rows: int, width: int) -> None:
        ids = np.full((rows, width), self._tokenizer.pad_id, np.int32)
        self._engine.logits(ids, np.ones_like(ids))


def _wants_gpu(device: str) -> bool:
    if device not in ("auto", "cpu", "cuda"):
        raise MlError(f"the device {device!r} is unknown; use auto, cpu or cuda")
    if device == "auto":
        # A CPU host must not pay for importing torch to learn that it has no GPU.
        return shutil.which("nvidia-smi") is not None and _cuda_works()
    if device == "cuda" and not _cuda_works():
        raise MlError("device cuda: torch sees no GPU here; set the device to cpu or auto")
    return device == "cuda"


def _cuda_works() -> bool:
    try:
        from ml import torch_engine
    except ImportError:
        return False
    return torch_engine.cuda_works()
