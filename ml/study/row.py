"""What `ml.compare` asks of a row and what it gets: plain values that go through pipe and file."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ml.study.speed import DEFAULT_BUDGET, Budget, Speed
from ml.study.systems import Published, Shape

NO_WEIGHTS = "no weights"
TRANSFORMER = "transformer"


@dataclass(frozen=True, slots=True)
class Labelled:
    """Texts and their classes, indices into SENTIMENT."""

    texts: Sequence[str]
    labels: Sequence[int]

    def first(self, count: int) -> "Labelled":
        """Return at most `count` of them."""
        return Labelled(self.texts[:count], self.labels[:count])


@dataclass(frozen=True, slots=True)
class Entry:
    """What a row is to be of: TRANSFORMER, or a kind that `ml.study` names.

    `weights` is a directory or a hub name; `shape` is for when they can't be had. `served` asks for
    a version as the worker runs it on a CPU.
    """

    name: str
    kind: str
    weights: str | None = None
    shape: Shape | None = None
    published: Published | None = None
    served: bool = False


@dataclass(frozen=True, slots=True)
class Terms:
    """What all rows are measured with; `tokenizer` is for systems that come without one."""

    train: Labelled
    test: Labelled
    tokenizer: Path
    epochs: int
    threads: int
    seed: int = 1
    finetune: bool = False  # also what has a fitting head already
    budget: Budget = DEFAULT_BUDGET


@dataclass(frozen=True, slots=True)
class Trained:
    """What a training took; losses and accuracies are those of its batches, one after another.

    `epochs` is 0 for what knows none.
    """

    seconds: float
    texts: int
    epochs: int
    estimated: bool = False
    losses: list[float] = field(default_factory=list)
    accuracies: list[float] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Quality:
    """How good on the test texts; intervals are 95 % bootstrap intervals, `loss` is in nats."""

    texts: int
    accuracy: float
    accuracy_interval: tuple[float, float]
    macro_f1: float
    macro_f1_interval: tuple[float, float]
    loss: float


@dataclass(frozen=True, slots=True)
class Row:
    """Everything known of a system; where a figure is None, the note beside it says why."""

    name: str
    kind: str
    weights: str  # where they come from
    engine: str
    parameters: int
    disk_bytes: int
    disk_note: str
    sentence_tokens: int | None
    cpu: Speed
    gpu: Speed | None
    gpu_engine: str | None
    training: Trained | None
    training_note: str
    quality: Quality | None
    quality_note: str
    published: Published | None
    measured_at: str


@dataclass(frozen=True, slots=True)
class Cell:
    """One training of the grid; `asked` texts may be more than the data has."""

    name: str
    asked: int
    training: Trained
    quality: Quality


@dataclass(frozen=True, slots=True)
class Failure:
    """A row or cell that could not be measured, and why, in one line."""

    name: str
    reason: str


def row_from_json(content: dict[str, Any]) -> Row:
    """Return the row that `dataclasses.asdict` took apart."""
    nested: dict[str, Any] = {
        "cpu": Speed,
        "gpu": Speed,
        "training": Trained,
        "published": Published,
        "quality": _quality,
    }
    made = {name: kind(**content[name]) for name, kind in nested.items() if content[name]}
    return Row(**{**content, **made})


def cell_from_json(content: dict[str, Any]) -> Cell:
    """Return the cell that `dataclasses.asdict` took apart."""
    training, quality = Trained(**content["training"]), _quality(**content["quality"])
    return Cell(content["name"], content["asked"], training, quality)


def _quality(**content: Any) -> Quality:
    for name in ("accuracy_interval", "macro_f1_interval"):
        content[name] = tuple(content[name])
    return Quality(**content)
