"""The bot's own standing in groups and channels: noted, and what keeps it from reading said."""

import time

from aiogram import Bot, F, Router
from aiogram.enums import ChatMemberStatus, ChatType
from aiogram.exceptions import TelegramBadRequest, TelegramForbiddenError
from aiogram.types import ChatMemberUpdated, User
from loguru import logger

from bot.messages import to_chat
from bot.storage import chats
from bot.storage.database import Storage
from bot.words import Words

GROUPS = (ChatType.GROUP, ChatType.SUPERGROUP)


def router() -> Router:
    """The handler of changes to the bot's own membership."""
    here = Router(name="membership")
    here.my_chat_member.register(note_membership, F.chat.type != ChatType.PRIVATE)
    return here


async def note_membership(
    change: ChatMemberUpdated, bot: Bot, me: User, storage: Storage, words: Words, language: str
) -> None:
    """Remember the chat, and say in it what is missing for reading, if anything is."""
    chat, status = to_chat(change.chat), change.new_chat_member.status
    log = logger.bind(chat_id=chat.id)
    log.info("the bot is {} in this {}", status, chat.kind)
    await storage.write(chats.save, {chat.id: (chat, time.time())})
    if not is_blind(change, me):
        return
    log.warning("privacy mode is on and the bot is no admin here: it sees commands only")
    try:
        await bot.send_message(chat.id, words.say(language, "group-cannot-read"))
    except (TelegramForbiddenError, TelegramBadRequest) as error:
        log.warning("and it may not say so here: {}", error.message)


def is_blind(change: ChatMemberUpdated, me: User) -> bool:
    """Tell whether the bot has come into a group, or lost its rights there, and can't read."""
    return (
        change.chat.type in GROUPS
        and change.new_chat_member.status == ChatMemberStatus.MEMBER
        and not me.can_read_all_group_messages
    )
