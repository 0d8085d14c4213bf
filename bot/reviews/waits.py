"""Readings that wait for the model: looked at now and then, for nothing else changes there."""

import sqlite3
import time
from collections.abc import Collection
from dataclasses import dataclass
from itertools import islice

from bot.reviews.readings import Reading
from bot.storage import readings

# So often the model is looked for.
MODEL_LOOK_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Wait:
    """What a message says meanwhile, and since when by the monotonic clock."""

    text: str
    since: float


class Waits:
    """Remembers them for this process; a restarted one goes on with the next verdict."""

    def __init__(self) -> None:
        self._waits: dict[int, Wait] = {}

    def note(self, reading: int, text: str) -> None:
        """Note what a reading's message says now."""
        self._waits[reading] = Wait(text, time.monotonic())

    def says(self, reading: int, text: str) -> bool:
        """Tell whether a reading's message says a text already."""
        wait = self._waits.get(reading)
        return wait is not None and wait.text == text

    def forget(self, reading: int) -> None:
        """Wait for a reading no longer."""
        self._waits.pop(reading, None)

    def find_due(
        self, connection: sqlite3.Connection, busy_lanes: Collection[int], limit: int
    ) -> list[Reading]:
        """Find of each free chat one that was not looked at for a while."""
        before = time.monotonic() - MODEL_LOOK_SECONDS
        waits = sorted(self._waits.items(), key=lambda wait: wait[1].since)
        due = (reading for reading, wait in waits if wait.since < before)
        found: dict[int, Reading] = {}
        for number in islice(due, limit):
            try:
                reading = readings.find(connection, number)
            except LookupError:
                self.forget(number)
                continue
            if reading.lane not in busy_lanes:
                found.setdefault(reading.lane, reading)
        return list(found.values())
