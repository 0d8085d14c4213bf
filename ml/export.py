"""Writes a model version's int8 graph after checking it against float32: `python -m ml.export`."""

import argparse
import os
from collections.abc import Sequence
from pathlib import Path

from ml import manifest as manifests
from ml.commands import run_command
from ml.data import read_table
from ml.errors import DataError
from ml.evaluate import model_path
from ml.onnx_engine import OnnxEngine
from ml.parity import Parity, compare
from ml.quantisation import fastest_graph, float_graph
from ml.registry import Registry
from ml.samples import sample_texts
from ml.text import has_words
from ml.tokenization import TextTokenizer, load_tokenizer


def export(directory: Path, texts: Sequence[str], threads: int) -> tuple[bytes, Parity]:
    """Build the fastest faithful graph and prove it on texts. Raises ParityError."""
    tokenizer, manifest = TextTokenizer(load_tokenizer(directory)), manifests.read(directory)
    built = fastest_graph(directory)
    plain = OnnxEngine(float_graph(directory), threads)
    encoded = tokenizer.encode([text for text in texts if has_words(text)])
    parity = compare(plain, OnnxEngine(built, threads), encoded, manifest)
    parity.require()
    return built, parity


def read_texts(path: Path | None) -> list[str]:
    """Return the texts of a CSV or of a plain file with one a line; without a file, the samples."""
    if path is None:
        return sample_texts()
    if path.suffix == ".csv":
        return read_table(path).texts
    try:
        texts = [line for line in path.read_text(encoding="utf-8").splitlines() if has_words(line)]
    except UnicodeDecodeError as error:
        raise DataError(f"{path} is not UTF-8 ({error.reason}); save it as UTF-8") from None
    if not texts:
        raise DataError(f"{path} holds no text to compare on; give one a line")
    return texts


def parser() -> argparse.ArgumentParser:
    """Describe the command line."""
    described = argparse.ArgumentParser(prog="python -m ml.export", description=__doc__)
    described.add_argument("--model", help="directory or version; by default the champion")
    described.add_argument("--registry", type=Path, default=Path("var/models"))
    described.add_argument("--texts", type=Path, help="CSV or plain text to compare on")
    described.add_argument("--out", type=Path, required=True, help="the .onnx file to write")
    described.add_argument("--threads", type=int, default=os.cpu_count())
    return described


def main(argv: Sequence[str] | None = None) -> None:
    """Run the command line."""
    options = parser().parse_args(argv)
    directory = model_path(options.model, Registry(options.registry))
    built, parity = export(directory, read_texts(options.texts), options.threads)
    part = options.out.with_name(options.out.name + ".part")
    part.write_bytes(built)
    part.replace(options.out)
    print(
        f"{options.out}: {len(built) / 1e6:.1f} MB; over {parity.texts} texts int8 is within "
        f"{parity.difference:.4f} of float32 and agrees on {parity.agreement:.2%} of labels"
    )


if __name__ == "__main__":
    run_command(main)
