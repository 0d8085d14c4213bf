"""Shows how a training goes: a bar on a terminal, a line now and then in a log."""

import sys
import time
from types import TracebackType

from tqdm import tqdm

LINE_EVERY_SECONDS = 20.0
_SMOOTHING = 0.98  # of the shown loss, what stays at each step


class ProgressBar:
    """Counts steps and tokens of one training; its speed is that of this start alone."""

    def __init__(self, title: str) -> None:
        self._title, self._started, self._shown = title, time.monotonic(), -LINE_EVERY_SECONDS
        self._tokens, self._steps, self._loss = 0, 0, 0.0
        self._bar = tqdm(
            total=1.0, bar_format="{desc} {percentage:3.0f}% |{bar}| {postfix}", disable=None
        )
        self._bar.set_description_str(title)

    def __enter__(self) -> "ProgressBar":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._bar.close()

    @property
    def loss(self) -> float:
        """The loss, smoothed over about 50 steps."""
        return self._loss / max(1 - _SMOOTHING**self._steps, 1e-9)

    def step(self, loss: float, tokens: int, done: float, seconds_left: float) -> None:
        """Take one more step into account; `done` is the share of the work that lies behind."""
        self._steps += 1
        self._tokens += tokens
        self._loss = self._loss * _SMOOTHING + loss * (1 - _SMOOTHING)
        self._bar.n = min(done, 1.0)
        rate = self._tokens / max(time.monotonic() - self._started, 1e-9)
        text = f"loss {self.loss:.3f}  {rate:,.0f} tokens/s  {_clock(seconds_left)} left"
        self._bar.set_postfix_str(text, refresh=False)
        self._bar.update(0)
        self._log(f"{self._title} {done:4.0%}  {text}")

    def _log(self, line: str) -> None:
        now = time.monotonic()
        if self._bar.disable and now - self._shown >= LINE_EVERY_SECONDS:
            self._shown = now
            print(line, file=sys.stderr, flush=True)


def _clock(seconds: float) -> str:
    minutes, rest = divmod(max(int(seconds), 0), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
