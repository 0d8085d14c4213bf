"""The buttons that act on a model version, wherever they stand."""

import hashlib

from aiogram.filters.callback_data import CallbackData
from aiogram.types import InlineKeyboardButton

from bot.words import Words


class ModelPress(CallbackData, prefix="model1"):
    """A button about a version: `promote` it, `delete` it, `sure` to delete, or `list` all.

    `try` has it score beside the champion.

    `serve` promotes from where no list stands that would show it.

    A version's name may be longer than Telegram's 64 bytes: its digest stands for it.
    """

    act: str
    version: str = ""


def version_digest(name: str) -> str:
    """Shorten a version's name for a button."""
    return hashlib.sha256(name.encode()).hexdigest()[:16]


def version_button(
    words: Words, language: str, key: str, press: tuple[str, str]
) -> InlineKeyboardButton:
    """A button that does `press`: an act, and the name of a version."""
    act, name = press
    data = ModelPress(act=act, version=version_digest(name))
    return InlineKeyboardButton(
        text=words.say(language, key, version=name), callback_data=data.pack()
    )


def promote_button(words: Words, language: str, key: str, name: str) -> InlineKeyboardButton:
    """A button that lets a version serve, for a message about something else."""
    return version_button(words, language, key, ("serve", name))
