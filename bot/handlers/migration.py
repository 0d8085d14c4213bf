"""A group that becomes a supergroup: its id changes everywhere."""

import time

from aiogram import F, Router
from aiogram.types import Message as TelegramMessage
from loguru import logger

from bot.storage import chats
from bot.storage.database import Storage


def router() -> Router:
    """Handlers of the two service messages, which come in any order; one is enough."""
    here = Router(name="migration")
    here.message.register(move_to_supergroup, F.migrate_to_chat_id.as_("new_id"))
    here.message.register(move_from_group, F.migrate_from_chat_id.as_("old_id"))
    return here


async def move_to_supergroup(message: TelegramMessage, new_id: int, storage: Storage) -> None:
    """Follow the old group's last message."""
    await move_chat(storage, message.chat.id, new_id)


async def move_from_group(message: TelegramMessage, old_id: int, storage: Storage) -> None:
    """Follow the supergroup's first message."""
    await move_chat(storage, old_id, message.chat.id)


async def move_chat(storage: Storage, old_id: int, new_id: int) -> None:
    """Rewrite a chat's id in every table; twice is harmless."""
    await storage.write(chats.move, old_id, new_id, time.time())
    logger.bind(chat_id=new_id).info("group {} is now a supergroup", old_id)
