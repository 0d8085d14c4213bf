"""The model versions on disk and the pointer to the champion, which workers follow."""

import hashlib
import os
import re
import shutil
import tempfile
from dataclasses import replace
from pathlib import Path

from ml import manifest as manifests
from ml.checkpoint import WEIGHTS
from ml.errors import CheckpointError, RegistryError

_POINTER = "champion"
_BASE = "base"  # the base model that was last made known by `ensure`
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


class Registry:
    """Versions under `root`: one directory each, which appears whole or not at all."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def versions(self) -> list[str]:
        """Return the names of all versions, oldest first."""
        if not self.root.is_dir():
            return []
        found = [p for p in self.root.iterdir() if _NAME.fullmatch(p.name) and _is_whole(p)]
        return [path.name for path in sorted(found, key=lambda p: (p.stat().st_mtime_ns, p.name))]

    def champion(self) -> str:
        """Return the version that serves. Raises RegistryError when there is none."""
        try:
            version = (self.root / _POINTER).read_text(encoding="utf-8").strip()
        except FileNotFoundError:
            raise RegistryError(
                f"{self.root} has no champion yet; add a model to the registry and promote it"
            ) from None
        self._require(version)
        return version

    def path(self, version_or_dir: str | Path) -> Path:
        """Return the directory of a version, or the directory itself where one is given."""
        name = str(version_or_dir)
        if _NAME.fullmatch(name) and _is_whole(self.root / name):
            return self.root / name
        if Path(version_or_dir).is_dir():
            return Path(version_or_dir)
        raise self._unknown(name)

    def add(self, source_dir: Path, version: str | None = None) -> str:
        """Copy a checkpoint in and return its version's name; a repeated addition changes nothing.

        Without `version` the manifest's name is taken, with a digest after it when it is taken.
        """
        manifest = manifests.read(source_dir)
        if not _is_whole(source_dir):
            raise CheckpointError(f"{source_dir} has no {WEIGHTS}; save the model as safetensors")
        name = version or self._free_name(manifest.version, source_dir)
        if not _NAME.fullmatch(name) or name in (_POINTER, _BASE):
            raise CheckpointError(
                f"{name!r} can't name a version; use letters, digits, '.', '-', '_'"
            )
        if not _is_whole(self.root / name):
            self._copy(source_dir, name)
        if not _same_weights(self.root / name, source_dir):
            raise RegistryError(
                f"the version {name!r} is taken by another model; give another name"
            )
        return name

    def promote(self, version: str) -> None:
        """Make a version the champion, in one step that readers see whole."""
        self._require(version)
        self._point(_POINTER, version)

    def ensure(self, base: Path) -> str:
        """Return the champion, after adding the base model where it is new.

        A new base model becomes champion, unless something else was promoted over the one before:
        what a community has taught its model is not undone by an update.
        """
        version, before = self.add(base), self._pointed(_BASE)
        if self._pointed(_POINTER) in ("", before) and version != before:
            self.promote(version)
        self._point(_BASE, version)
        return self.champion()

    def _pointed(self, pointer: str) -> str:
        """Return the version that a pointer names; empty where it names none that exists."""
        path = self.root / pointer
        version = path.read_text(encoding="utf-8").strip() if path.exists() else ""
        return version if version and _is_whole(self.root / version) else ""

    def _point(self, pointer: str, version: str) -> None:
        handle, name = tempfile.mkstemp(dir=self.root, prefix=f".{pointer}-")
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(version + "\n")
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(0o644)
        Path(name).replace(self.root / pointer)

    def _require(self, version: str) -> None:
        if not _NAME.fullmatch(version) or not _is_whole(self.root / version):
            raise self._unknown(version)

    def _unknown(self, version: str) -> RegistryError:
        known = ", ".join(self.versions()) or "none"
        return RegistryError(
            f"there is no model version {version!r} in {self.root}; there are: {known}"
        )

    def _free_name(self, wanted: str, source: Path) -> str:
        taken = self.root / wanted
        if not taken.exists() or _same_weights(taken, source):
            return wanted
        # By its content, so that adding it again changes nothing.
        return f"{wanted}-{hashlib.sha256((source / WEIGHTS).read_bytes()).hexdigest()[:8]}"

    def _copy(self, source: Path, name: str) -> None:
        """Copy into a hidden directory and rename it; what another process put there stays."""
        self.root.mkdir(parents=True, exist_ok=True)
        fresh = Path(tempfile.mkdtemp(dir=self.root, prefix=".adding-"))
        try:
            shutil.copytree(source, fresh, dirs_exist_ok=True)
            if (fresh / manifests.FILE).exists():
                manifests.write(replace(manifests.read(fresh), version=name), fresh)
            fresh.chmod(0o755)
            try:
                fresh.rename(self.root / name)
            except OSError:
                if not _is_whole(self.root / name):
                    raise
        finally:
            shutil.rmtree(fresh, ignore_errors=True)


def _is_whole(directory: Path) -> bool:
    return (directory / "config.json").is_file() and (directory / WEIGHTS).is_file()


def _same_weights(one: Path, other: Path) -> bool:
    first, second = one / WEIGHTS, other / WEIGHTS
    if not first.is_file() or first.stat().st_size != second.stat().st_size:
        return False
    return first.read_bytes() == second.read_bytes()
