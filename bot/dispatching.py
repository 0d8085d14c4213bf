"""Builds aiogram's dispatcher: the routers, what handlers are handed, and where errors go."""

import sqlite3
import time
from collections.abc import Awaitable, Callable
from typing import Any

import redis
from aiogram import BaseMiddleware, Dispatcher
from aiogram.enums import ChatType
from aiogram.exceptions import (
    ClientDecodeError,
    TelegramForbiddenError,
    TelegramNetworkError,
    TelegramRetryAfter,
    TelegramServerError,
)
from aiogram.filters import ExceptionTypeFilter
from aiogram.types import Chat, ErrorEvent, TelegramObject, User
from loguru import logger

from bot.handlers import routers
from bot.messages import Chat as ChatRow
from bot.messages import to_chat
from bot.storage import chats, communities
from bot.storage.database import Storage
from bot.talk import Talk
from bot.words import Words

# What time mends: these come out of the dispatcher, and the update is handled again.
PASSING = (
    TelegramNetworkError,
    TelegramServerError,
    TelegramRetryAfter,
    sqlite3.OperationalError,
    redis.RedisError,
)


class ChooseLanguage(BaseMiddleware):
    """Hands `language` and `talk` to handlers.

    The language is the one that was set for the group, else the one that the update's person uses.
    """

    def __init__(self, words: Words, storage: Storage) -> None:
        self._words = words
        self._storage = storage

    async def __call__(
        self,
        handler: Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]],
        event: TelegramObject,
        data: dict[str, Any],
    ) -> Any:
        person: User | None = data.get("event_from_user")
        code = await self._find_language(data.get("event_chat"))
        language = self._words.language(code or (person.language_code if person else None))
        data["language"] = language
        data["talk"] = Talk(data["bot"], self._storage, self._words, language)
        return await handler(event, data)

    async def _find_language(self, chat: Chat | None) -> str | None:
        if chat is None or chat.type == ChatType.PRIVATE:
            return None
        return await self._storage.read(communities.find_language, chat.id)


class RememberChat(BaseMiddleware):
    """Notes groups and channels that nothing but commands has come from, so that they can be
    chosen as a moderators' chat.
    """

    def __init__(self, storage: Storage) -> None:
        self._storage = storage
        self._known: dict[int, ChatRow] = {}

    async def __call__(
        self,
        handler: Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]],
        event: TelegramObject,
        data: dict[str, Any],
    ) -> Any:
        chat: Chat | None = data.get("event_chat")
        if chat and chat.type != ChatType.PRIVATE:
            await self._remember(to_chat(chat))
        return await handler(event, data)

    async def _remember(self, chat: ChatRow) -> None:
        if self._known.get(chat.id) != chat:
            await self._storage.write(chats.save, {chat.id: (chat, time.time())})
            self._known[chat.id] = chat


def build_dispatcher(words: Words, storage: Storage, **handed_to_handlers: Any) -> Dispatcher:
    """Assemble the dispatcher; the keyword arguments are what handlers may ask for by name."""
    dispatcher = Dispatcher(disable_fsm=True)
    # Not as arguments of the constructor: there, `storage` means aiogram's own.
    dispatcher.workflow_data.update(words=words, storage=storage, **handed_to_handlers)
    dispatcher.update.outer_middleware(RememberChat(storage))
    dispatcher.update.outer_middleware(ChooseLanguage(words, storage))
    dispatcher.include_routers(*routers())
    dispatcher.errors.register(log_error, ~ExceptionTypeFilter(*PASSING))
    return dispatcher


async def log_error(event: ErrorEvent) -> bool:
    """Log what a handler raised; the update counts as handled, it would only fail again."""
    error, number = event.exception, event.update.update_id
    if isinstance(error, TelegramForbiddenError):
        logger.warning("update {} can't be answered: {}", number, error.message)
    elif isinstance(error, ClientDecodeError):
        # Its text quotes all that Telegram answered, and so what people wrote.
        logger.error("handling update {} failed: {}", number, type(error).__name__)
    else:
        logger.opt(exception=error).error("handling update {} failed", number)
    return True
