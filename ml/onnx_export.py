"""Exports any architecture that transformers knows to ONNX, through torch; `ml.onnx_engine` asks
for it where it can't build the graph itself."""

import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import onnx.helper
import torch
from onnxruntime.quantization.quant_utils import QuantType
from onnxruntime.quantization.quantize import quantize_dynamic
from torch import Tensor, nn
from transformers import AutoModelForSequenceClassification

from ml.errors import CheckpointError
from ml.onnx_engine import PRECISION


class _Logits(nn.Module):
    """Takes the engine's int32 inputs and gives logits alone."""

    def __init__(self, model: nn.Module) -> None:
        super().__init__()
        self.model = model

    def forward(self, input_ids: Tensor, attention_mask: Tensor) -> Tensor:
        found = self.model(input_ids=input_ids.long(), attention_mask=attention_mask.long())
        logits: Tensor = found.logits
        return logits


def exported(directory: Path, *, quantise: bool) -> bytes:
    """Return the serialised graph of a checkpoint. Raises CheckpointError where torch can't."""
    try:
        model = AutoModelForSequenceClassification.from_pretrained(
            directory, attn_implementation="eager", use_safetensors=True, dtype=torch.float32
        )
        plain = _traced(_Logits(model.eval()))
    except Exception as error:  # noqa: BLE001 - exporters raise whatever they meet inside a model
        first = str(error).strip().splitlines()[0]
        raise CheckpointError(f"{directory} can't be exported to ONNX: {first}") from None
    return _int8(plain) if quantise else plain


def _traced(model: nn.Module) -> bytes:
    ids = torch.ones(2, 8, dtype=torch.int32)
    axes = {0: "batch", 1: "tokens"}
    with tempfile.TemporaryDirectory(prefix="nastroi-export-") as directory, _no_warnings():
        path = Path(directory) / "plain.onnx"
        torch.onnx.export(
            model,
            (ids, torch.ones_like(ids)),
            path,
            input_names=["input_ids", "attention_mask"],
            output_names=["logits"],
            dynamic_axes={"input_ids": axes, "attention_mask": axes, "logits": {0: "batch"}},
            opset_version=17,
            dynamo=False,
        )
        return _noted(onnx.load(path), "fp32")


def _noted(graph: onnx.ModelProto, precision: str) -> bytes:
    onnx.helper.set_model_props(graph, {PRECISION: precision})
    return bytes(graph.SerializeToString())


@contextmanager
def _no_warnings() -> Iterator[None]:
    """The tracer warns of its own deprecation, and of each shape that it fixes."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def _int8(graph: bytes) -> bytes:
    with tempfile.TemporaryDirectory(prefix="nastroi-export-") as directory:
        target = Path(directory) / "int8.onnx"
        quantize_dynamic(
            onnx.load_from_string(graph),
            target,
            per_channel=True,
            weight_type=QuantType.QInt8,
            op_types_to_quantize=["MatMul"],
        )
        return _noted(onnx.load(target), "int8")
