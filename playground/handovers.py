"""When each message was first handed to a bot: what benchmarks measure latency from."""

import time
from collections.abc import Iterable

from playground.updates import Update

Handover = tuple[int, int, int, float]


class Handovers:
    """A list that grows while it is switched on."""

    def __init__(self) -> None:
        self.enabled = False
        self.list: list[Handover] = []

    def switch(self, on: bool) -> None:
        """Start anew with an empty list, or stop and keep the list."""
        if on and not self.enabled:
            self.list.clear()
        self.enabled = on

    def record(self, updates: Iterable[Update]) -> None:
        """Note the time of updates that leave for the first time, in epoch seconds."""
        if not self.enabled:
            return
        now = time.time()
        for update in updates:
            if not update.handed_over and update.key is not None:
                self.list.append((*update.key, now))
            update.handed_over = True
