"""/watch and /unwatch: which public channels a community reads from outside; for its admins."""

import html
import sqlite3
import time
from collections.abc import Sequence
from dataclasses import dataclass

from aiogram import Router
from aiogram.enums import ChatType
from aiogram.filters import Command, CommandObject
from aiogram.filters.callback_data import CallbackData
from aiogram.types import CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup
from aiogram.types import Message as TelegramMessage
from pydantic import Field

from bot.answers import LARGEST_NUMBER
from bot.communities.rights import administered_from, may_administer
from bot.handlers.labels import answer_press
from bot.handlers.screens import show_text
from bot.messages import sender_of
from bot.outside.channels import NoChannelError, channel_name
from bot.storage import chats, mood_places, targets, watches
from bot.storage.communities import By
from bot.storage.targets import NoTargetError
from bot.storage.watches import MOST_WATCHED, Asked, TooManyWatchedError, Watched
from bot.talk import Talk, keyboard, that_fit

# A list of more would not fit a message's buttons.
MOST_BUTTONS = 50


class WatchPress(CallbackData, prefix="watch1"):
    """The community that should watch a channel, by its number among targets."""

    community: int = Field(ge=0, le=LARGEST_NUMBER)
    # What comes back may be anybody's own making, and is put into words and addresses.
    name: str = Field(pattern=r"^[a-z][a-z0-9_]{3,31}$")


class UnwatchPress(CallbackData, prefix="unwatch1"):
    """Let a community watch a channel no more."""

    community: int = Field(ge=0, le=LARGEST_NUMBER)
    channel: int = Field(ge=0, le=LARGEST_NUMBER)


@dataclass(frozen=True, slots=True)
class Listed:
    """What a community watches, as the list shows it."""

    number: int
    """Of the community among targets."""
    title: str
    watched: Sequence[Watched]


def router() -> Router:
    """Handlers of watching, in private and in moderators' chats."""
    here = Router(name="watching")
    here.message.register(watch, Command("watch"))
    here.message.register(unwatch, Command("unwatch"))
    here.callback_query.register(press_watch, WatchPress.filter())
    here.callback_query.register(press_unwatch, UnwatchPress.filter())
    return here


async def watch(message: TelegramMessage, command: CommandObject, talk: Talk) -> None:
    """Watch a channel, ask for which community, or list what is watched."""
    found = await _communities(message, talk)
    if not found:
        return
    if not command.args:
        await _answer_with_list(message, talk, found)
        return
    try:
        name = channel_name(command.args)
    except NoChannelError:
        await message.answer(talk.say("watch-no-channel"))
        return
    if len(found) > 1:
        buttons = keyboard([[await _choice(talk, chat_id, name)] for chat_id in found])
        await message.answer(talk.say("watch-where", name=name), reply_markup=buttons)
        return
    asked = Asked(found[0], name, message.chat.id)
    await message.answer(await begin(talk, asked, sender_of(message) or 0))


async def unwatch(message: TelegramMessage, command: CommandObject, talk: Talk) -> None:
    """Watch a channel no more, wherever one may say so; without a name show the list."""
    found = await _communities(message, talk)
    if not found:
        return
    try:
        name = channel_name(command.args or "")
    except NoChannelError:
        await _answer_with_list(message, talk, found)
        return
    by = By(sender_of(message) or 0, time.time())
    is_gone = await talk.storage.write(unwatch_named, found, name, by)
    await message.answer(talk.say("watch-stopped" if is_gone else "watch-was-not", name=name))


async def press_watch(query: CallbackQuery, callback_data: WatchPress, talk: Talk) -> None:
    """Watch a channel for the chosen community, if the presser administers it now."""
    chat_id = await _administered(query, callback_data.community, talk)
    if chat_id is None or query.message is None:
        return
    asked = Asked(chat_id, callback_data.name, query.message.chat.id)
    text = await begin(talk, asked, query.from_user.id)
    await answer_press(query, "")
    await show_text(query, text, None)


async def press_unwatch(query: CallbackQuery, callback_data: UnwatchPress, talk: Talk) -> None:
    """Take a channel off the list, if the presser administers the community now."""
    chat_id = await _administered(query, callback_data.community, talk)
    if chat_id is None:
        return
    by = By(query.from_user.id, time.time())
    await talk.storage.write(watches.unwatch, chat_id, callback_data.channel, by)
    await answer_press(query, talk.say("watch-stopped-short"))
    listed = await talk.storage.write(list_watched, [chat_id])
    await show_text(query, list_text(talk, listed), list_buttons(talk, listed))


async def begin(talk: Talk, asked: Asked, person: int) -> str:
    """Let a community watch a channel; return what to say."""
    values = {"name": asked.name, "chat": html.escape(await talk.title(asked.chat_id))}
    if await talk.storage.read(mood_places.find_channel, asked.name) == asked.chat_id:
        return talk.say("watch-own", **values)
    try:
        is_new = await talk.storage.write(watches.watch, asked, By(person, time.time()))
    except TooManyWatchedError:
        return talk.say("watch-too-many", most=MOST_WATCHED)
    return talk.say("watch-begun" if is_new else "watch-already", **values)


def unwatch_named(
    connection: sqlite3.Connection, chat_ids: Sequence[int], name: str, by: By
) -> bool:
    """Let communities watch a channel no more; False where none of them did."""
    found = [
        (chat_id, one.channel)
        for chat_id in chat_ids
        for one in watches.of_community(connection, chat_id)
        if one.name == name
    ]
    for chat_id, channel in found:
        watches.unwatch(connection, chat_id, channel, by)
    return bool(found)


def list_watched(connection: sqlite3.Connection, chat_ids: Sequence[int]) -> list[Listed]:
    """List what communities watch, those that watch something."""
    found = [
        Listed(
            targets.number_of(connection, chat_id),
            chats.find_title(connection, chat_id),
            watches.of_community(connection, chat_id),
        )
        for chat_id in chat_ids
    ]
    return [one for one in found if one.watched]


def list_text(talk: Talk, listed: Sequence[Listed]) -> str:
    """Say what is watched and how it goes, and how to ask for more."""
    if not listed:
        return talk.say("watch-nothing")
    blocks = [
        "\n".join([f"<b>{html.escape(one.title)}</b>", *(_line(talk, w) for w in one.watched)])
        for one in listed
    ]
    return "\n\n".join([talk.say("watch-list"), *that_fit(blocks), talk.say("watch-how")])


def list_buttons(talk: Talk, listed: Sequence[Listed]) -> InlineKeyboardMarkup:
    """Offer to stop watching each channel."""
    rows = [
        [
            talk.button(
                "watch-button-stop",
                UnwatchPress(community=one.number, channel=watched.channel).pack(),
                name=watched.name,
            )
        ]
        for one in listed
        for watched in one.watched
    ]
    return keyboard(rows[:MOST_BUTTONS])


def _line(talk: Talk, watched: Watched) -> str:
    outcome = watched.outcome or "new"
    return talk.say("watch-line", name=watched.name, posts=watched.posts, outcome=outcome)


async def _answer_with_list(message: TelegramMessage, talk: Talk, found: Sequence[int]) -> None:
    listed = await talk.storage.write(list_watched, found)
    await message.answer(list_text(talk, listed), reply_markup=list_buttons(talk, listed))


async def _communities(message: TelegramMessage, talk: Talk) -> list[int]:
    """Find whose channels the writer may choose here, and tell them where there are none."""
    found = await administered_from(talk.bot, talk.storage, message.chat, sender_of(message))
    if found == []:
        is_private = message.chat.type == ChatType.PRIVATE
        await message.answer(talk.say("watch-no-community" if is_private else "watch-not-admin"))
    return found or []


async def _administered(query: CallbackQuery, number: int, talk: Talk) -> int | None:
    """Find the community that a press means; None, and told, where its presser may not."""
    try:
        chat_id = await talk.storage.read(targets.find, number)
    except NoTargetError:
        await answer_press(query, talk.say("press-stale"))
        return None
    if not may_administer(await talk.role(chat_id, query.from_user.id)):
        await answer_press(query, talk.say("settings-only-admins"))
        return None
    return chat_id


async def _choice(talk: Talk, chat_id: int, name: str) -> InlineKeyboardButton:
    data = WatchPress(community=await talk.number(chat_id), name=name).pack()
    return InlineKeyboardButton(text=await talk.title(chat_id), callback_data=data)
