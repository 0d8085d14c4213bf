"""Builds ONNX Runtime's graph of a BERT classifier straight from its weights, without torch.

It uses ONNX Runtime's own operators where they are the faster ones. The last layer is computed for
[CLS] alone, since nothing else reaches the classifier; the first layer's projections are looked up
where the vocabulary is small.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import onnx
from onnx import TensorProto, helper

from ml import onnx_lookup
from ml.onnx_engine import PRECISION
from ml.onnx_nodes import FUSED, Array, Nodes, Precision

_IR_VERSION, _OPSET = 8, 17


@dataclass(frozen=True, slots=True)
class BertShape:
    """The numbers of a checkpoint's config.json that the graph needs."""

    layers: int
    heads: int
    epsilon: float


def all_products(shape: BertShape) -> frozenset[str]:
    """Name every large product of the graph."""
    parts = ("attention", "mixed", "wide", "narrow")
    return frozenset(f"layer{layer}.{part}" for layer in range(shape.layers) for part in parts)


def precisions(shape: BertShape) -> Iterator[frozenset[str]]:
    """Yield sets of products to keep in float32, each larger than the one before.

    What gave most for its time on nastroi-tiny comes first: what attention found is mixed in
    float32 in the first and the last layer, which halves the error for a twentieth of the time;
    then in all, with the feed-forward's second product; then the projections too.
    """
    layers = range(shape.layers)
    yield frozenset({"layer0.mixed", f"layer{layers[-1]}.mixed"})
    kept = frozenset(f"layer{layer}.{part}" for layer in layers for part in ("mixed", "narrow"))
    yield kept
    yield kept | {f"layer{layer}.attention" for layer in layers}


def uneven_tensors(shape: BertShape) -> list[str]:
    """Name what int8 products read of which some channels are far wider than the others."""
    layers, parts = range(shape.layers), ("attended", "active", "output")
    return ["embeddings", *(f"layer{n}.{part}" for n in layers for part in parts)][:-1]


def build(
    weights: Mapping[str, Array],
    shape: BertShape,
    precision: Precision,
    watched: Sequence[str] = (),
) -> onnx.ModelProto:
    """Return the graph: input_ids and attention_mask, int32 (batch, tokens) -> logits.

    `weights` are float32, named as transformers' BertForSequenceClassification saves them. The
    tensors `watched` are outputs too, (batch, tokens, hidden).
    """
    exact = precision.kept >= all_products(shape)
    graph = Nodes(weights, precision, looks_up=not exact and onnx_lookup.fits(weights))
    hidden = _embeddings(graph, shape.epsilon)
    for layer in range(shape.layers):
        hidden = _layer(graph, layer, hidden, shape)
    _classifier(graph, hidden)
    model = _described(graph, watched)
    name = "fp32" if exact else "int8"
    kept = " ".join(sorted(precision.kept))
    helper.set_model_props(model, {PRECISION: name, "kept": kept})
    return model


def _described(graph: Nodes, watched: Sequence[str]) -> onnx.ModelProto:
    """Wrap nodes and constants, with the inputs and outputs, into a model."""
    tokens, labels = ["batch", "tokens"], len(graph.weights["classifier.bias"])
    inputs = [
        helper.make_tensor_value_info(name, TensorProto.INT32, tokens)
        for name in ("input_ids", "attention_mask")
    ]
    outputs = [
        helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["batch", labels]),
        *(helper.make_tensor_value_info(name, TensorProto.FLOAT, None) for name in watched),
    ]
    described = helper.make_graph(graph.nodes, "bert", inputs, outputs, graph.constants)
    opsets = [helper.make_opsetid("", _OPSET), helper.make_opsetid(FUSED, 1)]
    return helper.make_model(described, ir_version=_IR_VERSION, opset_imports=opsets)


def _embeddings(graph: Nodes, epsilon: float) -> str:
    prefix = "bert.embeddings"
    words = graph.weight(f"{prefix}.word_embeddings.weight")
    found = graph.node("Gather", [words, "input_ids"], "words")
    width = graph.node("Shape", ["input_ids"], "width", start=1, end=2)
    start = graph.numbers("start", 0)
    table = graph.constant("positions", onnx_lookup.place_vectors(graph))
    places = graph.node("Slice", [table, start, width, start], "places")
    total = graph.node("Add", [found, places], "embeddings.sum")
    outputs = ["embeddings", "", "embeddings.inverse"]  # the second would be the mean
    inputs = [total, *graph.pair(f"{prefix}.LayerNorm")]
    return graph.add("LayerNormalization", inputs, outputs, epsilon=epsilon)[0]


def _layer(graph: Nodes, layer: int, hidden: str, shape: BertShape) -> str:
    prefix, name = f"bert.encoder.layer.{layer}", f"layer{layer}"
    asking = hidden
    if layer == shape.layers - 1:
        asking = graph.node("Gather", [hidden, graph.numbers("first", 0)], "cls", axis=1)
    attended = _attention(graph, prefix, f"{name}.attention", (asking, hidden), shape.heads)
    mixed = _linear(graph, attended, f"{prefix}.attention.output.dense", f"{name}.mixed")
    norm = f"{prefix}.attention.output.LayerNorm"
    hidden = graph.normalised_sum(mixed, asking, norm, f"{name}.attended", shape.epsilon)
    wide = _linear(graph, hidden, f"{prefix}.intermediate.dense", f"{name}.wide")
    active = graph.node("Gelu", [wide], f"{name}.active", FUSED)
    narrow = _linear(graph, active, f"{prefix}.output.dense", f"{name}.narrow")
    norm = f"{prefix}.output.LayerNorm"
    return graph.normalised_sum(narrow, hidden, norm, f"{name}.output", shape.epsilon)


def _attention(graph: Nodes, prefix: str, name: str, inputs: tuple[str, str], heads: int) -> str:
    """Add attention of the tokens that ask to all tokens."""
    if inputs[0] == "embeddings" and graph.looks_up:
        prefix = f"{prefix}.attention.self"
        projected, bias = onnx_lookup.projections(graph, "embeddings.inverse", prefix, name)
    else:
        projected, bias = _projections(graph, prefix, name, inputs), ""
    fields = [*projected, bias, "attention_mask"]
    return graph.node("MultiHeadAttention", fields, name, FUSED, num_heads=heads)


def _projections(graph: Nodes, prefix: str, name: str, inputs: tuple[str, str]) -> list[str]:
    asking, hidden = inputs
    query, key, value = (
        _pair(graph, f"{prefix}.attention.self.{part}") for part in ("query", "key", "value")
    )
    if asking == hidden:
        parts = {f"{name}.q": query, f"{name}.k": key, f"{name}.v": value}
        return graph.linears(hidden, parts, name)
    others = {f"{name}.k": key, f"{name}.v": value}
    first = graph.linears(asking, {f"{name}.q": query}, name)
    return [*first, *graph.linears(hidden, others, name)]


def _linear(graph: Nodes, data: str, prefix: str, name: str) -> str:
    return graph.linears(data, {name: _pair(graph, prefix)}, name)[0]


def _pair(graph: Nodes, prefix: str) -> tuple[Array, Array]:
    return graph.weights[f"{prefix}.weight"].T, graph.weights[f"{prefix}.bias"]


def _classifier(graph: Nodes, hidden: str) -> None:
    """Pooler and head see one token a text, so they stay in float32."""
    first = graph.node("Squeeze", [hidden, graph.numbers("token_axis", 1)], "cls.output")
    pooled = graph.node("Gemm", [first, *graph.pair("bert.pooler.dense")], "pool", transB=1)
    active = graph.node("Tanh", [pooled], "pooled")
    graph.node("Gemm", [active, *graph.pair("classifier")], "logits", transB=1)
