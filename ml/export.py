"""Writes a model version's int8 graph after checking it against torch: `python -m ml.export`.

Where torch is not installed, the check is against the float32 graph.
"""

import argparse
import json
import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ml import manifest as manifests
from ml.commands import run_command, whole_number
from ml.errors import DataError, MlError
from ml.files import write_whole
from ml.named_model import model_path
from ml.onnx_engine import OnnxEngine
from ml.parity import Parity, compare_logits
from ml.quantisation import float_graph, int8_graphs
from ml.registry import Registry, default_url
from ml.samples import sample_texts
from ml.scoring import score
from ml.sources import plain_lines
from ml.tokenization import TextTokenizer, load_tokenizer


def export(directory: Path, texts: Sequence[str], threads: int) -> tuple[bytes, Parity]:
    """Build the fastest int8 graph that keeps parity on the texts. Raises ParityError.

    A worker takes the fastest that is faithful on sample texts; these may ask for a slower one.
    """
    tokenizer, manifest = TextTokenizer(load_tokenizer(directory)), manifests.read(directory)
    encoded = tokenizer.encode(texts)
    reference = _reference(directory, encoded, tokenizer.pad_id)
    for built in int8_graphs(directory, tokenizer.encode(sample_texts()[::3])):
        found = score(OnnxEngine(built, threads), encoded, manifest.outputs, tokenizer.pad_id)
        parity = compare_logits(reference.logits, found, manifest, reference.name)
        if parity.holds:
            break
    parity.require()
    return built, parity


@dataclass(frozen=True, slots=True)
class Reference:
    """The outputs (texts, outputs) of a checkpoint as it was trained, and what computed them."""

    logits: NDArray[np.float64]
    name: str


def _reference(directory: Path, encoded: Sequence[Sequence[int]], pad_id: int) -> Reference:
    """Score in torch, or where it is not installed in the float32 graph."""
    outputs = manifests.read(directory).outputs
    try:
        from ml.torch_reference import torch_logits
    except ImportError:
        engine = OnnxEngine(float_graph(directory), 1)
        return Reference(score(engine, encoded, outputs, pad_id), engine.name)
    return Reference(torch_logits(directory, encoded, pad_id, outputs), "torch fp32")


def read_texts(path: Path | None) -> list[str]:
    """Return the texts of a labelled file or a plain one; without a file, the samples."""
    if path is None:
        return sample_texts()
    texts = list(plain_lines(path))
    if not texts:
        raise DataError(f"{path} holds no text to compare on; give one a line")
    return texts


def parser() -> argparse.ArgumentParser:
    """Describe the command line."""
    described = argparse.ArgumentParser(prog="python -m ml.export", description=__doc__)
    described.add_argument(
        "--model", help="directory, registry version, or 'champion'; by default the champion"
    )
    described.add_argument("--registry", default=default_url(), help="directory or s3:// URL")
    described.add_argument(
        "--texts", type=Path, help="labelled file, or plain text with one a line, to compare on"
    )
    described.add_argument("--out", type=Path, required=True, help="the .onnx file to write")
    described.add_argument("--threads", type=whole_number, default=os.cpu_count())
    described.add_argument("--json", action="store_true")
    return described


def main(argv: Sequence[str] | None = None) -> None:
    """Run the command line."""
    options = parser().parse_args(argv)
    if options.out.is_dir():
        raise MlError(f"{options.out} is a directory; give the name of the .onnx file in it")
    directory = model_path(options.model, Registry(options.registry))
    built, parity = export(directory, read_texts(options.texts), options.threads)
    write_whole(options.out, built)
    version = manifests.read(directory).version
    if options.json:
        written = {"model": version, "out": str(options.out), "bytes": len(built)}
        print(json.dumps(written | asdict(parity), ensure_ascii=False))
        return
    print(
        f"{options.out}: {len(built) / 1e6:.1f} MB; over {parity.texts} texts int8 is within "
        f"{parity.difference:.4f} of {parity.reference} and agrees on {parity.agreement:.2%} of "
        "labels"
    )


if __name__ == "__main__":
    run_command(main)
