"""The store that is a bucket: anything of fsspec's that writes one object whole or not at all.

There is no renaming, so a version's files go into a folder of their own, and what counts is the
list of them with sizes and digests, which is written last:

    <version>/contents.json        names the folder and its files; without it there is no version
    <version>/<folder>/<file>
"""

import contextlib
import errno
import secrets
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ml import contents, version_cache
from ml import manifest as manifests
from ml.checkpoint import WEIGHTS
from ml.contents import Contents
from ml.errors import MlError, RegistryError
from ml.stores import LEFTOVER_SECONDS, NAME

_CONTENTS = "contents.json"
_ATTEMPTS = 5  # at an update, when others come between
_READ_ONLY = ("http", "https", "data", "github", "zip", "tar")
_DISK_FULL = (errno.ENOSPC, errno.EDQUOT)
# An outage shall be known within seconds. Digests of our own make S3's optional checksums
# needless, which not every server of its kind understands.
_S3_CLIENT = {
    "connect_timeout": 3,
    "read_timeout": 20,
    "retries": {"max_attempts": 2, "mode": "standard"},
    "request_checksum_calculation": "when_required",
    "response_checksum_validation": "when_required",
}


class ObjectStore:
    """Versions under a URL such as s3://bucket/prefix, with local copies of those in use."""

    is_remote = True

    def __init__(self, url: str, cache_dir: Path | None, options: Mapping[str, Any]) -> None:
        self.address = url.rstrip("/")
        self._fs, self._root = _open(url, options)
        self._cache = version_cache.VersionCache(cache_dir or version_cache.default_directory())

    def read(self, name: str) -> str:
        """Return a small text in one request; empty when there is none."""
        return (self._get(name) or b"").decode()

    def update(self, name: str, change: Callable[[str], str]) -> None:
        """Replace a small text, and again from the start when someone else was faster."""
        for attempt in range(_ATTEMPTS):
            with self._reached():
                condition = self._unchanged(name)
                before = self.read(name)
                after = change(before)
                try:
                    if after != before:
                        self._fs.pipe_file(f"{self._root}/{name}", after.encode(), **condition)
                    return
                except OSError as error:
                    if isinstance(error, FileNotFoundError) or attempt == _ATTEMPTS - 1:
                        raise

    def versions(self) -> list[str]:
        """Return the names of the versions whose contents are written, oldest first."""
        with self._reached():
            names = [name for name in self._names() if NAME.fullmatch(name)]
            paths = {f"{self._root}/{name}/{_CONTENTS}": name for name in names}
            texts = self._fs.cat(list(paths), on_error="omit") if paths else {}
        found = {
            paths[path]: contents.parse(text, f"{self.address}/{paths[path]}/{_CONTENTS}")
            for path, text in texts.items()
        }
        return sorted(found, key=lambda name: (found[name].added_at, name))

    def is_whole(self, version: str) -> bool:
        """Whether a version's contents are written."""
        return bool(NAME.fullmatch(version)) and self._contents(version) is not None

    def holds(self, version: str, source: Path) -> bool:
        """Whether a version has the same weights, by their digests, and manifest as a directory."""
        found = self._contents(version)
        if found is None or found.files.get(WEIGHTS) != contents.digest(source / WEIGHTS):
            return False
        theirs = contents.papers(source, version).get(manifests.FILE, b"")
        return contents.same_papers(self.file(version, manifests.FILE), theirs)

    def add(self, source: Path, version: str) -> None:
        """Upload into a new folder, then write the contents, unless someone else was faster."""
        files: dict[str, Path | bytes] = {
            **contents.version_files(source),
            **contents.papers(source, version),
        }
        digests = {name: contents.digest(file) for name, file in files.items()}
        written = Contents(secrets.token_hex(8), datetime.now(UTC).isoformat(), digests)
        with self._reached():
            try:
                self._upload(files, f"{self._root}/{version}/{written.folder}")
                self._claim(version, written)
            except BaseException as error:
                with contextlib.suppress(Exception):
                    self._fs.rm(f"{self._root}/{version}/{written.folder}", recursive=True)
                if not isinstance(error, FileExistsError):
                    raise

    def path(self, version: str) -> Path:
        """Return a local copy of a version, which is downloaded where it is new."""
        found = self._required(version)
        where = f"{self._root}/{version}/{found.folder}"

        def fetch(name: str, target: Path) -> None:
            try:
                self._fs.get_file(f"{where}/{name}", str(target))
            except FileNotFoundError:
                raise RegistryError(
                    f"{version}/{name} is gone from {self.address}; delete the version, then add "
                    "it again"
                ) from None

        with self._reached():
            return self._cache.path(version, found, fetch)

    def owns(self, directory: Path) -> bool:
        """Whether a local directory is a copy that `path` returned."""
        return self._cache.root.resolve() in directory.resolve().parents

    def file(self, version: str, name: str) -> bytes:
        """Return one file of a version; empty when it has none of that name."""
        found = self._required(version)
        return self._get(f"{version}/{found.folder}/{name}") or b""

    def size(self, version: str) -> int:
        """Return the bytes of a version's files."""
        return sum(file.size for file in self._required(version).files.values())

    def delete(self, version: str) -> None:
        """Remove a version's contents, which ends it, then its files."""
        with self._reached(), contextlib.suppress(FileNotFoundError):  # someone else was faster
            self._fs.rm_file(f"{self._root}/{version}/{_CONTENTS}")
            self._fs.rm(f"{self._root}/{version}", recursive=True)

    def sweep(self) -> None:
        """Remove folders that no contents name and that nobody can still be uploading to."""
        with self._reached():
            found = self._fs.find(self._root, detail=True)
            for (version, folder), since in _newest(self._root, found).items():
                known = self._contents(version)
                if time.time() - since > LEFTOVER_SECONDS and (
                    known is None or known.folder != folder
                ):
                    self._fs.rm(f"{self._root}/{version}/{folder}", recursive=True)

    def _names(self) -> list[str]:
        with contextlib.suppress(FileNotFoundError):
            return [path.rpartition("/")[2] for path in self._fs.ls(self._root, detail=False)]
        return []

    def _get(self, name: str) -> bytes | None:
        with self._reached(), contextlib.suppress(FileNotFoundError):
            return bytes(self._fs.cat_file(f"{self._root}/{name}"))
        return None

    def _contents(self, version: str) -> Contents | None:
        text = self._get(f"{version}/{_CONTENTS}")
        where = f"{self.address}/{version}/{_CONTENTS}"
        return None if text is None else contents.parse(text, where)

    def _required(self, version: str) -> Contents:
        found = self._contents(version)
        if found is None:
            raise RegistryError(f"the version {version} is no longer in {self.address}")
        return found

    def _upload(self, files: Mapping[str, Path | bytes], where: str) -> None:
        for name, file in files.items():
            if isinstance(file, bytes):
                self._fs.pipe_file(f"{where}/{name}", file)
            else:
                self._fs.put_file(str(file), f"{where}/{name}")

    def _claim(self, version: str, written: Contents) -> None:
        """Write a version's contents where there are none; FileExistsError where there are."""
        path = f"{self._root}/{version}/{_CONTENTS}"
        self._fs.pipe_file(path, contents.to_text(written).encode(), mode="create")

    def _unchanged(self, name: str) -> dict[str, str]:
        """Return what lets a write fail when the object was written since now."""
        try:
            tag = self._fs.info(f"{self._root}/{name}").get("ETag")
        except FileNotFoundError:
            return {"mode": "create"}
        return {"IfMatch": tag} if tag else {}

    @contextlib.contextmanager
    def _reached(self) -> Iterator[None]:
        """Say in one line what went wrong on the way; each filesystem has errors of its own."""
        try:
            yield
        except (MlError, FileExistsError):
            raise
        except Exception as error:
            if isinstance(error, OSError) and error.errno in _DISK_FULL:
                raise
            line = " ".join(str(error).split()) or type(error).__name__
            raise RegistryError(
                f"the registry {self.address} can't be used ({line}); check its address, "
                "the keys and the network"
            ) from None


def _open(url: str, options: Mapping[str, Any]) -> tuple[Any, str]:
    """Return fsspec's filesystem for a URL and the path inside it; nothing is asked of it yet."""
    import fsspec

    protocol = url.partition("://")[0]
    settings = {"config_kwargs": _S3_CLIENT} if protocol in ("s3", "s3a") else {}
    try:
        if protocol in _READ_ONLY:
            raise ValueError(f"{protocol} can only be read")
        filesystem = fsspec.filesystem(  # type: ignore[no-untyped-call]
            protocol, use_listings_cache=False, **settings, **options
        )
    except (ImportError, ValueError) as error:
        raise RegistryError(
            f"the registry {url} can't be opened ({error}); give a directory or s3://bucket/path, "
            "and for S3 install s3fs, this project's extra `s3`"
        ) from None
    root = str(filesystem._strip_protocol(url)).rstrip("/")
    if not root:
        raise RegistryError(f"the registry {url} names no bucket; give s3://bucket/path")
    return filesystem, root


def _newest(root: str, found: Mapping[str, Mapping[str, Any]]) -> dict[tuple[str, str], float]:
    """Return when each version's folders were last written to, in seconds since 1970."""
    newest: dict[tuple[str, str], float] = {}
    for path, details in found.items():
        version, _, rest = path.removeprefix(root).strip("/").partition("/")
        folder, inside, _ = rest.partition("/")
        written = details.get("LastModified")
        if inside and isinstance(written, datetime):
            key = version, folder
            newest[key] = max(newest.get(key, 0.0), written.timestamp())
    return newest
