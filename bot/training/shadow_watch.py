"""Ends trials when enough is judged or they have lasted long enough, and tells what they came to.

An end may be told twice after a crash; it is never left out.
"""

import time

import redis
from aiogram import Bot
from aiogram.exceptions import ClientDecodeError, TelegramAPIError
from loguru import logger

from bot.lane_runner import PASSING
from bot.patience import Patience
from bot.storage import shadow_differences, shadows
from bot.storage.database import Storage
from bot.storage.shadows import Outcome, Shadow
from bot.training.audience import Audience
from bot.training.shadow_cards import result_buttons, result_text
from bot.training.shadow_desk import ShadowDesk, Standing, TrialRefusedError
from bot.training.trial import MOST_JUDGED
from bot.words import Words
from core.models import NobodyAnswersError

LOOK_SECONDS = 2.0
# Asking the registry is a worker's job; who promotes by hand is noticed as soon as this.
REGISTRY_SECONDS = 20.0


class ShadowWatch:
    """Follows the trial under way."""

    def __init__(self, bot: Bot, storage: Storage, words: Words, desk: ShadowDesk) -> None:
        self._bot = bot
        self._storage = storage
        self._words = words
        self._desk = desk
        self._asked_registry_at = float("-inf")
        self._patience = Patience("following a trial")

    async def run(self, audience: Audience) -> None:
        """Follow trials until cancelled."""
        passing = (*PASSING, redis.RedisError, NobodyAnswersError, TrialRefusedError)
        await self._patience.repeat(lambda: self.look(audience), LOOK_SECONDS, passing)

    async def look(self, audience: Audience) -> None:
        """End what is to end, and tell of what has ended. Raises errors that time mends."""
        standing = await self._desk.look()
        if standing is not None:
            await self._follow(standing)
        for shadow in await self._storage.read(shadows.find_ended):
            await self._desk.end_in_registry(shadow.version)
            await self._tell(shadow, audience)
            await self._storage.write(shadows.mark_shown, shadow.id)
            logger.bind(model=shadow.version).info("a trial ended: {}", shadow.outcome)

    async def _follow(self, standing: Standing) -> None:
        outcome = outcome_of(standing, time.time())
        if outcome is not None:
            await self._storage.write(shadows.end, standing.shadow.id, outcome, time.time())
        elif time.monotonic() - self._asked_registry_at > REGISTRY_SECONDS:
            await self._desk.follow_registry()
            self._asked_registry_at = time.monotonic()

    async def _tell(self, shadow: Shadow, audience: Audience) -> None:
        seen = await audience.chats_seen(shadow.chat_id, shadow.asked_by)
        examples = await self._storage.read_at_length(
            shadow_differences.find_examples, shadow.id, seen
        )
        text = result_text(self._words, shadow.language, shadow, examples)
        buttons = result_buttons(self._words, shadow.language, shadow)
        try:
            await self._bot.send_message(shadow.chat_id, text, reply_markup=buttons)
        except PASSING:
            raise
        except (TelegramAPIError, ClientDecodeError) as error:
            # The text of a ClientDecodeError quotes all that Telegram answered.
            log = logger.bind(chat_id=shadow.chat_id)
            log.warning("can't tell how a trial ended: {}", type(error).__name__)


def outcome_of(standing: Standing, now: float) -> Outcome | None:
    """Tell why a trial ends, or None while it goes on."""
    if standing.figures.judged >= MOST_JUDGED:
        return "judged"
    return "time" if now >= standing.shadow.ends_at else None
