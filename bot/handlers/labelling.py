"""/label: one message that asks about one text after another, for those who moderate."""

import asyncio
import sqlite3
import time
from datetime import datetime

from aiogram import F, Router
from aiogram.enums import ChatType
from aiogram.filters import Command
from aiogram.types import CallbackQuery, User
from aiogram.types import Message as TelegramMessage

from bot.answers import label_word
from bot.communities.rights import Role, communities_where, may_moderate
from bot.handlers.labels import answer_press
from bot.handlers.screens import show_text
from bot.labelling.asking import (
    BackPress,
    QuestionPress,
    SkipPress,
    View,
    question_buttons,
    question_text,
)
from bot.labelling.questions import Question, choices, rank, said_by_model, wants_second_opinion
from bot.storage import communities, labelling, labels, shadow_differences
from bot.storage.labelling import SOURCE, Asked, NotAskedError
from bot.storage.labels import Label
from bot.talk import Talk

# For so long someone's communities are taken to be the same: each costs a request to ask about.
# A press asks anew about the community of its text.
COMMUNITIES_SECONDS = 60.0


def router() -> Router:
    """Handlers of /label and of the buttons below its questions, in private."""
    here, labeller = Router(name="labelling"), Labeller()
    is_private = F.message.chat.type == ChatType.PRIVATE
    here.message.register(labeller.begin, Command("label"), F.chat.type == ChatType.PRIVATE)
    here.message.register(invite, Command("label"))
    here.callback_query.register(labeller.record, QuestionPress.filter(), is_private)
    here.callback_query.register(labeller.skip, SkipPress.filter(), is_private)
    here.callback_query.register(labeller.go_back, BackPress.filter(), is_private)
    return here


async def invite(message: TelegramMessage, me: User, talk: Talk) -> None:
    """Say in a moderators' chat where questions are asked; elsewhere it would only disturb."""
    chat_id = message.chat.id
    if await talk.storage.read(communities.communities_of_moderators_chat, chat_id):
        await message.reply(talk.say("ask-in-private", bot=me.username or me.full_name))


class Labeller:
    """Asks those who moderate, each one question at a time."""

    def __init__(self) -> None:
        self._communities: dict[int, tuple[float, list[int]]] = {}

    async def begin(self, message: TelegramMessage, talk: Talk) -> None:
        """Ask the first question, or once more the one that is still open."""
        who = message.chat.id
        self._communities.pop(who, None)
        if not await self._chats(talk, who):
            await message.answer(talk.say("ask-no-community"))
            return
        view = await self._next_view(talk, who)
        await message.answer(question_text(talk, view), reply_markup=question_buttons(talk, view))

    async def record(self, query: CallbackQuery, callback_data: QuestionPress, talk: Talk) -> None:
        """Write the chosen label down and ask the next question."""
        who = query.from_user.id
        if not await self._may_answer(talk, query, callback_data.question):
            return
        try:
            asked, label = await talk.storage.write(_record, query.id, who, callback_data)
        except NotAskedError:
            await answer_press(query, talk.say("ask-gone"))
        else:
            await answer_press(query, _recorded(talk, asked.question, label))
        await self._show_next(talk, query)

    async def skip(self, query: CallbackQuery, callback_data: SkipPress, talk: Talk) -> None:
        """Leave a question unanswered, for good, and ask the next one."""
        number = callback_data.question
        if not await self._may_answer(talk, query, number):
            return
        await talk.storage.write(labelling.settle, number, "skipped", time.time())
        await answer_press(query, talk.say("ask-skipped"))
        await self._show_next(talk, query)

    async def go_back(self, query: CallbackQuery, callback_data: BackPress, talk: Talk) -> None:
        """Withdraw the last answer and ask that question again."""
        number, who = callback_data.question, query.from_user.id
        if not await self._may_answer(talk, query, number):
            return
        await talk.storage.write(labelling.go_back, number, who, time.time())
        await answer_press(query, talk.say("ask-went-back"))
        await self._show_next(talk, query)

    async def _may_answer(self, talk: Talk, query: CallbackQuery, number: int) -> bool:
        """Tell whether the presser moderates the text's community now; if not, say so."""
        who = query.from_user.id
        try:
            asked = await talk.storage.read(labelling.find, number, who)
        except NotAskedError:
            await answer_press(query, talk.say("press-stale"))
            return False
        # A text that is gone is shown as gone, whoever asks.
        chat_id = asked.question.candidate.chat_id
        if not asked.has_text or may_moderate(await talk.role(chat_id, who)):
            return True
        self._communities.pop(who, None)
        await answer_press(query, talk.say("press-no-right"))
        return False

    async def _show_next(self, talk: Talk, query: CallbackQuery) -> None:
        """Turn the pressed message into the next question."""
        view = await self._next_view(talk, query.from_user.id)
        await show_text(query, question_text(talk, view), question_buttons(talk, view))

    async def _next_view(self, talk: Talk, who: int) -> View:
        asked = await self._open_question(talk, who) or await self._choose(talk, who)
        midnight = datetime.now().astimezone().replace(hour=0, minute=0, second=0, microsecond=0)
        progress = await talk.storage.read(labelling.measure, who, midnight.timestamp())
        has_earlier = await talk.storage.read(labelling.has_settled, who)
        return View(asked, progress, has_earlier)

    async def _open_question(self, talk: Talk, who: int) -> Asked | None:
        """Find the open question; close those whose texts are gone or none of theirs any more."""
        chats = await self._chats(talk, who)
        while asked := await talk.storage.read(labelling.find_open, who):
            if asked.has_text and asked.question.candidate.chat_id in chats:
                return asked
            await talk.storage.write(labelling.settle, asked.id, "gone", time.time())
        return None

    async def _choose(self, talk: Talk, who: int) -> Asked | None:
        """Choose the next question and write down that it is asked."""
        storage, chats = talk.storage, await self._chats(talk, who)
        turn = await storage.read(labelling.count_asked, who)
        questions = await storage.read(shadow_differences.find_questions, who, chats)
        questions += await storage.read(labelling.find_conflicts, who, chats)
        if wants_second_opinion(turn):
            questions += await storage.read(labelling.find_second_opinions, who, chats)
        rows = await storage.read(labelling.find_candidates, who, chats)
        thresholds = await storage.read(_thresholds, chats)

        def ranked() -> list[Question]:
            candidates = labelling.read_candidates(rows)
            return rank(candidates, turn, f"{who}:{turn}", thresholds)

        # In a thread: thousands of candidates are sorted, and others' messages come in meanwhile.
        questions += await asyncio.to_thread(ranked)
        return await storage.write(labelling.ask, who, questions, time.time())

    async def _chats(self, talk: Talk, who: int) -> list[int]:
        known_at, chats = self._communities.get(who, (float("-inf"), []))
        if time.monotonic() - known_at > COMMUNITIES_SECONDS:
            chats = await communities_where(talk.bot, talk.storage, who, Role.moderator)
            self._communities[who] = (time.monotonic(), chats)
        return chats


def _record(
    connection: sqlite3.Connection, press: str, who: int, pressed: QuestionPress
) -> tuple[Asked, Label]:
    """Write a label down and settle its question. Raises NotAskedError."""
    asked, now = labelling.find(connection, pressed.question, who), time.time()
    candidate, task = asked.question.candidate, asked.question.task
    offered = choices(task, candidate.scores)
    if not asked.has_text or pressed.choice >= len(offered):
        raise NotAskedError(f"question {pressed.question} is not what was pressed")
    threshold = communities.find(connection, candidate.chat_id).toxic_threshold
    label = Label(
        press=press,
        pressed_at=now,
        who=who,
        source=SOURCE,
        key=candidate.key,
        task=task,
        model=candidate.model,
        shown=said_by_model(task, candidate.scores, threshold),
        chosen=offered[pressed.choice],
    )
    labels.append(connection, label)
    labelling.settle(connection, asked.id, "labelled", now)
    return asked, label


def _thresholds(connection: sqlite3.Connection, chat_ids: list[int]) -> dict[int, float]:
    return {chat: communities.find(connection, chat).toxic_threshold for chat in chat_ids}


def _recorded(talk: Talk, question: Question, label: Label) -> str:
    chosen = label_word(talk.words, talk.language, label.chosen)
    # Who judges between two versions is not told which of them said what.
    if question.reason == "shadow" or label.shown in ("", label.chosen):
        return talk.say("press-recorded", label=chosen)
    shown = label_word(talk.words, talk.language, label.shown)
    return talk.say("ask-corrected", label=chosen, shown=shown)
