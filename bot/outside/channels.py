"""Public channels by their names, and how often one is looked at. Pure."""

import hashlib
import re
from dataclasses import dataclass, replace

from core.reading import ReadOutcome

# Where Telegram shows public channels to everyone, below it each by its name.
PREVIEWS = "https://t.me/s/"
# Telegram's people and bots have positive ids, groups -1 and below, supergroups and channels from
# -10^12, monoforums down to -4·10^12; ids have at most 52 bits. So what is read from outside, whose
# id nobody tells, gets one that no chat has and every library can hold.
FIRST_ID = -9 * 10**12

# In ASCII alone: in Unicode a few foreign letters pass for Latin ones.
NAME = re.compile(
    r"(?:(?:https?://)?(?:www\.)?(?:t|telegram)\.me/(?:s/)?|@)?([a-z][a-z0-9_]{3,31})"
    r"(?:/\d*)?/?(?:[?#]\S*)?",
    re.IGNORECASE | re.ASCII,
)
# Paths of t.me that are no names.
NOT_NAMES = frozenset({"joinchat", "addstickers", "addemoji", "proxy", "socks", "share", "iv"})

MINUTE, HOUR = 60.0, 3600.0
# A channel is never read more often; one that is quiet is read ever more rarely.
LEAST_PAUSE = MINUTE
MOST_PAUSE = 30 * MINUTE
TROUBLE_PAUSE, MOST_TROUBLE_PAUSE = 15 * MINUTE, 6 * HOUR
MISSING_PAUSE = 24 * HOUR
# Pages of about 20 posts: at the first look, and when more has been posted since than one shows.
FIRST_PAGES, PAGES_TO_CATCH_UP = 3, 5

# The page has no posts to show: there is no such channel, or its owner keeps it from being seen.
MISSING: frozenset[ReadOutcome] = frozenset({"not-found", "no-reviews"})


class NoChannelError(ValueError):
    """A text names no public channel."""


@dataclass(frozen=True, slots=True)
class Pace:
    """When and where a channel is read next."""

    pause: float = LEAST_PAUSE
    """Seconds."""
    before: int | None = None
    """The posts before this number; None for the newest."""
    pages_left: int = 0
    """How many older pages may still follow."""
    joins_at: int = 0
    """The newest post that was known before: a page that reaches it leaves no gap."""


@dataclass(frozen=True, slots=True)
class Look:
    """What one reading has shown."""

    outcome: ReadOutcome
    low: int | None
    """The oldest post's number; None where there was none."""
    fresh: int
    """How many posts were new, changed or gone."""


def channel_name(text: str) -> str:
    """Find the channel that `@name`, `name` or a t.me link means. Raises NoChannelError."""
    found = NAME.fullmatch(text.strip())
    name = found.group(1).lower() if found else ""
    if not name or name in NOT_NAMES:
        raise NoChannelError(text)
    return name


def is_watched(chat_id: int) -> bool:
    """Tell whether a chat is a channel read from outside: nothing can be sent there."""
    return chat_id <= FIRST_ID


def mark_of(text: str) -> str:
    """What tells a text from any other, and not what it says."""
    return hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=16).hexdigest()


def next_pace(pace: Pace, look: Look) -> Pace:
    """Decide when and where to look after a reading."""
    if look.outcome == "read":
        return _after_posts(pace, look)
    if look.outcome in MISSING:
        return Pace(MISSING_PAUSE)
    # Where it went wrong it is tried again, page by page, only later.
    pause = min(max(4 * pace.pause, TROUBLE_PAUSE), MOST_TROUBLE_PAUSE)
    return replace(pace, pause=pause)


def _after_posts(pace: Pace, look: Look) -> Pace:
    is_gap = look.low is not None and look.low > pace.joins_at + 1
    if is_gap and pace.pages_left > 0:
        return replace(pace, pause=LEAST_PAUSE, before=look.low, pages_left=pace.pages_left - 1)
    if look.fresh or pace.before is not None:
        return Pace(LEAST_PAUSE)
    return Pace(min(2 * pace.pause, MOST_PAUSE))
