"""What somebody asked to be read, and how far that is."""

from dataclasses import dataclass
from typing import Literal

from core.reading import ReadEnd, ReadOutcome

Kind = Literal["link", "text", "file"]
State = Literal["asked", "reading", "ended", "told", "shown"]
Outcome = ReadOutcome | Literal["no-reader", "lost"]
"""A reader's word, or ours: nobody reads pages here; whoever read was not heard of any more."""

# The states in which a reading still has words to tell.
OPEN: tuple[State, ...] = ("asked", "reading", "ended")
ORDER_PREFIX = "reviews-"


@dataclass(frozen=True, slots=True)
class Asked:
    """Who asks for what, and where the answer goes."""

    press: str
    """Identifies the message or press, so that handling it again asks for nothing more."""
    kind: Kind
    url: str
    """Empty for what needs no fetching."""
    address: str
    """The url in the one form by which it is known again."""
    asked_by: int
    chat_id: int
    reply_to: int
    language: str
    at: float


@dataclass(frozen=True, slots=True)
class Reading:
    """One reading as the database has it; times in epoch seconds."""

    id: int
    source: int
    """The reading whose reviews are shown: this one, or an earlier one of the same address."""
    kind: Kind
    url: str
    asked_by: int
    chat_id: int
    reply_to: int
    language: str
    asked_at: float
    state: State
    version: int
    message_id: int | None
    """0 where none could be sent."""
    heard_at: float
    """When a part came last, or the order was given."""
    reviews: int
    outcome: Outcome | None
    found: ReadEnd | None

    @property
    def lane(self) -> int:
        """Readings of one chat are shown in turn."""
        return self.chat_id

    @property
    def is_borrowed(self) -> bool:
        """Whether it shows what somebody asked for before."""
        return self.source != self.id

    @property
    def order_id(self) -> str:
        """The id of its order; with the time, for a new database counts anew."""
        return f"{ORDER_PREFIX}{self.id}-{int(self.asked_at)}"


def reading_of_order(order_id: str) -> int | None:
    """Return the id of the reading that ordered it; None where it is none of ours."""
    number, _, _ = order_id.removeprefix(ORDER_PREFIX).partition("-")
    is_ours = order_id.startswith(ORDER_PREFIX) and number.isascii() and number.isdecimal()
    return int(number) if is_ours else None
