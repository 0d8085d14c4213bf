"""Model versions: whole or absent, one champion, safe when several start at once."""

import json
import resource
import shutil
import signal
import subprocess
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path

import pytest
from ml_fixtures import another_base, taught

from ml import manifest as manifests
from ml.errors import CheckpointError, RegistryError
from ml.registry import Registry
from ml.registry_commands import main
from ml.temperature import Temperature

ROOT = Path(__file__).parent.parent


pytest_plugins = ["registry_fixtures"]


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


def test_file_url_is_the_directory(registry: Registry, shipped: Path) -> None:
    registry.ensure(shipped)
    assert Registry(f"file://{registry.root}").champion() == "tiny-1"
    assert Registry(str(registry.root)).versions() == ["tiny-1"]


def test_a_directory_needs_no_library_of_buckets(registry: Registry) -> None:
    code = (
        "import sys; from ml.registry import Registry; Registry(sys.argv[1]).versions(); "
        "print({'fsspec', 's3fs', 'botocore'} & set(sys.modules))"
    )
    command = [sys.executable, "-c", code, registry.address]
    assert subprocess.check_output(command, cwd=ROOT, text=True) == "set()\n"


@pytest.mark.parametrize("url", ["nosuch://place", "s3://", "https://host/models"])
def test_what_is_no_registry_is_refused(url: str) -> None:
    with pytest.raises(RegistryError, match="s3://bucket/path"):
        Registry(url)


def test_pruning_spares_the_base_the_champion_and_those_before_it(
    registry: Registry, shipped: Path
) -> None:
    taught(registry, shipped, *"abcdef")
    registry.add(shipped, "candidate")
    removed = registry.prune(keep=1, protected=["a"])
    assert removed == ["b"]
    assert registry.versions() == ["tiny-1", "a", "c", "d", "e", "f", "candidate"]


def test_pruning_keeps_the_latest(registry: Registry, shipped: Path) -> None:
    registry.ensure(shipped)
    for name in "abc":
        registry.add(shipped, name)
    assert registry.prune(keep=2) == ["a"]
    assert registry.prune(keep=9) == []
    assert registry.prune(keep=0) == ["b", "c"]


def test_champion_and_base_are_not_deleted(registry: Registry, shipped: Path) -> None:
    taught(registry, shipped, "two")
    with pytest.raises(RegistryError, match="'two' serves"):
        registry.delete("two")
    with pytest.raises(RegistryError, match="'tiny-1' is the base model"):
        registry.delete("tiny-1")
    assert registry.versions() == ["tiny-1", "two"]


def test_pickles_are_refused_and_never_taken_along(
    registry: Registry, shipped: Path, tmp_path: Path
) -> None:
    source = shutil.copytree(shipped, tmp_path / "source")
    (source / "pytorch_model.bin").write_bytes(b"\x80\x04.")
    registry.add(source)
    assert not (registry.path("tiny-1") / "pytorch_model.bin").exists()
    (source / "model.safetensors").unlink()
    with pytest.raises(CheckpointError, match=r"pickle \(pytorch_model.bin\).*save_pretrained"):
        registry.add(source, "two")


def add_in_a_process(registry: Registry, source: Path, most_bytes: int) -> "subprocess.Popen[str]":
    """Add a version where no file may grow beyond so many bytes."""
    return subprocess.Popen(
        [sys.executable, "-m", "ml.registry", "add", str(source), "--registry", registry.address],
        cwd=ROOT,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (most_bytes, most_bytes)),
    )


def test_disk_that_ends_half_way_leaves_no_version(registry: Registry, shipped: Path) -> None:
    process = add_in_a_process(registry, shipped, most_bytes=20_000)
    complaint = process.communicate()[1]
    assert process.returncode == 2
    assert complaint.startswith("error: ")
    assert complaint.count("\n") == 1
    assert list(registry.root.iterdir()) == []


def test_ctrl_c_half_way_leaves_no_version(
    registry: Registry, shipped: Path, tmp_path: Path
) -> None:
    source = shutil.copytree(shipped, tmp_path / "source")
    with (source / "large.onnx").open("wb") as file:
        file.truncate(400 << 20)
    process = add_in_a_process(registry, source, most_bytes=1 << 30)
    while not list(registry.root.glob(".adding-*/*")):
        time.sleep(0.001)
    process.send_signal(signal.SIGINT)
    process.communicate()
    assert process.returncode == 130
    assert list(registry.root.iterdir()) == []


def run(capsys: pytest.CaptureFixture[str], registry: Registry, *arguments: str) -> str:
    main([*arguments, "--registry", registry.address])
    return capsys.readouterr().out


def test_commands_add_promote_and_take_back(
    registry: Registry, shipped: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(capsys, registry, "add", str(shipped))
    run(capsys, registry, "add", str(shipped), "--as", "two")
    run(capsys, registry, "promote", "tiny-1")
    assert run(capsys, registry, "promote", "two") == "two serves\n"
    assert run(capsys, registry, "rollback") == "tiny-1 serves again\n"
    assert run(capsys, registry, "delete", "two") == "removed two\n"
    assert run(capsys, registry, "prune", "--keep", "3") == "nothing to remove\n"


def test_commands_list_and_show_what_is_there(
    registry: Registry, shipped: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    taught(registry, shipped, "two")
    rows = json.loads(run(capsys, registry, "list", "--json"))
    assert [(row["version"], row["serves"], row["base"]) for row in rows] == [
        ("two", True, False),
        ("tiny-1", False, True),
    ]
    shown = json.loads(run(capsys, registry, "show", "two", "--json"))
    assert shown["manifest"]["tasks"]["toxicity"] == ["toxic"]
    assert run(capsys, registry, "list").splitlines()[1].startswith("*  two")
    assert "rollback" not in run(capsys, registry, "history")


def test_copy_that_was_calibrated_is_another_version(registry: Registry, shipped: Path) -> None:
    registry.add(shipped)
    copy = shutil.copytree(registry.path("tiny-1"), registry.root / "elsewhere" / "copy")
    calibrated = replace(
        manifests.read(copy), temperatures={"sentiment": Temperature.constant(2.5)}
    )
    manifests.write(calibrated, copy)
    name = registry.add(copy)
    assert name != "tiny-1"
    assert manifests.read(registry.path(name)).temperature("sentiment").to_json() == 2.5
    assert registry.add(copy) == name
    assert registry.add(shipped) == "tiny-1"
