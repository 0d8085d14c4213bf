"""/mood: how a community feels, for those who moderate it, in words and a picture."""

import asyncio
import sqlite3
import time
from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from aiogram import Router
from aiogram.enums import ChatType
from aiogram.filters import Command, CommandObject
from aiogram.types import (
    CallbackQuery,
    Chat,
    InaccessibleMessage,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
)
from aiogram.types import Message as TelegramMessage

from bot.charts.pictures import FONT_CACHE, Artist
from bot.communities.linking import GROUP_KINDS
from bot.communities.rights import (
    NOT_THERE,
    Role,
    communities_where,
    may_administer,
    may_moderate,
)
from bot.handlers.labels import answer_press
from bot.handlers.screens import NO_PREVIEW, send_picture, show_text
from bot.messages import sender_of
from bot.mood.channels import is_watched
from bot.mood.message import MoodMessage
from bot.mood.overview import MoodView, mood_view
from bot.mood.period import DEFAULT, MOST_DAYS, Period, PeriodError, read_period
from bot.mood.picture import mood_picture
from bot.mood.places import places_of, time_zone_of
from bot.mood.presses import MoodPress
from bot.storage import communities, moods_facts, targets, watches
from bot.storage.targets import NoTargetError
from bot.talk import Talk, keyboard
from core.settings import Settings

FILE_NAME = "mood.png"
# A list of more would not fit a message's buttons.
MOST_CHOICES = 50


def router() -> Router:
    """Handlers of /mood and of its buttons: in private, communities and moderators' chats."""
    here = Router(name="mood")
    desk = MoodDesk(Artist())
    here.message.register(desk.show, Command("mood"))
    here.callback_query.register(desk.press, MoodPress.filter())
    return here


@dataclass(frozen=True, slots=True)
class Answer:
    """What is said, and the view that a picture is drawn of, if there is one."""

    text: str
    buttons: InlineKeyboardMarkup | None = None
    view: MoodView | None = None


class MoodDesk:
    """Answers /mood: the words at once, the picture as soon as it is drawn."""

    def __init__(self, artist: Artist) -> None:
        self._artist = artist

    async def show(
        self, message: TelegramMessage, command: CommandObject, talk: Talk, settings: Settings
    ) -> None:
        """Say how the community feels, or ask about which of several."""
        person = sender_of(message)
        found = await _find_communities(talk, message.chat, person) if person else None
        if found is None:
            return
        answer = await _answer(talk, found, command.args or DEFAULT, message.chat)
        drawing = self._draw(answer, talk, settings)
        try:
            await message.answer(
                answer.text, reply_markup=answer.buttons, link_preview_options=NO_PREVIEW
            )
            if drawing:
                await send_picture(message, drawing, FILE_NAME)
        finally:
            if drawing:
                drawing.cancel()

    async def press(
        self, query: CallbackQuery, callback_data: MoodPress, talk: Talk, settings: Settings
    ) -> None:
        """Show another period, or the community that was chosen, to who may see it now."""
        message = query.message
        if message is None or isinstance(message, InaccessibleMessage):
            await answer_press(query, talk.say("press-stale"))
            return
        try:
            chat_id = await talk.storage.read(targets.find, callback_data.community)
        except NoTargetError:
            await answer_press(query, talk.say("press-stale"))
            return
        if not await _may_see(talk, message.chat, query.from_user.id, chat_id):
            await answer_press(query, talk.say("mood-not-admin"))
            return
        answer = await _answer(talk, [chat_id], callback_data.period, message.chat)
        drawing = self._draw(answer, talk, settings)
        try:
            await show_text(query, answer.text, answer.buttons)
            await answer_press(query, "")
            if drawing:
                await send_picture(message, drawing, FILE_NAME)
        finally:
            if drawing:
                drawing.cancel()

    def _draw(self, answer: Answer, talk: Talk, settings: Settings) -> "asyncio.Task[bytes] | None":
        if answer.view is None or not answer.view.now.messages:
            return None
        picture = mood_picture(talk.words, talk.language, answer.view)
        return asyncio.create_task(self._artist.draw(picture, settings.var_dir / FONT_CACHE))


def look_over(
    connection: sqlite3.Connection, chat_id: int, period: Period, time_zone: str
) -> MoodView:
    """Read and work out what /mood says of a community's period."""
    return mood_view(moods_facts.gather(connection, chat_id, period), period, ZoneInfo(time_zone))


async def _find_communities(talk: Talk, chat: Chat, person: int) -> list[int] | None:
    """Find what someone may see from a chat; None where nobody is to be answered.

    In private that is what they administer, in a moderators' chat and in a community itself what
    they moderate. Others in a community are not told that they may not: they are members.
    """
    if chat.type == ChatType.PRIVATE:
        return await communities_where(talk.bot, talk.storage, person, Role.admin)
    here = await talk.storage.read(communities.communities_of_moderators_chat, chat.id)
    asked = [one.chat_id for one in here]
    if not asked and chat.type in GROUP_KINDS:
        return [chat.id] if may_moderate(await talk.role(chat.id, person)) else None
    return [one for one in asked if may_moderate(await talk.role(one, person))]


async def _may_see(talk: Talk, chat: Chat, person: int, chat_id: int) -> bool:
    """Tell whether someone may see a community's or a watched channel's mood where they press."""
    if is_watched(chat_id):
        watchers = await talk.storage.read(watches.watchers_of, chat_id)
        return any([await _may_see(talk, chat, person, one) for one in watchers])
    if chat.type == ChatType.PRIVATE:
        return may_administer(await talk.role(chat_id, person))
    community = await talk.storage.read(communities.find, chat_id)
    is_here = chat.id in (chat_id, community.moderators_chat)
    return is_here and may_moderate(await talk.role(chat_id, person))


async def _answer(talk: Talk, found: list[int], words: str, chat: Chat) -> Answer:
    if not found:
        return Answer(talk.say("mood-none" if chat.type == ChatType.PRIVATE else "mood-not-admin"))
    if len(found) > 1:
        return await _ask_which(talk, await places_of(talk.storage, found), words)
    chat_id = found[0]
    time_zone = await time_zone_of(talk.storage, chat_id)
    try:
        period = read_period(words, time.time(), time_zone)
    except PeriodError as error:
        return Answer(_explain(talk, error))
    view = await talk.storage.read_at_length(look_over, chat_id, period, time_zone)
    message = MoodMessage(talk.words, talk.language, await _public_names(talk, view))
    periods = message.buttons(view, await talk.number(chat_id)).inline_keyboard
    # Members need not be shown what their moderators watch.
    watched = [] if chat.id == chat_id else (await places_of(talk.storage, [chat_id]))[1:]
    choices = await _choices(talk, watched, period.name)
    return Answer(message.text(view), keyboard([*periods, *choices]), view)


def _explain(talk: Talk, error: PeriodError) -> str:
    problem = talk.say(f"mood-period-{error.problem}", days=MOST_DAYS)
    return "\n\n".join((problem, talk.say("mood-period-how")))


async def _ask_which(talk: Talk, found: list[int], words: str) -> Answer:
    """Offer communities; what was asked of the time goes along where a button can carry it."""
    try:
        period = read_period(words, time.time(), "UTC").name
    except PeriodError as error:
        return Answer(_explain(talk, error))
    return Answer(talk.say("mood-choose"), keyboard(await _choices(talk, found, period)))


async def _choices(
    talk: Talk, places: Sequence[int], period: str
) -> list[list[InlineKeyboardButton]]:
    """One button a community or watched channel."""
    rows = []
    for chat_id in places[:MOST_CHOICES]:
        data = MoodPress(community=await talk.number(chat_id), period=period).pack()
        key = "mood-choice-watched" if is_watched(chat_id) else "mood-choice"
        rows.append([talk.button(key, data, title=await talk.title(chat_id))])
    return rows


async def _public_names(talk: Talk, view: MoodView) -> dict[int, str]:
    """Ask for the names by which links lead everyone to a community's messages."""
    # Telegram knows no watched channel's id here.
    names = await talk.storage.read(watches.find_names, list(view.titles))
    for chat_id in view.titles:
        if is_watched(chat_id):
            continue
        try:
            name = (await talk.bot.get_chat(chat_id)).username
        except NOT_THERE:
            continue
        if name:
            names[chat_id] = name
    return names
