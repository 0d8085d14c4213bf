"""The bot's own standing in groups and channels: noted, and what it lacks there said in words."""

import html
import time
from contextlib import suppress

from aiogram import F, Router
from aiogram.enums import ChatMemberStatus, ChatType
from aiogram.exceptions import TelegramBadRequest, TelegramForbiddenError
from aiogram.types import (
    ChatMemberAdministrator,
    ChatMemberOwner,
    ChatMemberRestricted,
    ChatMemberUpdated,
    ResultChatMemberUnion,
    User,
)
from loguru import logger

from bot.communities import linking
from bot.communities.linking import GROUP_KINDS
from bot.messages import to_chat
from bot.storage import chats, communities, missed_cards, offers
from bot.talk import Talk

# What Telegram lets the bot do, by the word of what is missing without it.
NEEDED = {"can_delete_messages": "missing-deleting", "can_restrict_members": "missing-restricting"}
READING = "missing-reading"


def router() -> Router:
    """The handler of changes to the bot's own membership."""
    here = Router(name="membership")
    here.my_chat_member.register(note_membership, F.chat.type != ChatType.PRIVATE)
    return here


async def note_membership(change: ChatMemberUpdated, talk: Talk, me: User) -> None:
    """Remember the chat; greet where the bot has come, else say what its rights now lack."""
    chat, status = to_chat(change.chat), change.new_chat_member.status
    log = logger.bind(chat_id=chat.id)
    log.info("the bot is {} in this {}", status, chat.kind)
    await talk.storage.write(chats.save, {chat.id: (chat, time.time())})
    if not is_inside(change.new_chat_member):
        await _say_that_staff_is_lost(chat.id, talk)
        return
    if not is_inside(change.old_chat_member):
        await _show_missed_cards(chat.id, talk)
    missing = what_is_missing(change, me)
    if READING in missing:
        log.warning("privacy mode is on and the bot is no admin here: it sees commands only")
    try:
        if is_inside(change.old_chat_member):
            await _say_what_changed(change, talk, me)
        elif not await _is_becoming_staff(change, talk):
            await _greet(change, talk, me)
    except (TelegramForbiddenError, TelegramBadRequest) as error:
        log.warning("and it may not say so here: {}", error.message)


def is_inside(member: ResultChatMemberUnion) -> bool:
    """Tell whether this is the standing of someone in the chat."""
    if isinstance(member, ChatMemberRestricted):
        return member.is_member
    return member.status not in (ChatMemberStatus.LEFT, ChatMemberStatus.KICKED)


def what_is_missing(
    change: ChatMemberUpdated, me: User, member: ResultChatMemberUnion | None = None
) -> list[str]:
    """List, as keys of words, what the bot can't do with a standing: the new one, unless named."""
    member = member or change.new_chat_member
    if isinstance(member, ChatMemberOwner):
        return []
    is_admin = isinstance(member, ChatMemberAdministrator)
    # Channels show their posts to admins alone, and have nobody to restrict.
    is_group = change.chat.type in GROUP_KINDS
    reads = is_admin or (is_group and bool(me.can_read_all_group_messages))
    rights = [
        word
        for right, word in NEEDED.items()
        if not getattr(member, right, False) and (is_group or right == "can_delete_messages")
    ]
    return rights if reads else [READING, *rights]


async def _is_becoming_staff(change: ChatMemberUpdated, talk: Talk) -> bool:
    """Tell whether whoever adds the bot is about to make this the moderators' chat of another."""
    return await talk.storage.read(offers.is_adding_to_group, change.from_user.id, time.time())


async def _greet(change: ChatMemberUpdated, talk: Talk, me: User) -> None:
    chat_id, adder = change.chat.id, change.from_user.id
    buttons = await linking.offer_button(talk, me.username or "", chat_id, adder)
    # A channel's readers have nothing to do with it, so whoever added the bot is told.
    is_channel = change.chat.type == ChatType.CHANNEL
    text = _greeting(change, talk, me, "joined-channel" if is_channel else "joined")
    await talk.bot.send_message(adder if is_channel else chat_id, text, reply_markup=buttons)


def _greeting(change: ChatMemberUpdated, talk: Talk, me: User, key: str) -> str:
    title = html.escape(change.chat.title or "")
    parts = [talk.say(key, chat=title), *_missing_part(what_is_missing(change, me), talk)]
    return "\n\n".join((*parts, talk.say("joined-link")))


def _missing_part(missing: list[str], talk: Talk) -> list[str]:
    lines = [talk.say(key) for key in missing]
    return ["\n".join((talk.say("joined-missing"), *lines))] if lines else []


async def _say_what_changed(change: ChatMemberUpdated, talk: Talk, me: User) -> None:
    """Answer an admin who changes the bot's rights: what still is missing, or that all is there."""
    before = what_is_missing(change, me, change.old_chat_member)
    now = what_is_missing(change, me)
    if now == before or change.chat.type == ChatType.CHANNEL:
        return
    if await _is_staff(change.chat.id, talk):
        return
    parts = _missing_part(now, talk) or [talk.say("rights-complete")]
    await talk.bot.send_message(change.chat.id, parts[0])


async def _is_staff(chat_id: int, talk: Talk) -> bool:
    """Tell whether this is a moderators' chat, where cards need no rights."""
    served = await talk.storage.read(communities.communities_of_moderators_chat, chat_id)
    return bool(served) and all(one.chat_id != chat_id for one in served)


async def _show_missed_cards(chat_id: int, talk: Talk) -> None:
    """Bring what came while the bot was out of a moderators' chat that is still linked."""
    for community in await talk.storage.read(communities.communities_of_moderators_chat, chat_id):
        served = community.chat_id
        await talk.storage.write(missed_cards.show_anew, served, chat_id, time.time())


async def _say_that_staff_is_lost(chat_id: int, talk: Talk) -> None:
    """Tell who linked a community that its cards have nowhere to go."""
    served = await talk.storage.read(communities.communities_of_moderators_chat, chat_id)
    staff = html.escape(await talk.title(chat_id))
    for community in served:
        logger.bind(chat_id=community.chat_id).warning("the bot left this one's moderators' chat")
        title = html.escape(await talk.title(community.chat_id))
        if community.linked_by is None or community.linked_by < 0:
            continue
        with suppress(TelegramForbiddenError, TelegramBadRequest):
            text = talk.say("staff-lost", chat=title, staff=staff)
            await talk.bot.send_message(community.linked_by, text)
