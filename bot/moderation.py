"""The two halves of moderation, cards and measures, each waking the other."""

from aiogram import Bot

from bot.card_keeper import CardKeeper
from bot.measures import MeasureRunner
from bot.storage.database import Storage
from bot.words import Words


class Moderation:
    """What runs in the background so that cards are shown and measures are taken."""

    def __init__(self, bot: Bot, storage: Storage, words: Words) -> None:
        self.cards = CardKeeper(bot, storage, words, self.wake)
        self.measures = MeasureRunner(bot, storage, words, self.wake)

    def wake(self) -> None:
        """Say that there may be something to show or to do."""
        self.cards.wake()
        self.measures.wake()
