"""What belongs together: pure rules by which messages become one incident, and its values."""

from dataclasses import dataclass
from typing import Literal

from bot.fingerprints import fingerprint
from core.contracts import Scores

# One person's outburst, and copies of one text, are one incident for so long.
TOGETHER_SECONDS = 600.0
# A raid: so many incidents within so many seconds. What comes on top becomes one card.
RAID_INCIDENTS = 6
RAID_SECONDS = 120.0
# Below so many letters, two texts are not copies of each other just because they are alike.
LEAST_LETTERS = 8
# Why there is a card, where members asked for it; policy's reasons are the others.
REPORTED = "reported"

State = Literal["new", "open", "settled", "undone"]
CardKind = Literal["care", "moderate"]


@dataclass(frozen=True, slots=True)
class Exhibit:
    """One state of one message, kept as evidence."""

    key: str
    message: str
    chat_id: int
    message_id: int
    album: str | None
    sender_id: int | None
    sender_name: str | None
    text: str | None
    has_media: bool
    scores: Scores
    model: str
    copy_message_id: int | None = None
    """Of its media, in the moderators' chat."""

    @property
    def has_moved(self) -> bool:
        """Whether its chat is a supergroup since, in which its number names another message."""
        return self.message != f"{self.chat_id}:{self.message_id}"


@dataclass(frozen=True, slots=True)
class Measure:
    """Something done to a message or a person, and how far it got."""

    id: int
    incident: int
    kind: str
    chat_id: int
    target: int
    until: int | None
    by_person: int
    state: str
    note: str | None


@dataclass(frozen=True, slots=True)
class Incident:
    """What a card shows."""

    id: int
    token: str
    chat_id: int
    kind: CardKind
    is_raid: bool
    state: State
    acts: bool
    reasons: tuple[tuple[str, int], ...]
    outcome: str | None
    settled_by: int | None
    settled_name: str | None
    assigned_name: str | None
    undone_name: str | None
    card_chat_id: int | None
    card_message_id: int | None
    version: int

    @property
    def lane(self) -> int:
        return self.chat_id


def copy_mark(text: str) -> str:
    """By what copies of a text are told; empty for one too short to be told from others."""
    letters = sum(map(str.isalnum, text))
    return fingerprint(text) if letters >= LEAST_LETTERS else ""


@dataclass(frozen=True, slots=True)
class Sanction:
    """What settling an incident in one way does: to its messages, and to who wrote them."""

    deletes: bool = False
    warns: bool = False
    person: str | None = None
    seconds: int | None = None


HOUR_SECONDS = 3600
DAY_SECONDS = 24 * HOUR_SECONDS
SANCTIONS = {
    "warned": Sanction(warns=True),
    "deleted": Sanction(deletes=True, warns=True),
    "muted-hour": Sanction(deletes=True, person="mute", seconds=HOUR_SECONDS),
    "muted-day": Sanction(deletes=True, person="mute", seconds=DAY_SECONDS),
    "banned": Sanction(deletes=True, person="ban"),
    "left": Sanction(),
    "answered": Sanction(),
    "wrong": Sanction(),
}

# What its authors may appeal against.
PUNISHES = frozenset(name for name, done in SANCTIONS.items() if done.deletes or done.warns)

# By what each measure is taken back.
REVERSALS = {"delete": "restore", "mute": "unmute", "ban": "unban", "warn": "unwarn"}
