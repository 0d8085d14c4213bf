"""Where a registry lies: what it asks of a store, and the store that is a local directory."""

import contextlib
import fcntl
import os
import re
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, Protocol

from ml import contents
from ml import manifest as manifests
from ml.checkpoint import WEIGHTS
from ml.errors import RegistryError

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
# What a killed process left half-written is swept away when it is older than this.
LEFTOVER_SECONDS = 24 * 3600
_CHUNK_BYTES = 1 << 20
_URL = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)://(.*)", re.DOTALL)


class Store(Protocol):
    """Holds versions, each whole or absent, and small texts, each of them written at once."""

    address: str
    is_remote: bool

    def read(self, name: str) -> str:
        """Return a small text; empty when there is none."""

    def update(self, name: str, change: Callable[[str], str]) -> None:
        """Replace a small text by what `change` makes of it; no other update comes between."""

    def versions(self) -> list[str]:
        """Return the names of the whole versions, oldest first."""

    def is_whole(self, version: str) -> bool:
        """Whether there is such a version, with all of its files."""

    def holds(self, version: str, source: Path) -> bool:
        """Whether a version has the same weights and manifest as a directory."""

    def add(self, source: Path, version: str) -> None:
        """Copy a directory in; a version that is there already stays as it is."""

    def path(self, version: str) -> Path:
        """Return a local directory with a version's files."""

    def owns(self, directory: Path) -> bool:
        """Whether a local directory is a version's own, or a copy that `path` returned."""

    def file(self, version: str, name: str) -> bytes:
        """Return one file of a version; empty when it has none of that name."""

    def size(self, version: str) -> int:
        """Return the bytes of a version's files."""

    def delete(self, version: str) -> None:
        """Remove a version: first it is no longer there, then its files go."""

    def sweep(self) -> None:
        """Remove what killed processes left half-written."""


def open_store(
    url: str | Path, cache_dir: Path | None, storage_options: Mapping[str, Any] | None
) -> Store:
    """Return the store at a path or fsspec URL. Raises RegistryError where it can't be one."""
    found = None if isinstance(url, Path) else _URL.fullmatch(url)
    if found is None or found[1] == "file":
        path = Path(found[2] if found else url).expanduser()
        return LocalStore(path)
    from ml.object_store import ObjectStore  # fsspec and S3's libraries take half a second

    return ObjectStore(str(url), cache_dir, storage_options or {})


class LocalStore:
    """A directory with one directory a version, which appears by renaming."""

    is_remote = False

    def __init__(self, root: Path) -> None:
        self.root, self.address = root, str(root)

    def read(self, name: str) -> str:
        """Return a small text; empty when there is none."""
        with contextlib.suppress(FileNotFoundError):
            return (self.root / name).read_text(encoding="utf-8")
        return ""

    def update(self, name: str, change: Callable[[str], str]) -> None:
        """Replace a small text under a lock, by renaming; what stays the same isn't written."""
        with self._locked():
            before = self.read(name)
            after = change(before)
            if after != before:
                self._write(name, after)

    def versions(self) -> list[str]:
        """Return the names of the whole versions, oldest first."""
        if not self.root.is_dir():
            return []
        found = [path for path in self.root.iterdir() if self.is_whole(path.name)]
        return [path.name for path in sorted(found, key=lambda p: (p.stat().st_mtime_ns, p.name))]

    def is_whole(self, version: str) -> bool:
        """Whether there is such a version, with what loading needs at least."""
        directory = self.root / version
        named = bool(NAME.fullmatch(version))
        return named and all((directory / n).is_file() for n in ("config.json", WEIGHTS))

    def holds(self, version: str, source: Path) -> bool:
        """Whether a version has the same weights, byte by byte, and manifest as a directory."""
        own = self.file(version, manifests.FILE)
        return _same_bytes(self.root / version / WEIGHTS, source / WEIGHTS) and (
            contents.same_papers(own, contents.papers(source, version).get(manifests.FILE, b""))
        )

    def add(self, source: Path, version: str) -> None:
        """Copy into a hidden directory and rename it; what another process put there stays."""
        self.root.mkdir(parents=True, exist_ok=True)
        fresh = Path(tempfile.mkdtemp(dir=self.root, prefix=".adding-"))
        try:
            for name, path in contents.version_files(source).items():
                (fresh / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(path, fresh / name)
            for name, text in contents.papers(source, version).items():
                (fresh / name).write_bytes(text)
            settle(fresh, self.root / version)
        finally:
            shutil.rmtree(fresh, ignore_errors=True)
        if not self.is_whole(version):
            raise RegistryError(
                f"{self.root / version} is in the way and no whole version; remove it"
            )

    def path(self, version: str) -> Path:
        """Return a version's own directory."""
        return self.root / version

    def owns(self, directory: Path) -> bool:
        """Whether a local directory is a version's own."""
        return directory.resolve().parent == self.root.resolve()

    def file(self, version: str, name: str) -> bytes:
        """Return one file of a version; empty when it has none of that name."""
        path = self.root / version / name
        return path.read_bytes() if path.is_file() else b""

    def size(self, version: str) -> int:
        """Return the bytes of a version's files."""
        return sum(p.stat().st_size for p in (self.root / version).rglob("*") if p.is_file())

    def delete(self, version: str) -> None:
        """Rename a version out of sight, then remove it."""
        doomed = Path(tempfile.mkdtemp(dir=self.root, prefix=".deleting-"))
        with contextlib.suppress(FileNotFoundError):  # someone else was faster
            (self.root / version).rename(doomed / version)
        shutil.rmtree(doomed)

    def sweep(self) -> None:
        """Remove what killed processes left half-written."""
        remove_leftovers(self.root, (".adding-*", ".deleting-*", ".writing-*"))

    def _write(self, name: str, text: str) -> None:
        handle, fresh = tempfile.mkstemp(dir=self.root, prefix=".writing-")
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            Path(fresh).chmod(0o644)
            Path(fresh).replace(self.root / name)
            _flush(self.root)
        finally:
            Path(fresh).unlink(missing_ok=True)

    @contextlib.contextmanager
    def _locked(self) -> Iterator[None]:
        self.root.mkdir(parents=True, exist_ok=True)
        handle = os.open(self.root, os.O_RDONLY)
        try:
            with contextlib.suppress(OSError):  # some network disks can't: the last one wins there
                fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        finally:
            os.close(handle)


def settle(fresh: Path, target: Path) -> None:
    """Bring a directory safely onto the disk and rename it; an older target stays."""
    fresh.chmod(0o755)
    for path in [*fresh.rglob("*"), fresh]:
        _flush(path)
    try:
        fresh.rename(target)
    except OSError:
        if not target.is_dir():
            raise
    _flush(target.parent)


def _flush(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def remove_leftovers(root: Path, patterns: tuple[str, ...]) -> None:
    """Remove what no living process can still be writing."""
    for path in [path for pattern in patterns for path in root.glob(pattern)]:
        with contextlib.suppress(FileNotFoundError):  # someone else was faster
            if time.time() - path.stat().st_mtime > LEFTOVER_SECONDS:
                shutil.rmtree(path) if path.is_dir() else path.unlink()


def _same_bytes(one: Path, other: Path) -> bool:
    if not one.is_file() or one.stat().st_size != other.stat().st_size:
        return False
    with one.open("rb") as first, other.open("rb") as second:
        while chunk := first.read(_CHUNK_BYTES):
            if chunk != second.read(_CHUNK_BYTES):
                return False
    return True
