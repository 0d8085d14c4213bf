"""Starting embeddings from word co-occurrence, so that pretraining need not learn them from noise.

Positive pointwise mutual information, factorised (Levy and Goldberg, 2014).
"""

from collections.abc import Sequence

import numpy as np
import torch

from ml.packing import Ids

WINDOW = 4  # pieces to the right; the counts are made symmetric
SMOOTHING = 0.75  # exponent on context frequencies


def embeddings(documents: Sequence[Ids], vocab_size: int, width: int, scale: float) -> torch.Tensor:
    """Return (vocab_size, width) embeddings with standard deviation `scale`."""
    association = _positive_mutual_information(_counts(documents, vocab_size))
    rank = min(width, vocab_size)
    left, strength, _ = torch.svd_lowrank(association, q=min(rank + 20, vocab_size), niter=2)
    vectors = left[:, :rank] * strength[:rank].sqrt()
    vectors /= vectors.norm(dim=1, keepdim=True).clamp_min(1e-6)
    vectors += torch.randn_like(vectors) * 0.05 * width**-0.5
    rotation = torch.linalg.qr(torch.randn(width, width)).Q[:rank]  # over all dimensions and heads
    found: torch.Tensor = vectors @ rotation * (scale * width**0.5)
    return found


def _counts(documents: Sequence[Ids], vocab_size: int) -> torch.Tensor:
    flat = np.concatenate([np.concatenate([d[1:-1], np.zeros(WINDOW, d.dtype)]) for d in documents])
    ids = flat.astype(np.int32)  # documents apart by padding, which counts for nothing
    counts = torch.zeros(vocab_size, vocab_size)
    for distance in range(1, WINDOW + 1):
        pairs = ids[:-distance] * np.int32(vocab_size) + ids[distance:]
        found = np.bincount(pairs, minlength=vocab_size * vocab_size)
        counts += torch.from_numpy(found).view(vocab_size, vocab_size) / distance
    counts[0], counts[:, 0] = 0, 0
    return counts + counts.T


def _positive_mutual_information(counts: torch.Tensor) -> torch.Tensor:
    rows = counts.sum(1, keepdim=True).clamp_min(1e-9)
    contexts = counts.sum(0, keepdim=True).clamp_min(1e-9) ** SMOOTHING
    contexts /= contexts.sum()
    return (counts / rows / contexts).clamp_min_(1e-9).log_().clamp_min_(0)
