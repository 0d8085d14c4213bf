"""The names by which links lead everyone to a chat's messages."""

from collections.abc import Iterable

from aiogram import Bot

from bot.communities.rights import NOT_THERE


async def public_names(bot: Bot, chats: Iterable[int]) -> dict[int, str]:
    """Ask for the public names of chats that have one; those that are gone have none."""
    names = {}
    for chat_id in chats:
        try:
            name = (await bot.get_chat(chat_id)).username
        except NOT_THERE:
            continue
        if name:
            names[chat_id] = name
    return names
