"""Model versions: whole or absent, one champion, safe when several start at once."""

import shutil
import threading
from pathlib import Path

import pytest
from ml_fixtures import write_version

from ml import manifest as manifests
from ml.errors import CheckpointError, RegistryError
from ml.registry import Registry


@pytest.fixture(scope="module")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("shipped") / "tiny"
    write_version(directory)
    return directory


@pytest.fixture
def registry(tmp_path: Path) -> Registry:
    return Registry(tmp_path / "models")


def test_empty_registry_says_that_it_has_no_champion(registry: Registry) -> None:
    assert registry.versions() == []
    with pytest.raises(RegistryError, match="no champion yet"):
        registry.champion()


def test_first_start_makes_the_shipped_model_champion(registry: Registry, shipped: Path) -> None:
    assert registry.ensure(shipped) == "tiny-1"
    assert registry.ensure(shipped) == registry.champion() == "tiny-1"
    assert registry.versions() == ["tiny-1"]


def test_many_may_start_at_once(registry: Registry, shipped: Path) -> None:
    found: list[str] = []
    threads = [
        threading.Thread(target=lambda: found.append(registry.ensure(shipped))) for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == ["tiny-1"] * 8
    assert sorted(path.name for path in registry.root.iterdir()) == ["base", "champion", "tiny-1"]


def another_base(shipped: Path, folder: Path) -> Path:
    """Copy a version under the same name, with other weights."""
    directory = shutil.copytree(shipped, folder / "another")
    weights = (directory / "model.safetensors").read_bytes()
    (directory / "model.safetensors").write_bytes(weights[:-1] + bytes([weights[-1] ^ 1]))
    return directory


def test_a_new_base_model_serves_at_the_next_start(
    registry: Registry, shipped: Path, tmp_path: Path
) -> None:
    registry.ensure(shipped)
    second = registry.ensure(another_base(shipped, tmp_path))
    assert second.startswith("tiny-1-")
    assert registry.ensure(tmp_path / "another") == registry.champion() == second
    assert len(registry.versions()) == 2


def test_a_new_base_model_does_not_undo_what_was_promoted(
    registry: Registry, shipped: Path, tmp_path: Path
) -> None:
    registry.ensure(shipped)
    registry.promote(registry.add(shipped, "taught"))
    assert registry.ensure(another_base(shipped, tmp_path)) == "taught"


def test_promotion_moves_the_pointer_and_back(registry: Registry, shipped: Path) -> None:
    registry.ensure(shipped)
    registry.promote(registry.add(shipped, "tiny-2"))
    assert registry.champion() == "tiny-2"
    registry.promote("tiny-1")
    assert registry.champion() == "tiny-1"


def test_added_version_carries_its_own_name(registry: Registry, shipped: Path) -> None:
    registry.add(shipped, "second")
    assert manifests.read(registry.path("second")).version == "second"


def test_unknown_version_is_refused_with_those_that_exist(
    registry: Registry, shipped: Path
) -> None:
    registry.add(shipped)
    with pytest.raises(RegistryError, match=r"'nine'.*there are: tiny-1"):
        registry.promote("nine")


def test_half_written_version_is_never_listed_or_loaded(registry: Registry, shipped: Path) -> None:
    registry.add(shipped)
    torn = registry.root / "torn"
    torn.mkdir()
    (torn / "config.json").write_text("{}")
    assert registry.versions() == ["tiny-1"]
    with pytest.raises(RegistryError):
        registry.promote("torn")


def test_source_without_weights_is_refused(
    registry: Registry, shipped: Path, tmp_path: Path
) -> None:
    bare = tmp_path / "bare"
    bare.mkdir()
    (bare / "config.json").write_bytes((shipped / "config.json").read_bytes())
    (bare / "manifest.json").write_bytes((shipped / "manifest.json").read_bytes())
    with pytest.raises(CheckpointError, match="safetensors"):
        registry.add(bare)


@pytest.mark.parametrize("name", ["../evil", "champion", ".hidden", "a/b"])
def test_names_that_could_leave_the_registry_are_refused(
    registry: Registry, shipped: Path, name: str
) -> None:
    with pytest.raises(CheckpointError, match="can't name a version"):
        registry.add(shipped, name)


def test_same_name_for_another_model_is_refused(registry: Registry, shipped: Path) -> None:
    registry.add(shipped, "one")
    (registry.root / "one" / "model.safetensors").write_bytes(b"other")
    with pytest.raises(RegistryError, match="taken"):
        registry.add(shipped, "one")


def test_directory_is_its_own_path(registry: Registry, shipped: Path) -> None:
    assert registry.path(shipped) == shipped
