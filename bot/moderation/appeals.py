"""An appeal: somebody's word against what was decided about their messages. Pure values, rules."""

from dataclasses import dataclass
from typing import Literal

# For so long after a decision an appeal may be made, and so many decisions are offered.
APPEAL_SECONDS = 7 * 24 * 3600.0
MOST_OFFERED = 8

State = Literal["open", "upheld", "taken-back"]
Refusal = Literal["appeal-own-decision", "appeal-own-message"]


@dataclass(frozen=True, slots=True)
class Appealable:
    """A decision that its author may appeal against."""

    token: str
    """Of the incident."""
    outcome: str
    text: str | None


@dataclass(frozen=True, slots=True)
class Course:
    """Where an appeal stands, as its author may know it."""

    state: State
    community: str
    text: str | None
    """Of their own last message."""


@dataclass(frozen=True, slots=True)
class Lifted:
    """Somebody for whom an appeal has taken a decision back, and who judged so."""

    person_id: int
    judged_name: str


@dataclass(frozen=True, slots=True)
class Appeal:
    """One person's appeal against one decision, and where it is shown."""

    id: int
    token: str
    incident: int
    chat_id: int
    """The community's."""
    person_id: int
    state: State
    judged_by: int | None
    judged_name: str | None
    told_at: float | None
    card_chat_id: int | None
    card_message_id: int | None
    version: int
    shown_version: int

    @property
    def lane(self) -> int:
        return self.chat_id


def why_not(appeal: Appeal, settled_by: int | None, judge_id: int) -> Refusal | None:
    """Say why somebody who moderates may not judge an appeal; None when they may."""
    if judge_id == appeal.person_id:
        return "appeal-own-message"
    return "appeal-own-decision" if judge_id == settled_by else None
