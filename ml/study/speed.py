"""How fast texts become probabilities: medians, after warming up."""

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

# Twenty words, as long as the study's sentences; a fixed one, so that data doesn't move the figure.
SENTENCE = (
    "Заказывала платье на праздник, пришло быстро, ткань приятная, швы ровные, размер подошёл, "
    "но цвет немного темнее, чем на фото, а так довольна"
)
_WARM_RUNS, _FEWEST_RUNS, _MOST_RUNS = 3, 7, 200
_BULK_PASSES = 3

Scorer = Callable[[Sequence[str]], object]


@dataclass(frozen=True, slots=True)
class Budget:
    """About how long to measure each of the two figures; `texts` is the most of a bulk pass."""

    seconds: float = 5.0
    texts: int = 1_024


DEFAULT_BUDGET = Budget()


@dataclass(frozen=True, slots=True)
class Speed:
    """Median milliseconds for SENTENCE alone, and texts a second when many come at once."""

    one_ms: float
    texts_per_second: float
    one_runs: int
    bulk_texts: int


def measure_speed(score: Scorer, texts: Sequence[str], budget: Budget) -> Speed:
    """Time a scorer that takes texts and gives probabilities, tokenizing included."""
    for _ in range(_WARM_RUNS):
        score([SENTENCE])
    runs = _seconds_of_runs(score, budget.seconds)
    one = statistics.median(runs)
    # A slow model gets fewer texts, so that three passes stay within about the budget.
    count = max(16, min(budget.texts, int(budget.seconds / _BULK_PASSES / one)))
    bulk = [texts[index % len(texts)] for index in range(count)]
    passes = [_seconds(score, bulk) for _ in range(_BULK_PASSES)]
    return Speed(1_000 * one, count / statistics.median(passes), len(runs), count)


def _seconds_of_runs(score: Scorer, budget_seconds: float) -> list[float]:
    ends = time.monotonic() + budget_seconds
    runs: list[float] = []
    while len(runs) < _FEWEST_RUNS or (len(runs) < _MOST_RUNS and time.monotonic() < ends):
        runs.append(_seconds(score, [SENTENCE]))
    return runs


def _seconds(score: Scorer, texts: Sequence[str]) -> float:
    started = time.perf_counter()
    score(texts)
    return time.perf_counter() - started
