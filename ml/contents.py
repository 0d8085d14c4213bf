"""What a version consists of: its files, with the sizes and digests that prove a copy whole."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path, PurePosixPath

from ml import manifest as manifests
from ml.checkpoint import PICKLES
from ml.errors import RegistryError


@dataclass(frozen=True, slots=True)
class FileDigest:
    """A file's length in bytes and SHA-256 in hexadecimal."""

    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Contents:
    """A version's files by their names inside it, and the folder of the store that holds them."""

    folder: str
    added_at: str
    files: Mapping[str, FileDigest]

    def key(self) -> str:
        """Return 16 hexadecimal digits that stand for these very bytes."""
        text = json.dumps({name: found.sha256 for name, found in sorted(self.files.items())})
        return hashlib.sha256(text.encode()).hexdigest()[:16]

    def sizes_match(self, directory: Path) -> bool:
        """Whether a directory has every file at its full length."""
        return all(
            (path := directory / name).is_file() and path.stat().st_size == found.size
            for name, found in self.files.items()
        )


def to_text(contents: Contents) -> str:
    """Write contents as JSON."""
    return json.dumps(asdict(contents), indent=1) + "\n"


def parse(text: bytes, where: str) -> Contents:
    """Read what `to_text` wrote. Raises RegistryError."""
    try:
        content = json.loads(text)
        files = {name: FileDigest(**found) for name, found in content["files"].items()}
        contents = Contents(str(content["folder"]), str(content["added_at"]), files)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise RegistryError(
            f"{where} is broken ({error}); remove that file and add the version again"
        ) from None
    if not all(map(_stays_inside, [contents.folder, *files])):
        raise RegistryError(
            f"{where} names files outside its version; remove that file and add the version again"
        )
    return contents


def version_files(source: Path) -> dict[str, Path]:
    """Find the files of a checkpoint that a version takes over: none hidden, no pickles."""
    found = {}
    for path in sorted(source.rglob("*")):
        name = path.relative_to(source)
        hidden = any(part.startswith(".") for part in name.parts)
        if path.is_file() and not hidden and path.suffix not in PICKLES:
            found[name.as_posix()] = path
    return found


def digest(file: Path | bytes) -> FileDigest:
    """Measure a file, or what will be one."""
    if isinstance(file, bytes):
        return FileDigest(len(file), hashlib.sha256(file).hexdigest())
    with file.open("rb") as stream:
        sha256 = hashlib.file_digest(stream, "sha256").hexdigest()
        return FileDigest(stream.tell(), sha256)


def papers(source: Path, version: str) -> dict[str, bytes]:
    """Return the files that a version has in another wording than its source: the manifest."""
    if not (source / manifests.FILE).exists():
        return {}
    return {manifests.FILE: manifests.renamed(source, version).encode()}


def same_papers(one: bytes, other: bytes) -> bool:
    """Whether two manifests say the same, in whatever wording; both may be empty."""
    if not (one and other):
        return one == other
    return manifests.parse(one, manifests.FILE) == manifests.parse(other, manifests.FILE)


def _stays_inside(name: str) -> bool:
    path = PurePosixPath(name)
    return bool(name) and not path.is_absolute() and ".." not in path.parts
