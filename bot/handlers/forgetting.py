"""/forget: a person about themself, or an admin about somebody; never without asking once more."""

import html
import time

import redis.asyncio
from aiogram import F, Router
from aiogram.enums import ChatType
from aiogram.filters import Command, CommandObject
from aiogram.filters.callback_data import CallbackData
from aiogram.types import CallbackQuery, InlineKeyboardMarkup
from aiogram.types import Message as TelegramMessage
from loguru import logger
from pydantic import Field

from bot.answers import LARGEST_NUMBER
from bot.communities.rights import may_administer
from bot.forgetting import forget
from bot.handlers.labels import answer_press
from bot.handlers.screens import show_text
from bot.messages import LARGEST_ID, sender_of
from bot.storage import communities, targets
from bot.storage.forgetting import Forgetting, Forgotten
from bot.storage.targets import NoTargetError
from bot.talk import Talk, keyboard

# So many versions are named; the rest is counted.
MOST_VERSIONS = 10


class ForgetPress(CallbackData, prefix="forget1"):
    """Forget this person, by their number among targets, or leave everything as it is."""

    person: int = Field(ge=0, le=LARGEST_NUMBER)
    goes: bool


def router() -> Router:
    """Handlers of /forget, in private, in a community and in its moderators' chat."""
    here = Router(name="forgetting")
    here.message.register(ask_about_oneself, Command("forget"), F.chat.type == ChatType.PRIVATE)
    here.message.register(ask_about_somebody, Command("forget"))
    here.callback_query.register(decide, ForgetPress.filter())
    return here


async def ask_about_oneself(message: TelegramMessage, talk: Talk) -> None:
    """Say what would go, and ask."""
    buttons = await _buttons(talk, message.chat.id)
    await message.answer(talk.say("forget-ask-self"), reply_markup=buttons)


async def ask_about_somebody(message: TelegramMessage, command: CommandObject, talk: Talk) -> None:
    """Say what of a person would go here, and ask; only an admin is answered."""
    asker = sender_of(message)
    if asker is None or not await _chats(talk, message.chat.id, asker):
        return
    person = _person_meant(message, command)
    if person is None:
        await message.reply(talk.say("forget-whom"))
        return
    # As text: an id is not to be grouped into thousands.
    text = talk.say("forget-ask", person=str(person))
    await message.reply(text, reply_markup=await _buttons(talk, person))


async def decide(
    query: CallbackQuery,
    callback_data: ForgetPress,
    talk: Talk,
    connection: redis.asyncio.Redis,
) -> None:
    """Forget, or don't, if the presser may say so now."""
    try:
        order = await _order(talk, query, callback_data.person)
    except NoTargetError:
        await answer_press(query, talk.say("press-stale"))
        return
    if order is None:
        await answer_press(query, talk.say("forget-no-right"))
    elif not callback_data.goes:
        await answer_press(query, talk.say("forget-kept"))
        await show_text(query, talk.say("forget-kept"), None)
    else:
        await answer_press(query, talk.say("forget-begun"))
        forgotten = await forget(talk.storage, connection, order)
        logger.info("a person is forgotten: {} texts, {} labels", forgotten.texts, forgotten.labels)
        await show_text(query, _report(talk, forgotten, order), None)


async def _order(talk: Talk, query: CallbackQuery, number: int) -> Forgetting | None:
    """Who may have whom forgotten, and where; None for who may not. Raises NoTargetError."""
    message, asker = query.message, query.from_user.id
    person = await talk.storage.read(targets.find, number)
    if message is None:
        return None
    chats = None
    if message.chat.type != ChatType.PRIVATE:
        chats = await _chats(talk, message.chat.id, asker)
    is_allowed = person == asker if chats is None else bool(chats)
    if not is_allowed:
        return None
    return Forgetting(f"forget:{query.id}", asker, person, chats, time.time())


async def _chats(talk: Talk, chat_id: int, asker: int) -> list[int]:
    """The chats meant that the asker administers: this one, or those that it looks after."""
    looked_after = await talk.storage.read(communities.communities_of_moderators_chat, chat_id)
    meant = [community.chat_id for community in looked_after] or [chat_id]
    return [chat for chat in meant if may_administer(await talk.role(chat, asker))]


def _person_meant(message: TelegramMessage, command: CommandObject) -> int | None:
    """Read whom a command is about: whoever wrote what it replies to, or the id behind it."""
    if message.reply_to_message is not None and not command.args:
        author = message.reply_to_message.from_user
        is_bots = author is not None and author.is_bot
        speaks_for_itself = message.reply_to_message.sender_chat is not None
        return sender_of(message.reply_to_message) if speaks_for_itself or not is_bots else None
    number = (command.args or "").strip()
    is_id = number.removeprefix("-").isdecimal() and abs(int(number)) <= LARGEST_ID
    return int(number) if is_id else None


async def _buttons(talk: Talk, person: int) -> InlineKeyboardMarkup:
    number = await talk.number(person)
    yes = ForgetPress(person=number, goes=True).pack()
    no = ForgetPress(person=number, goes=False).pack()
    return keyboard([[talk.button("forget-yes", yes)], [talk.button("forget-no", no)]])


def _report(talk: Talk, forgotten: Forgotten, order: Forgetting) -> str:
    key = "forget-done-self" if order.chat_ids is None else "forget-done"
    done = talk.say(key, texts=forgotten.texts, labels=forgotten.labels)
    if not forgotten.versions:
        none = talk.say("forget-no-versions")
        return f"{done}\n{none}"
    count, first = len(forgotten.versions), forgotten.versions[:MOST_VERSIONS]
    named = ", ".join(f"<code>{html.escape(version)}</code>" for version in first)
    versions = talk.say("forget-versions", versions=named, count=count)
    return f"{done}\n{versions}"
