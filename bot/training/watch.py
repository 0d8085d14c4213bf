"""Shows how trainings go and how they ended; takes up after a restart where it was left.

What is to be shown stands in SQLite, how far it is in Redis. An end may be shown twice after a
crash; it is never left out.
"""

import asyncio
import time
from dataclasses import dataclass

import redis
import redis.asyncio
from aiogram import Bot
from aiogram.exceptions import ClientDecodeError, TelegramAPIError, TelegramBadRequest
from aiogram.types import BufferedInputFile, InlineKeyboardMarkup, ReplyParameters
from loguru import logger

from bot.charts.pictures import Artist, PictureError
from bot.charts.training import TrainingPicture
from bot.lane_runner import PASSING
from bot.patience import Patience
from bot.storage import trainings
from bot.storage.database import Storage
from bot.storage.trainings import Training
from bot.training.audience import Audience
from bot.training.cards import progress_buttons, progress_text, result_buttons, result_text
from bot.training.picture import training_picture
from bot.words import Words
from core.training import Outcome, Reason, TrainingProgress, TrainingResult
from core.training_orders import (
    end_unattended,
    expire_result,
    find_current,
    find_progress,
    find_result,
    is_asked_to_end,
    is_attended,
)

LOOK_SECONDS = 0.5
EDIT_SECONDS = 2.0
# A group may be sent 20 messages a minute, and cards shall not wait for bars.
GROUP_EDIT_SECONDS = 6.0
# So long an order may be on its way to Redis.
GRACE_SECONDS = 20.0


@dataclass(frozen=True, slots=True)
class Shown:
    """What a progress message says, and when it was made to (the loop's seconds)."""

    text: str
    at: float


@dataclass(frozen=True, slots=True)
class Voice:
    """What is told goes through these."""

    bot: Bot
    words: Words
    artist: Artist


class TrainingWatch:
    """Keeps one message a training up to date, and says how it ended."""

    def __init__(self, voice: Voice, storage: Storage, connection: redis.asyncio.Redis) -> None:
        self._bot, self._words, self._artist = voice.bot, voice.words, voice.artist
        self._storage = storage
        self._connection = connection
        self._shown: dict[str, Shown] = {}
        self._given_up: set[str] = set()
        self._patience = Patience("following a training")

    async def run(self, audience: Audience) -> None:
        """Follow trainings until cancelled."""
        passing = (*PASSING, redis.RedisError)
        await self._patience.repeat(lambda: self.look(audience), LOOK_SECONDS, passing)

    async def look(self, audience: Audience) -> None:
        """Bring every training's message up to date. Raises errors that time mends."""
        for training in await self._storage.read(trainings.find_to_show):
            if training.id in self._given_up:
                continue
            try:
                await self._follow(training, audience)
            except (*PASSING, redis.RedisError):
                raise
            except Exception as error:  # noqa: BLE001
                # One that can't be shown must not stop the bot, nor hide the others.
                self._given_up.add(training.id)
                logger.opt(exception=error).error("training {} can't be shown", training.id)

    async def _follow(self, training: Training, audience: Audience) -> None:
        # First who has the place: whoever leaves it has left a result.
        has_place = await find_current(self._connection) == training.id
        is_ending = await is_asked_to_end(self._connection, training.id)
        result = await find_result(self._connection, training.id)
        if result is None and not has_place and time.time() > training.ordered_at + GRACE_SECONDS:
            result = _untold(training, is_ending)
        if result is not None:
            await self._end(training, result, audience)
            return
        progress = await find_progress(self._connection, training.id) or _unknown(training)
        if has_place and progress.stage != "queued" and not await is_attended(self._connection):
            progress = progress.model_copy(update={"stage": "interrupted", "seconds_left": None})
            if is_ending:
                cancelled = TrainingResult(id=training.id, outcome="cancelled")
                await end_unattended(self._connection, cancelled)
                return
        await self._show(training, progress, is_ending)

    async def _show(self, training: Training, progress: TrainingProgress, is_ending: bool) -> None:
        text = progress_text(self._words, training.language, training, progress, is_ending)
        buttons = None if is_ending else progress_buttons(self._words, training.language, training)
        if training.message_id is None:
            message_id = await self._send(training, text, buttons)
            await self._storage.write(trainings.note_message, training.id, message_id)
        elif self._is_due(training, text):
            await self._edit(training, text, buttons)
        else:
            return
        self._shown[training.id] = Shown(text, asyncio.get_running_loop().time())

    def _is_due(self, training: Training, text: str) -> bool:
        shown = self._shown.get(training.id)
        if shown is None:
            return True
        pause = EDIT_SECONDS if training.chat_id > 0 else GROUP_EDIT_SECONDS
        is_time = asyncio.get_running_loop().time() - shown.at >= pause
        return is_time and text != shown.text

    async def _end(self, training: Training, result: TrainingResult, audience: Audience) -> None:
        end = (training.id, result.outcome, result.version, time.time())
        await self._storage.write(trainings.end, *end)
        shown = await audience.filter(result, training)
        if training.message_id:
            over = self._words.say(training.language, "training-over", labels=training.labels)
            await self._edit(training, over, None)
        await self._send_card(training, shown)
        await self._storage.write(trainings.mark_shown, training.id)
        await expire_result(self._connection, training.id)
        self._shown.pop(training.id, None)
        logger.bind(model=result.version).info("a training ended: {}", result.outcome)

    async def _send_card(self, training: Training, result: TrainingResult) -> None:
        language = training.language
        text = result_text(self._words, language, result)
        await self._send(training, text, result_buttons(self._words, language, result))
        picture = training_picture(self._words, language, result)
        if picture is not None:
            await self._send_picture(training, picture)

    async def _send(
        self, training: Training, text: str, buttons: InlineKeyboardMarkup | None
    ) -> int:
        """Send a message below the training's; return its id, or 0 where nobody can be told."""
        try:
            sent = await self._bot.send_message(
                training.chat_id,
                text,
                reply_markup=buttons,
                reply_parameters=_below(training),
            )
        except PASSING:
            raise
        except (TelegramAPIError, ClientDecodeError) as error:
            _log_refusal(training, error)
            return 0
        return sent.message_id

    async def _send_picture(self, training: Training, picture: TrainingPicture) -> None:
        caption = self._words.say(training.language, "training-picture")
        try:
            png = await self._artist.draw(picture)
            await self._bot.send_photo(
                training.chat_id,
                BufferedInputFile(png, "confusion.png"),
                caption=caption,
                reply_parameters=_below(training),
            )
        except PictureError as error:
            # The words are there already.
            logger.bind(chat_id=training.chat_id).warning("no picture of a training: {}", error)
        except PASSING:
            raise
        except (TelegramAPIError, ClientDecodeError) as error:
            _log_refusal(training, error)

    async def _edit(
        self, training: Training, text: str, buttons: InlineKeyboardMarkup | None
    ) -> None:
        if not training.message_id:
            return
        try:
            await self._bot.edit_message_text(
                text,
                chat_id=training.chat_id,
                message_id=training.message_id,
                reply_markup=buttons,
            )
        except PASSING:
            raise
        except (TelegramAPIError, ClientDecodeError) as error:
            if isinstance(error, TelegramBadRequest) and "not modified" in error.message:
                return
            # It was deleted, or stayed behind when its group moved: the end is told without it.
            _log_refusal(training, error)
            await self._storage.write(trainings.note_message, training.id, 0)


def _below(training: Training) -> ReplyParameters | None:
    if not training.message_id:
        return None
    return ReplyParameters(message_id=training.message_id, allow_sending_without_reply=True)


def _untold(training: Training, is_ending: bool) -> TrainingResult:
    """The end of a training of which nobody tells any more."""
    if training.outcome in ("promoted", "kept", "failed", "cancelled"):
        outcome: Outcome = training.outcome  # type: ignore[assignment]
        return TrainingResult(id=training.id, outcome=outcome, version=training.version)
    if is_ending:
        return TrainingResult(id=training.id, outcome="cancelled")
    return TrainingResult(id=training.id, outcome="failed", reasons=(Reason(code="lost"),))


def _unknown(training: Training) -> TrainingProgress:
    return TrainingProgress(id=training.id, stage="queued", updated_at=training.ordered_at)


def _log_refusal(training: Training, error: Exception) -> None:
    # The text of a ClientDecodeError quotes all that Telegram answered.
    said = error.message if isinstance(error, TelegramAPIError) else type(error).__name__
    logger.bind(chat_id=training.chat_id).warning("can't show a training: {}", said)
