"""/appeal: in private against what was decided, and judged by another moderator."""

import sqlite3
import time
from dataclasses import dataclass

from aiogram import F, Router
from aiogram.enums import ChatType
from aiogram.filters import Command
from aiogram.types import CallbackQuery
from aiogram.types import Message as TelegramMessage

from bot.communities.rights import may_moderate
from bot.handlers.labels import answer_press
from bot.handlers.screens import show_text
from bot.moderation.appeal_cards import (
    ASK,
    TAKE_BACK,
    UPHOLD,
    AppealPress,
    choice_buttons,
    offer_text,
)
from bot.moderation.appeals import Appeal, State, why_not
from bot.moderation.cards import NOT_TOXIC
from bot.moderation.labels import Given, label_texts, own_texts, unedited
from bot.moderation.parts import Moderation
from bot.moderation.sanctions import lift
from bot.storage import appeals, incidents
from bot.storage.appeals import NoAppealError
from bot.storage.incidents import Presser
from bot.talk import Talk
from bot.vocabulary import TOXIC, TOXICITY

SOURCE = "appeal"


@dataclass(frozen=True, slots=True)
class Judgement:
    """One press on an appeal's card by someone who moderates."""

    press: str
    """Telegram's id of the press."""
    judge: Presser
    appeal: Appeal
    act: str


def router() -> Router:
    """Handlers of /appeal and of the buttons of appeals."""
    here = Router(name="appeals")
    here.message.register(offer, Command("appeal"), F.chat.type == ChatType.PRIVATE)
    here.callback_query.register(ask, AppealPress.filter(F.act == ASK))
    here.callback_query.register(judge, AppealPress.filter(F.act.in_({UPHOLD, TAKE_BACK})))
    return here


async def offer(message: TelegramMessage, talk: Talk) -> None:
    """Say where somebody's own appeals stand, and list what they may appeal against."""
    person, now = message.chat.id, time.time()
    courses = await talk.storage.read(appeals.list_courses, person, now)
    offered = await talk.storage.read(appeals.list_appealable, person, now)
    text = offer_text(talk.words, talk.language, courses, is_offered=bool(offered))
    buttons = choice_buttons(talk.words, talk.language, offered) if offered else None
    await message.answer(text, reply_markup=buttons)


async def ask(
    query: CallbackQuery, callback_data: AppealPress, talk: Talk, moderation: Moderation
) -> None:
    """Pass an appeal on to the moderators, or say what they said; only an author can make one."""
    person, token = query.from_user.id, callback_data.token
    state = await talk.storage.write(appeals.ask, token, person, time.time())
    if state is None:
        await answer_press(query, talk.say("appeal-gone"))
        return
    moderation.wake()
    await answer_press(query, "")
    await show_text(query, talk.say(f"appeal-asked-{state}"), None)


async def judge(
    query: CallbackQuery, callback_data: AppealPress, talk: Talk, moderation: Moderation
) -> None:
    """Judge an appeal, if its presser moderates there now and did not decide themself."""
    try:
        appeal = await talk.storage.read(appeals.find_by_token, callback_data.token)
    except NoAppealError:
        await answer_press(query, talk.say("press-stale"))
        return
    if not may_moderate(await talk.role(appeal.chat_id, query.from_user.id)):
        await answer_press(query, talk.say("press-no-right"))
        return
    presser = Presser(query.from_user.id, query.from_user.full_name, time.time())
    judgement = Judgement(query.id, presser, appeal, callback_data.act)
    said = await talk.storage.write(carry_out, judgement)
    moderation.wake()
    await answer_press(query, talk.say(said))


def carry_out(connection: sqlite3.Connection, judgement: Judgement) -> str:
    """Judge an appeal in one transaction; return the key of what to say."""
    appeal, presser = judgement.appeal, judgement.judge
    incident = incidents.find(connection, appeal.incident)
    if refusal := why_not(appeal, incident.settled_by, presser.id):
        return refusal
    is_upheld = judgement.act == UPHOLD
    state: State = "upheld" if is_upheld else "taken-back"
    if not appeals.judge(connection, appeal.id, state, presser):
        return "card-said-too-late"
    if not is_upheld:
        lift(connection, incident, appeal.person_id, presser)
    chosen = TOXIC if is_upheld else NOT_TOXIC
    given = Given(judgement.press, presser, SOURCE, TOXICITY, chosen)
    own = own_texts(connection, incident.id, appeal.person_id)
    label_texts(connection, unedited(connection, incident.id, own), given)
    return f"appeal-said-{state}"
