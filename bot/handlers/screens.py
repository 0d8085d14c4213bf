"""Changes the message below which a button was pressed, where that is still possible.

And sends the picture that belongs to words.
"""

import asyncio

from aiogram.exceptions import AiogramError, TelegramBadRequest
from aiogram.types import (
    BufferedInputFile,
    CallbackQuery,
    InaccessibleMessage,
    InlineKeyboardMarkup,
    LinkPreviewOptions,
)
from aiogram.types import Message as TelegramMessage
from loguru import logger

from bot.charts.pictures import PictureError

# Of the links in a text none is what it is about.
NO_PREVIEW = LinkPreviewOptions(is_disabled=True)

# Pressed twice: it looks so already. Or the message is gone, and what was pressed counts.
HARMLESS = ("not modified", "not found", "can't be edited")


async def show_buttons(query: CallbackQuery, buttons: InlineKeyboardMarkup | None) -> None:
    """Put other buttons below the message, or none."""
    message = query.message
    if message is None or isinstance(message, InaccessibleMessage):
        return
    try:
        await message.edit_reply_markup(reply_markup=buttons)
    except TelegramBadRequest as error:
        _pass_harmless(error)


async def show_text(query: CallbackQuery, text: str, buttons: InlineKeyboardMarkup | None) -> None:
    """Let the message say something else."""
    message = query.message
    if message is None or isinstance(message, InaccessibleMessage):
        return
    try:
        await message.edit_text(text, reply_markup=buttons, link_preview_options=NO_PREVIEW)
    except TelegramBadRequest as error:
        _pass_harmless(error)


async def send_picture(
    message: TelegramMessage, drawing: "asyncio.Task[bytes]", file_name: str
) -> None:
    """Send a picture. The words are there already, so that what fails here is not tried again."""
    try:
        await message.answer_photo(BufferedInputFile(await drawing, file_name))
    except (PictureError, AiogramError) as error:
        logger.bind(chat_id=message.chat.id).warning("{} is not shown: {}", file_name, error)


def _pass_harmless(error: TelegramBadRequest) -> None:
    if not any(part in error.message for part in HARMLESS):
        raise error
