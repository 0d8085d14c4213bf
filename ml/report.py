"""Writes an evaluation into a directory that a person opens: charts, tables, the worst mistakes.

It appears whole or not at all; an older report at the same place is replaced.
"""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from ml import evaluation_charts, metrics
from ml.charts import png
from ml.errors import MlError
from ml.evaluation import Evaluation, Paired
from ml.files import whole_directory
from ml.mistakes import changes_csv, mistakes_csv, worst_mistakes
from ml.report_page import page

FIGURES = "figures.json"


@dataclass(frozen=True, slots=True)
class Report:
    """What is reported; `figures` are the fields that `--json` prints of it."""

    evaluation: Evaluation
    paired: Paired | None
    figures: dict[str, Any]


def require_report_place(target: Path) -> None:
    """Raise MlError where something stands that is no report: it must not be swept away."""
    if not target.exists() or (target / FIGURES).is_file():
        return
    if not target.is_dir() or any(target.iterdir()):
        raise MlError(f"{target} exists and is no report; give another --report")


def write_report(target: Path, report: Report) -> None:
    """Write the report. Raises MlError where the disk is full."""
    files = _files(report)
    with whole_directory(target.resolve()) as directory:
        for name, content in files.items():
            (directory / name).write_bytes(content)


def _files(report: Report) -> dict[str, bytes]:
    measured, figures = report.evaluation.measured, report_figures(report)
    tables = {
        "mistakes.csv": mistakes_csv(measured),
        "report.md": page(figures, worst_mistakes(measured)),
        FIGURES: json.dumps(figures, ensure_ascii=False, indent=2) + "\n",
    }
    if report.paired:
        tables["changes.csv"] = changes_csv(report.paired)
    return {
        "confusion.png": png(evaluation_charts.draw_confusion(measured)),
        "reliability.png": png(evaluation_charts.draw_reliability(measured)),
        "precision_recall.png": png(evaluation_charts.draw_precision_recall(measured)),
        **{name: content.encode("utf-8") for name, content in tables.items()},
    }


def report_figures(report: Report) -> dict[str, Any]:
    """Return what `figures.json` holds: the fields of `--json`, then what the charts show."""
    measured = report.evaluation.measured
    truth, probabilities = measured.truth, measured.probabilities
    counts = metrics.confusion(truth, measured.predicted, len(measured.labels))
    return {
        **report.figures,
        "data": {"name": measured.table.path.name, "sha256": measured.table.sha256},
        "task": measured.table.task,
        "labels": measured.labels,
        "temperature": measured.temperature.to_json(),
        "confusion": counts.tolist(),
        "average_precision": {
            label: metrics.average_precision(truth == index, probabilities[:, index])
            for index, label in enumerate(measured.labels)
            if (truth == index).any()
        },
        "reliability": [asdict(found) for found in metrics.reliability(truth, probabilities)],
    }
