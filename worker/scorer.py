"""Scores what waits in the stream, batch by batch, until it is empty or a slice of time is over."""

import time
from collections.abc import Sequence

from loguru import logger

from core.contracts import Scores, Text, Verdict
from worker.champion import Champion
from worker.shadow import Shadow
from worker.texts import MAX_DELIVERIES, Entry, TextStream

# A drain gives way to RQ, and looks for abandoned texts, this often.
SLICE_SECONDS = 1.0
# How long a drain waits for the next text before it ends: cheaper than another RQ job.
LINGER_MS = 250
# Short against the time after which a text counts as abandoned, and against a stop's 2 s.
BATCH_SECONDS = 0.5
HARMLESS = Entry("0-0", Text(key="0:0:0", text="Добрый день", received_at=0), read_at=0)


class ModelBrokenError(Exception):
    """The model fails on any text, so the process that holds it must make way for a new one."""


class Scorer:
    """Drains the texts stream with the champion."""

    def __init__(
        self, texts: TextStream, champion: Champion, batch_size: int, shadow: Shadow
    ) -> None:
        """`batch_size` bounds a batch; a slow model gets smaller ones, see BATCH_SECONDS."""
        self._texts = texts
        self._champion = champion
        self._shadow = shadow
        self._largest_batch = batch_size
        self._seconds_per_text = 0.0
        self.stop_requested = False
        self.broken = False

    @property
    def trying(self) -> str:
        """The version that is tried beside the champion here and now; empty for none."""
        return self._shadow.version

    def drain(self) -> int:
        """Score what a dead worker left and what waits, for one slice at most; return how many.

        Raises ModelBrokenError, after which nothing more can be scored in this process.
        """
        deadline = time.monotonic() + SLICE_SECONDS
        self._texts.create_group()
        scored = self._score_abandoned(deadline)
        while self._may_go_on(deadline):
            entries = self._texts.read(self._batch_size(), LINGER_MS)
            if not entries:
                break
            self._score(entries)
            scored += len(entries)
        return scored

    def _may_go_on(self, deadline: float) -> bool:
        return not self.stop_requested and time.monotonic() < deadline

    def _batch_size(self) -> int:
        """As many texts as the model is likely to score within BATCH_SECONDS."""
        if not self._seconds_per_text:
            return self._largest_batch
        return min(self._largest_batch, max(1, int(BATCH_SECONDS / self._seconds_per_text)))

    def _score_abandoned(self, deadline: float) -> int:
        """Score each text that a dead worker left by itself: one of them may be what killed it."""
        scored = 0
        for entry_id, deliveries in self._texts.abandoned(self._largest_batch):
            if not self._may_go_on(deadline):
                break
            # Whatever killed it, its texts are scored by what is known to work.
            self._shadow.rest()
            for entry in self._texts.take_over(entry_id):
                if deliveries >= MAX_DELIVERIES:
                    self._bury(entry, f"its worker died {deliveries} times")
                else:
                    self._score([entry])
                scored += 1
        return scored

    def _score(self, entries: Sequence[Entry]) -> None:
        classifier = self._champion.classifier
        # Then more texts wait, and none shall wait for a trial, which needs no more than a sample.
        is_full = len(entries) >= self._batch_size()
        started = time.monotonic()
        try:
            scores = classifier.predict([entry.text.text for entry in entries])
            verdicts = make_verdicts(entries, scores, classifier.version)
        except Exception as error:  # noqa: BLE001 - any failure means: find the text that causes it
            self._score_one_by_one(entries, error)
            return
        if self._shadow.version and not is_full:
            verdicts = self._shadow.beside(verdicts, [entry.text.text for entry in entries])
        self._texts.commit(entries, verdicts)
        self._seconds_per_text = (time.monotonic() - started) / len(entries)

    def _score_one_by_one(self, entries: Sequence[Entry], error: Exception) -> None:
        if len(entries) == 1:
            self._check_model(error)
            self._bury(entries[0], f"the model raised {type(error).__name__}")
            return
        logger.warning("a batch failed with {}, its texts are tried singly", type(error).__name__)
        for entry in entries:
            self._score([entry])

    def _check_model(self, error: Exception) -> None:
        """Raise ModelBrokenError when it is not the text that is to blame."""
        classifier = self._champion.classifier
        try:
            make_verdicts([HARMLESS], classifier.predict([HARMLESS.text.text]), classifier.version)
        except Exception:  # noqa: BLE001 - whatever it is, it is not the text's
            self.broken = True
            raise ModelBrokenError(f"the model fails on any text: {error}") from error

    def _bury(self, entry: Entry, reason: str) -> None:
        self._texts.bury(entry, reason, self._champion.classifier.version)


def make_verdicts(entries: Sequence[Entry], scores: Sequence[Scores], model: str) -> list[Verdict]:
    """Pair texts with what the model said of them just now. Raises ValueError on a NaN."""
    now = time.time()
    return [
        Verdict(
            key=entry.text.key,
            scores=score,
            model=model,
            received_at=entry.text.received_at,
            read_at=entry.read_at,
            scored_at=now,
        )
        for entry, score in zip(entries, scores, strict=True)
    ]
