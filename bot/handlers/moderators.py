"""/moderator: an admin names who settles cards in their community, and takes that back."""

import html
import time

from aiogram import F, Router
from aiogram.filters import Command, CommandObject
from aiogram.types import CallbackQuery, InlineKeyboardMarkup
from aiogram.types import Message as TelegramMessage

from bot.communities.linking import GROUP_KINDS
from bot.communities.presses import ModeratorPress
from bot.communities.rights import Role, may_administer
from bot.handlers.labels import answer_press
from bot.handlers.screens import show_text
from bot.messages import sender_of
from bot.storage import moderators, targets
from bot.storage.communities import By
from bot.storage.targets import NoTargetError
from bot.talk import Talk, keyboard

# Ids of people are positive and below this.
LARGEST_PERSON_ID = 2**52
MOST_LISTED = 20


def router() -> Router:
    """Handlers of /moderator and of its button, in communities."""
    here = Router(name="moderators")
    here.message.register(name_moderator, Command("moderator"), F.chat.type.in_(GROUP_KINDS))
    here.callback_query.register(press_moderator, ModeratorPress.filter())
    return here


async def name_moderator(message: TelegramMessage, command: CommandObject, talk: Talk) -> None:
    """Name whom an admin replies to, or whose id they write; others get no answer."""
    chat_id, speaker = message.chat.id, sender_of(message)
    if speaker is None or not may_administer(await talk.role(chat_id, speaker)):
        return
    person = _person_meant(message, command)
    if person is None:
        await message.reply(await _listed(talk, chat_id))
        return
    role = await talk.role(chat_id, person)
    if role in (Role.none, Role.admin, Role.creator):
        key = "moderator-not-here" if role == Role.none else "moderator-is-admin"
        await message.reply(talk.say(key))
        return
    await talk.storage.write(moderators.name, chat_id, person, By(speaker, time.time()))
    text, buttons = await _named(talk, chat_id, person, is_one=True)
    await message.reply(text, reply_markup=buttons)


async def press_moderator(query: CallbackQuery, callback_data: ModeratorPress, talk: Talk) -> None:
    """Do what the button says, if its presser administers the community now."""
    try:
        chat_id = await talk.storage.read(targets.find, callback_data.community)
        person = await talk.storage.read(targets.find, callback_data.person)
    except NoTargetError:
        await answer_press(query, talk.say("press-stale"))
        return
    if not may_administer(await talk.role(chat_id, query.from_user.id)):
        await answer_press(query, talk.say("settings-only-admins"))
        return
    change = moderators.name if callback_data.is_one else moderators.dismiss
    await talk.storage.write(change, chat_id, person, By(query.from_user.id, time.time()))
    await show_text(query, *await _named(talk, chat_id, person, callback_data.is_one))
    await answer_press(query, "")


def _person_meant(message: TelegramMessage, command: CommandObject) -> int | None:
    """Who is replied to, unless they hide behind a chat; else the id behind the command."""
    if command.args and command.args.isdecimal() and int(command.args) < LARGEST_PERSON_ID:
        return int(command.args)
    reply = message.reply_to_message
    if reply is None or reply.sender_chat or reply.from_user is None or reply.from_user.is_bot:
        return None
    return reply.from_user.id


async def _named(
    talk: Talk, chat_id: int, person: int, is_one: bool
) -> tuple[str, InlineKeyboardMarkup]:
    press = ModeratorPress(
        community=await talk.number(chat_id), person=await talk.number(person), is_one=not is_one
    )
    name = html.escape(await talk.name(chat_id, person))
    text = talk.say("moderator-named" if is_one else "moderator-dismissed", name=name)
    key = "moderator-button-dismiss" if is_one else "moderator-button-name"
    return text, keyboard([[talk.button(key, press.pack())]])


async def _listed(talk: Talk, chat_id: int) -> str:
    found = await talk.storage.read(moderators.of_chat, chat_id)
    names = [html.escape(await talk.name(chat_id, one)) for one in found[:MOST_LISTED]]
    how = talk.say("moderator-how")
    if not names:
        return how
    return "\n\n".join((talk.say("moderator-list", names=", ".join(names)), how))
