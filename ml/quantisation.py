"""Finds the fastest graph of a checkpoint that still gives its probabilities.

Full int8 first; where that strays too far from float32 on sample texts, more and more products stay
in float32. Runs once for a checkpoint: `ml.onnx_engine` caches what comes out.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ml import manifest as manifests
from ml import onnx_graph
from ml.checkpoint import load_weights
from ml.errors import CheckpointError
from ml.manifest import read_json
from ml.onnx_engine import OnnxEngine
from ml.onnx_graph import BertShape
from ml.onnx_nodes import Precision
from ml.parity import LARGEST_DIFFERENCE, compare
from ml.samples import sample_texts
from ml.tokenization import TextTokenizer, load_tokenizer

# Of the allowed difference, what the samples may use up: of 6,493 real texts, the one that strayed
# furthest went 1.4 times as far (2.2 times with a more faithful graph, well within the limit).
SAMPLE_SHARE = 0.65
# A channel is wide when its largest value exceeds those of this share of channels.
ORDINARY_CHANNELS = 0.95


def fastest_graph(directory: Path) -> bytes:
    """Return the serialised graph; in float32 where nothing smaller keeps parity."""
    tokenizer, manifest = TextTokenizer(load_tokenizer(directory)), manifests.read(directory)
    encoded = tokenizer.encode(sample_texts()[::3])
    plain = float_graph(directory)
    reference = OnnxEngine(plain, 1)
    for built in int8_graphs(directory, encoded):
        parity = compare(reference, OnnxEngine(built, 1), encoded, manifest)
        if parity.difference <= SAMPLE_SHARE * LARGEST_DIFFERENCE:
            return built
    return plain


def float_graph(directory: Path) -> bytes:
    """Return a checkpoint's graph in float32."""
    config = read_json(directory / "config.json")
    if not is_plain_bert(config):
        return _exported(directory, config, quantise=False)
    shape = bert_shape(config)
    return _built(directory, shape, Precision(onnx_graph.all_products(shape)))


def int8_graphs(directory: Path, encoded: Sequence[Sequence[int]]) -> Iterator[bytes]:
    """Yield a checkpoint's int8 graphs, the fastest first and the most faithful last.

    The encoded texts show which channels are wide.
    """
    config = read_json(directory / "config.json")
    if not is_plain_bert(config):
        yield _exported(directory, config, quantise=True)
        return
    shape = bert_shape(config)
    divisors = _divisors(directory, shape, encoded)
    for kept in onnx_graph.precisions(shape):
        yield _built(directory, shape, Precision(kept, divisors))


def _divisors(
    directory: Path, shape: BertShape, encoded: Sequence[Sequence[int]]
) -> dict[str, NDArray[np.float32]]:
    """Return, for each uneven tensor, what brings its wide channels down to the others."""
    watched = onnx_graph.uneven_tensors(shape)
    exact = Precision(onnx_graph.all_products(shape))
    engine = OnnxEngine(_built(directory, shape, exact, watched), 1)
    divisors = {}
    for name, widths in engine.channel_widths(encoded, watched).items():
        ordinary = np.quantile(widths, ORDINARY_CHANNELS)
        divisors[name] = np.maximum(widths / ordinary, 1).astype(np.float32)
    return divisors


def is_plain_bert(config: dict[str, Any]) -> bool:
    """Say whether `onnx_graph` can build what this config.json describes."""
    return (
        config.get("model_type") == "bert"
        and config.get("hidden_act", "gelu") == "gelu"
        and config.get("position_embedding_type", "absolute") == "absolute"
    )


def bert_shape(config: dict[str, Any]) -> BertShape:
    """Read the numbers that the graph needs. Raises CheckpointError."""
    try:
        return BertShape(
            layers=int(config["num_hidden_layers"]),
            heads=int(config["num_attention_heads"]),
            epsilon=float(config.get("layer_norm_eps", 1e-12)),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise CheckpointError(f"config.json does not describe a BERT: {error!r}") from None


def _built(
    directory: Path, shape: BertShape, precision: Precision, watched: Sequence[str] = ()
) -> bytes:
    try:
        built = onnx_graph.build(load_weights(directory), shape, precision, watched)
    except KeyError as error:
        raise CheckpointError(
            f"{directory / 'model.safetensors'} lacks the tensor {error}: is it a "
            "BertForSequenceClassification?"
        ) from None
    serialised: bytes = built.SerializeToString()
    return serialised


def _exported(directory: Path, config: dict[str, Any], *, quantise: bool) -> bytes:
    try:
        from ml import onnx_export
    except ImportError:
        raise CheckpointError(
            f"{directory} is a {config.get('model_type')} model: to serve it on a CPU, install "
            "the extra 'train' (torch exports its graph), or use a checkpoint with model_type bert"
        ) from None
    return onnx_export.exported(directory, quantise=quantise)
