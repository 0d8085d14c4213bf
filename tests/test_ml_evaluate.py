"""Evaluation and export, each run as its command on made-up texts."""

import json
from pathlib import Path

import pytest
from ml_fixtures import write_checkpoint, write_csv

from ml import evaluate, export, train
from ml.classifier import Classifier
from ml.errors import CheckpointError, ParityError
from ml.parity import Parity

FAST = ["--epochs", "6", "--lr", "3e-3", "--threads", "1", "--fp32"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Data of both tasks, and the version trained on them."""
    folder = tmp_path_factory.mktemp("evaluate")
    write_checkpoint(folder / "base", ["a", "b"])
    mood = write_csv(folder / "mood.csv", ["negative", "neutral", "positive"], each=150)
    toxic = write_csv(folder / "toxic.csv", ["ok", "toxic"], each=150)
    files = ["--data", str(mood), str(toxic)]
    train.main(["--base", str(folder / "base"), *files, "--out", str(folder / "v1"), *FAST])
    return folder


def test_evaluation_prints_one_json_object(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    evaluate.main(["--data", str(folder / "toxic.csv"), "--model", str(folder / "v1"), "--json"])
    found = json.loads(capsys.readouterr().out)
    assert list(found) == [
        "n", "accuracy", "macro_f1", "per_class", "ece", "ms_per_text", "model",
    ]  # fmt: skip
    assert found["n"] == 300
    assert found["accuracy"] > 0.9
    assert found["per_class"]["toxic"]["n"] == 150
    assert found["model"] == "v1"


def test_evaluation_follows_the_order_of_a_hub_checkpoint_s_labels(tmp_path: Path) -> None:
    write_checkpoint(tmp_path / "hub", ["Positive", "NEGATIVE", "neutral"])
    table = evaluate.read_table(write_csv(tmp_path / "m.csv", ["negative", "positive"], each=20))
    classifier = Classifier.load(tmp_path / "hub", device="cpu")
    found = evaluate.evaluate(classifier, table)
    best = [max(s["sentiment"], key=s["sentiment"].get) for s in classifier.predict(table.texts)]  # type: ignore[arg-type]
    right = sum(said == ["neutral", "positive", "negative"][truth]
                for said, truth in zip(best, table.labels, strict=True))  # fmt: skip
    assert found["accuracy"] == pytest.approx(right / 40, abs=0.051)


def test_task_that_a_model_lacks_is_refused(tmp_path: Path) -> None:
    write_checkpoint(tmp_path / "hub", ["positive", "negative", "neutral"])
    data = write_csv(tmp_path / "t.csv", ["ok", "toxic"], each=5)
    with pytest.raises(CheckpointError, match="no task toxicity"):
        evaluate.main(["--data", str(data), "--model", str(tmp_path / "hub")])


def test_export_writes_a_graph_that_keeps_parity(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "int8.onnx"
    arguments = ["--model", str(folder / "v1"), "--texts", str(folder / "mood.csv")]
    export.main([*arguments, "--out", str(out)])
    assert out.read_bytes()


@pytest.mark.parametrize("parity", [Parity(300, 0.021, 1.0), Parity(300, 0.001, 0.99)])
def test_lost_parity_is_refused(parity: Parity) -> None:
    with pytest.raises(ParityError, match="nothing was written"):
        parity.require()
