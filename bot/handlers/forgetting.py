"""/forget: a person about themself, or an admin about somebody; never without asking once more."""

import html
import time
from dataclasses import dataclass

import redis.asyncio
from aiogram import Bot, F, Router
from aiogram.enums import ChatType
from aiogram.filters import Command, CommandObject
from aiogram.filters.callback_data import CallbackData
from aiogram.types import CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup
from aiogram.types import Message as TelegramMessage
from loguru import logger

from bot.forgetting import forget
from bot.handlers.labels import answer_press
from bot.handlers.screens import show_text
from bot.messages import LARGEST_ID, sender_of
from bot.rights import may_administer, role_in
from bot.storage import communities
from bot.storage.database import Storage
from bot.storage.forgetting import Forgetting, Forgotten
from bot.words import Words

# So many versions are named; the rest is counted.
MOST_VERSIONS = 10


class ForgetPress(CallbackData, prefix="forget1"):
    """Forget this person, or leave everything as it is."""

    person: int
    goes: bool


@dataclass(frozen=True, slots=True)
class Place:
    """Where it is asked for, and by whom."""

    chat_id: int
    is_private: bool
    asker: int


def router() -> Router:
    """Handlers of /forget, in private, in a community and in its moderators' chat."""
    here = Router(name="forgetting")
    here.message.register(ask_about_oneself, Command("forget"), F.chat.type == ChatType.PRIVATE)
    here.message.register(ask_about_somebody, Command("forget"))
    here.callback_query.register(decide, ForgetPress.filter())
    return here


async def ask_about_oneself(message: TelegramMessage, words: Words, language: str) -> None:
    """Say what would go, and ask."""
    buttons = _buttons(words, language, message.chat.id)
    await message.answer(words.say(language, "forget-ask-self"), reply_markup=buttons)


async def ask_about_somebody(
    message: TelegramMessage,
    command: CommandObject,
    bot: Bot,
    storage: Storage,
    words: Words,
    language: str,
) -> None:
    """Say what of a person would go here, and ask; only an admin is answered."""
    asker = sender_of(message)
    if asker is None or not await _chats(bot, storage, Place(message.chat.id, False, asker)):
        return
    person = _person_meant(message, command)
    if person is None:
        await message.reply(words.say(language, "forget-whom"))
        return
    buttons = _buttons(words, language, person)
    # As text: Telegram numbers are not to be grouped into thousands.
    text = words.say(language, "forget-ask", person=str(person))
    await message.reply(text, reply_markup=buttons)


async def decide(
    query: CallbackQuery,
    callback_data: ForgetPress,
    bot: Bot,
    storage: Storage,
    connection: redis.asyncio.Redis,
    words: Words,
    language: str,
) -> None:
    """Forget, or don't, if the presser may say so now."""
    order = await _order(bot, storage, query, callback_data.person)
    if order is None:
        await answer_press(query, words.say(language, "forget-no-right"))
    elif not callback_data.goes:
        await answer_press(query, words.say(language, "forget-kept"))
        await show_text(query, words.say(language, "forget-kept"), None)
    else:
        await answer_press(query, words.say(language, "forget-begun"))
        forgotten = await forget(storage, connection, order)
        logger.info("a person is forgotten: {} texts, {} labels", forgotten.texts, forgotten.labels)
        await show_text(query, _report(words, language, forgotten, order), None)


async def _order(
    bot: Bot, storage: Storage, query: CallbackQuery, person: int
) -> Forgetting | None:
    """Who may have whom forgotten, and where; None for who may not."""
    message, asker = query.message, query.from_user.id
    if message is None:
        return None
    place = Place(message.chat.id, message.chat.type == ChatType.PRIVATE, asker)
    if place.is_private:
        chats = None
        is_allowed = person == asker == place.chat_id
    else:
        chats = await _chats(bot, storage, place)
        is_allowed = bool(chats)
    if not is_allowed:
        return None
    return Forgetting(f"forget:{query.id}", asker, person, chats, time.time())


async def _chats(bot: Bot, storage: Storage, place: Place) -> list[int]:
    """The chats meant that the asker administers: this one, or those that it looks after."""
    looked_after = await storage.read(communities.communities_of_moderators_chat, place.chat_id)
    meant = [community.chat_id for community in looked_after] or [place.chat_id]
    roles = {chat: await role_in(bot, storage, chat, place.asker) for chat in meant}
    return [chat for chat, role in roles.items() if may_administer(role)]


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


def _buttons(words: Words, language: str, person: int) -> InlineKeyboardMarkup:
    yes = ForgetPress(person=person, goes=True).pack()
    no = ForgetPress(person=person, goes=False).pack()
    return InlineKeyboardMarkup(
        inline_keyboard=[
            [InlineKeyboardButton(text=words.say(language, "forget-yes"), callback_data=yes)],
            [InlineKeyboardButton(text=words.say(language, "forget-no"), callback_data=no)],
        ]
    )


def _report(words: Words, language: str, forgotten: Forgotten, order: Forgetting) -> str:
    key = "forget-done-self" if order.chat_ids is None else "forget-done"
    done = words.say(language, key, texts=forgotten.texts, labels=forgotten.labels)
    if not forgotten.versions:
        none = words.say(language, "forget-no-versions")
        return f"{done}\n{none}"
    named = ", ".join(f"<code>{html.escape(v)}</code>" for v in forgotten.versions[:MOST_VERSIONS])
    versions = words.say(language, "forget-versions", versions=named, count=len(forgotten.versions))
    return f"{done}\n{versions}"
