"""The community's clock: real time plus whatever the control API has added."""

import time


class Clock:
    def __init__(self) -> None:
        self.ahead_seconds = 0.0

    def now(self) -> float:
        """Return the community's time as epoch seconds."""
        return time.time() + self.ahead_seconds

    def date(self) -> int:
        """Return the community's time in whole epoch seconds, as messages carry it."""
        return int(self.now())

    def advance(self, seconds: float) -> None:
        """Move the clock forward; it never goes back."""
        self.ahead_seconds += max(0.0, seconds)
