"""/mood: how a community feels, for those who moderate it, in words and a picture."""

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from aiogram import Router
from aiogram.enums import ChatType
from aiogram.filters import Command, CommandObject
from aiogram.types import CallbackQuery, Chat, InlineKeyboardButton
from aiogram.types import Message as TelegramMessage

from bot.communities.linking import GROUP_KINDS
from bot.communities.rights import (
    Role,
    communities_where,
    may_administer,
    may_moderate,
)
from bot.handlers.labels import answer_press
from bot.handlers.screens import NO_PREVIEW
from bot.messages import sender_of
from bot.mood.board import MoodBoard, Shown
from bot.mood.message import MoodMessage
from bot.mood.overview import MoodView, mood_without_words, with_words
from bot.mood.period import DEFAULT, MOST_DAYS, Period, PeriodError, read_period
from bot.mood.picture import mood_picture
from bot.mood.places import places_of, time_zone_of
from bot.mood.presses import MoodPress
from bot.mood.public_names import public_names
from bot.outside.channels import is_watched
from bot.storage import communities, moods_facts, targets, watches
from bot.storage.targets import NoTargetError
from bot.talk import Talk, keyboard

# A list of more would not fit a message's buttons.
MOST_CHOICES = 50


def router() -> Router:
    """Handlers of /mood and of its buttons: in private, communities and moderators' chats."""
    here = Router(name="mood")
    here.message.register(show, Command("mood"))
    here.callback_query.register(show_period, MoodPress.filter())
    return here


@dataclass(frozen=True, slots=True)
class Asked:
    """What someone asks for, and where."""

    found: Sequence[int]
    """The communities that it may be about."""
    words: str
    chat: Chat


async def show(
    message: TelegramMessage, command: CommandObject, talk: Talk, mood_board: MoodBoard
) -> None:
    """Say how the community feels, or ask about which of several."""
    person = sender_of(message)
    found = await _find_communities(talk, message.chat, person) if person else None
    if found is None:
        return
    asked = Asked(found, command.args or DEFAULT, message.chat)
    async with _answering(talk, mood_board, asked) as shown:
        sent = await message.answer(
            shown.text, reply_markup=shown.buttons, link_preview_options=NO_PREVIEW
        )
        await mood_board.show_picture((sent.chat.id, sent.message_id), shown)


async def show_period(
    query: CallbackQuery, callback_data: MoodPress, talk: Talk, mood_board: MoodBoard
) -> None:
    """Show another period, or the community that was chosen, to who may see it now."""
    message = query.message
    if message is None:
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
    asked = Asked([chat_id], callback_data.period, message.chat)
    async with _answering(talk, mood_board, asked) as shown:
        words = await mood_board.edit_words((message.chat.id, message.message_id), shown)
        await answer_press(query, "")
        await mood_board.show_picture(words, shown)


@asynccontextmanager
async def _answering(talk: Talk, board: MoodBoard, asked: Asked) -> AsyncIterator[Shown]:
    """Answer; the picture is drawn while words are still compared, and given up at the end."""
    period = await _find_period(talk, asked)
    if isinstance(period, Shown):
        yield period
        return
    facts = await talk.storage.read_at_length(moods_facts.gather, asked.found[0], period)
    zone = ZoneInfo(await time_zone_of(talk.storage, asked.found[0]))
    view = mood_without_words(facts, period, zone)
    drawing = _draw(talk, board, view)
    try:
        view = await asyncio.to_thread(with_words, view, facts)
        yield replace(await _say(talk, asked, view), drawing=drawing)
    finally:
        if drawing:
            drawing.cancel()


def _draw(talk: Talk, board: MoodBoard, view: MoodView) -> "asyncio.Task[bytes] | None":
    if not view.now.messages:
        return None
    picture = mood_picture(talk.words, talk.language, view)
    return asyncio.create_task(board.artist.draw(picture))


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


async def _find_period(talk: Talk, asked: Asked) -> Period | Shown:
    """Read of which time the one community is to be told, or say what else there is to say."""
    if not asked.found:
        is_private = asked.chat.type == ChatType.PRIVATE
        return Shown(talk.say("mood-none" if is_private else "mood-not-admin"))
    try:
        time_zone = await time_zone_of(talk.storage, asked.found[0])
        period = read_period(asked.words, time.time(), time_zone)
    except PeriodError as error:
        problem = talk.say(f"mood-period-{error.problem}", days=MOST_DAYS)
        return Shown("\n\n".join((problem, talk.say("mood-period-how"))))
    if len(asked.found) == 1:
        return period
    # What was asked of the time goes along: each button's community reads it in its own zone.
    places = await places_of(talk.storage, asked.found)
    return Shown(talk.say("mood-choose"), keyboard(await _choices(talk, places, period.name)))


async def _say(talk: Talk, asked: Asked, view: MoodView) -> Shown:
    message = MoodMessage(talk.words, talk.language, await _public_names(talk, view))
    chat_id = view.chat_id
    periods = message.buttons(view, await talk.number(chat_id)).inline_keyboard
    # Members need not be shown what their moderators watch.
    watched = [] if asked.chat.id == chat_id else (await places_of(talk.storage, [chat_id]))[1:]
    choices = await _choices(talk, watched, view.period.name)
    buttons = keyboard([*periods, *choices])
    return Shown(message.text(view), buttons, message.caption(view))


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
    own = [chat_id for chat_id in view.titles if not is_watched(chat_id)]
    return names | await public_names(talk.bot, own)
