"""Finds texts that nearly repeat each other, so that no split sets one of them against the other.

Two texts are near-duplicates when the sets of their five-character shingles have a Jaccard
similarity of at least SIMILAR. Candidates come from MinHash signatures in bands (Broder, 1997;
Leskovec et al., Mining of Massive Datasets, chapter 3) and are then compared exactly.
"""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from ml.text import fingerprint

SIMILAR = 0.7
# Below this, as in "большое спасибо вам", texts are alike because the language is, not because one
# was copied from the other; they are near-duplicates of exact copies alone.
SHORTEST = 32  # characters of the fingerprint
_SHINGLE = 5  # characters
# Pairs at SIMILAR share a band with a chance of 0.9999, pairs at 0.8 with 1 - 2e-9.
_BANDS, _ROWS = 50, 5
_BLOCK = 4_000  # texts hashed at a time: bounds the memory
_CROWD = 16  # above this a band's texts are compared with their first and their next, not with all

Ids = NDArray[np.int64]
Hashes = NDArray[np.uint32]


def clusters(texts: Sequence[str]) -> list[int]:
    """Return for each text the index of the first text of its cluster; the same for each call.

    Clusters are what near-duplicates connect, whatever stands between.
    """
    first: dict[str, int] = {}
    copy_of = [first.setdefault(fingerprint(text), place) for place, text in enumerate(texts)]
    prints = [text for text in first if len(text) >= SHORTEST]
    places = [first[text] for text in prints]
    head = list(range(len(texts)))
    for one, other in _candidates(prints):
        one_head, other_head = _root(head, places[one]), _root(head, places[other])
        if one_head != other_head and similarity(prints[one], prints[other]) >= SIMILAR:
            head[max(one_head, other_head)] = min(one_head, other_head)
    return [_root(head, place) for place in copy_of]


def similarity(one: str, other: str) -> float:
    """Return the Jaccard similarity of two fingerprints' shingles, 0 to 1."""
    left, right = _shingles(one), _shingles(other)
    return len(left & right) / max(len(left | right), 1)


def _shingles(text: str) -> set[str]:
    return {text[place : place + _SHINGLE] for place in range(len(text) - _SHINGLE + 1)}


def _root(head: list[int], place: int) -> int:
    while head[place] != place:
        head[place] = head[head[place]]
        place = head[place]
    return place


def _candidates(prints: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Yield pairs that share a band and whose signatures agree nearly as much as they must."""
    if len(prints) < 2:
        return
    signatures = np.concatenate(
        [_signatures(prints[at : at + _BLOCK]) for at in range(0, len(prints), _BLOCK)]
    )
    pairs = np.unique(np.concatenate([_pairs(band) for band in _bands(signatures)]), axis=0)
    # Of 250 hashes 175 agree at SIMILAR, give or take 7: 0.55 is five deviations below.
    for at in range(0, len(pairs), 100_000):
        some = pairs[at : at + 100_000]
        agreed = (signatures[some[:, 0]] == signatures[some[:, 1]]).mean(axis=1)
        yield from some[agreed >= SIMILAR - 0.15].tolist()


def _signatures(prints: Sequence[str]) -> Hashes:
    """Return (texts, bands x rows): the least of each hash over a text's shingles."""
    lengths = np.array([len(text) for text in prints])
    codes = np.frombuffer("".join(prints).encode("utf-32-le", "replace"), np.uint32)
    shingles = _mixed(codes)
    starts = np.cumsum(lengths) - lengths
    inside = np.ones(len(codes), bool)  # a shingle must not reach into the next text
    for back in range(1, _SHINGLE):
        inside[starts + lengths - back] = False
    shingles = shingles[inside[: len(shingles)]]
    starts -= np.arange(len(prints)) * (_SHINGLE - 1)
    factors, terms = _hash_functions()
    found = np.empty((len(factors), len(prints)), np.uint32)
    for row, (factor, term) in enumerate(zip(factors, terms, strict=True)):
        found[row] = np.minimum.reduceat(shingles * factor + term, starts)
    return found.T


def _hash_functions() -> tuple[Hashes, Hashes]:
    """Return odd factors and terms: x -> factor x + term permutes the numbers of 32 bits."""
    chance = np.random.default_rng(20_010)
    factors, terms = chance.integers(0, 2**32, (2, _BANDS * _ROWS), np.uint32)
    return factors | np.uint32(1), terms


def _mixed(codes: Hashes) -> Hashes:
    """Hash every five characters in a row to 32 bits (the finaliser of MurmurHash3)."""
    count = len(codes) - _SHINGLE + 1
    mixed = np.zeros(count, np.uint64)
    for place in range(_SHINGLE):
        mixed = mixed * np.uint64(0x9E3779B97F4A7C15) + codes[place : place + count]
    mixed ^= mixed >> np.uint64(33)
    mixed *= np.uint64(0xFF51AFD7ED558CCD)
    mixed ^= mixed >> np.uint64(33)
    return (mixed >> np.uint64(16)).astype(np.uint32)


def _bands(signatures: Hashes) -> Iterator[NDArray[np.uint64]]:
    """Yield one key a text for each band."""
    for band in range(0, signatures.shape[1], _ROWS):
        key = np.zeros(len(signatures), np.uint64)
        for row in range(band, band + _ROWS):
            key = key * np.uint64(0x9E3779B97F4A7C15) + signatures[:, row]
            key ^= key >> np.uint64(29)
        yield key


def _pairs(keys: NDArray[np.uint64]) -> Ids:
    """Return (pairs, 2) indices of texts with the same key."""
    order = np.argsort(keys, kind="stable")
    changes = np.flatnonzero(np.diff(keys[order])) + 1
    starts = np.concatenate([[0], changes])
    sizes = np.diff(np.concatenate([starts, [len(keys)]]))
    found = [np.empty((0, 2), np.int64)]
    for start, size in zip(starts[sizes > 1], sizes[sizes > 1], strict=True):
        members = order[start : start + size]
        if size <= _CROWD:
            one, other = np.triu_indices(size, 1)
            found.append(np.stack([members[one], members[other]], axis=1))
        else:
            firsts = np.full(size - 1, members[0])
            found.append(np.stack([firsts, members[1:]], axis=1))
            found.append(np.stack([members[:-1], members[1:]], axis=1))
    return np.concatenate(found)
