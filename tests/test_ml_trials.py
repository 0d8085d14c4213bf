"""Versions on trial: they stand in the champion's pointer, and end whenever that moves."""

import json
from pathlib import Path

import pytest
from ml_fixtures import write_version

from ml.errors import RegistryError
from ml.registry import Registry


@pytest.fixture(scope="module")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("shipped") / "tiny"
    write_version(directory)
    return directory


@pytest.fixture
def registry(tmp_path: Path) -> Registry:
    return Registry(tmp_path / "models")


def taught(registry: Registry, shipped: Path, *versions: str) -> None:
    """Let the shipped model serve first, then each version after the other."""
    registry.ensure(shipped)
    for version in versions:
        registry.promote(registry.add(shipped, version))


def test_a_rollback_and_a_promotion_end_a_trial(registry: Registry, shipped: Path) -> None:
    registry.ensure(shipped)
    for version in ("first", "second"):
        registry.promote(registry.add(shipped, version=version))
    registry.try_beside("tiny-1")
    registry.rollback()
    assert registry.pointer().shadow == ""
    registry.try_beside("tiny-1")
    registry.promote("first")
    assert registry.pointer().shadow == "tiny-1"
    registry.promote("second")
    assert registry.pointer().shadow == ""


def test_a_trial_needs_a_whole_version_that_does_not_serve(
    registry: Registry, shipped: Path
) -> None:
    registry.ensure(shipped)
    (registry.root / "half").mkdir()
    (registry.root / "half" / "config.json").write_text("{}")
    for version in ("half", "../tiny", "tiny-1"):
        with pytest.raises(RegistryError):
            registry.try_beside(version)
    assert registry.pointer().shadow == ""


def test_clearing_spares_who_is_tried(registry: Registry, shipped: Path) -> None:
    registry.ensure(shipped)
    for version in ("first", "second"):
        registry.add(shipped, version=version)
    registry.try_beside("first")
    assert registry.prune(0) == ["second"]


def test_a_pointer_of_a_time_before_trials_is_read(registry: Registry, shipped: Path) -> None:
    registry.ensure(shipped)
    pointer = registry.root / "champion"
    older = {k: v for k, v in json.loads(pointer.read_text()).items() if k != "shadow"}
    pointer.write_text(json.dumps(older))
    assert (registry.champion(), registry.pointer().shadow) == ("tiny-1", "")
