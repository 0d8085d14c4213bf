"""Fine-tuning, run as its command on made-up texts."""

from pathlib import Path

import pytest
import torch
from ml_fixtures import TASKS, write_checkpoint, write_csv

from ml import manifest as manifests
from ml import train
from ml.classifier import Classifier
from ml.commands import run_command
from ml.errors import CheckpointError, DataError, MlError
from ml.sources import Source, parse_source
from ml.training import Training

FAST = ["--epochs", "6", "--lr", "3e-3", "--threads", "1", "--fp32"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A base, data of both tasks, and the version trained on them."""
    folder = tmp_path_factory.mktemp("train")
    write_checkpoint(folder / "base", ["a", "b"])
    mood = write_csv(folder / "mood.csv", ["negative", "neutral", "positive"], each=150)
    toxic = write_csv(folder / "toxic.csv", ["ok", "toxic"], each=150)
    sources = [str(mood), f"{toxic}:2", f"{mood}=ok:0.2"]
    train.main(
        ["--base", str(folder / "base"), "--data", *sources, "--out", str(folder / "v1"), *FAST]
    )
    return folder


def test_one_model_learns_both_tasks(folder: Path) -> None:
    classifier = Classifier.load(folder / "v1", device="cpu")
    angry, rude = classifier.predict(["ужас, брак, верните деньги", "идиот тупица заткнись"])
    assert classifier.tasks == TASKS
    assert angry["sentiment"]["negative"] > 0.8
    assert angry["toxicity"]["toxic"] < rude["toxicity"]["toxic"] > 0.5


def test_manifest_says_where_the_version_comes_from(folder: Path) -> None:
    manifest = manifests.read(folder / "v1")
    assert [(file.name, file.rows, file.weight) for file in manifest.data] == [
        ("mood.csv", 450, 1.0),
        ("toxic.csv", 300, 2.0),
        ("mood.csv", 450, 0.2),
    ]
    assert all(len(file.sha256) == 64 for file in manifest.data)
    assert manifest.metrics["test"]["mood.csv"]["accuracy"] > 0.9
    assert set(manifest.temperatures) == set(TASKS)
    assert manifest.base == "base"


def test_training_goes_on_from_a_version_and_names_its_parent(folder: Path, tmp_path: Path) -> None:
    data = write_csv(tmp_path / "more.csv", ["negative", "neutral", "positive"])
    base, out = str(folder / "v1"), str(tmp_path / "v2")
    train.main(["--base", base, "--data", str(data), "--out", out, "--epochs", "1"])
    assert manifests.read(tmp_path / "v2").parent == "v1"


def test_one_class_alone_leaves_nothing_behind(folder: Path, tmp_path: Path) -> None:
    data = write_csv(tmp_path / "one.csv", ["toxic"])
    with pytest.raises(DataError, match="every row is 'toxic'"):
        train.main(
            ["--base", str(folder / "base"), "--data", str(data), "--out", str(tmp_path / "v")]
        )
    assert [path.name for path in tmp_path.iterdir()] == ["one.csv"]


def test_directory_that_is_no_model_is_never_replaced(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "precious.txt").write_text("text")
    data, base = str(folder / "mood.csv"), str(folder / "base")
    with pytest.raises(MlError, match="is no model directory"):
        train.main(["--base", base, "--data", data, "--out", str(tmp_path)])
    assert (tmp_path / "precious.txt").exists()


def test_base_that_is_no_checkpoint_is_refused(tmp_path: Path) -> None:
    data = write_csv(tmp_path / "mood.csv", ["negative", "neutral", "positive"])
    (tmp_path / "empty").mkdir()
    with pytest.raises(CheckpointError, match=r"empty/model\.safetensors is missing"):
        train.main(
            ["--base", str(tmp_path / "empty"), "--data", str(data), "--out", str(tmp_path / "v")]
        )


@pytest.mark.parametrize(
    ("argument", "source"),
    [
        ("a.csv", Source(Path("a.csv"))),
        ("a.csv:5", Source(Path("a.csv"), 5.0)),
        ("a.csv=ok:0.1", Source(Path("a.csv"), 0.1, "ok")),
        ("c:a.csv", Source(Path("c:a.csv"))),
        ("a.csv:inf", Source(Path("a.csv:inf"))),
    ],
)
def test_sources_carry_weight_and_assumed_label(argument: str, source: Source) -> None:
    assert parse_source(argument) == source


def test_command_ends_with_one_line_and_code_2(capsys: pytest.CaptureFixture[str]) -> None:
    def fail() -> None:
        raise DataError("data.csv, row 3:\nwhat to do")

    with pytest.raises(SystemExit) as caught:
        run_command(fail)
    assert caught.value.code == 2
    assert capsys.readouterr().err == "error: data.csv, row 3: what to do\n"


def test_unfinished_work_is_forgotten_where_unlabelled_texts_are_others(
    folder: Path, tmp_path: Path
) -> None:
    free, data, out = tmp_path / "free.txt", folder / "mood.csv", tmp_path / "v"
    arguments = ["--base", str(folder / "base"), "--data", str(data), "--out", str(out), *FAST]
    options = train.parser().parse_args(
        [*arguments, "--teacher", "tfidf", "--unlabelled", str(free)]
    )
    free.write_text("новый текст\n", encoding="utf-8")
    Training(options).journal.save("teachers", {"soft": torch.zeros(1)}, {})
    assert Training(options).journal.load("teachers")
    free.write_text("другой текст\n", encoding="utf-8")
    assert Training(options).journal.load("teachers") is None
