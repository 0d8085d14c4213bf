"""What the picture of a training shows, as values: confusions before and after."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from bot.charts.confusion import Confusion, MatrixCaptions


@dataclass(frozen=True, slots=True)
class TrainingPicture:
    """How what two models said of the same texts differs, task by task."""

    drawn_by: ClassVar[str] = "bot.charts.training_drawing"

    title: str
    captions: MatrixCaptions
    confusions: Sequence[Confusion]
