"""Keeps each /mood to two messages, words and a picture, whatever is pressed below them.

A press edits both. Where Telegram edits a message no more, since it was deleted or is too old,
another one takes its place.
"""

import asyncio
import time
from dataclasses import dataclass

from aiogram import Bot
from aiogram.exceptions import AiogramError, TelegramBadRequest
from aiogram.types import (
    BufferedInputFile,
    InlineKeyboardMarkup,
    InputMediaPhoto,
    LinkPreviewOptions,
    ReplyParameters,
)
from loguru import logger

from bot.charts.pictures import Artist, PictureError
from bot.storage import mood_pictures
from bot.storage.database import Storage

FILE_NAME = "mood.png"
NO_PREVIEW = LinkPreviewOptions(is_disabled=True)
# Pressed twice: it looks so already.
UNCHANGED = "not modified"
GONE = ("not found", "can't be edited", "MESSAGE_ID_INVALID")


Place = tuple[int, int]
"""A chat and a message in it."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What a /mood says."""

    text: str
    buttons: InlineKeyboardMarkup | None = None
    caption: str = ""
    """What the picture is of, or that there is none."""
    drawing: "asyncio.Future[bytes] | None" = None
    """None where there is nothing to draw."""


class MoodBoard:
    """Shows moods. One chat's presses come one after the other (`bot.updates`): the last stays."""

    def __init__(self, bot: Bot, storage: Storage, artist: Artist) -> None:
        self._bot = bot
        self._storage = storage
        self.artist = artist

    async def edit_words(self, words: Place, shown: Shown) -> Place:
        """Let words say something else; return where they stand then.

        Raises what Telegram answers.
        """
        try:
            await self._edit_text(words, shown)
        except TelegramBadRequest as error:
            if _is_gone(error):
                return await self._say_anew(words, shown)
            if UNCHANGED not in error.message:
                raise
        return words

    async def show_picture(self, words: Place, shown: Shown) -> None:
        """Show the picture that belongs to words, in the place of the one before.

        The words are there already, so that what fails here is not tried again.
        """
        try:
            png = await shown.drawing if shown.drawing else None
            await self._put_picture(words, png, shown.caption)
        except (PictureError, AiogramError) as error:
            logger.bind(chat_id=words[0]).warning("{} is not shown: {}", FILE_NAME, error)

    async def _edit_text(self, words: Place, shown: Shown) -> None:
        chat_id, message_id = words
        await self._bot.edit_message_text(
            shown.text,
            chat_id=chat_id,
            message_id=message_id,
            reply_markup=shown.buttons,
            link_preview_options=NO_PREVIEW,
        )

    async def _say_anew(self, words: Place, shown: Shown) -> Place:
        """Say what can't be edited any more; the picture goes as well, or it would stand alone."""
        chat_id = words[0]
        sent = await self._bot.send_message(
            chat_id, shown.text, reply_markup=shown.buttons, link_preview_options=NO_PREVIEW
        )
        picture = await self._storage.read(mood_pictures.find, words)
        if picture is not None:
            await self._delete((chat_id, picture))
            await self._storage.write(mood_pictures.drop, words)
        return chat_id, sent.message_id

    async def _put_picture(self, words: Place, png: bytes | None, caption: str) -> None:
        chat_id, known = words[0], await self._storage.read(mood_pictures.find, words)
        place = (chat_id, known) if known is not None else None
        if png is None:
            if place:
                await self._take_away(words, place, caption)
            return
        file = BufferedInputFile(png, FILE_NAME)
        if place is None or not await self._replace(place, file, caption):
            await self._send(words, file, caption)

    async def _replace(self, place: Place, file: BufferedInputFile, caption: str) -> bool:
        """Put another picture in the place of one; False where that one is gone."""
        media = InputMediaPhoto(media=file, caption=caption)
        try:
            await self._bot.edit_message_media(media, chat_id=place[0], message_id=place[1])
        except TelegramBadRequest as error:
            if _is_gone(error):
                return False
            if UNCHANGED not in error.message:
                raise
        return True

    async def _send(self, words: Place, file: BufferedInputFile, caption: str) -> None:
        chat_id, message_id = words
        sent = await self._bot.send_photo(
            chat_id,
            file,
            caption=caption,
            disable_notification=True,
            reply_parameters=ReplyParameters(
                message_id=message_id, allow_sending_without_reply=True
            ),
        )
        await self._storage.write(mood_pictures.save, words, sent.message_id, time.time())

    async def _take_away(self, words: Place, place: Place, caption: str) -> None:
        """Delete a picture of another time; what is too old for that is only called so below."""
        if await self._delete(place):
            await self._storage.write(mood_pictures.drop, words)
            return
        chat_id, message_id = place
        await self._bot.edit_message_caption(
            chat_id=chat_id, message_id=message_id, caption=caption
        )

    async def _delete(self, place: Place) -> bool:
        try:
            await self._bot.delete_message(*place)
        except TelegramBadRequest as error:
            return _is_gone(error)
        return True


def _is_gone(error: TelegramBadRequest) -> bool:
    return any(part in error.message for part in GONE)
