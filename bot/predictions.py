"""What the model decided on a task: the likeliest label, and how sure of it the model was."""

from collections.abc import Mapping
from dataclasses import dataclass

# What `ml` and the buttons call it when a task's only label does not fit.
OPPOSITE = "ok"
TENTHS = 10


@dataclass(frozen=True, slots=True)
class Prediction:
    """A task's likeliest label and its probability."""

    label: str
    confidence: float

    @property
    def tenth(self) -> int:
        """The tenth (0 to 9) that the probability lies in."""
        return min(int(TENTHS * self.confidence), TENTHS - 1)


def predict(probabilities: Mapping[str, float]) -> Prediction | None:
    """Tell what one task's probabilities come to; None where there are none."""
    if not probabilities:
        return None
    choices = complete(probabilities)
    label = max(choices, key=choices.__getitem__)
    return Prediction(label, choices[label])


def complete(probabilities: Mapping[str, float]) -> dict[str, float]:
    """Name the opposite of a task's only label, which shares no softmax."""
    if len(probabilities) > 1:
        return dict(probabilities)
    return {**probabilities, OPPOSITE: 1 - sum(probabilities.values())}
