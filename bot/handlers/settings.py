"""/settings: a menu for admins, in the moderators' chat or in private; each press is checked."""

import sqlite3
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

from aiogram import F, Router
from aiogram.enums import ChatType
from aiogram.filters import Command, CommandStart
from aiogram.types import CallbackQuery, Chat, InlineKeyboardButton, InlineKeyboardMarkup, User
from aiogram.types import Message as TelegramMessage

from bot.communities.linking import GROUP_KINDS
from bot.communities.menu import Menu, Sight, choice_of_community
from bot.communities.presses import (
    CHOOSE,
    CLOSE,
    MAIN,
    READ,
    READ_NOT,
    ROLES,
    SEND_NOW,
    UNLINKED,
    SettingsPress,
)
from bot.communities.rights import Role, communities_where, may_administer
from bot.communities.values import ALARMS, SETTINGS, chosen_value
from bot.handlers.labels import answer_press
from bot.handlers.screens import show_text
from bot.messages import sender_of
from bot.news.parts import MoodNews
from bot.storage import chats, communities, digests, moderators, targets, whatif
from bot.storage.communities import By
from bot.storage.targets import NoTargetError
from bot.talk import Talk, keyboard
from core.settings import Settings

# Each costs a question to Telegram.
MOST_LISTED = 20
WEEK_SECONDS = 7 * 24 * 3600
# The payload of a deep link that opens the settings in private.
PAYLOAD = "settings"
OF_DIGEST = (READ, READ_NOT, SEND_NOW)
DIGEST = next(setting for setting in SETTINGS if setting.column == "digest")

Page = tuple[str, InlineKeyboardMarkup | None]


def router() -> Router:
    """Handlers of /settings and of its buttons."""
    here = Router(name="settings")
    in_private = F.chat.type == ChatType.PRIVATE
    opened = CommandStart(deep_link=True, magic=F.args == PAYLOAD)
    here.message.register(open_settings, opened, in_private)
    here.message.register(open_settings, Command("settings"), in_private)
    here.message.register(open_settings_in_group, Command("settings"), F.chat.type.in_(GROUP_KINDS))
    here.callback_query.register(press_setting, SettingsPress.filter())
    return here


async def open_settings(message: TelegramMessage, talk: Talk, settings: Settings) -> None:
    """Show an admin the settings of their community in private, or ask of which."""
    desk = Desk(talk, settings)
    text, buttons = await desk.start(await desk.administered(message.chat, message.chat.id))
    await message.answer(text, reply_markup=buttons)


async def open_settings_in_group(
    message: TelegramMessage, talk: Talk, settings: Settings, me: User
) -> None:
    """Show them in the moderators' chat; in a community lead an admin into private."""
    desk, speaker = Desk(talk, settings), sender_of(message) or 0
    if await desk.served(message.chat):
        text, buttons = await desk.start(await desk.administered(message.chat, speaker))
        await message.reply(text, reply_markup=buttons)
    elif may_administer(await talk.role(message.chat.id, speaker)):
        url = f"https://t.me/{me.username}?start={PAYLOAD}"
        button = InlineKeyboardButton(text=talk.say("settings-button-private"), url=url)
        await message.reply(talk.say("settings-in-private"), reply_markup=keyboard([[button]]))


async def press_setting(
    query: CallbackQuery,
    callback_data: SettingsPress,
    talk: Talk,
    settings: Settings,
    mood_news: MoodNews,
) -> None:
    """Change or show what a button says, if its presser administers the community now."""
    try:
        chat_id = await talk.storage.read(targets.find, callback_data.community)
        change = chosen_value(callback_data)
    except (NoTargetError, IndexError):
        await answer_press(query, talk.say("press-stale"))
        return
    if not may_administer(await talk.role(chat_id, query.from_user.id)):
        await answer_press(query, talk.say("settings-only-admins"))
        return
    said = ""
    if change:
        by = By(query.from_user.id, time.time())
        await talk.storage.write(communities.save_setting, chat_id, change, by)
        talk, said = await _in_language_of_chat(talk, query), "settings-saved"
    else:
        said = await _carry_out(talk, query, chat_id, callback_data.page)
    mood_news.wake()
    text, buttons = await Desk(talk, settings).turn(query, chat_id, callback_data.page)
    await show_text(query, text, buttons)
    await answer_press(query, talk.say(said) if said else "")


async def _carry_out(talk: Talk, query: CallbackQuery, chat_id: int, page: int) -> str:
    """Do what a page without values stands for; return what to say of it, or nothing."""
    person, now = query.from_user.id, time.time()
    if page == UNLINKED:
        await talk.storage.write(communities.unlink, chat_id, person, now)
    elif page in (READ, READ_NOT):
        await talk.storage.write(digests.set_reader, chat_id, person, page == READ, now)
        return "settings-saved"
    elif page == SEND_NOW and query.message is not None:
        await talk.storage.write(digests.order, chat_id, query.message.chat.id, now)
        return "settings-sending"
    return ""


async def _in_language_of_chat(talk: Talk, query: CallbackQuery) -> Talk:
    """Go on in the language that may just have been set."""
    if query.message is None or query.message.chat.type == ChatType.PRIVATE:
        return talk
    code = await talk.storage.read(communities.find_language, query.message.chat.id)
    language = talk.words.language(code or query.from_user.language_code)
    return replace(talk, language=language)


@dataclass(frozen=True, slots=True)
class Desk:
    """Composes pages out of what is stored."""

    talk: Talk
    settings: Settings

    async def served(self, chat: Chat) -> list[int]:
        """List the communities whose moderators' chat this is."""
        find = communities.communities_of_moderators_chat
        return [one.chat_id for one in await self.talk.storage.read(find, chat.id)]

    async def administered(self, chat: Chat, person_id: int) -> list[int]:
        """List the communities whose settings someone may open in a chat.

        An anonymous admin of a moderators' chat may see which it serves, and presses as a person.
        """
        talk = self.talk
        if chat.type == ChatType.PRIVATE:
            return await communities_where(talk.bot, talk.storage, person_id, Role.admin)
        served = await self.served(chat)
        if person_id == chat.id:
            return served
        return [c for c in served if may_administer(await talk.role(c, person_id))]

    async def start(self, found: Sequence[int]) -> Page:
        """The settings of the only community, or the question of which of several."""
        if len(found) == 1:
            return await self.page(found[0], MAIN)
        if not found:
            return self.talk.say("settings-no-community"), None
        named = [(await self.talk.number(one), await self.talk.title(one)) for one in found]
        return self.talk.say("settings-choose"), choice_of_community(named, MAIN)

    async def turn(self, query: CallbackQuery, chat_id: int, page: int) -> Page:
        """What is shown after a press."""
        if page == CLOSE:
            return self.talk.say("settings-closed"), None
        if page == UNLINKED:
            return self.talk.say("unlink-done"), None
        if page == CHOOSE and query.message:
            return await self.start(await self.administered(query.message.chat, query.from_user.id))
        if page in OF_DIGEST:
            page = DIGEST.page
        is_alone = query.message is not None and query.message.chat.type == ChatType.PRIVATE
        return await self.page(chat_id, page, query.from_user.id if is_alone else None)

    async def page(self, chat_id: int, page: int, person_id: int | None = None) -> Page:
        """One page of a community's settings, for a person alone or for all who look."""
        most_days = self.settings.retention_days
        sight = await self.talk.storage.write(look, chat_id, most_days, time.time())
        if page == ROLES:
            sight = replace(sight, moderators=await self._moderators(chat_id))
        if page == DIGEST.page and person_id is not None:
            reader = (chat_id, person_id)
            is_reader = await self.talk.storage.read(digests.is_reader, *reader)
            sight = replace(sight, is_reader=is_reader)
        menu = Menu(self.talk.words, self.talk.language, sight)
        return menu.text(page), menu.buttons(page)

    async def _moderators(self, chat_id: int) -> list[tuple[int, str]]:
        named = await self.talk.storage.read(moderators.of_chat, chat_id)
        return [
            (await self.talk.number(one), await self.talk.name(chat_id, one))
            for one in named[:MOST_LISTED]
        ]


def look(connection: sqlite3.Connection, chat_id: int, most_days: int, at: float) -> Sight:
    """Look up all that the pages show of a community."""
    community = communities.find(connection, chat_id)
    staff = community.moderators_chat
    since = at - WEEK_SECONDS
    return Sight(
        number=targets.number_of(connection, chat_id),
        title=chats.find_title(connection, chat_id),
        staff_title=None if staff is None else chats.find_title(connection, staff),
        community=community,
        most_days=most_days,
        week={
            setting.alarm: whatif.outcomes(connection, chat_id, setting.alarm, since)
            for setting in ALARMS
            if setting.alarm
        },
    )
