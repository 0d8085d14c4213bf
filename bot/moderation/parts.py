"""The parts of moderation, cards, measures and appeals, each waking the others."""

from aiogram import Bot

from bot.moderation.appeal_keeper import AppealKeeper
from bot.moderation.keeper import CardKeeper
from bot.moderation.measures import MeasureRunner
from bot.storage.database import Storage
from bot.words import Words


class Moderation:
    """What runs in the background so that cards are shown, measures taken, appeals heard."""

    def __init__(self, bot: Bot, storage: Storage, words: Words) -> None:
        self.cards = CardKeeper(bot, storage, words, self.wake)
        self.measures = MeasureRunner(bot, storage, words, self.wake)
        self.appeals = AppealKeeper(bot, storage, words)

    def wake(self) -> None:
        """Say that there may be something to show or to do."""
        self.cards.wake()
        self.measures.wake()
        self.appeals.wake()
