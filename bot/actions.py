"""Takes the actions that verdicts called for: in each chat in order, across chats at once.

Planned and begun ones are taken (again) after a crash. So a private answer may come twice, which
does no harm; it never fails to come.
"""

import sqlite3
import time
from collections.abc import Collection
from dataclasses import dataclass

from aiogram import Bot
from aiogram.exceptions import ClientDecodeError, TelegramAPIError, TelegramBadRequest
from aiogram.types import InlineKeyboardMarkup, ReplyParameters
from loguru import logger

from bot.answers import answer_buttons, answer_text
from bot.lane_runner import PASSING, LaneRunner
from bot.storage import actions, people, verdicts
from bot.storage.actions import Action, Outcome
from bot.storage.database import Storage
from bot.words import Words


@dataclass(frozen=True, slots=True)
class Answer:
    """What to show in a private chat, and where."""

    text: str
    buttons: InlineKeyboardMarkup | None
    earlier_id: int | None
    """The bot's answer to an earlier state of the message, to be edited."""


class ActionRunner(LaneRunner[Action]):
    """Performs planned actions and notes how each ended."""

    what = "answering"

    def __init__(self, bot: Bot, storage: Storage, words: Words) -> None:
        super().__init__(storage)
        self._bot = bot
        self._words = words

    def find(
        self, connection: sqlite3.Connection, busy_lanes: Collection[int], limit: int
    ) -> list[Action]:
        """Find each free chat's oldest unfinished action."""
        return actions.find_next(connection, busy_lanes, limit)

    async def perform(self, task: Action) -> None:
        """Perform an action and note how it ended."""
        outcome = await self._perform(task)
        await self._storage.write(actions.finish, task.id, outcome, time.time())

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
