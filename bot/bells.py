"""The bot's end of bells: hangs up those of what is planned, and hears those that ring."""

import asyncio
import time
from collections.abc import Callable, Iterable, Sequence

import redis
import redis.asyncio
from rq import Queue

from bot.following import Follower
from bot.patience import Patience
from bot.storage import digests
from bot.storage.database import Storage
from bot.storage.digests import Planned
from core.bells import Bell, hang_up, take_down
from core.queues import BELLS

# Redis may have lost what hung: so often it is made sure of.
HANG_EVERY_SECONDS = 300
# Where nobody rings them, they are taken down again after so long.
STALE_SECONDS = 3600
# What is due later than that is hung up later.
HORIZON_SECONDS = 8 * 24 * 3600


def bell_of(planned: Planned) -> Bell:
    """The bell of a digest: another one where it is due at another time."""
    return Bell(
        id=f"digest-{planned.id}-{int(planned.due_at)}",
        kind="digest",
        chat_id=planned.chat_id,
        due_at=planned.due_at,
    )


def next_look(now: float, every_seconds: int) -> Bell:
    """The next of the bells that ring for everybody at full multiples of some seconds."""
    due = (int(now) // every_seconds + 1) * every_seconds
    return Bell(id=f"look-{due}", kind="look", due_at=due)


class BellRinger:
    """Keeps the bells of what is planned hung up, also where Redis loses them."""

    def __init__(self, queue: Queue, look_seconds: int) -> None:
        """Looks ring every `look_seconds`."""
        self._queue = queue
        self._look_seconds = look_seconds
        self._planned: Sequence[Planned] = ()
        self._wake = asyncio.Event()
        self._patience = Patience("hanging up bells")

    def plan(self, planned: Sequence[Planned]) -> None:
        """Take over what is planned now."""
        if planned != self._planned:
            self._planned = planned
            self._wake.set()

    def wake(self) -> None:
        """Say that a bell has rung, so that the next one is to be hung up."""
        self._wake.set()

    async def run(self) -> None:
        """Hang up bells until cancelled."""
        while True:
            self._wake.clear()
            try:
                await asyncio.to_thread(self._hang, self._bells(time.time()))
            except redis.RedisError as error:
                await self._patience.wait(error)
                continue
            self._patience.succeeded()
            await self._wait()

    def _bells(self, now: float) -> list[Bell]:
        soon = [one for one in self._planned if now < one.due_at < now + HORIZON_SECONDS]
        return [next_look(now, self._look_seconds), *map(bell_of, soon)]

    def _hang(self, bells: Iterable[Bell]) -> None:
        take_down(self._queue, time.time() - STALE_SECONDS)
        for bell in bells:
            hang_up(self._queue, bell)

    async def _wait(self) -> None:
        try:
            async with asyncio.timeout(min(HANG_EVERY_SECONDS, self._look_seconds)):
                await self._wake.wait()
        except TimeoutError:
            return


class BellFollower(Follower[Bell]):
    """Wakes whom bells are for; one that rings twice, or for nothing, is harmless."""

    stream, field, contract = BELLS, "bell", Bell
    what = "hearing bells"

    def __init__(
        self,
        storage: Storage,
        connection: redis.asyncio.Redis,
        on_digest: Callable[[], None],
        on_look: Callable[[], None],
    ) -> None:
        super().__init__(connection)
        self._storage = storage
        self._wakes = {"digest": on_digest, "look": on_look}

    async def take(self, found: Sequence[Bell]) -> None:
        """Note which digests were rung for, and wake each kind once."""
        for bell in found:
            if bell.kind == "digest":
                rung = (bell.chat_id, bell.due_at, time.time())
                await self._storage.write(digests.note_rung, *rung)
        for kind in {bell.kind for bell in found}:
            self._wakes[kind]()
