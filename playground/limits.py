"""Telegram's limits on how fast a bot may send, and failures that tests ask for."""

import math
from dataclasses import dataclass, field

from playground.chats import Chat
from playground.errors import ApiError, TooManyRequests

_BUCKETS_KEPT = 10_000


@dataclass(slots=True)
class Limits:
    """How much a bot may send; past that it is told how long to wait."""

    enabled: bool = True
    per_second: float = 30
    chat_per_second: float = 1
    chat_burst: int = 5
    group_per_minute: float = 20
    # When each bucket would be empty again, in epoch seconds.
    _empty_at: dict[tuple[int, int, str], float] = field(default_factory=dict)

    def spend(self, bot_id: int, chat: Chat, now: float, count: int = 1) -> None:
        """Count messages towards the limits; raises TooManyRequests when one is passed."""
        if not self.enabled:
            return
        buckets = self._buckets(bot_id, chat)
        wait_seconds = max(self._wait(key, rate, burst, now) for key, rate, burst in buckets)
        if wait_seconds > 0:
            raise TooManyRequests(max(1, math.ceil(wait_seconds)))
        for key, rate, _ in buckets:
            self._empty_at[key] = max(self._empty_at.get(key, now), now) + count / rate
        if len(self._empty_at) > _BUCKETS_KEPT:
            self._empty_at = {key: at for key, at in self._empty_at.items() if at > now}

    def _buckets(self, bot_id: int, chat: Chat) -> list[tuple[tuple[int, int, str], float, float]]:
        buckets = [
            ((bot_id, 0, "all"), self.per_second, self.per_second),
            ((bot_id, chat.id, "chat"), self.chat_per_second, float(self.chat_burst)),
        ]
        if not chat.is_private:
            per_minute = self.group_per_minute
            buckets.append(((bot_id, chat.id, "group"), per_minute / 60, per_minute))
        return buckets

    def _wait(self, key: tuple[int, int, str], rate: float, burst: float, now: float) -> float:
        full_at = self._empty_at.get(key, now) + 1 / rate
        return full_at - now - burst / rate


@dataclass(slots=True)
class Failures:
    """Fails every n-th call of the named methods (all when none is named); 0 fails none."""

    every: int = 0
    error_code: int = 500
    retry_after: int = 1
    methods: frozenset[str] = frozenset()
    _calls: int = 0

    def strike(self, method: str) -> None:
        """Count a call; raises ApiError when its turn to fail has come."""
        if not self.every or (self.methods and method not in self.methods):
            return
        self._calls += 1
        if self._calls % self.every:
            return
        if self.error_code == 429:
            raise TooManyRequests(self.retry_after)
        raise ApiError(self.error_code, "Internal Server Error: asked for by the control API")
