"""Keeps the bot's calls within Telegram's limits, and repeats what Telegram asks to repeat.

A middleware of aiogram's session: every outgoing call passes through it.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Generic

from aiogram import Bot
from aiogram.client.session.middlewares.base import (
    BaseRequestMiddleware,
    NextRequestMiddlewareType,
)
from aiogram.exceptions import (
    TelegramBadRequest,
    TelegramMigrateToChat,
    TelegramNetworkError,
    TelegramRetryAfter,
    TelegramServerError,
)
from aiogram.methods import Response, TelegramMethod
from aiogram.methods.base import TelegramType
from aiohttp import ClientConnectorError
from loguru import logger

from bot.grace import queueing
from bot.lanes import ChatLane, Limits, Window

ChatId = int | str
OnMove = Callable[[int, int], Awaitable[None]]

# What puts something new into a chat: repeated blindly, it might be there twice.
POSTING = ("send", "copy", "forward")
# What counts against the limits of sending.
SENDING = (*POSTING, "edit")
# Fields that name a message of the chat that is called, or of the one that is copied from.
NUMBERED = ("message_id", "message_ids")
# As Telegram says it of a message that was deleted: whoever edits it gives up, or sends it anew.
LEFT_BEHIND = "message not found: its group has moved to a supergroup"
UNCOUNTED = frozenset({"sendChatAction"})
# The polling loop paces itself.
UNTOUCHED = frozenset({"getUpdates"})
# Basic groups have ids between this and zero.
FIRST_SUPERGROUP = -(10**12)
MOST_LANES = 1000
REPEATS = 4
FIRST_PAUSE_SECONDS = 0.5


@dataclass(frozen=True, slots=True)
class Call(Generic[TelegramType]):
    """A call that can be made again."""

    bot: Bot
    method: TelegramMethod[TelegramType]
    make_request: NextRequestMiddlewareType[TelegramType]

    @property
    def name(self) -> str:
        return self.method.__api_method__

    @property
    def chat_id(self) -> ChatId | None:
        return getattr(self.method, "chat_id", None)

    def to(self, chat_id: ChatId) -> "Call[TelegramType]":
        """Address the call to the supergroup that its chat has become, which counts anew.

        Raises TelegramBadRequest for a call about one of the old messages.
        """
        if chat_id == self.chat_id:
            return self
        is_copy = hasattr(self.method, "from_chat_id")
        if not is_copy and any(getattr(self.method, name, None) for name in NUMBERED):
            raise TelegramBadRequest(self.method, LEFT_BEHIND)
        changes: dict[str, object] = {"chat_id": chat_id}
        reply = getattr(self.method, "reply_parameters", None)
        if reply is not None and reply.chat_id in (None, self.chat_id):
            changes["reply_parameters"] = None
        return Call(self.bot, self.method.model_copy(update=changes), self.make_request)

    def copies_from_a_group(self) -> bool:
        """Tell whether it copies from a basic group, which may move; no other chat does."""
        source = getattr(self.method, "from_chat_id", None)
        return isinstance(source, int) and FIRST_SUPERGROUP < source < 0

    async def make(self) -> Response[TelegramType]:
        """Make the call, again after an outage if making it twice does no harm."""
        for attempt in range(REPEATS):
            try:
                return await self.make_request(self.bot, self.method)
            except (TelegramNetworkError, TelegramServerError) as error:
                if not self._may_repeat(error):
                    raise
                with queueing():
                    await asyncio.sleep(FIRST_PAUSE_SECONDS * 2**attempt)
        return await self.make_request(self.bot, self.method)

    def _may_repeat(self, error: Exception) -> bool:
        # Where no connection was made, nothing can have been posted.
        return not self.name.startswith(POSTING) or isinstance(
            error.__cause__, ClientConnectorError
        )


class Limiter(BaseRequestMiddleware):
    """Lets calls through in order within a chat and fairly between chats."""

    def __init__(self, limits: Limits, on_move: OnMove) -> None:
        self._limits = limits
        self._on_move = on_move
        self._everyone = Window(limits.per_second, 1)
        self._lanes: dict[ChatId, ChatLane] = {}
        self._moved: dict[ChatId, int] = {}

    async def __call__(
        self,
        make_request: NextRequestMiddlewareType[TelegramType],
        bot: Bot,
        method: TelegramMethod[TelegramType],
    ) -> Response[TelegramType]:
        """Make the request when it may be made. Raises what Telegram answers in the end."""
        call = Call(bot, method, make_request)
        if call.name in UNTOUCHED:
            return await make_request(bot, method)
        chat_id = call.chat_id
        if chat_id is None or not call.name.startswith(SENDING) or call.name in UNCOUNTED:
            return await self._ask(call)
        return await self._send(call, self._moved.get(chat_id, chat_id))

    async def _ask(self, call: Call[TelegramType]) -> Response[TelegramType]:
        """Make a call that doesn't count: only a hold on everything stops it."""
        while True:
            await self._everyone.held()
            try:
                return await call.make()
            except TelegramRetryAfter as error:
                _log_too_many(call.name, error)
                if call.chat_id is None:
                    self._everyone.hold(error.retry_after)
                else:
                    with queueing():
                        await asyncio.sleep(error.retry_after)

    async def _send(self, call: Call[TelegramType], chat_id: ChatId) -> Response[TelegramType]:
        """Make a call in its chat's turn.

        The chat's own limits come first and the common one last, so that a chat with a thousand
        calls holds one place in the common queue.
        """
        lane = self._lane(chat_id)
        with lane.in_use():
            async with lane.turn():
                while True:
                    await lane.take()
                    await self._everyone.take()
                    try:
                        return await call.to(self._moved.get(chat_id, chat_id)).make()
                    except TelegramRetryAfter as error:
                        _log_too_many(call.name, error)
                        lane.hold(error.retry_after)
                    except TelegramMigrateToChat as error:
                        await self._follow(call, error)

    async def _follow(self, call: Call[TelegramType], error: TelegramMigrateToChat) -> None:
        """Note where a call's chat is now. Raises TelegramBadRequest where another may be meant."""
        old_id = call.chat_id
        if old_id is None or call.copies_from_a_group():
            raise TelegramBadRequest(call.method, LEFT_BEHIND) from error
        self._moved[old_id] = error.migrate_to_chat_id
        await self._on_move(int(old_id), error.migrate_to_chat_id)

    def _lane(self, chat_id: ChatId) -> ChatLane:
        if len(self._lanes) >= MOST_LANES and chat_id not in self._lanes:
            self._forget_idle_lanes()
        is_group = isinstance(chat_id, str) or chat_id < 0
        return self._lanes.setdefault(chat_id, ChatLane(self._limits, is_group))

    def _forget_idle_lanes(self) -> None:
        self._lanes = {c: lane for c, lane in self._lanes.items() if not lane.is_idle()}


def _log_too_many(name: str, error: TelegramRetryAfter) -> None:
    logger.warning("Telegram asks {} to wait for {} s", name, error.retry_after)
