"""Evaluation, comparison and calibration, each run as its command on made-up texts."""

import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from ml_fixtures import write_checkpoint, write_csv

from ml import evaluate, train
from ml import manifest as manifests
from ml.classifier import Classifier
from ml.errors import CheckpointError, DataError, MlError, RegistryError
from ml.registry import Registry
from ml.temperature import Temperature

FAST = ["--epochs", "6", "--lr", "3e-3", "--threads", "1", "--fp32"]
CONTRACT = ["n", "accuracy", "macro_f1", "per_class", "ece", "ms_per_text", "model"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Data of both tasks, the version trained on them, and one that knows nothing."""
    folder = tmp_path_factory.mktemp("evaluate")
    write_checkpoint(folder / "base", ["a", "b"])
    mood = write_csv(folder / "mood.csv", ["negative", "neutral", "positive"], each=150)
    toxic = write_csv(folder / "toxic.csv", ["ok", "toxic"], each=150)
    files = ["--data", str(mood), str(toxic)]
    train.main(["--base", str(folder / "base"), *files, "--out", str(folder / "v1"), *FAST])
    write_checkpoint(folder / "blank", ["positive", "neutral", "negative"])
    return folder


@pytest.fixture
def copied(folder: Path, tmp_path: Path) -> Path:
    """A copy of the version, far too sure of itself."""
    directory = shutil.copytree(folder / "v1", tmp_path / "copied")
    told = {"sentiment": Temperature.constant(0.05), "toxicity": Temperature.constant(0.7)}
    manifests.write(replace(manifests.read(directory), temperatures=told), directory)
    return directory


@pytest.fixture
def unseen(tmp_path: Path) -> Path:
    """Moods, a fifth of them labelled against their words."""
    path = write_csv(tmp_path / "unseen.csv", ["negative", "neutral", "positive"], each=100)
    lines = path.read_text(encoding="utf-8").splitlines()
    turned = {"negative": "neutral", "neutral": "positive", "positive": "negative"}
    for place in range(1, len(lines), 5):
        text, _, label = lines[place].rpartition(",")
        lines[place] = f"{text},{turned[label]}"
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def printed(capsys: pytest.CaptureFixture[str], *arguments: object) -> dict[str, Any]:
    """Run the command with --json; return what it printed."""
    evaluate.main([*map(str, arguments), "--threads", "1", "--json"])
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def test_evaluation_prints_one_json_object(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = printed(capsys, "--data", folder / "toxic.csv", "--model", folder / "v1")
    assert list(found) == [*CONTRACT, "accuracy_interval", "macro_f1_interval"]
    assert found["n"] == 300
    assert found["accuracy"] > 0.9
    low, high = found["macro_f1_interval"]
    assert low <= found["macro_f1"] <= high
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


def test_labels_that_a_model_calls_otherwise_are_refused(folder: Path, copied: Path) -> None:
    manifest = manifests.read(copied)
    tasks = {**manifest.tasks, "sentiment": ["calm", "glad", "sad"]}
    manifests.write(replace(manifest, tasks=tasks), copied)
    with pytest.raises(CheckpointError, match=r"calm, glad, sad.*rename"):
        evaluate.main(["--data", str(folder / "mood.csv"), "--model", str(copied)])


def test_one_class_alone_is_refused(folder: Path, tmp_path: Path) -> None:
    data = write_csv(tmp_path / "one.csv", ["toxic"], each=5)
    with pytest.raises(DataError, match=r"one\.csv: every row is 'toxic'"):
        evaluate.main(["--data", str(data), "--model", str(folder / "v1")])


def test_two_classes_of_three_can_be_measured(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = write_csv(tmp_path / "two.csv", ["negative", "positive"], each=20)
    assert printed(capsys, "--data", data, "--model", folder / "v1")["accuracy"] > 0.9


def test_better_version_is_named(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["--data", folder / "mood.csv", "--model", folder / "v1"]
    found = printed(capsys, *arguments, "--against", folder / "blank")["against"]
    assert found["verdict"] == "v1 is better than blank."
    assert found["only_model_right"] > found["only_against_right"]
    assert found["p_value"] < 0.001
    low, high = found["macro_f1_gain_interval"]
    assert 0 < low < found["macro_f1_gain"] < high


def test_versions_and_the_champion_are_taken_from_the_registry(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    registry = Registry(tmp_path / "models")
    registry.promote(registry.add(folder / "v1"))
    registry.add(folder / "blank", "second")
    arguments = ["--data", folder / "mood.csv", "--registry", tmp_path / "models"]
    found = printed(capsys, *arguments, "--model", "second", "--against", "champion")
    assert found["against"]["model"] == "v1"
    assert printed(capsys, *arguments)["model"] == "v1"


def test_reader_is_told_of_figures_that_flatter(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["--data", str(folder / "mood.csv"), "--model", str(folder / "v1")]
    evaluate.main(arguments)
    assert "v1 learned from" in capsys.readouterr().err
    evaluate.main([*arguments, "--part", "test"])
    assert capsys.readouterr().err == ""


def test_part_is_that_of_the_version_s_own_fold(
    folder: Path, copied: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    manifest = manifests.read(copied)
    manifests.write(replace(manifest, metrics={**manifest.metrics, "fold": 3}), copied)
    part = ["--data", str(folder / "mood.csv"), "--part", "test", "--model", str(copied)]
    table = evaluate.read_table(folder / "mood.csv")
    assert printed(capsys, *part)["n"] == len(table.only("test", 3).texts)
    with pytest.raises(MlError, match=r"different folds.*\[0, 3\]"):
        evaluate.main([*part, "--against", str(folder / "v1")])


def test_calibration_is_fitted_on_held_out_texts_and_stored(
    copied: Path, unseen: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = printed(capsys, "--calibrate", "--data", unseen, "--model", copied)
    stored = manifests.read(copied)
    assert stored.temperature("sentiment").to_json() == found["temperature"]
    assert stored.temperature("toxicity").to_json() == 0.7
    assert min(stored.temperature("sentiment").values) > found["temperature_before"] == 0.05
    assert found["ece"] < found["ece_before"]
    assert stored.metrics["calibration"]["sentiment"]["data"] == "unseen.csv"
    after = printed(capsys, "--data", unseen, "--model", copied)
    assert after["ece"] < found["ece_before"]
    assert not list(copied.glob(".*"))


def test_calibration_writes_papers_for_a_checkpoint_that_has_none(
    folder: Path, tmp_path: Path, unseen: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    directory = shutil.copytree(folder / "blank", tmp_path / "blank")
    found = printed(capsys, "--calibrate", "--data", unseen, "--model", directory)
    stored = manifests.read(directory).temperatures
    assert {t: known.to_json() for t, known in stored.items()} == {
        "sentiment": found["temperature"]
    }


def test_registered_version_is_never_calibrated(folder: Path, tmp_path: Path, unseen: Path) -> None:
    registry = Registry(tmp_path / "models")
    registry.promote(registry.add(folder / "v1"))
    before = (registry.path("v1") / "manifest.json").read_bytes()
    for model in ("v1", "champion", str(registry.path("v1"))):
        arguments = ["--data", str(unseen), "--registry", str(tmp_path / "models")]
        with pytest.raises(RegistryError, match="never changes; copy its directory"):
            evaluate.main(["--calibrate", *arguments, "--model", model])
    assert (registry.path("v1") / "manifest.json").read_bytes() == before


def test_calibration_on_what_was_learned_is_refused(folder: Path, copied: Path) -> None:
    with pytest.raises(DataError, match=r"learned from it.*--part test"):
        evaluate.main(["--calibrate", "--data", str(folder / "mood.csv"), "--model", str(copied)])


def test_few_texts_show_no_temperature(copied: Path, tmp_path: Path) -> None:
    data = write_csv(tmp_path / "few.csv", ["ok", "toxic"], each=5)
    with pytest.raises(DataError, match=r"few\.csv: 10 texts can't show a temperature"):
        evaluate.main(["--calibrate", "--data", str(data), "--model", str(copied)])


def test_reader_is_told_that_no_test_part_was_kept(
    folder: Path, copied: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    manifests.write(replace(manifests.read(copied), recipe={"learn_test": True}), copied)
    arguments = ["--data", str(folder / "mood.csv"), "--model", str(copied)]
    evaluate.main([*arguments, "--part", "test"])
    assert "kept no test part (--learn-test): give other data" in capsys.readouterr().err
    evaluate.main([*arguments, "--part", "validation"])
    assert capsys.readouterr().err == ""
