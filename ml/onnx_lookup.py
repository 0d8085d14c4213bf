"""The first layer's queries, keys and values, looked up instead of multiplied.

A layer norm of a word's and a place's vector is linear but for its division, so their products
with the first layer's matrices can be made beforehand, once for each word and place:
LN(w + p) M = (w' M + p' M) / sigma + beta M, where w' and p' are centred and times gamma. It is
exact (but for the float16 that the table is kept in) where int8 strays most, and it is quicker.
"""

from collections.abc import Mapping, Sequence

import numpy as np
from onnx import TensorProto

from ml.onnx_nodes import Array, Nodes

_LARGEST_TABLE_BYTES = 32 << 20  # a larger one costs memory, and time to fetch its rows
_EMBEDDINGS = "bert.embeddings"
_PARTS = ("query", "key", "value")


def fits(weights: Mapping[str, Array]) -> bool:
    """Say whether the vocabulary is small enough for a table."""
    words = weights[f"{_EMBEDDINGS}.word_embeddings.weight"]
    return 3 * words.size * np.dtype(np.float16).itemsize <= _LARGEST_TABLE_BYTES


def projections(graph: Nodes, inverse: str, prefix: str, name: str) -> tuple[list[str], str]:
    """Add queries, keys and values of all tokens; return them and the bias that all still lack.

    `inverse` is 1 / sigma of each token's embedding; "width" names how many tokens there are.
    """
    matrix, bias = _joined(graph, prefix)
    gamma, beta = (graph.weights[f"{_EMBEDDINGS}.LayerNorm.{part}"] for part in ("weight", "bias"))
    words = _centred(graph.weights[f"{_EMBEDDINGS}.word_embeddings.weight"]) * gamma
    places = _centred(place_vectors(graph)) * gamma
    # Part by part: a worker makes it at its first start, which would need 50 MB more at once.
    parts = [(part @ matrix).astype(np.float16) for part in np.array_split(words, 16)]
    table = graph.constant(f"{name}.table", np.concatenate(parts))
    rows = graph.node("Gather", [table, "input_ids"], f"{name}.rows")
    whole = graph.node("Cast", [rows], f"{name}.words", to=TensorProto.FLOAT)
    start = graph.numbers(f"{name}.start", 0)
    here = [graph.constant(f"{name}.all_places", places @ matrix), start, "width", start]
    total = graph.node("Add", [whole, graph.node("Slice", here, f"{name}.places")], f"{name}.sum")
    scaled = graph.node("Mul", [total, inverse], f"{name}.scaled")
    sizes = graph.numbers(f"{name}.sizes", *[matrix.shape[1] // 3] * 3)
    outputs = [f"{name}.{part}" for part in _PARTS]
    projected = graph.add("Split", [scaled, sizes], outputs, axis=-1)
    return projected, graph.constant(f"{name}.bias", beta @ matrix + bias)


def place_vectors(graph: Nodes) -> Array:
    """Return the position embeddings with the first segment's vector, which all texts are."""
    segment = graph.weights[f"{_EMBEDDINGS}.token_type_embeddings.weight"][0]
    return np.asarray(graph.weights[f"{_EMBEDDINGS}.position_embeddings.weight"] + segment)


def _joined(graph: Nodes, prefix: str) -> tuple[Array, Array]:
    matrices: Sequence[Array] = [graph.weights[f"{prefix}.{part}.weight"].T for part in _PARTS]
    biases = [graph.weights[f"{prefix}.{part}.bias"] for part in _PARTS]
    return np.concatenate(matrices, axis=1), np.concatenate(biases)


def _centred(vectors: Array) -> Array:
    return np.asarray(vectors - vectors.mean(axis=1, keepdims=True), np.float32)
