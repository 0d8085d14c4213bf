"""Feeds commands, presses and memberships from Redis to aiogram's handlers.

They pass through a stream of their own, so that a slow answer never stops the intake.
"""

import asyncio
import json
from collections import Counter
from contextlib import suppress
from functools import partial
from typing import Any

import redis
import redis.asyncio
from aiogram import Bot, Dispatcher
from aiogram.types import Update
from loguru import logger
from pydantic import ValidationError

from bot.dispatching import PASSING
from bot.grace import in_hand
from bot.handled import Handled, digest_of
from bot.intake import RawUpdate
from bot.patience import Patience
from bot.streams import FROM_THE_START, Entry, StreamReader
from bot.tasks import finish_tasks
from core.queues import UPDATES

MOST_HANDLED_AT_ONCE = 16
MOST_READ_AHEAD = 256
# Answers go out at one a second and chat. What a chat asks beyond these would only fill up the
# read-ahead, in which everybody waits.
MOST_WAITING_IN_A_CHAT = 8
# An update that was being handled at each of so many crashes is taken for their cause.
MOST_DELIVERIES = 3
# How long an outage may hold up an update before it is given up.
OUTAGE_SECONDS = 60.0
REDIS_AWAY = (redis.RedisError,)
# Messages that change what the bot knows of a chat.
NEVER_DROPPED = frozenset(
    {"migrate_to_chat_id", "migrate_from_chat_id", "new_chat_members", "left_chat_member"}
)


class UpdateConsumer:
    """Handles updates: one chat's in order, different chats' side by side."""

    def __init__(self, bot: Bot, dispatcher: Dispatcher, connection: redis.asyncio.Redis) -> None:
        self._bot = bot
        self._dispatcher = dispatcher
        self._stream = StreamReader(connection, UPDATES)
        self._handled = Handled(connection)
        self._places = asyncio.Semaphore(MOST_HANDLED_AT_ONCE)
        self._latest: dict[str, asyncio.Task[None]] = {}
        self._in_hand: dict[bytes, asyncio.Task[None]] = {}
        self._waiting: Counter[str] = Counter()
        self._flooding: set[str] = set()
        self._patience = Patience("reading updates")
        # Where the left-over entries were read up to; None once all were. An answer that is lost
        # with its connection leaves entries over, too.
        self._left_over_after: bytes | str | None = FROM_THE_START

    async def run(self) -> None:
        """Handle updates until cancelled, those that are begun to their ends.

        What is not settled in time comes again at the next start.
        """
        try:
            while True:
                await self._read_some()
        finally:
            await self._end()

    async def _end(self) -> None:
        left = list(self._in_hand)
        with in_hand(), suppress(redis.RedisError):
            await finish_tasks(self._in_hand.values())
            # What is not settled by now is no crash's cause.
            await self._stream.forgive(left)

    async def _read_some(self) -> None:
        while len(self._in_hand) >= MOST_READ_AHEAD:
            await asyncio.wait(self._in_hand.values(), return_when=asyncio.FIRST_COMPLETED)
        try:
            entries = await self._read(MOST_READ_AHEAD - len(self._in_hand))
        except redis.RedisError as error:
            self._left_over_after = FROM_THE_START
            await self._patience.wait(error)
            return
        self._patience.succeeded()
        for entry in entries:
            self._begin(entry)

    async def _read(self, count: int) -> list[Entry]:
        if self._left_over_after is None:
            return await self._stream.read_new(count)
        page = await self._stream.read_left_over(self._left_over_after, count)
        entries = await self._without_worn_out([e for e in page if e[0] not in self._in_hand])
        self._left_over_after = page[-1][0] if page else None
        return entries

    async def _without_worn_out(self, entries: list[Entry]) -> list[Entry]:
        """Drop entries that were being handled at several crashes."""
        deliveries = await self._stream.count_deliveries(entries)
        worn_out = {e[0] for e in entries if deliveries.get(e[0], 1) > MOST_DELIVERIES}
        for entry_id in worn_out:
            logger.error("update entry {} is dropped: the bot died of it", entry_id.decode())
        await self._stream.acknowledge(list(worn_out))
        return [entry for entry in entries if entry[0] not in worn_out]

    def _begin(self, entry: Entry) -> None:
        update = _parse(entry)
        key = order_key(update)
        if self._waiting[key] >= MOST_WAITING_IN_A_CHAT and _may_be_dropped(update):
            self._drop(entry, key)
            return
        task = asyncio.create_task(self._handle_after(self._latest.get(key), entry, update))
        self._latest[key] = self._in_hand[entry[0]] = task
        self._waiting[key] += 1
        task.add_done_callback(lambda done: self._forget(key, entry[0], done))

    def _drop(self, entry: Entry, key: str) -> None:
        if key not in self._flooding:
            self._flooding.add(key)
            logger.warning("chat {} asks faster than it can be answered, the rest is dropped", key)
        # Not noted as handled: it may be the second copy of one that is waiting here to be.
        task = asyncio.create_task(self._acknowledge(entry))
        self._in_hand[entry[0]] = task
        task.add_done_callback(lambda _: self._in_hand.pop(entry[0]))

    def _forget(self, key: str, entry_id: bytes, task: asyncio.Task[None]) -> None:
        del self._in_hand[entry_id]
        self._waiting[key] -= 1
        if self._latest.get(key) is task:
            del self._latest[key], self._waiting[key]
            self._flooding.discard(key)

    async def _handle_after(
        self, earlier: asyncio.Task[None] | None, entry: Entry, update: RawUpdate
    ) -> None:
        if earlier:
            await asyncio.wait([earlier])
        try:
            parsed = Update.model_validate(update, context={"bot": self._bot})
        except ValidationError as error:
            number, count = update.get("update_id"), error.error_count()
            logger.error("update {} can't be read and is passed over: {} errors", number, count)
            await self._settle(entry)
            return
        if await self._was_handled(entry):
            await self._settle(entry)
        else:
            await self._handle(entry, parsed)

    async def _was_handled(self, entry: Entry) -> bool:
        # However long Redis is away: what no handler has seen is not given up.
        known = partial(self._handled.knows, _digest(entry))
        return await Patience("recalling an update").insist(known, REDIS_AWAY)

    async def _handle(self, entry: Entry, update: Update) -> None:
        """Hand an update to its handler, again while an outage makes that fail."""
        patience = Patience(f"handling update {update.update_id}")
        deadline = asyncio.get_running_loop().time() + OUTAGE_SECONDS
        while True:
            try:
                await self._feed(entry, update)
            except PASSING as error:
                if asyncio.get_running_loop().time() > deadline:
                    logger.error("update {} is given up", update.update_id)
                    await self._settle(entry)
                    return
                await patience.wait(error, getattr(error, "retry_after", 0))
            else:
                patience.succeeded()
                return

    async def _feed(self, entry: Entry, update: Update) -> None:
        """Hand an update to its handler once and settle it. Raises what time mends."""
        async with self._places:
            # From the first word of an answer until it is settled: in between, a stop would have
            # the next start answer again.
            with in_hand():
                # What else a handler raises is logged by the dispatcher's error handler.
                await self._dispatcher.feed_update(self._bot, update)
                await self._settle(entry)

    async def _settle(self, entry: Entry) -> None:
        note = partial(self._handled.note, _digest(entry))
        with in_hand():
            await Patience("noting an update").insist(note, REDIS_AWAY)
            await self._acknowledge(entry)

    async def _acknowledge(self, entry: Entry) -> None:
        acknowledge = partial(self._stream.acknowledge, [entry[0]])
        with in_hand():
            await Patience("settling an update").insist(acknowledge, REDIS_AWAY)


def order_key(update: RawUpdate) -> str:
    """Name what an update must stay in order with: its chat, or else its person."""
    for kind, event in update.items():
        if not isinstance(event, dict):
            continue
        inner = event.get("message") if kind == "callback_query" else event
        chat = inner.get("chat") if isinstance(inner, dict) else None
        person = event.get("from") or event.get("user")
        owner: Any = chat or person
        return str(owner.get("id")) if isinstance(owner, dict) else ""
    return ""


def _may_be_dropped(update: RawUpdate) -> bool:
    """Tell whether only its sender misses an update: a command, say, but never a press."""
    message = update.get("message")
    return isinstance(message, dict) and NEVER_DROPPED.isdisjoint(message)


def _parse(entry: Entry) -> RawUpdate:
    update = json.loads(entry[1].get(b"update", b"{}"))
    return update if isinstance(update, dict) else {}


def _digest(entry: Entry) -> str:
    return digest_of(entry[1].get(b"update", b""))
