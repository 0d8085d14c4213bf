"""Counts a BERT classifier's multiply-adds, and times a product that a machine does at its best."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper
from onnxruntime import InferenceSession, SessionOptions  # type: ignore[attr-defined]

from ml.manifest import read_json

SIDE = 1_024  # rows, columns and depth of the large product
PRODUCT_MULTIPLY_ADDS = SIDE**3


@dataclass(frozen=True, slots=True)
class NetworkShape:
    """What the multiply-adds of a BERT classifier depend on."""

    layers: int
    hidden: int
    wide: int
    labels: int

    @classmethod
    def read(cls, directory: Path) -> "NetworkShape":
        """Read a checkpoint's config.json. Raises CheckpointError where there is none."""
        config = read_json(directory / "config.json")
        return cls(
            int(config["num_hidden_layers"]),
            int(config["hidden_size"]),
            int(config["intermediate_size"]),
            len(config["id2label"]),
        )

    def whole(self, tokens: int) -> int:
        """Count what the network as published does for one text: every token in every layer."""
        return self.layers * self._layer(tokens, tokens) + self._head

    def needed(self, tokens: int) -> int:
        """Count what its answer depends on: of the last layer, [CLS] alone asks."""
        return (self.layers - 1) * self._layer(tokens, tokens) + self._layer(tokens, 1) + self._head

    def _layer(self, tokens: int, asking: int) -> int:
        """Keys and values of all tokens; the rest of those that ask; scores, and their means."""
        projections = 2 * tokens * self.hidden**2 + 2 * asking * self.hidden**2
        feed_forward = 2 * asking * self.hidden * self.wide
        return projections + feed_forward + 2 * asking * tokens * self.hidden

    @property
    def _head(self) -> int:
        return self.hidden**2 + self.hidden * self.labels


def large_product(dtype: str, threads: int) -> Callable[[], object]:
    """Return a product of two matrices of SIDE by SIDE, ready to run: int8, fp32 or bf16.

    ONNX Runtime multiplies the first two, as it does in scoring, torch the third.
    """
    if dtype == "bf16":
        return _torch_product(threads)
    chance = np.random.default_rng(0)
    if dtype == "int8":
        left = chance.integers(0, 256, (SIDE, SIDE)).astype(np.uint8)
        right = chance.integers(-127, 128, (SIDE, SIDE)).astype(np.int8)
        session = _session("MatMulInteger", right, (TensorProto.UINT8, TensorProto.INT32), threads)
    else:
        left, right = chance.random((2, SIDE, SIDE), np.float32)
        session = _session("MatMul", right, (TensorProto.FLOAT, TensorProto.FLOAT), threads)
    return lambda: session.run(None, {"left": left})


def _session(
    kind: str, right: NDArray[np.generic], types: tuple[int, int], threads: int
) -> InferenceSession:
    node = helper.make_node(kind, ["left", "right"], ["product"])
    inputs = [helper.make_tensor_value_info("left", types[0], [SIDE, SIDE])]
    outputs = [helper.make_tensor_value_info("product", types[1], [SIDE, SIDE])]
    constant = numpy_helper.from_array(right, "right")
    graph = helper.make_graph([node], "product", inputs, outputs, [constant])
    model = helper.make_model(graph, ir_version=8, opset_imports=[helper.make_opsetid("", 17)])
    options = SessionOptions()
    options.intra_op_num_threads = threads
    options.add_session_config_entry("session.force_spinning_stop", "1")
    return InferenceSession(onnx.ModelProto.SerializeToString(model), options)


def _torch_product(threads: int) -> Callable[[], object]:
    import torch

    torch.set_num_threads(threads)
    left, right = (torch.randn(SIDE, SIDE, dtype=torch.bfloat16) for _ in range(2))
    return lambda: torch.mm(left, right)
