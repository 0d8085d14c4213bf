"""Measures a model version on a labelled file: `python -m ml.evaluate`.

It can report, compare with another version, and fit the version's temperature.
"""

import argparse
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

from ml import manifest as manifests
from ml.classifier import Classifier
from ml.commands import run_command, whole_number
from ml.data import LABELS, Table, read_table
from ml.errors import DataError, MlError
from ml.evaluation import Evaluation, Paired, evaluate, pair, run
from ml.named_model import model_path
from ml.recalibration import recalibrate, require_unregistered, store
from ml.registry import Registry, default_url

__all__ = ["evaluate"]

_HELD_OUT = "--part test takes what was kept from training"
_NONE_KEPT = "it kept no test part (--learn-test): give other data"


def require_scorable(table: Table) -> None:
    """Raise DataError for a table without texts, or with one class: then all are right or wrong.

    A class may be missing where two others stand: training needs them all, measuring does not.
    """
    if not table.texts:
        raise DataError(f"{table.path}: no text to score; add labelled rows, or leave --part out")
    if len(found := set(table.labels)) == 1:
        name = LABELS[table.task][found.pop()]
        raise DataError(
            f"{table.path}: every row is {name!r}; add rows with another label of {table.task}"
        )


class Verb:
    """One command: the table and the model directories that its options name."""

    def __init__(self, options: argparse.Namespace) -> None:
        self.options = options
        self.registry = Registry(options.registry)
        self.model = model_path(options.model, self.registry)
        self.against = model_path(options.against, self.registry) if options.against else None
        self.table = self._table()

    def _table(self) -> Table:
        table = read_table(self.options.data, self.options.task)
        if self.options.part:
            table = table.only(self.options.part, self._fold())
        require_scorable(table)
        return table

    def _fold(self) -> int:
        """Return which tenth of their data the versions were tested on; it must be one."""
        models = [path for path in (self.model, self.against) if path]
        folds = {int(manifests.read(path).metrics.get("fold", 0)) for path in models}
        if len(folds) > 1:
            raise MlError(
                f"the two versions were trained on different folds of their data ({sorted(folds)}),"
                " so no part was kept from both; leave --part out and give other data"
            )
        return folds.pop()

    def _learned(self, path: Path) -> str:
        """Return what to do where a version was trained on these very texts; empty where not."""
        manifest, digest = manifests.read(path), self.table.sha256
        if all(file.sha256 != digest for file in manifest.data):
            return ""
        if manifest.recipe.get("learn_test"):
            return _NONE_KEPT if self.options.part != "validation" else ""
        return _HELD_OUT if self.options.part not in ("validation", "test") else ""

    def measured(self, path: Path) -> Evaluation:
        """Score the table with one version; say so where its figures would flatter it."""
        options = self.options
        if remedy := self._learned(path):
            print(f"note: {path.name} learned from {options.data}; {remedy}", file=sys.stderr)
        classifier = Classifier.load(path, device=options.device, threads=options.threads)
        return run(classifier, self.table)

    def evaluate(self) -> None:
        """Score, compare, report, print."""
        report = _report_module(self.options.report)
        evaluation = self.measured(self.model)
        paired = pair(evaluation, self.measured(self.against)) if self.against else None
        figures = evaluation.figures() | ({"against": paired.figures()} if paired else {})
        if report:
            report.write_report(self.options.report, report.Report(evaluation, paired, figures))
        print(_json(figures) if self.options.json else _printed(figures, paired))

    def calibrate(self) -> None:
        """Fit the temperature on the table, store it with the model, print what that changes."""
        require_unregistered(self.options.model, self.model, self.registry)
        if remedy := self._learned(self.model):
            raise DataError(
                f"{self.options.data}: {self.model} learned from it, and would look too sure of "
                f"itself; {remedy}"
            )
        measured = self.measured(self.model).measured
        found = recalibrate(measured)
        store(self.model, found, measured)
        if self.options.json:
            print(_json({"model": str(self.model), **found.figures()}))
            return
        print(
            f"{self.model}: the temperature of {found.task} is now {found.temperature} (was "
            f"{found.temperature_before}); over {found.n} texts, cross-fitted: ECE "
            f"{found.ece_before:.4f} -> {found.ece:.4f}, log-loss {found.log_loss_before:.4f} -> "
            f"{found.log_loss:.4f}"
        )


def _report_module(target: Path | None) -> ModuleType | None:
    """Return what writes reports, after looking at where to; it loads matplotlib."""
    if target is None:
        return None
    try:
        from ml import report
    except ImportError as error:
        raise MlError(
            f"--report draws with matplotlib ({error}); install the extra 'train'"
        ) from None
    report.require_report_place(target)
    return report


def _json(figures: dict[str, Any]) -> str:
    return json.dumps(figures, ensure_ascii=False)


def _printed(figures: dict[str, Any], paired: Paired | None) -> str:
    def span(field: str) -> str:
        low, high = figures[f"{field}_interval"]
        return f"{figures[field]:.4f} ({low:.4f} to {high:.4f})"

    lines = [
        f"{figures['model']}: {figures['n']} texts, accuracy {span('accuracy')}, "
        f"macro-F1 {span('macro_f1')}, ECE {figures['ece']:.4f}, "
        f"{figures['ms_per_text']:.2f} ms a text"
    ]
    lines += [
        f"  {label:10} precision {row['precision']:.3f}  recall {row['recall']:.3f}  "
        f"F1 {row['f1']:.3f}  n {row['n']}"
        for label, row in figures["per_class"].items()
    ]
    return "\n".join([*lines, *(_compared(paired) if paired else ())])


def _compared(paired: Paired) -> list[str]:
    found = paired.comparison
    model, against = paired.names
    return [
        paired.verdict,
        f"  both right {found.both_right}, only {model} {found.only_first}, only {against} "
        f"{found.only_second}; McNemar p = {found.p_value:.4f} ({found.test})",
        f"  {model} gains in accuracy {found.accuracy.points()}, in macro-F1 "
        f"{found.macro_f1.points()}",
    ]


def parser() -> argparse.ArgumentParser:
    """Describe the command line."""
    described = argparse.ArgumentParser(prog="python -m ml.evaluate", description=__doc__)
    named = "directory, registry version, or 'champion'"
    described.add_argument("--data", type=Path, required=True, help="CSV with text and label")
    described.add_argument("--task", choices=list(LABELS))
    described.add_argument("--model", help=f"{named}; by default the champion, or the shipped one")
    described.add_argument("--against", metavar="VERSION", help=f"compare with it: {named}")
    described.add_argument("--report", type=Path, metavar="DIR", help="write charts and mistakes")
    described.add_argument(
        "--calibrate",
        action="store_true",
        help="fit the task's temperature on --data (texts held out) and store it in --model",
    )
    described.add_argument("--registry", default=default_url(), help="directory or s3:// URL")
    described.add_argument(
        "--part",
        choices=("train", "validation", "test"),
        help="only this part of the split that training makes",
    )
    described.add_argument("--device", choices=("auto", "cpu", "cuda"), default="auto")
    described.add_argument("--threads", type=whole_number, default=os.cpu_count())
    described.add_argument("--json", action="store_true")
    return described


def main(argv: Sequence[str] | None = None) -> None:
    """Run the command line."""
    described = parser()
    options = described.parse_args(argv)
    if not options.calibrate:
        Verb(options).evaluate()
        return
    if options.against or options.report or not options.model:
        described.error("--calibrate needs --model, and goes without --against and --report")
    Verb(options).calibrate()


if __name__ == "__main__":
    run_command(main)
