"""Who may do what: a person's role in a community as Telegram and its admins say now.

Nothing is remembered between questions, so who lost a right has lost it at the next press.
"""

from enum import IntEnum

from aiogram import Bot
from aiogram.enums import ChatMemberStatus, ChatType
from aiogram.exceptions import (
    TelegramBadRequest,
    TelegramForbiddenError,
    TelegramMigrateToChat,
    TelegramNotFound,
)
from aiogram.types import Chat, ChatMemberRestricted, ResultChatMemberUnion

from bot.storage import communities, moderators
from bot.storage.database import Storage
from core.settings import Settings

# A chat that is gone, a bot that was put out, a person whom Telegram does not know there.
NOT_THERE = (TelegramBadRequest, TelegramForbiddenError, TelegramNotFound)
# How many communities one question may ask about; each costs a request.
MOST_ASKED = 100


class Role(IntEnum):
    """Someone's place in a community; a higher one may do all that a lower one may."""

    none = 0
    member = 1
    moderator = 2
    admin = 3
    creator = 4


def may_moderate(role: Role) -> bool:
    """Tell whether a role settles incidents."""
    return role >= Role.moderator


def may_administer(role: Role) -> bool:
    """Tell whether a role changes settings, links and moderators."""
    return role >= Role.admin


async def role_in(bot: Bot, storage: Storage, chat_id: int, person_id: int) -> Role:
    """Ask for the role that a person, or the chat that someone speaks as, has in a chat now.

    `person_id` is what `bot.messages.sender_of` tells of a message, or a press's `from_user.id`.
    Raises what Telegram can't be reached with; a chat that is gone is no error, but Role.none.
    """
    if person_id == chat_id:
        # Only admins can speak as their own group, or write in their own channel.
        return Role.admin
    try:
        if person_id < 0:
            return await _role_of_channel(bot, chat_id, person_id)
        member = await bot.get_chat_member(chat_id, person_id)
    except TelegramMigrateToChat as moved:
        return await role_in(bot, storage, moved.migrate_to_chat_id, person_id)
    except NOT_THERE:
        return Role.none
    role = _role_of(member)
    if role == Role.member and await storage.read(moderators.is_named, chat_id, person_id):
        return Role.moderator
    return role


async def may_command_models(
    bot: Bot, storage: Storage, settings: Settings, person_id: int
) -> bool:
    """Tell whether someone may train, promote and delete models: an operator.

    Where OPERATORS names nobody, an admin of any linked community is one.
    """
    if settings.operator_ids:
        return person_id in settings.operator_ids
    return bool(await _where(bot, storage, (person_id, Role.admin), most_found=1))


async def communities_where(
    bot: Bot, storage: Storage, person_id: int, at_least: Role
) -> list[int]:
    """List the linked communities in which someone has at least a role."""
    return await _where(bot, storage, (person_id, at_least), most_found=MOST_ASKED)


async def administered_from(
    bot: Bot, storage: Storage, chat: Chat, person_id: int | None
) -> list[int] | None:
    """List the linked communities that someone administers, of those that a chat speaks of.

    In private that is all of them, in a moderators' chat those that it looks after. None in any
    other chat: there nobody is to be answered.
    """
    if person_id is None:
        return None
    if chat.type == ChatType.PRIVATE:
        return await communities_where(bot, storage, person_id, Role.admin)
    here = await storage.read(communities.communities_of_moderators_chat, chat.id)
    if not here:
        return None
    found = [one.chat_id for one in here]
    return [one for one in found if may_administer(await role_in(bot, storage, one, person_id))]


async def _where(
    bot: Bot, storage: Storage, wanted: tuple[int, Role], most_found: int
) -> list[int]:
    person_id, at_least = wanted
    found: list[int] = []
    for community in (await storage.read(communities.all_linked))[:MOST_ASKED]:
        if await role_in(bot, storage, community.chat_id, person_id) >= at_least:
            found.append(community.chat_id)
        if len(found) >= most_found:
            break
    return found


async def _role_of_channel(bot: Bot, chat_id: int, channel_id: int) -> Role:
    """The group's own channel is trusted like a moderator, any other is one of the members."""
    chat = await bot.get_chat(chat_id)
    return Role.moderator if chat.linked_chat_id == channel_id else Role.member


def _role_of(member: ResultChatMemberUnion) -> Role:
    if isinstance(member, ChatMemberRestricted):
        return Role.member if member.is_member else Role.none
    return _ROLES.get(ChatMemberStatus(member.status), Role.none)


_ROLES = {
    ChatMemberStatus.CREATOR: Role.creator,
    ChatMemberStatus.ADMINISTRATOR: Role.admin,
    ChatMemberStatus.MEMBER: Role.member,
}
