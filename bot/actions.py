"""Takes the actions that verdicts called for: in each chat in order, across chats at once.

Planned and begun ones are taken (again) after a crash. So a private answer may come twice, which
does no harm; it never fails to come.
"""

import asyncio
import sqlite3
import time
from dataclasses import dataclass

from aiogram import Bot
from aiogram.exceptions import (
    ClientDecodeError,
    TelegramAPIError,
    TelegramBadRequest,
    TelegramNetworkError,
    TelegramServerError,
)
from aiogram.types import InlineKeyboardMarkup, ReplyParameters
from loguru import logger

from bot.answers import answer_buttons, answer_text
from bot.patience import Patience
from bot.storage import actions, people, verdicts
from bot.storage.actions import Action, Outcome
from bot.storage.database import Storage
from bot.tasks import stop_tasks
from bot.words import Words

# What time mends: the action is tried again.
PASSING = (TelegramNetworkError, TelegramServerError, sqlite3.Error)
MOST_CHATS_AT_ONCE = 256
# Only in case a wake-up was missed.
LOOK_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Answer:
    """What to show in a private chat, and where."""

    text: str
    buttons: InlineKeyboardMarkup | None
    earlier_id: int | None
    """The bot's answer to an earlier state of the message, to be edited."""


class ActionRunner:
    """Performs planned actions and notes how each ended."""

    def __init__(self, bot: Bot, storage: Storage, words: Words) -> None:
        self._bot = bot
        self._storage = storage
        self._words = words
        self._wake = asyncio.Event()
        self._busy: dict[int, asyncio.Task[None]] = {}
        self._patience = Patience("reading planned actions")

    def wake(self) -> None:
        """Say that there may be something to do."""
        self._wake.set()

    async def run(self) -> None:
        """Perform actions until cancelled; what is cut short is taken up by the next start."""
        try:
            while True:
                self._wake.clear()
                await self._begin_some()
                await self._wait()
        finally:
            await stop_tasks(self._busy.values())

    async def _begin_some(self) -> None:
        free = MOST_CHATS_AT_ONCE - len(self._busy)
        try:
            found = await self._storage.read(actions.find_next, list(self._busy), free)
        except sqlite3.Error as error:
            await self._patience.wait(error)
            self.wake()
            return
        self._patience.succeeded()
        for action in found:
            self._busy[action.chat_id] = asyncio.create_task(self._take(action))

    async def _wait(self) -> None:
        try:
            async with asyncio.timeout(LOOK_SECONDS):
                await self._wake.wait()
        except TimeoutError:
            return

    async def _take(self, action: Action) -> None:
        patience = Patience(f"answering in chat {action.chat_id}")
        try:
            while not await self._try(action, patience):
                pass
        finally:
            del self._busy[action.chat_id]
            self.wake()

    async def _try(self, action: Action, patience: Patience) -> bool:
        try:
            outcome = await self._perform(action)
            await self._storage.write(actions.finish, action.id, outcome, time.time())
        except PASSING as error:
            await patience.wait(error)
            return False
        patience.succeeded()
        return True

    async def _perform(self, action: Action) -> Outcome:
        log = logger.bind(chat_id=action.chat_id)
        try:
            answer = await self._storage.write(prepare_answer, action, self._words, time.time())
            if answer is None:
                return Outcome("done", note="superseded by a later edit")
            return Outcome("done", sent_message_id=await self._show(action, answer))
        except PASSING:
            raise
        except TelegramAPIError as error:
            log.warning("can't answer: {}", error.message)
            return Outcome("failed", note=error.message)
        except ClientDecodeError as error:
            # Its text quotes all that Telegram answered, and so what people wrote.
            log.error("action {} failed: {}", action.id, type(error).__name__)
            return Outcome("failed", note=type(error).__name__)
        except Exception as error:  # noqa: BLE001
            # An action that can't be taken must not be taken again and again, nor stop others.
            log.opt(exception=error).error("action {} failed", action.id)
            return Outcome("failed", note=type(error).__name__)

    async def _show(self, action: Action, answer: Answer) -> int:
        """Edit the earlier answer where there is one, else send; return the message's id."""
        if answer.earlier_id is not None and await self._edit(action, answer, answer.earlier_id):
            return answer.earlier_id
        sent = await self._bot.send_message(
            action.chat_id,
            answer.text,
            reply_markup=answer.buttons,
            reply_parameters=ReplyParameters(
                message_id=action.message_id, allow_sending_without_reply=True
            ),
        )
        return sent.message_id

    async def _edit(self, action: Action, answer: Answer, message_id: int) -> bool:
        try:
            await self._bot.edit_message_text(
                answer.text,
                chat_id=action.chat_id,
                message_id=message_id,
                reply_markup=answer.buttons,
            )
        except TelegramBadRequest as error:
            # Otherwise it was deleted, or is too old to be edited.
            return "message is not modified" in error.message
        return True


def prepare_answer(
    connection: sqlite3.Connection, action: Action, words: Words, at: float
) -> Answer | None:
    """Note that an answer is being given and compose it; None when an edit has overtaken it."""
    actions.start(connection, action.id, at)
    if not actions.is_latest(connection, action.id):
        return None
    scores = verdicts.find(connection, action.key).scores
    language = words.language(people.find_language(connection, action.chat_id))
    return Answer(
        text=answer_text(words, language, scores),
        buttons=answer_buttons(words, language, action.id, scores),
        earlier_id=actions.find_earlier_answer(connection, action.id),
    )
