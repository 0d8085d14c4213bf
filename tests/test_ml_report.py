"""The evaluation report: whole or absent, its tables and pictures, what a person reads in it."""

import csv
import errno
import json
from pathlib import Path

import numpy as np
import pytest
from ml_fixtures import sentences

from ml import evaluation_charts, report_page
from ml.data import Table, read_table
from ml.errors import MlError
from ml.evaluation import Evaluation, pair
from ml.measured import Measured
from ml.report import Report, report_figures, require_report_place, write_report
from ml.temperature import Temperature

LABELS = ["neutral", "positive", "negative"]
FILES = {"confusion.png", "reliability.png", "precision_recall.png", "mistakes.csv", "report.md"}


@pytest.fixture
def table(tmp_path: Path) -> Table:
    texts = [text for label in LABELS for text in sentences(label, 40)]
    texts[0] = 'Строка,\nс запятой и "кавычками" | <b>жирно</b> ![x](http://example.org)'
    path = tmp_path / "mood.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = [(text, LABELS[place // 40]) for place, text in enumerate(texts)]
        csv.writer(file).writerows([("text", "label"), *rows])
    return read_table(path)


def evaluation(table: Table, version: str, wrong: int) -> Evaluation:
    """Make outputs that are right except for the first `wrong` texts, the first the surest."""
    truth = np.array(table.labels)
    said = np.where(np.arange(len(truth)) < wrong, (truth + 1) % 3, truth)
    sureness = np.linspace(4.0, 1.0, len(truth))
    logits = np.eye(3)[said] * sureness[:, None]
    return Evaluation(version, Measured(table, truth, logits, Temperature.constant(1.5)), 0.5)


def report(table: Table, *, paired: bool = False) -> Report:
    model, against = evaluation(table, "v2", 20), evaluation(table, "v1", 50)
    pairs = pair(model, against) if paired else None
    figures = model.figures() | ({"against": pairs.figures()} if pairs else {})
    return Report(model, pairs, figures)


def test_report_holds_pictures_tables_and_figures(table: Table, tmp_path: Path) -> None:
    write_report(tmp_path / "report", report(table))
    assert {path.name for path in (tmp_path / "report").iterdir()} == FILES | {"figures.json"}
    figures = json.loads((tmp_path / "report" / "figures.json").read_text(encoding="utf-8"))
    assert list(figures)[:3] == ["n", "accuracy", "macro_f1"]
    assert figures["confusion"] == [[20, 20, 0], [0, 40, 0], [0, 0, 40]]
    assert sum(found["n"] for found in figures["reliability"]) == figures["n"] == 120
    assert figures["data"]["sha256"] == table.sha256
    page = (tmp_path / "report" / "report.md").read_text(encoding="utf-8")
    assert all(f"({name})" in page for name in FILES - {"report.md"})
    assert f"accuracy | {100 / 120:.4f}" in page


def test_worst_mistakes_come_surest_first_and_can_be_read_back(
    table: Table, tmp_path: Path
) -> None:
    write_report(tmp_path / "report", report(table))
    path = tmp_path / "report" / "mistakes.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["text"] for row in rows] == table.texts[:20]
    assert (rows[0]["label"], rows[0]["predicted"]) == ("neutral", "positive")
    shares = [float(row["probability"]) for row in rows]
    assert shares == sorted(shares, reverse=True)
    assert read_table(path, "sentiment").texts == table.texts[:20]


def test_changes_say_which_texts_each_version_alone_gets_right(
    table: Table, tmp_path: Path
) -> None:
    write_report(tmp_path / "report", report(table, paired=True))
    with (tmp_path / "report" / "changes.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["text"] for row in rows] == table.texts[20:50]
    assert {row["change"] for row in rows} == {"better"}
    assert all(row["model"] == row["label"] != row["against"] for row in rows)
    page = (tmp_path / "report" / "report.md").read_text(encoding="utf-8")
    assert "**v2 is better than v1.**" in page
    assert "only this version right | 30 |" in page


def test_people_s_texts_stay_texts_on_the_page() -> None:
    shown = report_page.escaped("| <b>жирно</b> ![x](http://example.org) `код`")
    assert shown == r"\| \<b\>жирно\</b\> !\[x\](http://example.org) \`код\`"


def test_older_report_is_replaced_and_anything_else_left_alone(
    table: Table, tmp_path: Path
) -> None:
    for _ in range(2):
        require_report_place(tmp_path / "report")
        write_report(tmp_path / "report", report(table))
    (tmp_path / "precious").mkdir()
    (tmp_path / "precious" / "text").write_text("text")
    for place in ("precious", "mood.csv"):
        with pytest.raises(MlError, match="exists and is no report"):
            require_report_place(tmp_path / place)
    assert {path.name for path in tmp_path.iterdir()} == {"report", "precious", "mood.csv"}


HALF_WAY = [
    (KeyboardInterrupt("stop"), KeyboardInterrupt, "stop"),
    (OSError(errno.ENOSPC, "No space left on device"), MlError, "report can't be written"),
]


@pytest.mark.parametrize(("failure", "raised", "said"), HALF_WAY)
def test_report_that_fails_half_way_leaves_nothing(
    table: Table, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, failure: BaseException,
    raised: type[BaseException], said: str,
) -> None:  # fmt: skip
    def fail(path: Path, content: bytes) -> None:
        raise failure

    monkeypatch.setattr(Path, "write_bytes", fail)
    with pytest.raises(raised, match=said):
        write_report(tmp_path / "report", report(table))
    assert [path.name for path in tmp_path.iterdir()] == ["mood.csv"]


def test_class_that_does_not_occur_has_no_curve(table: Table) -> None:
    two = Table(table.path, table.task, table.texts[:80], table.labels[:80])
    measured = evaluation(two, "v", 10).measured
    found = report_figures(Report(evaluation(two, "v", 10), None, {}))
    assert list(found["average_precision"]) == ["neutral", "positive"]
    (axes,) = evaluation_charts.draw_precision_recall(measured).axes
    assert len(axes.get_legend().get_texts()) == 2
