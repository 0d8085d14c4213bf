"""Measures a model version on a labelled file: `python -m ml.evaluate`."""

import argparse
import json
import os
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from ml import metrics
from ml.calibration import class_probabilities
from ml.classifier import Classifier
from ml.commands import run_command
from ml.data import LABELS, Table, read_table
from ml.errors import CheckpointError, DataError
from ml.probabilities import task_columns
from ml.registry import Registry

SHIPPED = Path(__file__).parent.parent / "models" / "nastroi-tiny"


def evaluate(classifier: Classifier, table: Table) -> dict[str, Any]:
    """Score a table's texts and compare; returns the fields that `--json` prints."""
    labels = LABELS[table.task]
    if table.task not in classifier.tasks:
        raise CheckpointError(
            f"the model {classifier.version} has no task {table.task}; it has "
            f"{', '.join(classifier.tasks)}"
        )
    classifier.warm()
    started = time.perf_counter()
    logits = classifier.logits(table.texts)
    seconds = time.perf_counter() - started
    columns = dict(task_columns(classifier.tasks))[table.task]
    found = class_probabilities(logits[:, columns], classifier.temperatures.get(table.task, 1.0))
    names = labels if found.shape[1] == 2 else classifier.tasks[table.task]
    truth = np.array([names.index(labels[label]) for label in table.labels])
    predicted = found.argmax(axis=1)
    return {
        "n": len(truth),
        "accuracy": metrics.accuracy(truth, predicted),
        "macro_f1": metrics.macro_f1(truth, predicted),
        "per_class": metrics.per_class(truth, predicted, names),
        "ece": metrics.calibration_error(truth, found),
        "ms_per_text": 1_000 * seconds / len(truth),
        "model": classifier.version,
    }


def model_path(model: str | None, registry: Registry) -> Path:
    """Return the directory that `--model` means; without it the champion's or the shipped one."""
    if model is not None:
        return registry.path(model)
    if (registry.root / "champion").exists():
        return registry.path(registry.champion())
    return SHIPPED


def _printed(result: dict[str, Any]) -> str:
    lines = [
        f"{result['model']}: {result['n']} texts, accuracy {result['accuracy']:.4f}, "
        f"macro-F1 {result['macro_f1']:.4f}, ECE {result['ece']:.4f}, "
        f"{result['ms_per_text']:.2f} ms a text"
    ]
    lines += [
        f"  {label:10} precision {row['precision']:.3f}  recall {row['recall']:.3f}  "
        f"F1 {row['f1']:.3f}  n {row['n']}"
        for label, row in result["per_class"].items()
    ]
    return "\n".join(lines)


def parser() -> argparse.ArgumentParser:
    """Describe the command line."""
    described = argparse.ArgumentParser(prog="python -m ml.evaluate", description=__doc__)
    described.add_argument("--data", type=Path, required=True, help="CSV with text and label")
    described.add_argument("--task", choices=list(LABELS))
    described.add_argument("--model", help="directory or version; by default the champion")
    described.add_argument("--registry", type=Path, default=Path("var/models"))
    described.add_argument(
        "--part",
        choices=("train", "validation", "test"),
        help="only this part of the split that training makes",
    )
    described.add_argument("--device", choices=("auto", "cpu", "cuda"), default="auto")
    described.add_argument("--threads", type=int, default=os.cpu_count())
    described.add_argument("--json", action="store_true")
    return described


def main(argv: Sequence[str] | None = None) -> None:
    """Run the command line."""
    options = parser().parse_args(argv)
    table = read_table(options.data, options.task)
    if options.part:
        table = table.only(options.part)
    if not table.texts:
        raise DataError(f"{options.data}: no text to score; add labelled rows")
    path = model_path(options.model, Registry(options.registry))
    classifier = Classifier.load(path, device=options.device, threads=options.threads)
    result = evaluate(classifier, table)
    print(json.dumps(result, ensure_ascii=False) if options.json else _printed(result))


if __name__ == "__main__":
    run_command(main)
