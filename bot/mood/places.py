"""What an admin may look at: their communities, and the channels that these watch."""

from collections.abc import Sequence

from aiogram import Bot

from bot.communities.rights import may_administer, role_in
from bot.outside.channels import is_watched
from bot.storage import communities, watches
from bot.storage.database import Storage


async def places_of(storage: Storage, linked: Sequence[int]) -> list[int]:
    """List communities and then the channels that they watch, each once.

    Where a list is cut off, no community is lost behind another one's channels.
    """
    found = list(linked)
    for chat_id in linked:
        watched = await storage.read(watches.of_community, chat_id)
        found += [one.chat_id for one in watched]
    return list(dict.fromkeys(found))


async def may_look_at(bot: Bot, storage: Storage, chat_id: int, person_id: int) -> bool:
    """Tell whether someone administers a community now, or one that watches this channel."""
    if not is_watched(chat_id):
        return may_administer(await role_in(bot, storage, chat_id, person_id))
    for community in await storage.read(watches.watchers_of, chat_id):
        if may_administer(await role_in(bot, storage, community, person_id)):
            return True
    return False


async def time_zone_of(storage: Storage, chat_id: int) -> str:
    """The time zone of a community; a channel's is that of who watches it."""
    watchers = await storage.read(watches.watchers_of, chat_id)
    return (await storage.read(communities.find, (watchers or [chat_id])[0])).time_zone
