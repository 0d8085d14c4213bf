"""A registry in a bucket: the same promises, though nothing can be renamed there."""

import shutil
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import s3fs
from ml_fixtures import write_version
from s3_server import BUCKET, KEYS, make_bucket, s3_server

from ml import manifest as manifests
from ml import object_store
from ml.errors import RegistryError
from ml.registry import Registry
from ml.temperature import Temperature


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    with s3_server() as url:
        make_bucket(url)
        yield url


@pytest.fixture(scope="module")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("shipped") / "tiny"
    write_version(directory)
    return directory


@pytest.fixture
def url(endpoint: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    for name, value in {**KEYS, "AWS_ENDPOINT_URL": endpoint}.items():
        monkeypatch.setenv(name, value)
    return f"s3://{BUCKET}/{tmp_path.name}/models"


@pytest.fixture
def registry(url: str, tmp_path: Path) -> Registry:
    return Registry(url, cache_dir=tmp_path / "cache")


@pytest.fixture
def bucket(url: str) -> s3fs.S3FileSystem:
    return s3fs.S3FileSystem(use_listings_cache=False)


def test_empty_bucket_has_neither_versions_nor_champion(registry: Registry) -> None:
    assert registry.versions() == []
    assert not registry.has_champion()
    with pytest.raises(RegistryError, match="no champion yet"):
        registry.champion()


def test_version_comes_back_file_by_file(registry: Registry, shipped: Path) -> None:
    assert registry.ensure(shipped) == registry.ensure(shipped) == "tiny-1"
    directory = registry.path("tiny-1")
    assert directory.name == "tiny-1"
    names = sorted(path.name for path in shipped.iterdir())
    assert sorted(path.name for path in directory.iterdir()) == names
    assert all((directory / n).read_bytes() == (shipped / n).read_bytes() for n in names)
    assert registry.owns(directory)
    assert not registry.owns(shipped)


def test_version_carries_its_name_and_its_papers(registry: Registry, shipped: Path) -> None:
    registry.add(shipped, "second")
    manifest = registry.manifest("second")
    assert manifest is not None
    assert (manifest.version, str(manifest.temperature("sentiment"))) == ("second", "1.3")
    assert registry.size("second") > 50_000


def test_promotion_rollback_and_history(registry: Registry, shipped: Path) -> None:
    registry.ensure(shipped)
    for name in ("two", "three"):
        registry.promote(registry.add(shipped, name))
    assert [registry.rollback(), registry.rollback()] == ["two", "tiny-1"]
    assert [event.action for event in registry.pointer().events] == ["promote"] * 3 + [
        "rollback"
    ] * 2
    with pytest.raises(RegistryError, match="no version served before"):
        registry.rollback()


def test_many_may_start_at_once(url: str, shipped: Path, tmp_path: Path) -> None:
    found: list[Path] = []

    def start() -> None:
        registry = Registry(url, cache_dir=tmp_path / "cache")
        found.append(registry.path(registry.ensure(shipped)))

    threads = [threading.Thread(target=start) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [found[0]] * 6
    assert len(list((tmp_path / "cache").iterdir())) == 1


def test_promotions_at_once_all_stand_in_the_history(registry: Registry, shipped: Path) -> None:
    names = [registry.add(shipped, f"v{n}") for n in range(3)]
    threads = [threading.Thread(target=registry.promote, args=(name,)) for name in names]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    pointer = registry.pointer()
    assert sorted([pointer.champion, *pointer.before]) == names


def test_upload_that_was_killed_is_no_version(
    registry: Registry, bucket: s3fs.S3FileSystem, url: str, shipped: Path
) -> None:
    bucket.put(f"{shipped}/", f"{url}/tiny-1/0123456789abcdef/", recursive=True)
    assert registry.versions() == []
    with pytest.raises(RegistryError, match="no model version 'tiny-1'"):
        registry.path("tiny-1")
    assert registry.add(shipped) == "tiny-1"
    assert registry.versions() == ["tiny-1"]


def test_pruning_sweeps_what_killed_uploads_left(
    registry: Registry,
    bucket: s3fs.S3FileSystem,
    url: str,
    shipped: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    registry.ensure(shipped)
    bucket.put(f"{shipped}/", f"{url}/tiny-1/0123456789abcdef/", recursive=True)
    registry.prune(keep=1)
    assert bucket.exists(f"{url}/tiny-1/0123456789abcdef/config.json")
    monkeypatch.setattr(object_store, "LEFTOVER_SECONDS", -1)
    registry.prune(keep=1)
    assert not bucket.exists(f"{url}/tiny-1/0123456789abcdef")
    assert registry.path("tiny-1").is_dir()


def test_damaged_files_are_never_handed_out(
    registry: Registry, bucket: s3fs.S3FileSystem, url: str, shipped: Path, tmp_path: Path
) -> None:
    registry.add(shipped)
    (weights,) = bucket.glob(f"{url}/tiny-1/*/model.safetensors")
    content = bucket.cat_file(weights)
    bucket.pipe_file(weights, content[:-1] + bytes([content[-1] ^ 1]))
    with pytest.raises(RegistryError, match=r"tiny-1/model.safetensors came damaged"):
        registry.path("tiny-1")
    assert list((tmp_path / "cache").iterdir()) == []


def test_missing_file_is_one_line(
    registry: Registry, bucket: s3fs.S3FileSystem, url: str, shipped: Path
) -> None:
    registry.add(shipped)
    bucket.rm(bucket.glob(f"{url}/tiny-1/*/tokenizer.json"))
    with pytest.raises(RegistryError, match=r"tokenizer.json is gone.*add it again"):
        registry.path("tiny-1")


def test_contents_that_lead_out_of_the_version_are_refused(
    registry: Registry, bucket: s3fs.S3FileSystem, url: str, shipped: Path
) -> None:
    registry.add(shipped)
    path = f"{url}/tiny-1/contents.json"
    text = bucket.cat_file(path).replace(b"tokenizer.json", b"../../tokenizer.json")
    bucket.pipe_file(path, text)
    with pytest.raises(RegistryError, match="names files outside"):
        registry.path("tiny-1")


def test_broken_contents_are_named(
    registry: Registry, bucket: s3fs.S3FileSystem, url: str, shipped: Path
) -> None:
    registry.add(shipped)
    bucket.pipe_file(f"{url}/tiny-1/contents.json", b'{"folder": "01')
    for use in (registry.versions, lambda: registry.path("tiny-1")):
        with pytest.raises(RegistryError, match=rf"{url}/tiny-1/contents.json is broken"):
            use()


def test_local_copy_is_reused_and_mended(
    registry: Registry, bucket: s3fs.S3FileSystem, url: str, shipped: Path
) -> None:
    registry.add(shipped)
    first = registry.path("tiny-1")
    written = (first / "config.json").stat().st_ino
    assert (registry.path("tiny-1") / "config.json").stat().st_ino == written
    (first / "model.safetensors").write_bytes(b"cut short")
    assert (registry.path("tiny-1") / "model.safetensors").stat().st_size > 50_000


def test_cache_keeps_only_the_latest_copies(
    registry: Registry, shipped: Path, tmp_path: Path
) -> None:
    for name in "abcdefg":
        registry.path(registry.add(shipped, name))
    kept = {path.name for path in (tmp_path / "cache").glob("*/*")}
    assert kept == set("cdefg")
    assert registry.path("a").is_dir()


def test_same_name_for_another_model_is_refused(
    registry: Registry, shipped: Path, tmp_path: Path
) -> None:
    registry.add(shipped, "one")
    other = shutil.copytree(shipped, tmp_path / "other")
    weights = (other / "model.safetensors").read_bytes()
    (other / "model.safetensors").write_bytes(weights[:-1] + bytes([weights[-1] ^ 1]))
    with pytest.raises(RegistryError, match="taken"):
        registry.add(other, "one")
    assert registry.add(other).startswith("tiny-1")


def test_deleted_version_leaves_nothing(
    registry: Registry, bucket: s3fs.S3FileSystem, url: str, shipped: Path
) -> None:
    registry.ensure(shipped)
    registry.add(shipped, "two")
    registry.delete("two")
    assert registry.versions() == ["tiny-1"]
    assert bucket.find(f"{url}/two") == []
    with pytest.raises(RegistryError, match="serves"):
        registry.delete("tiny-1")


def test_missing_bucket_is_one_line(url: str, shipped: Path, tmp_path: Path) -> None:
    registry = Registry("s3://nobody-made-this/models", cache_dir=tmp_path)
    with pytest.raises(RegistryError, match="bucket does not exist"):
        registry.add(shipped)


def test_server_that_is_gone_is_one_line(registry: Registry, tmp_path: Path, shipped: Path) -> None:
    options = {"endpoint_url": "http://127.0.0.1:9"}
    lost = Registry(registry.address, cache_dir=tmp_path, storage_options=options)
    with pytest.raises(RegistryError, match=r"can't be used \(Could not connect") as raised:
        lost.pointer()
    assert "\n" not in str(raised.value)


def test_copy_that_was_calibrated_is_another_version(
    registry: Registry, shipped: Path, tmp_path: Path
) -> None:
    registry.add(shipped)
    copy = shutil.copytree(registry.path("tiny-1"), tmp_path / "copy")
    manifests.write(
        replace(manifests.read(copy), temperatures={"sentiment": Temperature.constant(2.5)}), copy
    )
    name = registry.add(copy)
    assert name != "tiny-1"
    assert manifests.read(registry.path(name)).temperature("sentiment").to_json() == 2.5
