"""Builds ONNX Runtime's graph of a BERT classifier straight from its weights, without torch.

It uses ONNX Runtime's own fused operators. Weights of the large products become int8, one scale a
column; activations are quantised as they come, after channels that are far wider than the others
were narrowed (Xiao et al., SmoothQuant, 2023). What follows attention in the last layer is computed
for [CLS] alone, since nothing else reaches the classifier.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from ml.onnx_engine import PRECISION

Array = NDArray[np.float32]
FUSED = "com.microsoft"
_IR_VERSION, _OPSET = 8, 17


@dataclass(frozen=True, slots=True)
class BertShape:
    """The numbers of a checkpoint's config.json that the graph needs."""

    layers: int
    heads: int
    epsilon: float


@dataclass(slots=True)
class _Graph:
    """Nodes and weights as they are added; `weights` are the checkpoint's."""

    weights: Mapping[str, Array]
    kept: frozenset[str]  # the products that stay in float32
    divisors: Mapping[str, Array]  # what a tensor's channels are divided by before a product
    nodes: list[onnx.NodeProto] = field(default_factory=list)
    constants: list[onnx.TensorProto] = field(default_factory=list)

    def constant(self, name: str, value: NDArray[np.generic]) -> str:
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def weight(self, name: str) -> str:
        return self.constant(name, self.weights[name])

    def node(self, kind: str, inputs: list[str], name: str, domain: str = "", **kw: Any) -> str:
        self.nodes.append(helper.make_node(kind, inputs, [name], name, domain=domain, **kw))
        return name

    def linear(self, data: str, prefix: str, name: str) -> str:
        """Add `data` times the weight plus the bias of `prefix`."""
        matrix = self.weights[f"{prefix}.weight"].T
        bias = self.weight(f"{prefix}.bias")
        if name in self.kept:
            product = self.node("MatMul", [data, self.constant(f"{name}.w", matrix)], f"{name}.xw")
            return self.node("Add", [product, bias], name)
        data, matrix = self.narrowed(data, matrix, name)
        whole, scales = quantised(matrix)
        inputs = [
            data,
            self.constant(f"{name}.w", whole),
            self.constant(f"{name}.scale", scales),
            "",
            bias,
        ]
        return self.node("DynamicQuantizeMatMul", inputs, name, FUSED)

    def narrowed(self, data: str, matrix: Array, name: str) -> tuple[str, Array]:
        """Divide `data`'s wide channels, multiply the matrix's rows: the product is the same."""
        if data not in self.divisors:
            return data, matrix
        divisor = self.divisors[data]
        factor = self.constant(f"{name}.narrowing", (1 / divisor).astype(np.float32))
        return self.node("Mul", [data, factor], f"{name}.narrowed"), matrix * divisor[:, None]

    def normalised_sum(self, data: str, skip: str, prefix: str, name: str, epsilon: float) -> str:
        gamma, beta = self.weight(f"{prefix}.weight"), self.weight(f"{prefix}.bias")
        inputs = [data, skip, gamma, beta]
        return self.node("SkipLayerNormalization", inputs, name, FUSED, epsilon=epsilon)


def quantised(matrix: Array) -> tuple[NDArray[np.int8], Array]:
    """Return int8 weights and one float scale a column: matrix = weights * scales."""
    scales = np.maximum(np.abs(matrix).max(axis=0), 1e-8) / 127
    return np.round(matrix / scales).astype(np.int8), scales.astype(np.float32)


def all_products(shape: BertShape) -> frozenset[str]:
    """Name every large product of the graph."""
    parts = ("attention", "mixed", "wide", "narrow")
    return frozenset(f"layer{layer}.{part}" for layer in range(shape.layers) for part in parts)


def precisions(shape: BertShape) -> Iterator[frozenset[str]]:
    """Yield sets of products to keep in float32, each larger than the one before.

    First none, then what gave most for its time on nastroi-tiny: the first layer's attention, then
    all attention, then the feed-forward's second product.
    """
    kept = frozenset[str]()
    yield kept
    yield kept | {"layer0.attention"}
    kept |= {f"layer{layer}.attention" for layer in range(shape.layers)}
    yield kept
    yield kept | {f"layer{layer}.narrow" for layer in range(shape.layers)}


def normalised_tensors(shape: BertShape) -> list[str]:
    """Name the normalised tensors that int8 products read."""
    layers = range(shape.layers - 1)
    return ["embeddings", *(f"layer{n}.{part}" for n in layers for part in ("attended", "output"))]


@dataclass(frozen=True, slots=True)
class Precision:
    """What stays in float32, and what narrows the inputs of the rest."""

    kept: frozenset[str]
    divisors: Mapping[str, Array] = field(default_factory=dict)


def build(
    weights: Mapping[str, Array],
    shape: BertShape,
    precision: Precision,
    watched: Sequence[str] = (),
) -> onnx.ModelProto:
    """Return the graph: input_ids and attention_mask, int32 (batch, tokens) -> logits.

    `weights` are float32, named as transformers' BertForSequenceClassification saves them; padding
    must be on the right. The tensors `watched` are outputs too, (batch, tokens, hidden).
    """
    graph = _Graph(weights, precision.kept, precision.divisors)
    hidden, lengths = _embeddings(graph, shape.epsilon)
    for layer in range(shape.layers):
        hidden = _layer(graph, layer, hidden, lengths, shape)
    _classifier(graph, hidden)
    tokens, labels = ["batch", "tokens"], len(weights["classifier.bias"])
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
    model = helper.make_model(described, ir_version=_IR_VERSION, opset_imports=opsets)
    name = "fp32" if precision.kept >= all_products(shape) else "int8"
    helper.set_model_props(model, {PRECISION: name, "kept": " ".join(sorted(precision.kept))})
    return model


def _embeddings(graph: _Graph, epsilon: float) -> tuple[str, str]:
    prefix = "bert.embeddings"
    segment = graph.weights[f"{prefix}.token_type_embeddings.weight"][0]
    positions = graph.weights[f"{prefix}.position_embeddings.weight"] + segment
    inputs = [
        "input_ids",
        "",
        graph.weight(f"{prefix}.word_embeddings.weight"),
        graph.constant("positions", positions),
        "",
        graph.weight(f"{prefix}.LayerNorm.weight"),
        graph.weight(f"{prefix}.LayerNorm.bias"),
        "attention_mask",
    ]
    outputs = ["embeddings", "lengths"]
    graph.nodes.append(
        helper.make_node(
            "EmbedLayerNormalization", inputs, outputs, "embeddings", domain=FUSED, epsilon=epsilon
        )
    )
    return "embeddings", "lengths"


def _layer(graph: _Graph, layer: int, hidden: str, lengths: str, shape: BertShape) -> str:
    prefix, name = f"bert.encoder.layer.{layer}", f"layer{layer}"
    attended = _attention(graph, prefix, name, (hidden, lengths), shape.heads)
    if layer == shape.layers - 1:
        first = graph.constant("first", np.array([0], np.int64))
        attended = graph.node("Gather", [attended, first], "cls_attended", axis=1)
        hidden = graph.node("Gather", [hidden, first], "cls_hidden", axis=1)
    mixed = graph.linear(attended, f"{prefix}.attention.output.dense", f"{name}.mixed")
    norm = f"{prefix}.attention.output.LayerNorm"
    hidden = graph.normalised_sum(mixed, hidden, norm, f"{name}.attended", shape.epsilon)
    wide = graph.linear(hidden, f"{prefix}.intermediate.dense", f"{name}.wide")
    active = graph.node("Gelu", [wide], f"{name}.active", FUSED)
    narrow = graph.linear(active, f"{prefix}.output.dense", f"{name}.narrow")
    norm = f"{prefix}.output.LayerNorm"
    return graph.normalised_sum(narrow, hidden, norm, f"{name}.output", shape.epsilon)


def _attention(graph: _Graph, prefix: str, name: str, inputs: tuple[str, str], heads: int) -> str:
    hidden, lengths = inputs
    parts = [f"{prefix}.attention.self.{part}" for part in ("query", "key", "value")]
    matrix = np.concatenate([graph.weights[f"{part}.weight"].T for part in parts], axis=1)
    joined = np.concatenate([graph.weights[f"{part}.bias"] for part in parts])
    bias = graph.constant(f"{name}.qkv.bias", joined)
    attended = f"{name}.attention"
    if attended in graph.kept:
        weights = graph.constant(f"{name}.qkv", matrix)
        fields = [hidden, weights, bias, lengths]
        return graph.node("Attention", fields, attended, FUSED, num_heads=heads)
    hidden, matrix = graph.narrowed(hidden, matrix, name)
    whole, scales = quantised(matrix)
    small, scale, zero = (f"{name}.{part}" for part in ("input", "input.scale", "input.zero"))
    graph.nodes.append(helper.make_node("DynamicQuantizeLinear", [hidden], [small, scale, zero]))
    fields = [
        small,
        graph.constant(f"{name}.qkv", whole),
        bias,
        scale,
        graph.constant(f"{name}.qkv.scale", scales),
        lengths,
        zero,
        graph.constant(f"{name}.qkv.zero", np.zeros(len(scales), np.int8)),
    ]
    return graph.node("QAttention", fields, attended, FUSED, num_heads=heads)


def _classifier(graph: _Graph, hidden: str) -> None:
    """Pooler and head see one token a text, so they stay in float32."""
    axis = graph.constant("token_axis", np.array([1], np.int64))
    first = graph.node("Squeeze", [hidden, axis], "cls")
    pooled = graph.node("Gemm", [first, *_pair(graph, "bert.pooler.dense")], "pool", transB=1)
    active = graph.node("Tanh", [pooled], "pooled")
    graph.node("Gemm", [active, *_pair(graph, "classifier")], "logits", transB=1)


def _pair(graph: _Graph, prefix: str) -> list[str]:
    return [graph.weight(f"{prefix}.weight"), graph.weight(f"{prefix}.bias")]
