"""Sends what must never be sent twice: that it is being sent is written down before.

Whoever finds it so later can't know whether it arrived, and leaves it. To lose little that way,
Telegram is knocked at first, and what time mends is waited for there.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Protocol

from aiogram import Bot
from aiogram.enums import ChatAction
from aiogram.exceptions import (
    TelegramAPIError,
    TelegramNetworkError,
    TelegramRetryAfter,
    TelegramServerError,
)
from aiogram.types import Message as TelegramMessage
from loguru import logger

from bot.lane_runner import PASSING

UNSURE = "it may have been sent"
# Telegram may have done what it was asked for.
UNCERTAIN = (TelegramNetworkError, TelegramServerError)

Send = Callable[[], Awaitable[TelegramMessage]]


class Slip(Protocol):
    """Where it is written down what becomes of a message."""

    async def sending(self) -> None:
        """Note that it may have been sent from now on."""
        ...

    async def sent(self, message: TelegramMessage) -> None:
        """Note that it was sent."""
        ...

    async def skipped(self, why: str) -> None:
        """Note that it is not sent, or not again."""
        ...


async def send_once(bot: Bot, target: int, slip: Slip, send: Send) -> TelegramMessage | None:
    """Send a message at most once; None where it can't be, or is not sure to have been.

    Raises what time mends, as long as nothing may have been sent.
    """
    log = logger.bind(chat_id=target)
    try:
        await bot.send_chat_action(target, ChatAction.TYPING)
    except PASSING:
        raise
    except TelegramAPIError as error:
        log.warning("can't be told: {}", error.message)
        await slip.skipped(error.message)
        return None
    await slip.sending()
    try:
        message = await _send_patiently(send)
    except TelegramAPIError as error:
        why = UNSURE if isinstance(error, UNCERTAIN) else error.message
        log.warning("can't be told: {}", why)
        await slip.skipped(why)
        return None
    await slip.sent(message)
    return message


async def leave(target: int, slip: Slip) -> None:
    """Leave what was being sent when a crash came."""
    logger.bind(chat_id=target).warning("{} before a restart, so it is left", UNSURE)
    await slip.skipped(UNSURE)


async def _send_patiently(send: Send) -> TelegramMessage:
    while True:
        try:
            return await send()
        except TelegramRetryAfter as error:
            # It was not taken.
            await asyncio.sleep(error.retry_after)
