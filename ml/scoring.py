"""Runs encoded texts through an engine, rectangle by rectangle."""

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from ml.batching import BATCH_TOKENS, rectangles


class Engine(Protocol):
    """What runs the network."""

    name: str
    device: str

    def logits(self, ids: NDArray[np.int32], mask: NDArray[np.int32]) -> NDArray[np.float32]:
        """Score one rectangle: (texts, tokens) -> (texts, outputs)."""
        ...


def score(
    engine: Engine,
    encoded: Sequence[Sequence[int]],
    outputs: int,
    pad_id: int = 0,
    batch_tokens: int = BATCH_TOKENS,
) -> NDArray[np.float64]:
    """Return the raw outputs (texts, outputs) in input order."""
    logits = np.zeros((len(encoded), outputs))
    for part in rectangles(encoded, pad_id, batch_tokens):
        logits[part.index] = engine.logits(part.ids, part.mask)
    return logits
