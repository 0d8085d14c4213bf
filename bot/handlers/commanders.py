"""Who may command the models, and where: checked before any handler of theirs runs."""

from collections.abc import Awaitable, Callable
from typing import Any

from aiogram import BaseMiddleware
from aiogram.enums import ChatType
from aiogram.types import CallbackQuery, TelegramObject
from aiogram.types import Message as TelegramMessage

from bot.communities.rights import may_command_models
from bot.handlers.labels import answer_press
from bot.messages import sender_of
from bot.storage import communities
from bot.storage.database import Storage


async def is_command_place(message: TelegramMessage, storage: Storage) -> bool:
    """Tell whether commands to the models are heard here: in private, or among moderators."""
    if message.chat.type == ChatType.PRIVATE:
        return True
    chat_id = message.chat.id
    return bool(await storage.read(communities.communities_of_moderators_chat, chat_id))


class OnlyCommanders(BaseMiddleware):
    """Lets only those through who may command the models now, and tells the others."""

    async def __call__(
        self,
        handler: Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]],
        event: TelegramObject,
        data: dict[str, Any],
    ) -> Any:
        person = _person(event)
        rights = (data["bot"], data["storage"], data["settings"])
        if person is not None and await may_command_models(*rights, person):
            return await handler(event, data)
        refusal = data["words"].say(data["language"], "models-not-allowed")
        if isinstance(event, CallbackQuery):
            await answer_press(event, refusal)
        elif isinstance(event, TelegramMessage):
            await event.reply(refusal)
        return None


def _person(event: TelegramObject) -> int | None:
    if isinstance(event, CallbackQuery):
        return event.from_user.id
    return sender_of(event) if isinstance(event, TelegramMessage) else None
