"""Packs tokenised documents into rows of a fixed width, and draws the words to mask in them.

Several short documents share a row; `segments` keeps them apart in attention, so no compute goes
into padding and every document is seen as it will be at fine-tuning.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Ids = NDArray[np.int64]
_CHUNK = 8_192  # documents packed together: enough to fill rows well


@dataclass(frozen=True, slots=True)
class Rows:
    """Packed documents; each array is (rows, width), and padding has segment 0."""

    ids: Ids
    segments: Ids
    positions: Ids

    def between(self, start: int, stop: int) -> "Rows":
        """Return some of the rows."""
        return Rows(self.ids[start:stop], self.segments[start:stop], self.positions[start:stop])


@dataclass(frozen=True, slots=True)
class Shape:
    """A batch's fixed shape."""

    rows: int
    width: int


def pack(documents: Sequence[Ids], width: int) -> Rows:
    """Lay documents, each at most `width` tokens, into as few rows as best fit finds."""
    return _laid_out(documents, _best_fit([len(d) for d in documents], width, 0), width)


def _laid_out(documents: Sequence[Ids], plan: Sequence[Sequence[int]], width: int) -> Rows:
    ids, segments, positions = (np.zeros((len(plan), width), np.int64) for _ in range(3))
    for row, members in enumerate(plan):
        start = 0
        for segment, index in enumerate(members, 1):
            end = start + len(documents[index])
            ids[row, start:end] = documents[index]
            segments[row, start:end] = segment
            positions[row, start:end] = np.arange(end - start)
            start = end
    return Rows(ids, segments, positions)


def _best_fit(lengths: Sequence[int], width: int, floor: int) -> list[list[int]]:
    """Group document numbers so that each group's lengths add up to at most `width`.

    Each group holds one document longer than `floor`; shorter ones that find no room stay out.
    """
    by_length: list[list[int]] = [[] for _ in range(width + 1)]
    for index, length in enumerate(lengths):
        by_length[length].append(index)
    plan: list[list[int]] = []
    for longest in range(width, floor, -1):
        while by_length[longest]:
            plan.append(_fill(by_length, longest, width))
    return plan


def _fill(by_length: list[list[int]], longest: int, width: int) -> list[int]:
    members, room = [by_length[longest].pop()], width - longest
    length = min(room, longest)
    while length > 0:
        if not by_length[length]:
            length -= 1
            continue
        members.append(by_length[length].pop())
        room -= length
        length = min(room, length)
    return members


def batches(
    documents: Sequence[Ids], shapes: Sequence[Shape], random: np.random.Generator
) -> Iterator[Rows]:
    """Yield one pass over the documents in random order, each batch of one of `shapes`.

    `shapes` go from narrow to wide. What fills no whole batch in the end is left out.
    """
    order = random.permutation(len(documents))
    waiting: dict[Shape, list[Rows]] = {shape: [] for shape in shapes}
    for start in range(0, len(order), _CHUNK):
        chunk = [documents[index] for index in order[start : start + _CHUNK]]
        ready: list[Rows] = []
        for shape, rows in _packed_by_shape(chunk, shapes):
            waiting[shape].append(_shuffled(rows, random))
            full, waiting[shape] = _whole_batches(waiting[shape], shape)
            ready += full
        yield from (ready[place] for place in random.permutation(len(ready)))


def _packed_by_shape(
    documents: Sequence[Ids], shapes: Sequence[Shape]
) -> Iterator[tuple[Shape, Rows]]:
    """Pack each document into the narrowest shape that holds it; short ones fill wide rows."""
    rest = list(documents)
    floors = [0, *(shape.width for shape in shapes[:-1])]
    for shape, floor in reversed(list(zip(shapes, floors, strict=True))):
        plan = _best_fit([len(document) for document in rest], shape.width, floor)
        yield shape, _laid_out(rest, plan, shape.width)
        used = {index for members in plan for index in members}
        rest = [document for index, document in enumerate(rest) if index not in used]


def _shuffled(rows: Rows, random: np.random.Generator) -> Rows:
    order = random.permutation(len(rows.ids))
    return Rows(rows.ids[order], rows.segments[order], rows.positions[order])


def _whole_batches(parts: list[Rows], shape: Shape) -> tuple[list[Rows], list[Rows]]:
    joined = Rows(
        np.concatenate([part.ids for part in parts]),
        np.concatenate([part.segments for part in parts]),
        np.concatenate([part.positions for part in parts]),
    )
    cuts = range(0, len(joined.ids), shape.rows)
    slices = [joined.between(cut, cut + shape.rows) for cut in cuts]
    if slices and len(slices[-1].ids) < shape.rows:
        return slices[:-1], [slices[-1]]
    return slices, []


@dataclass(frozen=True, slots=True)
class Masking:
    """What masking needs of a vocabulary, and how much is masked."""

    mask_id: int
    vocab_size: int
    continues: NDArray[np.bool_]  # (vocabulary,): the piece goes on with the word before it
    special: NDArray[np.bool_]  # (vocabulary,)
    rate: float = 0.15


@dataclass(frozen=True, slots=True)
class Masked:
    """A batch with words hidden: `where` are flat positions, `targets` what stood there."""

    ids: Ids
    where: Ids
    targets: Ids


def mask_words(ids: Ids, masking: Masking, random: np.random.Generator) -> Masked:
    """Hide whole words: 80 % become [MASK], 10 % a random piece, 10 % stay (Devlin et al., 2019).

    Always exactly `rate` of the batch's tokens, so that the shapes after it are fixed too.
    """
    flat = ids.reshape(-1)
    word = np.cumsum(~masking.continues[flat])
    lots = random.random(word[-1] + 1)
    order = np.argsort(lots[word] + 2.0 * masking.special[flat], kind="stable")
    where = np.sort(order[: int(len(flat) * masking.rate)])
    fate = random.random(len(where))
    hidden = np.where(fate < 0.8, masking.mask_id, flat[where])
    strangers = random.integers(0, masking.vocab_size, len(where))
    hidden = np.where(fate >= 0.9, strangers, hidden)
    masked = flat.copy()
    masked[where] = hidden
    return Masked(masked.reshape(ids.shape), where, flat[where])
