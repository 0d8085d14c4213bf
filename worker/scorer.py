"""Scores what waits in the stream, batch by batch, until it is empty or a slice of time is over."""

import time
from collections.abc import Sequence

from loguru import logger

from core.contracts import Scores, Verdict
from ml.classifier import Classifier
from worker.champion import Champion
from worker.texts import MAX_DELIVERIES, Entry, TextStream

# A drain gives way to RQ, and looks for abandoned texts, this often.
SLICE_SECONDS = 1.0
# How long a drain waits for the next text before it ends: cheaper than another RQ job.
LINGER_MS = 250


class Scorer:
    """Drains the texts stream with the champion."""

    def __init__(self, texts: TextStream, champion: Champion, batch_size: int) -> None:
        self._texts = texts
        self._champion = champion
        self._batch_size = batch_size
        self.stop_requested = False

    def drain(self) -> int:
        """Score what a dead worker left and what waits, for one slice at most; return how many."""
        deadline = time.monotonic() + SLICE_SECONDS
        self._texts.create_group()
        scored = self._score_abandoned()
        while not self.stop_requested and time.monotonic() < deadline:
            entries = self._texts.read(self._batch_size, LINGER_MS)
            if not entries:
                break
            self._score(entries)
            scored += len(entries)
        return scored

    def _score_abandoned(self) -> int:
        """Score each text that a dead worker left by itself: one of them may be what killed it."""
        scored = 0
        for entry_id, deliveries in self._texts.abandoned(self._batch_size):
            for entry in self._texts.take_over(entry_id):
                if deliveries >= MAX_DELIVERIES:
                    self._bury(entry, f"its worker died {deliveries} times")
                else:
                    self._score([entry])
                scored += 1
        return scored

    def _score(self, entries: Sequence[Entry]) -> None:
        classifier = self._champion.classifier
        try:
            scores = classifier.predict([entry.text.text for entry in entries])
        except Exception as error:  # noqa: BLE001 - any failure means: find the text that causes it
            self._score_one_by_one(entries, error)
            return
        self._commit(entries, scores, classifier)

    def _score_one_by_one(self, entries: Sequence[Entry], error: Exception) -> None:
        if len(entries) == 1:
            self._bury(entries[0], f"the model raised {type(error).__name__}")
            return
        logger.warning("a batch failed with {}, its texts are tried singly", type(error).__name__)
        for entry in entries:
            self._score([entry])

    def _commit(
        self, entries: Sequence[Entry], scores: Sequence[Scores], classifier: Classifier
    ) -> None:
        now = time.time()
        verdicts = [
            Verdict(
                key=entry.text.key,
                scores=score,
                model=classifier.version,
                received_at=entry.text.received_at,
                read_at=entry.read_at,
                scored_at=now,
            )
            for entry, score in zip(entries, scores, strict=True)
        ]
        self._texts.commit(entries, verdicts)

    def _bury(self, entry: Entry, reason: str) -> None:
        self._texts.bury(entry, reason, self._champion.classifier.version)
