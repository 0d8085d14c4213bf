"""The model versions in a directory or bucket, and the pointer to the champion, which workers
follow. `python -m ml.registry` shows and changes them.
"""

import os
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any

from ml import contents, pointer
from ml import manifest as manifests
from ml.checkpoint import WEIGHTS, require_weights
from ml.commands import run_command
from ml.errors import CheckpointError, RegistryError
from ml.manifest import Manifest
from ml.pointer import Pointer
from ml.stores import NAME, LocalStore, open_store

_POINTER = "champion"
_BASE = "base"  # the base model that was last made known by `ensure`
# So many of the champion's predecessors outlive every clearing, for rollbacks.
KEPT_FOR_ROLLBACK = 3


def default_url() -> str:
    """Return where the commands look for versions: MODELS_URL, or var/models."""
    return os.environ.get("MODELS_URL") or "var/models"


class Registry:
    """Versions, each of which is there whole or not at all, and the one that serves.

    The URL is a path, file:// or s3://bucket/prefix. `cache_dir` holds the local copies of what a
    bucket has; `storage_options` are fsspec's own for the URL's scheme.
    """

    def __init__(
        self,
        url: str | Path,
        *,
        cache_dir: Path | None = None,
        storage_options: Mapping[str, Any] | None = None,
    ) -> None:
        self._store = open_store(url, cache_dir, storage_options)
        self.address: str = self._store.address
        self.is_remote: bool = self._store.is_remote

    @property
    def root(self) -> Path:
        """The directory of a local registry."""
        if not isinstance(self._store, LocalStore):
            raise RegistryError(f"the registry {self.address} is no local directory")
        return self._store.root

    def versions(self) -> list[str]:
        """Return the names of all versions, oldest first."""
        return self._store.versions()

    def pointer(self) -> Pointer:
        """Return who serves and who served before; one small read, which checks no version."""
        return pointer.parse(self._store.read(_POINTER), f"{self.address}/{_POINTER}")

    def has_champion(self) -> bool:
        """Whether anything was promoted yet."""
        return bool(self.pointer().champion)

    def champion(self) -> str:
        """Return the version that serves. Raises RegistryError when there is none."""
        version = self.pointer().champion
        if not version:
            raise RegistryError(
                f"{self.address} has no champion yet; add a model to the registry and promote it"
            )
        self._require(version)
        return version

    def path(self, version_or_dir: str | Path) -> Path:
        """Return a local directory with a version's files, or the directory that is given.

        From a bucket the files are fetched once, and checked against their digests.
        """
        name = str(version_or_dir)
        if self._store.is_whole(name):
            return self._store.path(name)
        if Path(version_or_dir).is_dir():
            return Path(version_or_dir)
        raise self._unknown(name)

    def owns(self, directory: Path) -> bool:
        """Whether a local directory is what `path` returns for a version: nobody may change it."""
        return self._store.owns(directory)

    def manifest(self, version: str) -> Manifest | None:
        """Return a version's papers without its weights; None for a checkpoint that has none."""
        self._require(version)
        text = self._store.file(version, manifests.FILE)
        where = f"{self.address}/{version}/{manifests.FILE}"
        return manifests.parse(text, where) if text else None

    def size(self, version: str) -> int:
        """Return the bytes of a version's files."""
        self._require(version)
        return self._store.size(version)

    def add(self, source_dir: Path, version: str | None = None) -> str:
        """Copy a checkpoint in and return its version's name; a repeated addition changes nothing.

        Without `version` the manifest's name is taken, with a digest after it when it is taken.
        """
        require_weights(source_dir)
        manifest = manifests.read(source_dir)
        name = version or self._free_name(manifest.version, source_dir)
        if not NAME.fullmatch(name) or name in (_POINTER, _BASE):
            raise CheckpointError(
                f"{name!r} can't name a version; use letters, digits, '.', '-', '_'"
            )
        if not self._store.is_whole(name):
            self._store.add(source_dir, name)
        if not self._store.holds(name, source_dir):
            raise RegistryError(
                f"the version {name!r} is taken by another model; give another name"
            )
        return name

    def promote(self, version: str) -> None:
        """Make a version the champion, in one step that readers see whole."""
        self._require(version)
        self._store.update(
            _POINTER, lambda text: pointer.to_text(self._parsed(text).promoted(version))
        )

    def rollback(self) -> str:
        """Let the version that served before serve again, and return it; twice goes two back.

        Raises RegistryError when none served before.
        """
        exists = self._store.is_whole
        self._store.update(
            _POINTER, lambda text: pointer.to_text(self._parsed(text).rolled_back(exists))
        )
        return self.champion()

    def try_beside(self, version: str) -> None:
        """Let a version score beside the champion, in one step, until the champion changes.

        Raises RegistryError for the champion, and while another one is tried.
        """
        self._require(version)
        self._store.update(_POINTER, lambda text: pointer.to_text(self._tried(text, version)))

    def end_trial(self, version: str) -> None:
        """Let a version score beside the champion no more; one that does not changes nothing."""

        def ended(text: str) -> str:
            now = self._parsed(text)
            return pointer.to_text(now.shadowed("")) if now.shadow == version else text

        self._store.update(_POINTER, ended)

    def delete(self, version: str) -> None:
        """Remove a version; its trial ends. Raises RegistryError for the champion and the base."""
        self._require(version)
        if version == self.pointer().champion:
            raise RegistryError(f"the version {version!r} serves; promote another one first")
        if version == self.base():
            raise RegistryError(
                f"the version {version!r} is the base model, which each start adds anew; "
                "give another BASE_MODEL first"
            )
        self.end_trial(version)
        self._store.delete(version)

    def prune(self, keep: int, protected: Collection[str] = ()) -> list[str]:
        """Remove the oldest versions but the latest `keep`; return the names of the removed.

        The champion, its last predecessors, what is tried beside it, the base model and `protected`
        stay, whatever their age. What killed processes left half-written goes after a day.
        """
        if keep < 0:
            raise RegistryError(f"{keep} versions can't be kept; give 0 or more")
        now = self.pointer()
        rollbacks = now.before[:KEPT_FOR_ROLLBACK]
        spared = {now.champion, *rollbacks, now.shadow, self.base(), *protected}
        versions = self.versions()
        doomed = [name for name in versions[: len(versions) - keep] if name not in spared]
        for name in doomed:
            self._store.delete(name)
        self._store.sweep()
        return doomed

    def ensure(self, base: Path) -> str:
        """Return the champion, after adding the base model where it is new.

        A new base model becomes champion, unless something else was promoted over the one before:
        what a community has taught its model is not undone by an update.
        """
        version, before = self.add(base), self.base()
        serving = self.pointer().champion
        if not self._store.is_whole(serving):
            serving = ""
        if serving in ("", before) and version != before:
            self.promote(version)
        self._store.update(_BASE, lambda text: f"{version}\n")
        return self.champion()

    def base(self) -> str:
        """Return the base model that was last made known; empty where it is gone, or was none."""
        version = self._store.read(_BASE).strip()
        return version if self._store.is_whole(version) else ""

    def _parsed(self, text: str) -> Pointer:
        return pointer.parse(text, f"{self.address}/{_POINTER}")

    def _tried(self, text: str, version: str) -> Pointer:
        now = self._parsed(text)
        if version == now.champion:
            raise RegistryError(f"the version {version!r} serves already; there is nothing to try")
        if now.shadow not in ("", version):
            raise RegistryError(f"the version {now.shadow!r} is tried already; end that first")
        return now.shadowed(version)

    def _require(self, version: str) -> None:
        if not self._store.is_whole(version):
            raise self._unknown(version)

    def _unknown(self, version: str) -> RegistryError:
        known = ", ".join(self.versions()) or "none"
        return RegistryError(
            f"there is no model version {version!r} in {self.address}; there are: {known}"
        )

    def _free_name(self, wanted: str, source: Path) -> str:
        """Return a name by what a checkpoint holds, so that adding it again changes nothing."""
        for name in _names(wanted, source):
            if not self._store.is_whole(name) or self._store.holds(name, source):
                break
        return name


def _names(wanted: str, source: Path) -> Iterator[str]:
    """Yield a version's name, then with its weights' digest, then with its manifest's too."""
    yield wanted
    weights = contents.digest(source / WEIGHTS).sha256
    yield f"{wanted}-{weights[:8]}"
    papers = contents.papers(source, wanted).get(manifests.FILE, b"")
    yield f"{wanted}-{contents.digest(weights.encode() + papers).sha256[:8]}"


if __name__ == "__main__":
    from ml.registry_commands import main

    run_command(main)
