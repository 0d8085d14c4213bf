"""Groups encoded texts into rectangles of few widths, so that padding and memory stay small."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

WIDTHS = (4, 8, 12, 16, 20, 24, 28, 32, 40, 48, 56, 64, 80, 96, 112, 128)  # tokens
BATCH_TOKENS = 256  # of one rectangle: more gains a core nothing, and keeps the others waiting
# Of a rectangle's tokens, how many may be padding: about as many as one more rectangle costs.
_PADDING_SHARE = 1 / 32

Ids = NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Rectangle:
    """Texts of similar length: `ids` and `mask` are (texts, width), `index` their places."""

    index: list[int]
    ids: Ids
    mask: Ids


def rectangles(
    encoded: Sequence[Sequence[int]], pad_id: int, batch_tokens: int = BATCH_TOKENS
) -> Iterator[Rectangle]:
    """Yield all texts, sorted by length, at most `batch_tokens` tokens at a time."""
    order = sorted(range(len(encoded)), key=lambda index: len(encoded[index]))
    start = 0
    while start < len(order):
        stop = start + 1
        width = width_for(len(encoded[order[start]]))
        while stop < len(order):
            wider = width_for(len(encoded[order[stop]]))
            if wider != width or (stop + 1 - start) * width > batch_tokens:
                break
            stop += 1
        yield rectangle(encoded, order[start:stop], width, pad_id)
        start = stop


def snug_rectangles(
    encoded: Sequence[Sequence[int]], pad_id: int, batch_tokens: int = BATCH_TOKENS
) -> Iterator[Rectangle]:
    """Yield all texts, the longest first, in rectangles as wide as their longest text.

    For engines to which any width is as good as another: there is less padding than in
    `rectangles`, whose few widths suit those that prepare for each.
    """
    order = sorted(range(len(encoded)), key=lambda index: -len(encoded[index]))
    start = 0
    while start < len(order):
        width = len(encoded[order[start]])
        stop, padding = start + 1, 0
        while stop < len(order) and (stop + 1 - start) * width <= batch_tokens:
            padding += width - len(encoded[order[stop]])
            if padding > batch_tokens * _PADDING_SHARE:
                break
            stop += 1
        yield rectangle(encoded, order[start:stop], width, pad_id)
        start = stop


def rectangle(
    encoded: Sequence[Sequence[int]], index: list[int], width: int, pad_id: int
) -> Rectangle:
    """Pad the texts at `index` on the right to `width`."""
    if len(index) == 1 and len(encoded[index[0]]) == width:
        ids = np.array([encoded[index[0]]], np.int32)  # a chat's next text, and it is in a hurry
        return Rectangle(index, ids, np.ones_like(ids))
    ids = np.full((len(index), width), pad_id, np.int32)
    mask = np.zeros((len(index), width), np.int32)
    for row, place in enumerate(index):
        length = len(encoded[place])
        ids[row, :length] = encoded[place]
        mask[row, :length] = 1
    return Rectangle(index, ids, mask)


def width_for(length: int) -> int:
    """Return the narrowest of WIDTHS that holds `length` tokens."""
    for width in WIDTHS:
        if length <= width:
            return width
    return WIDTHS[-1]
