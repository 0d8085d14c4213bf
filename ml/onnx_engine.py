"""Runs a checkpoint on a processor with ONNX Runtime, in int8; torch stays out of the process.

The graph is built from the weights at the first start, by `ml.quantisation`, and kept in a cache.
"""

import contextlib
import functools
import hashlib
import os
import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from onnxruntime import (  # type: ignore[attr-defined]
    InferenceSession,
    SessionOptions,
    __version__,
)

from ml.allocator import hand_back_freed_memory
from ml.batching import rectangles
from ml.manifest import read_json

PRECISION = "precision"  # a graph's own note: int8 or fp32
# A product of fewer columns is over before a second thread has joined in.
_COLUMNS_WORTH_SHARING = 512
# Part of a cached graph's name: raise it when `onnx_graph` builds another graph from same weights.
GRAPH_REVISION = 6


class OnnxEngine:
    """An inference session whose memory stays flat under changing shapes.

    Its threads share every product of a network, or, `side_by_side`, run a rectangle each.
    """

    device = "cpu"

    def __init__(self, graph: bytes | Path, threads: int, *, side_by_side: bool = False) -> None:
        alone = threads == 1 or side_by_side
        self.pool = ThreadPoolExecutor(threads) if side_by_side and threads > 1 else None
        self._session = _session(graph, 1 if alone else threads)
        notes: dict[str, str] = self._session.get_modelmeta().custom_metadata_map
        self.name: str = f"onnxruntime {notes[PRECISION]}"

    def logits(self, ids: NDArray[np.int32], mask: NDArray[np.int32]) -> NDArray[np.float32]:
        """Score one rectangle: (texts, tokens) -> (texts, outputs)."""
        fed = {"input_ids": ids, "attention_mask": mask}
        return np.asarray(self._session.run(["logits"], fed)[0], np.float32)

    def channel_widths(
        self, encoded: Sequence[Sequence[int]], tensors: Sequence[str]
    ) -> dict[str, NDArray[np.float32]]:
        """Return the largest absolute value of each channel of the graph's named outputs."""
        widths: dict[str, NDArray[np.float32]] = {}
        for part in rectangles(encoded, 0):
            fed = {"input_ids": part.ids, "attention_mask": part.mask}
            for name, found in zip(tensors, self._session.run(tensors, fed), strict=True):
                largest = np.abs(np.asarray(found)).max(axis=(0, 1))
                widths[name] = np.maximum(widths.get(name, largest), largest)
        return widths


def _session(graph: bytes | Path, threads: int) -> InferenceSession:
    options = SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.enable_mem_pattern = False
    # Threads spin for their part of a run (waking them takes longer than the part), and sleep
    # between two runs, so that an idle worker costs nothing.
    options.add_session_config_entry("session.intra_op.allow_spinning", "1")
    options.add_session_config_entry("session.force_spinning_stop", "1")
    # Without VNNI a processor's products of uint8 and int8 overflow. This makes them exact there,
    # for a sixth more time on AVX2, and changes nothing elsewhere.
    options.add_session_config_entry("session.x64quantprecision", "1")
    options.log_severity_level = 3
    source = graph if isinstance(graph, bytes) else str(graph)
    return InferenceSession(
        source,
        options,
        providers=["CPUExecutionProvider"],
        disabled_optimizers=["SkipLayerNormFusion"],  # it is three times slower than its parts
    )


def load(directory: Path, threads: int, cache_dir: Path | None) -> OnnxEngine:
    """Start a session on a checkpoint's fastest graph, building the graph if it is not cached.

    Without a `cache_dir` that can be written the graph stays in memory. Raises CheckpointError.
    """
    columns = read_json(directory / "config.json").get("hidden_size", _COLUMNS_WORTH_SHARING)
    start = functools.partial(
        OnnxEngine, threads=threads, side_by_side=columns < _COLUMNS_WORTH_SHARING
    )
    if cache_dir is None:
        return start(_fastest_graph(directory))
    path = cache_dir / f"{directory.name}-{_key(directory)}.onnx"
    if path.exists():
        try:
            return start(path)
        except Exception:  # noqa: BLE001 - ONNX Runtime's own kinds: cut short by a crash, say
            path.unlink(missing_ok=True)
    graph = _fastest_graph(directory)
    with contextlib.suppress(OSError):  # a cache that can't be written costs only time
        _write_whole(path, graph)
    return start(graph)


def _fastest_graph(directory: Path) -> bytes:
    from ml.quantisation import fastest_graph  # needs libraries that a cached start does not

    graph = fastest_graph(directory)
    hand_back_freed_memory()  # of several sessions, and of weights in float32
    return graph


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
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    finally:
        with contextlib.suppress(FileNotFoundError):
            Path(name).unlink()
