"""/label: one message that asks about one text after another, for those who moderate."""

import asyncio
import sqlite3
import time
from dataclasses import dataclass
from datetime import datetime

from aiogram import Bot, F, Router
from aiogram.enums import ChatType
from aiogram.filters import Command
from aiogram.types import CallbackQuery, User
from aiogram.types import Message as TelegramMessage

from bot.answers import label_word
from bot.asking import BackPress, QuestionPress, SkipPress, View, question_buttons, question_text
from bot.handlers.labels import answer_press
from bot.handlers.screens import show_text
from bot.questions import Question, choices, rank, said_by_model, wants_second_opinion
from bot.rights import Role, communities_where, may_moderate, role_in
from bot.storage import communities, labelling, labels
from bot.storage.database import Storage
from bot.storage.labelling import SOURCE, Asked, NotAskedError
from bot.storage.labels import Label
from bot.words import Words

# For so long someone's communities are taken to be the same: each costs a request to ask about.
# A press asks anew about the community of its text.
COMMUNITIES_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Screen:
    """Where questions are shown, to whom, and in which words."""

    bot: Bot
    storage: Storage
    words: Words
    language: str
    who: int


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


async def invite(
    message: TelegramMessage, me: User, storage: Storage, words: Words, language: str
) -> None:
    """Say in a moderators' chat where questions are asked; elsewhere it would only disturb."""
    chat_id = message.chat.id
    if await storage.read(communities.communities_of_moderators_chat, chat_id):
        await message.reply(words.say(language, "ask-in-private", bot=me.username or me.full_name))


class Labeller:
    """Asks those who moderate, each one question at a time."""

    def __init__(self) -> None:
        self._communities: dict[int, tuple[float, list[int]]] = {}

    async def begin(
        self, message: TelegramMessage, bot: Bot, storage: Storage, words: Words, language: str
    ) -> None:
        """Ask the first question, or once more the one that is still open."""
        screen = Screen(bot, storage, words, language, message.chat.id)
        self._communities.pop(screen.who, None)
        if not await self._chats(screen):
            await message.answer(words.say(language, "ask-no-community"))
            return
        view = await self._next_view(screen)
        buttons = question_buttons(words, language, view)
        await message.answer(question_text(words, language, view), reply_markup=buttons)

    async def record(
        self,
        query: CallbackQuery,
        callback_data: QuestionPress,
        bot: Bot,
        storage: Storage,
        words: Words,
        language: str,
    ) -> None:
        """Write the chosen label down and ask the next question."""
        screen = Screen(bot, storage, words, language, query.from_user.id)
        if not await self._may_answer(screen, query, callback_data.question):
            return
        try:
            label = await storage.write(_record, query.id, screen.who, callback_data)
        except NotAskedError:
            await answer_press(query, words.say(language, "ask-gone"))
        else:
            await answer_press(query, _recorded(words, language, label))
        await self._show_next(screen, query)

    async def skip(
        self,
        query: CallbackQuery,
        callback_data: SkipPress,
        bot: Bot,
        storage: Storage,
        words: Words,
        language: str,
    ) -> None:
        """Leave a question unanswered, for good, and ask the next one."""
        screen = Screen(bot, storage, words, language, query.from_user.id)
        if not await self._may_answer(screen, query, callback_data.question):
            return
        number = callback_data.question
        await storage.write(labelling.settle, number, "skipped", time.time())
        await answer_press(query, words.say(language, "ask-skipped"))
        await self._show_next(screen, query)

    async def go_back(
        self,
        query: CallbackQuery,
        callback_data: BackPress,
        bot: Bot,
        storage: Storage,
        words: Words,
        language: str,
    ) -> None:
        """Withdraw the last answer and ask that question again."""
        screen = Screen(bot, storage, words, language, query.from_user.id)
        if not await self._may_answer(screen, query, callback_data.question):
            return
        number = callback_data.question
        await storage.write(labelling.go_back, number, screen.who, time.time())
        await answer_press(query, words.say(language, "ask-went-back"))
        await self._show_next(screen, query)

    async def _may_answer(self, screen: Screen, query: CallbackQuery, number: int) -> bool:
        """Tell whether the presser moderates the text's community now; if not, say so."""
        try:
            asked = await screen.storage.read(labelling.find, number, screen.who)
        except NotAskedError:
            await answer_press(query, screen.words.say(screen.language, "press-stale"))
            return False
        chat_id = asked.question.candidate.chat_id
        if not asked.has_text:
            # It is shown as gone, whoever asks.
            return True
        role = await role_in(screen.bot, screen.storage, chat_id, screen.who)
        if not may_moderate(role):
            self._communities.pop(screen.who, None)
            await answer_press(query, screen.words.say(screen.language, "press-no-right"))
            return False
        return True

    async def _show_next(self, screen: Screen, query: CallbackQuery) -> None:
        """Turn the pressed message into the next question."""
        view = await self._next_view(screen)
        text = question_text(screen.words, screen.language, view)
        await show_text(query, text, question_buttons(screen.words, screen.language, view))

    async def _next_view(self, screen: Screen) -> View:
        asked = await self._open_question(screen) or await self._choose(screen)
        midnight = datetime.now().astimezone().replace(hour=0, minute=0, second=0, microsecond=0)
        progress = await screen.storage.read(labelling.measure, screen.who, midnight.timestamp())
        has_earlier = await screen.storage.read(labelling.has_settled, screen.who)
        return View(asked, progress, has_earlier)

    async def _open_question(self, screen: Screen) -> Asked | None:
        """Find the open question; close those whose texts are gone or none of theirs any more."""
        chats = await self._chats(screen)
        while asked := await screen.storage.read(labelling.find_open, screen.who):
            if asked.has_text and asked.question.candidate.chat_id in chats:
                return asked
            await screen.storage.write(labelling.settle, asked.id, "gone", time.time())
        return None

    async def _choose(self, screen: Screen) -> Asked | None:
        """Choose the next question and write down that it is asked."""
        storage, who, chats = screen.storage, screen.who, await self._chats(screen)
        turn = await storage.read(labelling.count_asked, who)
        questions = await storage.read(labelling.find_conflicts, who, chats)
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

    async def _chats(self, screen: Screen) -> list[int]:
        known_at, chats = self._communities.get(screen.who, (float("-inf"), []))
        if time.monotonic() - known_at > COMMUNITIES_SECONDS:
            chats = await communities_where(screen.bot, screen.storage, screen.who, Role.moderator)
            self._communities[screen.who] = (time.monotonic(), chats)
        return chats


def _record(connection: sqlite3.Connection, press: str, who: int, pressed: QuestionPress) -> Label:
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
    return label


def _thresholds(connection: sqlite3.Connection, chat_ids: list[int]) -> dict[int, float]:
    return {chat: communities.find(connection, chat).toxic_threshold for chat in chat_ids}


def _recorded(words: Words, language: str, label: Label) -> str:
    chosen = label_word(words, language, label.chosen)
    if label.shown in ("", label.chosen):
        return words.say(language, "press-recorded", label=chosen)
    shown = label_word(words, language, label.shown)
    return words.say(language, "ask-corrected", label=chosen, shown=shown)
