"""Export: a graph that keeps its checkpoint's probabilities, or no file at all."""

import gzip
import json
import shutil
from pathlib import Path

import numpy as np
import onnx
import pytest
from ml_fixtures import sentences, write_version

from ml import export
from ml import manifest as manifests
from ml.errors import CheckpointError, DataError, MlError, ParityError
from ml.parity import Parity, compare_logits
from ml.registry import Registry
from ml.tokenization import TextTokenizer, load_tokenizer
from ml.torch_reference import torch_logits


@pytest.fixture(scope="module")
def version(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("export") / "tiny"
    write_version(directory)
    return directory


@pytest.fixture
def texts(tmp_path: Path) -> Path:
    path = tmp_path / "texts.txt"
    lines = sentences("negative", 40) + sentences("toxic", 40)
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def test_graph_is_proved_against_torch(
    version: Path, texts: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "new" / "int8.onnx"
    arguments = ["--model", str(version), "--texts", str(texts), "--out", str(out)]
    export.main([*arguments, "--threads", "1", "--json"])
    found = json.loads(capsys.readouterr().out)
    onnx.checker.check_model(onnx.load(out), full_check=False)
    assert found["bytes"] == out.stat().st_size
    assert (found["model"], found["texts"], found["reference"]) == ("tiny-1", 80, "torch fp32")
    assert 0 < found["difference"] <= 0.02
    assert found["agreement"] >= 0.995


def test_reference_is_the_forward_pass_of_the_checkpoint(tmp_path: Path) -> None:
    model = write_version(tmp_path / "tiny")
    tokenizer = TextTokenizer(load_tokenizer(tmp_path / "tiny"))
    encoded = tokenizer.encode(["отлично", "плохо, верните деньги"])
    found = torch_logits(tmp_path / "tiny", encoded, tokenizer.pad_id, 4)
    ids = model.dummy_inputs["input_ids"].new_tensor([encoded[1]])
    theirs = model(input_ids=ids).logits.detach().numpy()[0]
    np.testing.assert_allclose(found[1], theirs, atol=1e-5)


def test_champion_is_exported_by_name(version: Path, texts: Path, tmp_path: Path) -> None:
    registry = Registry(tmp_path / "models")
    registry.promote(registry.add(version))
    arguments = ["--model", "champion", "--registry", str(tmp_path / "models")]
    out = tmp_path / "int8.onnx"
    export.main([*arguments, "--texts", str(texts), "--out", str(out)])
    assert out.read_bytes()


@pytest.mark.parametrize("parity", [Parity(300, 0.021, 1.0), Parity(300, 0.001, 0.99)])
def test_lost_parity_is_refused(parity: Parity) -> None:
    with pytest.raises(ParityError, match="nothing was written"):
        parity.require()


def test_worst_task_decides_about_parity(version: Path) -> None:
    manifest = manifests.read(version)
    one = np.array([[3.0, 0.0, 0.0, 0.0]] * 4)
    other = one.copy()
    other[0, 3] = 1.0  # toxicity alone
    parity = compare_logits(one, other, manifest, "torch fp32")
    assert parity.difference == pytest.approx(1 / (1 + np.exp(-1 / 0.8)) - 0.5)
    assert parity.agreement == 0.75
    assert not parity.holds


def test_file_of_another_run_stands_until_the_new_one_is_whole(
    version: Path, tmp_path: Path
) -> None:
    out, empty = tmp_path / "int8.onnx", tmp_path / "empty.txt"
    out.write_bytes(b"old")
    empty.write_text("\n\n")
    with pytest.raises(DataError, match=r"empty\.txt holds no text"):
        export.main(["--model", str(version), "--texts", str(empty), "--out", str(out)])
    assert out.read_bytes() == b"old"


def test_place_that_can_t_be_written_is_named(version: Path, texts: Path, tmp_path: Path) -> None:
    arguments = ["--model", str(version), "--texts", str(texts)]
    with pytest.raises(MlError, match="is a directory"):
        export.main([*arguments, "--out", str(tmp_path)])
    with pytest.raises(MlError, match=r"int8\.onnx can't be written"):
        export.main([*arguments, "--out", str(texts / "int8.onnx")])
    assert [path.name for path in tmp_path.iterdir()] == ["texts.txt"]


def test_texts_come_from_any_labelled_file_or_a_plain_one(tmp_path: Path) -> None:
    rows = [f'{{"text": "{word}", "stars": 5}}\n' for word in ("ок", "да")]
    (tmp_path / "rows.jsonl").write_text("".join(rows), encoding="utf-8")
    (tmp_path / "texts.txt.gz").write_bytes(gzip.compress("ок\n \nда\n".encode()))
    for name in ("rows.jsonl", "texts.txt.gz"):
        assert export.read_texts(tmp_path / name) == ["ок", "да"]


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("wordless.csv", b"text,label\n ,ok\n", "holds no text to compare on"),
        ("broken.txt", "ок\n".encode() + b"\xd0\n", r"row 2: not UTF-8"),
        ("cut.txt.gz", gzip.compress(b"text\n" * 9, mtime=0)[:-9], "can't be read: "),
        ("absent.txt", None, "can't be read: No such file"),
    ],
)
def test_texts_that_cannot_be_read_are_named(
    tmp_path: Path, name: str, content: bytes | None, said: str
) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(DataError, match=rf"{name}.*{said}"):
        export.read_texts(tmp_path / name)


def test_weights_that_are_cut_short_are_named(version: Path, tmp_path: Path) -> None:
    cut = shutil.copytree(version, tmp_path / "cut")
    (cut / "model.safetensors").write_bytes((cut / "model.safetensors").read_bytes()[:1_000])
    with pytest.raises(CheckpointError, match="cut can't be loaded"):
        export.main(["--model", str(cut), "--out", str(tmp_path / "int8.onnx")])
