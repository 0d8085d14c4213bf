"""What training starts from: checkpoints whose parts belong together, and their heads."""

import json
import shutil
from pathlib import Path

import pytest
import torch
from ml_fixtures import TASKS, write_checkpoint, write_version
from safetensors.torch import load_file, save_file

from ml.base import Base, open_base, save_version
from ml.classifier import Classifier
from ml.errors import CheckpointError, MlError
from ml.manifest import Manifest
from ml.registry import Registry

MOODS = ["neutral", "positive", "negative"]


@pytest.fixture(scope="module")
def version(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("base") / "tiny"
    write_version(directory)
    return directory


@pytest.fixture
def copy(version: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(version, tmp_path / "copy"))


def head_of(base: Base) -> torch.Tensor:
    return torch.cat([base.model.classifier.weight, base.model.classifier.bias[:, None]], 1)


def test_head_follows_its_labels_whatever_their_order(tmp_path: Path) -> None:
    stored = write_checkpoint(tmp_path / "hub", ["NEGATIVE", "Neutral", "positive"])
    opened = open_base(str(tmp_path / "hub"), {"sentiment": MOODS})
    torch.testing.assert_close(opened.model.classifier.weight, stored.classifier.weight[[1, 2, 0]])
    assert opened.model.config.id2label == dict(enumerate(MOODS))


def test_labels_that_a_checkpoint_knows_keep_their_weights(version: Path, tmp_path: Path) -> None:
    whole = head_of(open_base(str(version), TASKS))
    toxic = head_of(open_base(str(version), {"toxicity": ["toxic"]}))
    torch.testing.assert_close(toxic, whole[3:])
    write_checkpoint(tmp_path / "moods", MOODS)
    more = open_base(str(tmp_path / "moods"), TASKS)
    own = head_of(open_base(str(tmp_path / "moods"), {"sentiment": MOODS}))
    torch.testing.assert_close(head_of(more)[:3], own)


def test_labels_of_another_kind_get_a_fresh_head(tmp_path: Path) -> None:
    stored = write_checkpoint(tmp_path / "hub", ["joy", "fear", "anger"])
    opened = open_base(str(tmp_path / "hub"), {"sentiment": MOODS})
    assert not torch.isclose(opened.model.classifier.weight, stored.classifier.weight).any()


def test_champion_and_versions_are_bases_too(version: Path, tmp_path: Path) -> None:
    registry = Registry(tmp_path)
    registry.promote(registry.add(version))
    for name in ("champion", "tiny-1"):
        assert open_base(name, TASKS, str(tmp_path)).name == "tiny-1"


def test_weights_that_are_cut_short_are_named(copy: Path) -> None:
    weights = copy / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:1_000])
    with pytest.raises(CheckpointError, match="copy can't be loaded as a checkpoint"):
        open_base(str(copy), TASKS)


def test_pickle_is_refused_with_its_remedy(copy: Path) -> None:
    (copy / "model.safetensors").rename(copy / "pytorch_model.bin")
    with pytest.raises(CheckpointError, match=r"weights as a pickle .*save it again"):
        open_base(str(copy), TASKS)


def test_weights_of_another_shape_than_config_are_refused(copy: Path) -> None:
    config = json.loads((copy / "config.json").read_text())
    (copy / "config.json").write_text(json.dumps(config | {"vocab_size": 9_999}))
    with pytest.raises(
        CheckpointError, match="copy can't be loaded as a checkpoint: its weights have other shapes"
    ):
        open_base(str(copy), TASKS)


def test_weights_without_an_encoder_are_refused(copy: Path) -> None:
    tensors = load_file(copy / "model.safetensors")
    kept = {name: tensor for name, tensor in tensors.items() if "layer.1" not in name}
    save_file(kept, copy / "model.safetensors", {"format": "pt"})
    with pytest.raises(CheckpointError, match=r"weights lack bert\.encoder\.layer\.1"):
        open_base(str(copy), TASKS)


def test_tokenizer_of_a_larger_model_is_refused_in_training_and_serving(copy: Path) -> None:
    tokenizer = json.loads((copy / "tokenizer.json").read_text())
    pieces = tokenizer["model"]["vocab"]
    pieces |= {f"ы{number}": len(pieces) + number for number in range(3)}
    (copy / "tokenizer.json").write_text(json.dumps(tokenizer))
    for opened in (lambda: open_base(str(copy), TASKS), lambda: Classifier.load(copy)):
        with pytest.raises(CheckpointError, match=r"its tokenizer has .* of its own base model"):
            opened()


def test_weights_that_are_no_numbers_are_never_written(version: Path, tmp_path: Path) -> None:
    base = open_base(str(version), TASKS)
    with torch.no_grad():
        base.model.classifier.bias[0] = 1e6  # more than float16 holds
    with pytest.raises(MlError, match="no longer finite"):
        save_version(base, Manifest("tiny", "tiny-2", TASKS), tmp_path)
    assert not list(tmp_path.iterdir())
