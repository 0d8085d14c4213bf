"""Changes the message below which a button was pressed, where that is still possible."""

from aiogram.exceptions import TelegramBadRequest
from aiogram.types import CallbackQuery, InaccessibleMessage, InlineKeyboardMarkup

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
        await message.edit_text(text, reply_markup=buttons)
    except TelegramBadRequest as error:
        _pass_harmless(error)


def _pass_harmless(error: TelegramBadRequest) -> None:
    if not any(part in error.message for part in HARMLESS):
        raise error
