"""Sends a picture of a community's mood below a message that speaks of it."""

from aiogram import Bot
from aiogram.exceptions import AiogramError
from aiogram.types import BufferedInputFile, ReplyParameters
from aiogram.types import Message as TelegramMessage
from loguru import logger

from bot.charts.pictures import Artist, PictureError
from bot.mood.overview import MoodView
from bot.mood.picture import mood_picture
from bot.words import Words

FILE_NAME = "mood.png"


class PicturePost:
    """Draws and sends pictures of moods; what fails is not tried again, the words are there."""

    def __init__(self, bot: Bot, words: Words, artist: Artist) -> None:
        self._bot = bot
        self._words = words
        self._artist = artist

    async def send(self, below: TelegramMessage, view: MoodView, language: str) -> None:
        """Send a view as a picture, in reply to a message of ours."""
        try:
            picture = mood_picture(self._words, language, view)
            png = await self._artist.draw(picture)
            await self._bot.send_photo(
                below.chat.id,
                BufferedInputFile(png, FILE_NAME),
                disable_notification=True,
                reply_parameters=ReplyParameters(
                    message_id=below.message_id, allow_sending_without_reply=True
                ),
            )
        except (PictureError, AiogramError) as error:
            logger.bind(chat_id=below.chat.id).warning("{} is not shown: {}", FILE_NAME, error)
