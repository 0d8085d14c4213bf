"""What must be right before the bot opens its door, one readable line for each thing that isn't."""

import asyncio
import fcntl
from pathlib import Path
from typing import TextIO

from aiogram import Bot
from aiogram.exceptions import AiogramError, TelegramNotFound, TelegramUnauthorizedError
from aiogram.types import User
from aiogram.utils.token import TokenValidationError, validate_token
from loguru import logger

from core.errors import SetupError
from core.settings import Settings

# The playground may start a moment after the bot.
PATIENCE_SECONDS = 10
PAUSE_SECONDS = 0.2
ANSWER_SECONDS = 3


def token_refused() -> SetupError:
    """The line that says that the token is wrong."""
    return SetupError(
        "the token in BOT_TOKEN is refused by Telegram; get one from @BotFather "
        "(or leave BOT_TOKEN empty to use the playground)"
    )


def check_token_shape(settings: Settings) -> None:
    """Raise SetupError when the token can't be one."""
    try:
        validate_token(settings.token)
    except TokenValidationError:
        raise SetupError(
            "BOT_TOKEN does not look like a token (123456:ABC...); get one from @BotFather"
        ) from None


def claim_folder(folder: Path) -> TextIO:
    """Claim the folder for this bot until the returned file is closed, or the process ends.

    Two bots on one database would take each other's verdicts and migrate it at the same time.
    Raises SetupError when another bot has it.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = (folder / "bot.lock").open("w")
    except OSError as error:
        raise SetupError(f"{folder} can't be used ({error.strerror}); check VAR_DIR") from None
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.close()
        raise SetupError(
            f"another bot runs on {folder}; stop it, or set VAR_DIR to another folder"
        ) from None
    return lock


async def introduce(bot: Bot, settings: Settings) -> User:
    """Ask Telegram who the bot is. Raises SetupError when it refuses, or can't be reached."""
    error: Exception = TimeoutError()
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            while True:
                try:
                    return await bot.get_me(request_timeout=ANSWER_SECONDS)
                except (TelegramUnauthorizedError, TelegramNotFound):
                    # Telegram answers 404 to what is not even shaped like a token.
                    raise token_refused() from None
                except AiogramError as failure:
                    error = failure
                await asyncio.sleep(PAUSE_SECONDS)
    except TimeoutError:
        raise SetupError(_unreachable(settings, error)) from None


def warn_of_privacy_mode(me: User) -> None:
    """Say when Telegram hides the messages of groups from the bot."""
    if not me.can_read_all_group_messages:
        logger.warning(
            "privacy mode is on: in groups @{} sees commands only. Turn it off at @BotFather "
            "(Bot Settings, Group Privacy), or make the bot an admin of each group",
            me.username,
        )


def _unreachable(settings: Settings, error: Exception) -> str:
    where = "the playground" if settings.in_playground else "Telegram"
    knob = "PLAYGROUND_PORT" if settings.in_playground else "TELEGRAM_API_URL"
    return (
        f"{where} can't be reached at {settings.api_url} ({type(error).__name__}); "
        f"check the network and {knob}"
    )
