"""A community: a group or channel with its settings. Values and pure rules only."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from zoneinfo import ZoneInfo

Mode = Literal["watch", "ask", "act"]
MODES: tuple[Mode, ...] = ("watch", "ask", "act")
Alert = Literal["off", "low", "normal", "high"]
ALERTS: tuple[Alert, ...] = ("off", "low", "normal", "high")
Rhythm = Literal["off", "daily", "weekly"]
RHYTHMS: tuple[Rhythm, ...] = ("off", "daily", "weekly")


@dataclass(frozen=True, slots=True)
class Community:
    """What admins set for one chat; a chat that nobody has set up has these defaults."""

    chat_id: int
    moderators_chat: int | None = None
    """Where its cards go; None while it is not linked."""
    mode: Mode = "watch"
    toxic_threshold: float = 0.85
    """From this probability on a toxic message becomes a card."""
    act_threshold: float = 0.97
    """From this probability on, in mode `act`, the bot deletes by itself."""
    care_threshold: float = 0.9
    newcomer_hours: float = 24
    """For so long after coming someone is judged more strictly; 0 never."""
    language: str | None = None
    """Of the words that the bot says there; None leaves it to who is spoken to."""
    quiet_from: int | None = None
    quiet_to: int | None = None
    """Whole hours of `time_zone`, 0 to 23; both None when there are no quiet hours."""
    time_zone: str = "Europe/Moscow"
    warnings_before_mute: int = 3
    retention_days: int | None = None
    """How long texts are kept, where that is shorter than RETENTION_DAYS."""
    linked_by: int | None = None
    linked_at: float | None = None
    updated_at: float = 0.0
    alert: Alert = "normal"
    """How easily a rise of negativity is told to the moderators."""
    digest: Rhythm = "weekly"
    digest_hour: int = 10
    """A whole hour of `time_zone`; weekly ones come on Mondays."""

    @property
    def is_linked(self) -> bool:
        return self.moderators_chat is not None


def is_quiet(community: Community, at: float) -> bool:
    """Tell whether an epoch second falls into the quiet hours, which may pass midnight."""
    start, end = community.quiet_from, community.quiet_to
    if start is None or end is None:
        return False
    hour = datetime.fromtimestamp(at, ZoneInfo(community.time_zone)).hour
    return start <= hour < end if start <= end else hour >= start or hour < end
