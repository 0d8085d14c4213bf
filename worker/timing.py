"""How long a challenger takes for a text, against the champion, on this machine."""

import statistics
import time
from collections.abc import Sequence
from pathlib import Path

from ml.classifier import Classifier
from ml.gate import Judged

ROUNDS = 7
TEXT = "Заказ пришёл вовремя, но коробка была помята, и никто не извинился."


def slowdown(champion: Path, challenger: Path, sets: Sequence[Judged]) -> float:
    """Return the challenger's time for a batch over the champion's, the median of a few rounds.

    They take turns, so that what else the machine does hits both.
    """
    texts = [TEXT] * min(64, max(8, max((len(judged.truth) for judged in sets), default=8)))
    pair = [Classifier.load(path) for path in (champion, challenger)]
    for classifier in pair:
        classifier.predict(texts)
    ratios = []
    for _ in range(ROUNDS):
        before, after = (_seconds(classifier, texts) for classifier in pair)
        ratios.append(after / before)
    return statistics.median(ratios)


def _seconds(classifier: Classifier, texts: list[str]) -> float:
    started = time.perf_counter()
    classifier.predict(texts)
    return time.perf_counter() - started
