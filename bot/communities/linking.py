"""Links a community to its moderators' chat: who may, what can be chosen, what is then said."""

import asyncio
import html
import time
from collections.abc import Iterable, Sequence

from aiogram.enums import ChatType
from aiogram.filters.callback_data import CallbackData
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup
from pydantic import Field

from bot.answers import LARGEST_NUMBER
from bot.communities.presses import mode_press, open_press
from bot.communities.rights import may_administer
from bot.messages import Chat
from bot.storage import chats, communities, offers
from bot.storage.communities import By
from bot.talk import Talk, keyboard

GROUP_KINDS = (ChatType.GROUP, ChatType.SUPERGROUP)
COMMUNITY_KINDS = (*GROUP_KINDS, ChatType.CHANNEL)
# A payload of Telegram's deep links: `link_<token>`.
PAYLOAD = "link_"
# Each costs a question to Telegram.
MOST_CANDIDATES = 40
ASKED_AT_ONCE = 8
MOST_SHOWN = 12
# What deleting, muting and banning need; whoever adds the bot may take them from the link.
RIGHTS = "delete_messages+restrict_members"


class LinkPress(CallbackData, prefix="link1"):
    """A button that links: the numbers of a community and of a moderators' chat.

    Without the latter it asks for the choice.
    """

    community: int = Field(ge=0, le=LARGEST_NUMBER)
    staff: int = Field(0, ge=0, le=LARGEST_NUMBER)


async def where_both_administer(
    talk: Talk, person_id: int, kinds: Sequence[str], without: int = 0
) -> list[Chat]:
    """List the chats of some kinds where the bot is and someone is an admin, the newest first."""
    known = await talk.storage.read(chats.recent, kinds, MOST_CANDIDATES)
    candidates = [chat for chat in known if chat.id != without]
    places = asyncio.Semaphore(ASKED_AT_ONCE)

    async def administers(chat: Chat) -> bool:
        async with places:
            return may_administer(await talk.role(chat.id, person_id))

    found = await asyncio.gather(*map(administers, candidates))
    kept = [chat for chat, does in zip(candidates, found, strict=True) if does]
    return kept[:MOST_SHOWN]


async def offer_button(talk: Talk, username: str, chat_id: int, by: int) -> InlineKeyboardMarkup:
    """A button that leads an admin of the chat into private, where they choose.

    The choice names other groups of theirs, which is nobody else's business.
    """
    token = await talk.storage.write(offers.create, chat_id, By(by, time.time()))
    url = f"https://t.me/{username}?start={PAYLOAD}{token}"
    return keyboard([[InlineKeyboardButton(text=talk.say("link-button-choose"), url=url)]])


def adding_button(talk: Talk, username: str) -> InlineKeyboardButton:
    """A button that adds the bot to a group of somebody's choice, with the rights it needs."""
    url = f"https://t.me/{username}?startgroup=true&admin={RIGHTS}"
    return InlineKeyboardButton(text=talk.say("link-button-add"), url=url)


async def choice_of_staff(
    talk: Talk, username: str, chat_id: int, person_id: int
) -> InlineKeyboardMarkup:
    """Offer every group that could be the community's moderators' chat, and a new one."""
    community = await talk.number(chat_id)
    groups = await where_both_administer(talk, person_id, GROUP_KINDS, without=chat_id)
    by = By(person_id, time.time())
    token = await talk.storage.write(offers.create, chat_id, by, adds_to_group=True)
    url = f"https://t.me/{username}?startgroup={PAYLOAD}{token}"
    here = LinkPress(community=community, staff=community).pack()
    return keyboard(
        [
            *[[await _staff_button(talk, community, group)] for group in groups],
            [InlineKeyboardButton(text=talk.say("link-button-other"), url=url)],
            [talk.button("link-button-here", here)],
        ]
    )


async def choice_of_community(talk: Talk, found: Iterable[Chat]) -> InlineKeyboardMarkup:
    """Offer communities, to choose a moderators' chat for."""
    rows = []
    for chat in found:
        data = LinkPress(community=await talk.number(chat.id)).pack()
        rows.append([InlineKeyboardButton(text=chat.title or str(chat.id), callback_data=data)])
    return keyboard(rows)


async def confirmation(talk: Talk, community: int, staff: int) -> InlineKeyboardMarkup:
    """One button that links: whoever presses it shows who they are."""
    press = LinkPress(community=await talk.number(community), staff=await talk.number(staff))
    return keyboard([[talk.button("link-button-confirm", press.pack())]])


async def link(talk: Talk, community: int, staff: int, person_id: int) -> bool:
    """Link if someone administers both chats now, and announce it there; False if they don't."""
    for chat_id in {community, staff}:
        if not may_administer(await talk.role(chat_id, person_id)):
            return False
    await talk.storage.write(communities.link, community, staff, person_id, time.time())
    await _announce(talk, community, staff)
    await talk.storage.write(offers.close, community, time.time())
    return True


async def _announce(talk: Talk, community: int, staff: int) -> None:
    set_up = await talk.storage.read(communities.find, community)
    number = await talk.number(community)
    buttons = [
        [talk.button("link-button-cards", mode_press(number, "ask"))]
        if set_up.mode == "watch"
        else [],
        [talk.button("link-button-settings", open_press(number))],
    ]
    text = talk.say(f"link-announced-{set_up.mode}", chat=html.escape(await talk.title(community)))
    await talk.bot.send_message(staff, text, reply_markup=keyboard(buttons))


async def _staff_button(talk: Talk, community: int, group: Chat) -> InlineKeyboardButton:
    press = LinkPress(community=community, staff=await talk.number(group.id))
    text = talk.say("link-button-group", chat=group.title or str(group.id))
    return InlineKeyboardButton(text=text, callback_data=press.pack())
