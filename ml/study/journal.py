"""Keeps finished rows while a comparison runs, so that Ctrl-C costs only the row at work."""

import hashlib
import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from ml.files import write_whole
from ml.study.row import Entry, Terms

_REVISION = 1  # raise it when a row's fields or how they are measured change


class Journal:
    """A folder with one file a finished row or cell, named after all that it depends on."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def read(self, key: str) -> dict[str, Any] | None:
        """Return what was kept under a key; what can't be read counts as not there."""
        try:
            content: dict[str, Any] = json.loads(self._path(key).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None
        return content

    def write(self, key: str, content: dict[str, Any]) -> None:
        """Keep a row. Raises MlError where it can't be written."""
        write_whole(self._path(key), json.dumps(content, ensure_ascii=False).encode())

    def clear(self) -> None:
        """Forget everything that was kept."""
        for path in self.folder.glob("*.json"):
            path.unlink()

    def _path(self, key: str) -> Path:
        return self.folder / f"{key}.json"


def key_of(entry: Entry, terms: Terms, asked: int | None = None) -> str:
    """Name what a row depends on: texts, terms, and its weights as they lie on the disk now."""
    parts = [_REVISION, asdict(entry), asdict(terms), asked, _trace(entry.weights)]
    text = json.dumps(parts, ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:24]


def _trace(weights: str | None) -> list[tuple[str, int, int]]:
    """Return names, sizes and times of a directory's files; nothing for a hub name."""
    if weights is None or not Path(weights).is_dir():
        return []
    files = sorted(path for path in Path(weights).iterdir() if path.is_file())
    return [(path.name, path.stat().st_size, path.stat().st_mtime_ns) for path in files]
