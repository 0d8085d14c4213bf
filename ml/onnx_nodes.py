"""Collects the nodes and constants of an ONNX graph; `ml.onnx_graph` says which.

A linear layer's product is int8 unless it is kept in float32: weights get one scale a column, its
input one scale as it comes, after the channels that are far wider than the others were narrowed
(Xiao et al., SmoothQuant, 2023).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import helper, numpy_helper

Array = NDArray[np.float32]
FUSED = "com.microsoft"  # the domain of ONNX Runtime's own operators


@dataclass(frozen=True, slots=True)
class Precision:
    """What stays in float32, and what narrows the inputs of the rest."""

    kept: frozenset[str]  # products
    divisors: Mapping[str, Array] = field(default_factory=dict)  # of a tensor's channels


@dataclass(slots=True)
class Nodes:
    """Nodes as they are added; `weights` are the checkpoint's."""

    weights: Mapping[str, Array]
    precision: Precision
    looks_up: bool = False  # the first layer's projections, see `ml.onnx_lookup`
    nodes: list[onnx.NodeProto] = field(default_factory=list)
    constants: list[onnx.TensorProto] = field(default_factory=list)

    def constant(self, name: str, value: NDArray[np.generic]) -> str:
        self.constants.append(numpy_helper.from_array(np.asarray(value, order="C"), name))
        return name

    def numbers(self, name: str, *values: int) -> str:
        """Add a one-dimensional constant: axes, a shape."""
        return self.constant(name, np.array(values, np.int64))

    def weight(self, name: str) -> str:
        return self.constant(name, self.weights[name])

    def pair(self, prefix: str) -> list[str]:
        """Add a weight and its bias."""
        return [self.weight(f"{prefix}.weight"), self.weight(f"{prefix}.bias")]

    def node(self, kind: str, inputs: list[str], name: str, domain: str = "", **kw: Any) -> str:
        """Add a node and return the name of its output, which is its own."""
        return self.add(kind, inputs, [name], domain, **kw)[0]

    def add(
        self, kind: str, inputs: list[str], outputs: list[str], domain: str = "", **kw: Any
    ) -> list[str]:
        """Add a node of several outputs, called after the first."""
        self.nodes.append(helper.make_node(kind, inputs, outputs, outputs[0], domain=domain, **kw))
        return outputs

    def linears(
        self, data: str, layers: Mapping[str, tuple[Array, Array]], product: str
    ) -> list[str]:
        """Add linear layers, each of a matrix and a bias, by name; `data` is quantised but once.

        `product` is their name where it comes to what stays in float32.
        """
        if product in self.precision.kept:
            return [self._product(data, *parts, layer) for layer, parts in layers.items()]
        data, divisor = self._narrowed(data)
        small = [f"{next(iter(layers))}.{part}" for part in ("small", "scale", "zero")]
        self.add("DynamicQuantizeLinear", [data], small)
        return [
            self._int8_product(small, matrix * divisor, bias, layer)
            for layer, (matrix, bias) in layers.items()
        ]

    def _product(self, data: str, matrix: Array, bias: Array, name: str) -> str:
        product = self.node("MatMul", [data, self.constant(f"{name}.w", matrix)], f"{name}.xw")
        return self.node("Add", [product, self.constant(f"{name}.b", bias)], name)

    def _int8_product(self, small: list[str], matrix: Array, bias: Array, name: str) -> str:
        whole, scales = quantised(matrix)
        data, scale, zero = small
        weight = self.constant(f"{name}.w", whole)
        by_column = self.constant(f"{name}.scales", scales)
        inputs = [data, weight, scale, by_column, zero, "", self.constant(f"{name}.b", bias)]
        return self.node("MatMulIntegerToFloat", inputs, name, FUSED)

    def _narrowed(self, data: str) -> tuple[str, Array]:
        """Divide `data`'s wide channels; the matrix's rows times the divisor keep the product."""
        if data not in self.precision.divisors:
            return data, np.ones((1, 1), np.float32)
        divisor = self.precision.divisors[data]
        factor = self.constant(f"{data}.narrowing", (1 / divisor).astype(np.float32))
        return self.node("Mul", [data, factor], f"{data}.narrowed"), divisor[:, None]

    def normalised_sum(self, data: str, skip: str, prefix: str, name: str, epsilon: float) -> str:
        """Add the layer norm of a sum.

        In two nodes: SkipLayerNormalization, which does both, takes three times as long.
        """
        total = self.node("Add", [data, skip], f"{name}.sum")
        inputs = [total, *self.pair(prefix)]
        return self.node("LayerNormalization", inputs, name, epsilon=epsilon)


def quantised(matrix: Array) -> tuple[NDArray[np.int8], Array]:
    """Return int8 weights and one float scale a column: matrix = weights * scales."""
    scales = np.maximum(np.abs(matrix).max(axis=0), 1e-8) / 127
    return np.round(matrix / scales).astype(np.int8), scales.astype(np.float32)
