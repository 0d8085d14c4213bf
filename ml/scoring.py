"""Runs encoded texts through an engine, rectangle by rectangle."""

from collections.abc import Iterable, Sequence
from concurrent.futures import Executor
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from ml.batching import BATCH_TOKENS, Rectangle, snug_rectangles


class Engine(Protocol):
    """What runs the network."""

    name: str
    device: str

    @property
    def pool(self) -> Executor | None:
        """What runs rectangles side by side, where the engine can."""
        ...

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
    parts = list(snug_rectangles(encoded, pad_id, batch_tokens))
    logits = np.zeros((len(encoded), outputs))
    for part, found in zip(parts, _run(engine, parts), strict=True):
        logits[part.index] = found
    return logits


def _run(engine: Engine, parts: Sequence[Rectangle]) -> Iterable[NDArray[np.float32]]:
    """Yield the rectangles' logits; the pool takes the largest first, as they come."""
    if engine.pool is None or len(parts) == 1:
        return (engine.logits(part.ids, part.mask) for part in parts)
    return engine.pool.map(lambda part: engine.logits(part.ids, part.mask), parts)
