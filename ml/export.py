"""Writes a model version's int8 graph after checking it against float32: `python -m ml.export`."""

import argparse
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ml import manifest as manifests
from ml.calibration import class_probabilities
from ml.classifier import Classifier
from ml.commands import run_command
from ml.data import read_table
from ml.errors import ParityError
from ml.evaluate import model_path
from ml.onnx_engine import OnnxEngine, graph
from ml.probabilities import task_columns
from ml.registry import Registry
from ml.samples import sample_texts
from ml.tokenization import TextTokenizer, load_tokenizer

LARGEST_DIFFERENCE = 0.02  # of a probability
LEAST_AGREEMENT = 0.995  # of the winning labels


@dataclass(frozen=True, slots=True)
class Parity:
    """How far int8 is from float32 on some texts."""

    texts: int
    difference: float
    agreement: float

    def require(self) -> None:
        """Raise ParityError unless it is close enough."""
        if self.difference > LARGEST_DIFFERENCE or self.agreement < LEAST_AGREEMENT:
            raise ParityError(
                f"int8 differs from float32 by up to {self.difference:.3f} (at most "
                f"{LARGEST_DIFFERENCE}) and agrees on {self.agreement:.2%} of labels (at least "
                f"{LEAST_AGREEMENT:.1%}) over {self.texts} texts; nothing was written, serve this "
                "model on a GPU or train it longer"
            )


def compare(plain: Classifier, small: Classifier, texts: Sequence[str]) -> Parity:
    """Score texts with both; the worst task counts."""
    one, other = plain.logits(texts), small.logits(texts)
    difference, agreement = 0.0, 1.0
    for task, columns in task_columns(plain.tasks):
        temperature = plain.temperatures.get(task, 1.0)
        a = class_probabilities(one[:, columns], temperature)
        b = class_probabilities(other[:, columns], temperature)
        difference = max(difference, float(np.abs(a - b).max()))
        agreement = min(agreement, float((a.argmax(axis=1) == b.argmax(axis=1)).mean()))
    return Parity(len(texts), difference, agreement)


def export(directory: Path, texts: Sequence[str], threads: int) -> tuple[bytes, Parity]:
    """Build the int8 graph and prove it. Raises ParityError."""
    tokenizer, manifest = TextTokenizer(load_tokenizer(directory)), manifests.read(directory)
    plain = Classifier(OnnxEngine(graph(directory, quantise=False), threads), tokenizer, manifest)
    built = graph(directory, quantise=True)
    parity = compare(plain, Classifier(OnnxEngine(built, threads), tokenizer, manifest), texts)
    parity.require()
    return built, parity


def read_texts(path: Path | None) -> list[str]:
    """Return the texts of a CSV or of a plain file with one a line; without a file, the samples."""
    if path is None:
        return sample_texts()
    if path.suffix == ".csv":
        return read_table(path).texts
    return path.read_text(encoding="utf-8").splitlines()


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
