"""/link and /unlink, and the deep links by which an admin chooses a moderators' chat."""

import html
import time

from aiogram import F, Router
from aiogram.enums import ChatType
from aiogram.filters import Command, CommandObject, CommandStart
from aiogram.types import CallbackQuery, InlineKeyboardMarkup, User
from aiogram.types import Message as TelegramMessage

from bot.communities import linking
from bot.communities.linking import COMMUNITY_KINDS, GROUP_KINDS, PAYLOAD, LinkPress
from bot.communities.rights import may_administer
from bot.handlers.labels import answer_press
from bot.handlers.screens import show_text
from bot.messages import sender_of, to_chat
from bot.storage import chats, communities, offers, targets
from bot.storage.offers import NoOfferError
from bot.storage.targets import NoTargetError
from bot.talk import Talk, keyboard


def router() -> Router:
    """Handlers of linking, in groups and in private."""
    here = Router(name="linking")
    in_private, in_group = F.chat.type == ChatType.PRIVATE, F.chat.type.in_(GROUP_KINDS)
    offered = CommandStart(deep_link=True, magic=F.args.startswith(PAYLOAD))
    here.message.register(offer_link, Command("link"), in_group)
    here.message.register(choose_community, Command("link"), in_private)
    here.message.register(choose_staff, offered, in_private)
    here.message.register(accept_offer, offered, in_group)
    here.message.register(unlink, Command("unlink"), in_group)
    here.callback_query.register(press_link, LinkPress.filter())
    return here


async def offer_link(message: TelegramMessage, talk: Talk, me: User) -> None:
    """Offer an admin to choose where cards go; others get no answer."""
    speaker = await _admin_who_speaks(message, talk)
    if speaker is None:
        return
    community = await talk.storage.read(communities.find, message.chat.id)
    key = "link-offer-again" if community.is_linked else "link-offer"
    buttons = await linking.offer_button(talk, me.username or "", message.chat.id, speaker)
    await message.reply(talk.say(key), reply_markup=buttons)


async def choose_community(message: TelegramMessage, talk: Talk, me: User) -> None:
    """Ask in private which community is to be linked."""
    found = await linking.where_both_administer(talk, message.chat.id, COMMUNITY_KINDS)
    if not found:
        buttons = keyboard([[linking.adding_button(talk, me.username or "")]])
        await message.answer(talk.say("link-nowhere"), reply_markup=buttons)
        return
    buttons = await linking.choice_of_community(talk, found)
    await message.answer(talk.say("link-choose-community"), reply_markup=buttons)


async def choose_staff(
    message: TelegramMessage, command: CommandObject, talk: Talk, me: User
) -> None:
    """Ask in private which chat gets the cards of the community that a link names."""
    try:
        offer = await _find_offer(command, talk)
    except NoOfferError:
        await message.answer(talk.say("link-stale"))
        return
    if not may_administer(await talk.role(offer.chat_id, message.chat.id)):
        await message.answer(talk.say("link-no-right"))
        return
    text, buttons = await _choice(talk, me, offer.chat_id, message.chat.id)
    await message.answer(text, reply_markup=buttons)


async def accept_offer(message: TelegramMessage, command: CommandObject, talk: Talk) -> None:
    """Make the group that a link was opened in the moderators' chat of the link's community."""
    try:
        offer = await _find_offer(command, talk)
    except NoOfferError:
        await message.reply(talk.say("link-stale"))
        return
    await _remember(message, talk)
    if offer.chat_id == message.chat.id:
        await message.reply(talk.say("link-itself"))
        return
    speaker = sender_of(message)
    if speaker is None or speaker < 0:
        # An anonymous admin of this group: of the community, too? A press shows who it is.
        buttons = await linking.confirmation(talk, offer.chat_id, message.chat.id)
        await message.reply(talk.say("link-confirm"), reply_markup=buttons)
        return
    if not await linking.link(talk, offer.chat_id, message.chat.id, speaker):
        await message.reply(talk.say("link-no-right-in-both"))


async def press_link(query: CallbackQuery, callback_data: LinkPress, talk: Talk, me: User) -> None:
    """Show the choice for a community, or make the link that was chosen."""
    try:
        community = await talk.storage.read(targets.find, callback_data.community)
        staff = await _target_or_none(talk, callback_data.staff)
    except NoTargetError:
        await answer_press(query, talk.say("link-stale"))
        return
    if not may_administer(await talk.role(community, query.from_user.id)):
        await answer_press(query, talk.say("link-no-right"))
        return
    if staff is None:
        await show_text(query, *await _choice(talk, me, community, query.from_user.id))
        await answer_press(query, "")
        return
    if not await linking.link(talk, community, staff, query.from_user.id):
        await answer_press(query, talk.say("link-no-right-in-both"))
        return
    await show_text(query, await _done(talk, community, staff), None)
    await answer_press(query, talk.say("link-done-short"))


async def unlink(message: TelegramMessage, talk: Talk) -> None:
    """Take the moderators' chat away, if an admin says so in the community."""
    speaker = await _admin_who_speaks(message, talk)
    if speaker is None:
        return
    is_gone = await talk.storage.write(communities.unlink, message.chat.id, speaker, time.time())
    await message.reply(talk.say("unlink-done" if is_gone else "unlink-nothing"))


async def _choice(
    talk: Talk, me: User, community: int, person_id: int
) -> tuple[str, InlineKeyboardMarkup]:
    text = talk.say("link-choose-staff", chat=html.escape(await talk.title(community)))
    return text, await linking.choice_of_staff(talk, me.username or "", community, person_id)


async def _done(talk: Talk, community: int, staff: int) -> str:
    """Say where the cards come to, or that they are yet to be turned on there."""
    is_watching = (await talk.storage.read(communities.find, community)).mode == "watch"
    titles = {"chat": await talk.title(community), "staff": await talk.title(staff)}
    escaped = {name: html.escape(title) for name, title in titles.items()}
    return talk.say("link-done-watch" if is_watching else "link-done", **escaped)


async def _find_offer(command: CommandObject, talk: Talk) -> offers.Offer:
    token = (command.args or "").removeprefix(PAYLOAD)
    return await talk.storage.read(offers.find, token, time.time())


async def _target_or_none(talk: Talk, number: int) -> int | None:
    return await talk.storage.read(targets.find, number) if number else None


async def _admin_who_speaks(message: TelegramMessage, talk: Talk) -> int | None:
    """Who wrote a command in a group, as the admin that they are; None for anyone else."""
    await _remember(message, talk)
    speaker = sender_of(message)
    if speaker is None or not may_administer(await talk.role(message.chat.id, speaker)):
        return None
    return speaker


async def _remember(message: TelegramMessage, talk: Talk) -> None:
    chat = to_chat(message.chat)
    await talk.storage.write(chats.save, {chat.id: (chat, time.time())})
