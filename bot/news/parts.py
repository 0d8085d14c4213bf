"""What tells communities of their mood by itself: alerts, digests, and the bells of both."""

from collections.abc import Coroutine

import redis
import redis.asyncio
from aiogram import Bot

from bot.bells import BellFollower, BellRinger
from bot.charts.pictures import Artist
from bot.news.alerting import AlertKeeper
from bot.news.digesting import DigestClock, DigestSender
from bot.news.lookout import LOOK_SECONDS, Lookout
from bot.storage.database import Storage
from bot.storage.digests import GRACE_SECONDS
from bot.words import Words
from core.bells import bell_queue


class MoodNews:
    """The parts, each waking those that go on with what it did."""

    def __init__(self, bot: Bot, storage: Storage, words: Words, artist: Artist) -> None:
        self._storage = storage
        self.alerts = AlertKeeper(bot, storage, words, artist)
        self.sender = DigestSender(bot, storage, words, artist)
        self.clock = DigestClock(storage, self.sender.wake)
        self.lookout = Lookout(storage, self.alerts.wake)

    def wake(self) -> None:
        """Say that an alert is to be shown anew, or a digest to be planned or sent."""
        self.alerts.wake()
        self.clock.wake()
        self.sender.wake()

    def parts(
        self, connection: redis.asyncio.Redis, wakes: redis.Redis
    ) -> list[Coroutine[None, None, None]]:
        """What is to be run side by side."""
        ringer = BellRinger(bell_queue(wakes), LOOK_SECONDS)

        def look() -> None:
            ringer.wake()
            self.lookout.wake()

        return [
            self.alerts.run(),
            self.sender.run(),
            self.clock.run(ringer.plan),
            # Where no bell rings it looks all the same.
            self.lookout.run(LOOK_SECONDS + GRACE_SECONDS),
            ringer.run(),
            BellFollower(self._storage, connection, self.clock.wake, look).run(),
        ]
