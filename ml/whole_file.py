"""A file that appears whole or not at all; `ml.files` has the same for directories."""

import contextlib
import os
import tempfile
from pathlib import Path

from ml.errors import MlError


def write_whole(path: Path, content: bytes) -> None:
    """Write beside `path`, then rename. What stood there before stands until then.

    Raises MlError, naming the file, where the disk is full or the folder can't be written.
    """
    try:
        _write_and_rename(path, content)
    except OSError as error:
        raise MlError(
            f"{path} can't be written ({error.strerror or error}); nothing was changed there: make "
            "room or give another place"
        ) from None


def _write_and_rename(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(0o644)
        Path(name).replace(path)
    finally:
        with contextlib.suppress(FileNotFoundError):
            Path(name).unlink()
