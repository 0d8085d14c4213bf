"""The values that cross the walls between rooms: frozen, JSON-safe, changed only by adding."""

import re
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, field_validator

# JSON knows no NaN: it would arrive as null and be refused there, without end.
Probability = Annotated[float, Field(allow_inf_nan=False)]
Scores = dict[str, dict[str, Probability]]
"""{task: {label: probability}}; empty when a text holds nothing to score."""

LONE_SURROGATE = re.compile("[\ud800-\udfff]")
KEY_PATTERN = r"^(-?|r)\d+:\d+:\d+$"
REVIEW = "r"


def storable(text: str) -> str:
    """Replace halves of surrogate pairs by U+FFFD: JSON and str allow them, UTF-8 does not."""
    return LONE_SURROGATE.sub("\ufffd", text)


class Contract(BaseModel):
    """A frozen value that ignores fields of a later version."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Text(Contract):
    """One state of a message's text on its way to the model."""

    key: str = Field(pattern=KEY_PATTERN)
    """`<chat_id>:<message_id>:<edit_date or 0>`: an edit is another text. For a review
    `r<reading>:<number in it>:0`."""
    text: str
    received_at: float
    """Epoch seconds at which Telegram handed the update over."""

    @field_validator("text", mode="before")
    @classmethod
    def _can_be_stored(cls, text: object) -> object:
        return storable(text) if isinstance(text, str) else text


class Verdict(Contract):
    """What the model says of one text, and when it said so."""

    key: str = Field(pattern=KEY_PATTERN)
    scores: Scores
    model: str
    """The model version that scored."""
    received_at: float
    """As in `Text`; epoch seconds."""
    read_at: float
    """When a worker took the text from the queue; epoch seconds."""
    scored_at: float
    """When the model had answered; epoch seconds."""
    shadow: Scores = {}
    """What a version that is tried beside the model says; nothing follows from it."""
    shadow_model: str = ""
    """That version; empty where none was asked."""


class WorkerStatus(Contract):
    """What a worker says of itself every few seconds."""

    name: str
    model: str
    device: str
    engine: str
    pid: int
    shadow: str = ""
    """The version that it tries beside its model; empty while there is none, or none that works."""


def text_key(chat_id: int, message_id: int, edit_date: int = 0) -> str:
    """Build the key that identifies one state of one message."""
    return f"{chat_id}:{message_id}:{edit_date}"


def review_key(reading: int, number: int) -> str:
    """Build the key that identifies one review of one reading."""
    return f"{REVIEW}{reading}:{number}:0"


def is_review(key: str) -> bool:
    """Tell whether a key names a review, not a message."""
    return key.startswith(REVIEW)
