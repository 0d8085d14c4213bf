"""A bot's queue of updates: numbered, filtered by kind, kept until confirmed or a day old."""

import asyncio
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import takewhile

from playground.errors import Conflict
from playground.shapes import Json, to_bytes

KINDS = (
    "message",
    "edited_message",
    "channel_post",
    "edited_channel_post",
    "callback_query",
    "my_chat_member",
    "chat_member",
    "message_reaction",
    "message_reaction_count",
)
# These come only to a bot that names them.
ASKED_FOR = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
BY_DEFAULT = frozenset(KINDS) - ASKED_FOR
MESSAGES = frozenset({"message", "edited_message", "channel_post", "edited_channel_post"})
KEPT_SECONDS = 86400
FUTURE_IDS = 10
# A bound on memory that only a bot left unattended for long meets.
KEPT = 300_000
FIRST_ID = 500_000_001
LIMIT = 100

# What a handover names: chat, message and its edit date (0 for the first writing).
MessageKey = tuple[int, int, int]


@dataclass(slots=True, eq=False)
class Update:
    """One update, already in bytes."""

    id: int
    date: float
    lane: int
    body: bytes
    key: MessageKey | None
    handed_over: bool = False
    gone: bool = False
    lined_up: bool = False


@dataclass(slots=True)
class UpdateQueue:
    """What a bot has not confirmed yet; `changed` wakes who waits for more."""

    next_id: int = FIRST_ID
    allowed: frozenset[str] = BY_DEFAULT
    asked: bool = False
    waiting: deque[Update] = field(default_factory=deque)
    changed: asyncio.Event = field(default_factory=asyncio.Event)
    poll: "asyncio.Future[None] | None" = None

    def allow(self, kinds: Iterable[str] | None) -> None:
        """Remember the kinds a bot wants; none named means the usual ones."""
        if kinds is not None:
            named = frozenset(kinds)
            self.allowed, self.asked = (named or BY_DEFAULT), bool(named)

    def put(self, kind: str, content: Json, date: float, lane: int = 0) -> None:
        """Queue an update of a kind the bot wants; others are dropped, as Telegram does."""
        if kind not in self.allowed:
            return
        body = b'{"update_id":%d,"%s":%s}' % (self.next_id, kind.encode(), to_bytes(content))
        key = message_key(content) if kind in MESSAGES else None
        self.waiting.append(Update(self.next_id, date, lane, body, key))
        if len(self.waiting) > KEPT:
            self.waiting.popleft().gone = True
        self.next_id += 1
        self.changed.set()
        self.wake()

    def confirm(self, offset: int) -> None:
        """Forget what an offset confirms; a negative one keeps only that many of the latest.

        An offset far ahead of every id is one from before the ids began anew: it confirms nothing.
        """
        if offset > self.next_id + FUTURE_IDS:
            return
        if offset < 0:
            while len(self.waiting) > -offset:
                self.waiting.popleft()
        while offset > 0 and self.waiting and self.waiting[0].id < offset:
            self.waiting.popleft()

    def expire(self, now: float) -> None:
        """Drop what nobody fetched for a day."""
        while self.waiting and self.waiting[0].date < now - KEPT_SECONDS:
            self.waiting.popleft().gone = True

    def take(self, limit: int) -> list[Update]:
        """Return the oldest updates without confirming them."""
        if limit >= len(self.waiting):
            return list(self.waiting)
        return [self.waiting[place] for place in range(limit)]

    def drop(self) -> None:
        """Forget everything, also what is being sent to a webhook."""
        for update in self.waiting:
            update.gone = True
        self.waiting.clear()

    def fresh(self) -> list[Update]:
        """Return, oldest first, the updates that no webhook delivery has lined up yet."""
        newest = takewhile(lambda update: not update.lined_up, reversed(self.waiting))
        return list(newest)[::-1]

    def delivered(self, update: Update) -> None:
        """Forget one update that a webhook has taken."""
        if not update.gone:
            update.gone = True
            self.waiting.remove(update)

    def wake(self) -> None:
        """Let the long poll that waits answer with what there is."""
        if self.poll is not None and not self.poll.done():
            self.poll.set_result(None)

    def interrupt(self, reason: str) -> None:
        """End the long poll that waits, as Telegram does when another reader comes."""
        if self.poll is not None and not self.poll.done():
            self.poll.set_exception(Conflict(reason))
        self.poll = None


def message_key(message: Json) -> MessageKey:
    """Return the key of a message's state."""
    return message["chat"]["id"], message["message_id"], message.get("edit_date", 0)
