"""What `ml.compare` puts side by side: anything that gives texts probabilities of three moods."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from torch import nn

from ml.classifier import Classifier
from ml.finetuning import predict
from ml.manifest import SENTIMENT
from ml.probabilities import probabilities, task_columns
from ml.scoring import score
from ml.study.lexicon import WORDS_FILE, LexiconClassifier
from ml.study.speed import SENTENCE
from ml.temperature import UNCHANGED, Temperature
from ml.tfidf import TfidfClassifier
from ml.tokenization import TextTokenizer

Array = NDArray[np.float64]
FP32_BYTES = 4
RECKONED = "reckoned in float32"
_COUNTED = ("model.safetensors", "config.json", "tokenizer.json", "vocab.txt")


class Contender(Protocol):
    """One system, ready to judge."""

    engine: str
    disk_note: str  # how the size on disk is known; empty where it was simply read

    @property
    def parameters(self) -> int:
        """How many numbers it has learned."""
        ...

    @property
    def disk_bytes(self) -> int:
        """How much its weights and vocabulary take."""
        ...

    def probabilities(self, texts: Sequence[str]) -> Array:
        """Return (texts, classes), the classes in the order of SENTIMENT."""
        ...


@dataclass(frozen=True, slots=True)
class Outputs:
    """Which of a network's logits mean which mood."""

    tasks: Mapping[str, Sequence[str]]
    temperature: Temperature = UNCHANGED

    @property
    def count(self) -> int:
        """How many logits there are."""
        return sum(map(len, self.tasks.values()))

    def sentiment(self, logits: Array) -> Array:
        """Return (texts, classes) in the order of SENTIMENT from (texts, outputs)."""
        columns = dict(task_columns(self.tasks))["sentiment"]
        order = [list(self.tasks["sentiment"]).index(label) for label in SENTIMENT]
        return probabilities(logits[:, columns], self.temperature)[:, order]


PLAIN_OUTPUTS = Outputs({"sentiment": SENTIMENT})


class NetworkContender:
    """A transformer or LSTM under torch, in float32."""

    engine = "torch fp32"

    def __init__(
        self, model: nn.Module, tokenizer: TextTokenizer, outputs: Outputs, stored: Path | None
    ) -> None:
        """`stored` is the checkpoint's directory; without one its size is reckoned as float32."""
        self.model, self.tokenizer, self.outputs = model.eval(), tokenizer, outputs
        self._stored = stored
        self.disk_note = RECKONED if stored is None else ""

    @property
    def sentence_tokens(self) -> int:
        """How many pieces the sentence that speeds are measured on has."""
        return len(self.tokenizer.encode([SENTENCE])[0])

    @property
    def parameters(self) -> int:
        """How many numbers it has learned."""
        return sum(parameter.numel() for parameter in self.model.parameters())

    @property
    def disk_bytes(self) -> int:
        """How much the checkpoint takes, or would take in float32."""
        if self._stored is None:
            return self.parameters * FP32_BYTES
        return directory_bytes(self._stored)

    def probabilities(self, texts: Sequence[str]) -> Array:
        """Return (texts, classes), the classes in the order of SENTIMENT."""
        encoded = self.tokenizer.encode(texts)
        logits = predict(self.model, encoded, self.tokenizer.pad_id, self.outputs.count)
        return self.outputs.sentiment(logits)


class GpuContender:
    """The same network on a GPU, in bfloat16; takes the model away from the CPU."""

    def __init__(self, network: NetworkContender) -> None:
        from ml.torch_engine import TorchEngine

        self._network, self._engine = network, TorchEngine(network.model, "cuda")
        self.engine = self._engine.name

    def probabilities(self, texts: Sequence[str]) -> Array:
        """Return (texts, classes), the classes in the order of SENTIMENT."""
        network = self._network
        encoded = network.tokenizer.encode(texts)
        count, pad_id = network.outputs.count, network.tokenizer.pad_id
        return network.outputs.sentiment(score(self._engine, encoded, count, pad_id, 16_384))


class ServedContender:
    """A version of ours as the worker serves it on a CPU: ONNX Runtime, int8 where that is true."""

    def __init__(self, directory: Path, threads: int) -> None:
        self._classifier = Classifier.load(directory, device="cpu", threads=threads)
        temperature = self._classifier.temperature("sentiment")
        self._outputs = Outputs(self._classifier.tasks, temperature)
        self._directory = directory
        self.engine, self.disk_note = self._classifier.engine, ""

    @property
    def parameters(self) -> int:
        """How many numbers it has learned: read from the checkpoint's header."""
        return stored_parameters(self._directory)

    @property
    def disk_bytes(self) -> int:
        """How much the checkpoint takes."""
        return directory_bytes(self._directory)

    def probabilities(self, texts: Sequence[str]) -> Array:
        """Return (texts, classes), the classes in the order of SENTIMENT."""
        return self._outputs.sentiment(self._classifier.logits(texts))


class TfidfContender:
    """TF-IDF with logistic regression."""

    engine, disk_note = "scikit-learn fp32", RECKONED

    def __init__(self, classifier: TfidfClassifier) -> None:
        """`classifier` is fitted."""
        self._classifier = classifier
        self._features = classifier.n_grams

    @property
    def parameters(self) -> int:
        """The regression's weights, and one inverse document frequency a feature."""
        return len(self._features) * (len(SENTIMENT) + 1) + len(SENTIMENT)

    @property
    def disk_bytes(self) -> int:
        """What the numbers take in float32, and the n-grams in UTF-8."""
        return self.parameters * FP32_BYTES + len("".join(self._features).encode())

    def probabilities(self, texts: Sequence[str]) -> Array:
        """Return (texts, classes), the classes in the order of SENTIMENT."""
        return self._classifier.probabilities(texts)


class LexiconContender:
    """The word list and its rules."""

    engine, disk_note = "Python", ""

    def __init__(self) -> None:
        self._classifier = LexiconClassifier()

    @property
    def parameters(self) -> int:
        """One weight a word; written by hand, not learned."""
        return len(self._classifier.words)

    @property
    def disk_bytes(self) -> int:
        """How much the word list takes; the dictionary of word forms comes with pymorphy3."""
        return WORDS_FILE.stat().st_size

    def probabilities(self, texts: Sequence[str]) -> Array:
        """Return (texts, classes), the classes in the order of SENTIMENT."""
        return self._classifier.probabilities(texts)


def directory_bytes(directory: Path) -> int:
    """Return what a checkpoint's weights, config and tokenizer take, not what training left."""
    counted = [directory / name for name in _COUNTED if (directory / name).exists()]
    shards = [path for path in directory.glob("model*.safetensors") if path not in counted]
    return sum(path.stat().st_size for path in (*counted, *shards))


def stored_parameters(directory: Path) -> int:
    """Return how many numbers a checkpoint's safetensors hold, without reading them."""
    from safetensors import safe_open

    count = 0
    for path in directory.glob("model*.safetensors"):
        with safe_open(path, framework="numpy") as file:
            shapes = [file.get_slice(name).get_shape() for name in file.keys()]  # noqa: SIM118
            count += sum(math.prod(shape) for shape in shapes)
    return count
