"""The polling loop: the offset moves only after what an update carries is stored."""

import sqlite3
import time
from typing import Any

import redis
from aiogram import Bot
from aiogram.exceptions import (
    AiogramError,
    TelegramUnauthorizedError,
)
from aiogram.methods import Response, TelegramMethod

from bot.checks import token_refused
from bot.grace import in_hand
from bot.intake import ALLOWED_UPDATES, Intake, RawUpdate
from bot.patience import Patience

LONG_POLL_SECONDS = 25
# How much longer than the long poll itself an answer may take.
GRACE_SECONDS = 10


RawUpdates = list[dict[str, Any]]
# Held, since pydantic forgets a type that nobody holds: it would be made anew for every answer.
RAW_RESPONSE = Response[RawUpdates]


class GetRawUpdates(TelegramMethod[RawUpdates]):
    """getUpdates without aiogram's parsing, in which one odd update fails the whole batch."""

    __returning__ = RawUpdates
    __api_method__ = "getUpdates"

    offset: int | None = None
    timeout: int = LONG_POLL_SECONDS
    allowed_updates: list[str] = ALLOWED_UPDATES


class Polling:
    """Asks Telegram for updates and hands them to the intake."""

    def __init__(self, bot: Bot, intake: Intake) -> None:
        self._bot = bot
        self._intake = intake
        self._asking = Patience("asking Telegram for updates")
        self._storing = Patience("storing updates")
        self._offset: int | None = None
        self._confirmed: int | None = None

    async def run(self) -> None:
        """Poll until cancelled. Raises SetupError when Telegram refuses the token."""
        await self._take_webhook_away()
        while True:
            updates = await self._ask()
            if updates:
                await self._store(updates, time.time())

    async def confirm(self) -> None:
        """Tell Telegram what was stored, so that the next start does not see it again."""
        if self._offset != self._confirmed:
            # With an offset nothing that it returns is confirmed by being returned.
            await self._bot(GetRawUpdates(offset=self._offset, timeout=0), request_timeout=1)

    async def _take_webhook_away(self) -> None:
        # Telegram hands updates to a webhook or to polling, never to both; none is dropped.
        patience = Patience("taking the webhook away")
        while True:
            try:
                await self._bot.delete_webhook(drop_pending_updates=False)
            except TelegramUnauthorizedError:
                raise token_refused() from None
            except AiogramError as error:
                await patience.wait(error, getattr(error, "retry_after", 0))
            else:
                patience.succeeded()
                return

    async def _ask(self) -> list[RawUpdate]:
        while True:
            try:
                updates = await self._bot(
                    GetRawUpdates(offset=self._offset),
                    request_timeout=LONG_POLL_SECONDS + GRACE_SECONDS,
                )
            except TelegramUnauthorizedError:
                raise token_refused() from None
            except AiogramError as error:
                await self._asking.wait(error, getattr(error, "retry_after", 0))
            else:
                self._confirmed = self._offset
                self._asking.succeeded()
                return updates

    async def _store(self, updates: list[RawUpdate], received_at: float) -> None:
        while True:
            try:
                with in_hand():
                    await self._intake.store(updates, received_at)
                    # The last, not the highest: after an idle week Telegram counts from anywhere.
                    self._offset = int(updates[-1]["update_id"]) + 1
            except (sqlite3.Error, redis.RedisError) as error:
                await self._storing.wait(error)
            else:
                self._storing.succeeded()
                return
