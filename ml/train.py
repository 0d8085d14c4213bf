"""Fine-tunes a checkpoint on labelled texts and writes a model version: `python -m ml.train`."""

import argparse
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from ml import manifest as manifests
from ml.allocator import keep_freed_memory
from ml.base import Base, open_base, save_version
from ml.calibration import fit_temperature
from ml.commands import run_command
from ml.data import LABELS, TASKS, Table, require_classes
from ml.files import require_replaceable, whole_directory
from ml.finetuning import ABSENT, Examples, FineTuning, Schedule, predict
from ml.measured import Measured
from ml.probabilities import task_columns
from ml.sources import load_source, parse_source


def tasks_of(tables: Sequence[Table]) -> dict[str, list[str]]:
    """Return the tasks that the tables label; each needs two classes over all tables."""
    tasks = {task: TASKS[task] for task in TASKS if any(table.task == task for table in tables)}
    for task in tasks:
        parts = [table for table in tables if table.task == task]
        labels = [label for table in parts for label in table.labels]
        require_classes(Table(parts[0].path, task, [], labels))
    return tasks


def examples_of(
    base: Base, tables: Sequence[Table], weights: Sequence[float], tasks: Sequence[str]
) -> Examples:
    """Encode tables into one set, each row labelled for its own table's task."""
    texts = [text for table in tables for text in table.texts]
    targets = np.full((len(texts), len(tasks)), ABSENT)
    start = 0
    for table in tables:
        stop = start + len(table.texts)
        targets[start:stop, tasks.index(table.task)] = table.labels
        start = stop
    shown = np.repeat(np.array(weights), [len(table.texts) for table in tables])
    return Examples(base.tokenizer.encode(texts), targets, shown)


def class_weights(examples: Examples, tasks: dict[str, list[str]]) -> list[NDArray[np.float64]]:
    """Weigh the classes of each task so that all count the same over an epoch; their mean is 1."""
    weights = []
    for place, task in enumerate(tasks):
        known = examples.targets[:, place] != ABSENT
        counts = np.bincount(
            examples.targets[known, place], examples.weights[known], len(LABELS[task])
        )
        weights.append(counts.sum() / np.maximum(counts, 1) / len(counts))
    return weights


class Run:
    """One training command."""

    def __init__(self, options: argparse.Namespace) -> None:
        require_replaceable(options.out)
        self.options = options
        self.sources = [parse_source(argument) for argument in options.data]
        self.tables = [load_source(source) for source in self.sources]
        self.tasks = tasks_of(self.tables)
        torch.manual_seed(options.seed)
        self.base = open_base(options.base, self.tasks)
        columns = dict(task_columns(self.tasks))
        self._columns = [columns[table.task] for table in self.tables]

    def evaluate(self, model: torch.nn.Module, part: str) -> list[Measured]:
        """Score one part of every table that has at least two labels in it."""
        found = []
        for table, columns in zip(self.tables, self._columns, strict=True):
            kept = table.only(part, self.options.fold)
            if len(set(kept.labels)) < 2:
                continue
            logits = predict(
                model,
                self.base.tokenizer.encode(kept.texts),
                self.base.pad_id,
                sum(map(len, self.tasks.values())),
            )
            found.append(Measured(table, np.array(kept.labels), logits[:, columns]))
        return found

    def train(self) -> None:
        """Fine-tune, keep the best epoch's averaged weights, calibrate, test and write."""
        options = self.options
        tables = [table.only("train", options.fold) for table in self.tables]
        weights = [source.weight for source in self.sources]
        examples = examples_of(self.base, tables, weights, list(self.tasks))
        schedule = Schedule(
            options.epochs, options.lr, smoothing=options.smoothing, bf16=not options.fp32
        )
        run = FineTuning(self.base.model, self.tasks, class_weights(examples, self.tasks), schedule)
        best, best_state = -1.0, None
        for epoch in run.epochs(examples, self.base.pad_id, options.seed):
            score = self._selection_score(run.averaged)
            print(f"epoch {epoch}: validation macro-F1 {score:.4f}", flush=True)
            if score > best:
                best = score
                best_state = {k: v.clone() for k, v in run.averaged.state_dict().items()}
        if best_state is not None:
            self.base.model.load_state_dict(best_state)
        self._write()

    def _selection_score(self, model: torch.nn.Module) -> float:
        """Return validation macro-F1, a mean over files weighted by the roots of their rows."""
        parts = self.evaluate(model, "validation")
        if not parts:
            return 0.0
        scores = [part.macro_f1() for part in parts]
        sizes = np.sqrt([len(part.truth) for part in parts])
        return float(np.average(scores, weights=sizes))

    def _write(self) -> None:
        temperatures = {}
        validation = self.evaluate(self.base.model, "validation")
        for task in self.tasks:
            parts = [part for part in validation if part.table.task == task]
            if parts:
                temperatures[task] = fit_temperature(
                    np.concatenate([part.logits for part in parts]),
                    np.concatenate([part.truth for part in parts]),
                )
        figures = {
            part.table.path.name: part.figures(temperatures.get(part.table.task, 1.0))
            for part in self.evaluate(self.base.model, "test")
        }
        manifest = self._manifest(temperatures, figures)
        with whole_directory(self.options.out) as directory:
            save_version(self.base, manifest, directory)
        for name, row in figures.items():
            print(f"held out, {name}: {row}")

    def _manifest(
        self, temperatures: dict[str, float], figures: dict[str, Any]
    ) -> manifests.Manifest:
        files = [
            manifests.DataFile(table.path.name, table.sha256, len(table.texts), source.weight)
            for table, source in zip(self.tables, self.sources, strict=True)
        ]
        return manifests.Manifest(
            name=self.options.name or self.options.out.name,
            version=self.options.out.name,
            tasks=self.tasks,
            temperatures=temperatures,
            metrics={"test": figures, "fold": self.options.fold},
            data=files,
            parent=self.base.version,
            base=self.base.name,
            seed=self.options.seed,
            created_at=manifests.now(),
        )


def parser() -> argparse.ArgumentParser:
    """Describe the command line."""
    described = argparse.ArgumentParser(prog="python -m ml.train", description=__doc__)
    described.add_argument("--base", required=True, help="hub name or directory of a checkpoint")
    described.add_argument(
        "--data",
        nargs="+",
        required=True,
        metavar="FILE[=LABEL][:WEIGHT]",
        help="CSV with text and label; =LABEL gives all its rows one label",
    )
    described.add_argument("--out", type=Path, required=True)
    described.add_argument("--name", help="the model's name; by default the directory's")
    described.add_argument("--epochs", type=int, default=3)
    described.add_argument("--lr", type=float, default=4e-4)
    described.add_argument("--smoothing", type=float, default=0.05)
    described.add_argument("--seed", type=int, default=1)
    described.add_argument(
        "--fold",
        type=int,
        default=0,
        choices=range(10),
        help="which tenth of the texts is kept for the test",
    )
    described.add_argument("--threads", type=int, default=os.cpu_count())
    described.add_argument("--fp32", action="store_true", help="for processors without bf16")
    return described


def main(argv: Sequence[str] | None = None) -> None:
    """Run the command line."""
    options = parser().parse_args(argv)
    torch.set_num_threads(options.threads)
    keep_freed_memory()
    Run(options).train()


if __name__ == "__main__":
    run_command(main)
