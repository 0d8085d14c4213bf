"""What to do about a verdict: pure decisions that say their reasons."""

from dataclasses import dataclass
from typing import Literal

from bot.messages import Chat
from core.contracts import Verdict


@dataclass(frozen=True, slots=True)
class Decision:
    """What to do, and why."""

    kind: Literal["answer", "nothing"]
    reasons: tuple[str, ...]


def decide(verdict: Verdict, chat: Chat) -> Decision:
    """Decide about the verdict on a message's latest state."""
    if not chat.is_private:
        return Decision("nothing", (f"a {chat.kind} is read silently",))
    if not verdict.scores:
        return Decision("answer", ("written in private", "nothing to score"))
    return Decision("answer", ("written in private",))
