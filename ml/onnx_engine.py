"""Runs a checkpoint on a processor with ONNX Runtime, in int8; torch stays out of the process.

BERT's graph is built from the weights at the first start and kept in a cache; other architectures
go through torch's exporter, where torch is installed.
"""

import contextlib
import hashlib
import os
import tempfile
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from onnxruntime import (  # type: ignore[attr-defined]
    InferenceSession,
    SessionOptions,
    __version__,
)

from ml.errors import CheckpointError
from ml.manifest import read_json

NAME = "onnxruntime int8"
# Part of a cached graph's name: raise it when `onnx_graph` builds another graph from same weights.
GRAPH_REVISION = 1


class OnnxEngine:
    """An inference session whose memory stays flat under changing shapes."""

    name = NAME
    device = "cpu"

    def __init__(self, graph: bytes | Path, threads: int) -> None:
        options = SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        options.enable_mem_pattern = False
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        options.log_severity_level = 3
        source = graph if isinstance(graph, bytes) else str(graph)
        self._session = InferenceSession(source, options, providers=["CPUExecutionProvider"])

    def logits(self, ids: NDArray[np.int32], mask: NDArray[np.int32]) -> NDArray[np.float32]:
        """Score one rectangle: (texts, tokens) -> (texts, outputs)."""
        fed = {"input_ids": ids, "attention_mask": mask}
        return np.asarray(self._session.run(None, fed)[0], np.float32)


def load(directory: Path, threads: int, cache_dir: Path | None) -> OnnxEngine:
    """Start a session on a checkpoint's int8 graph, building the graph if it is not cached.

    Without `cache_dir` nothing is written. Raises CheckpointError.
    """
    if cache_dir is None:
        return OnnxEngine(int8_graph(directory), threads)
    path = cache_dir / f"{directory.name}-{_key(directory)}.onnx"
    if not path.exists():
        _write_whole(path, int8_graph(directory))
    return OnnxEngine(path, threads)


def int8_graph(directory: Path) -> bytes:
    """Return the serialised int8 graph of a checkpoint."""
    return graph(directory, quantise=True)


def graph(directory: Path, *, quantise: bool) -> bytes:
    """Return the serialised graph of a checkpoint, in int8 or float32."""
    from ml import onnx_graph  # the library that builds graphs is only needed here
    from ml.checkpoint import load_weights

    config = read_json(directory / "config.json")
    if not is_plain_bert(config):
        return _exported(directory, str(config.get("model_type")), quantise)
    shape = onnx_graph.BertShape(
        layers=int(config["num_hidden_layers"]),
        heads=int(config["num_attention_heads"]),
        epsilon=float(config.get("layer_norm_eps", 1e-12)),
    )
    try:
        built = onnx_graph.build(load_weights(directory), shape, quantise=quantise)
    except KeyError as error:
        raise CheckpointError(
            f"{directory / 'model.safetensors'} lacks the tensor {error}: is it a "
            "BertForSequenceClassification?"
        ) from None
    return bytes(built.SerializeToString())


def is_plain_bert(config: dict[str, object]) -> bool:
    """Say whether `onnx_graph` can build what this config.json describes."""
    return (
        config.get("model_type") == "bert"
        and config.get("hidden_act", "gelu") == "gelu"
        and config.get("position_embedding_type", "absolute") == "absolute"
    )


def _exported(directory: Path, model_type: str, quantise: bool) -> bytes:
    try:
        from ml import onnx_export
    except ImportError:
        raise CheckpointError(
            f"{directory} is a {model_type} model: to serve it on a CPU, install the extra "
            "'train' (torch exports its graph), or use a checkpoint with model_type bert"
        ) from None
    return onnx_export.exported(directory, quantise=quantise)


def _key(directory: Path) -> str:
    """Name what the graph depends on, so that a stale one is never taken."""
    digest = hashlib.sha256(f"{GRAPH_REVISION} {__version__}".encode())
    for name in ("config.json", "model.safetensors"):
        with (directory / name).open("rb") as file:
            digest.update(hashlib.file_digest(file, "sha256").digest())
    return digest.hexdigest()[:16]


def _write_whole(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".graph-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        Path(name).replace(path)
    finally:
        with contextlib.suppress(FileNotFoundError):
            Path(name).unlink()
