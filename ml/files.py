"""Files and directories that appear whole or not at all."""

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from safetensors import SafetensorError

from ml.errors import MlError


def require_replaceable(target: Path) -> None:
    """Raise MlError where something stands that is no model: it must not be swept away."""
    if target.exists() and not (target / "config.json").exists():
        raise MlError(f"{target} exists and is no model directory; give another --out")


@contextmanager
def whole_directory(target: Path) -> Iterator[Path]:
    """Yield a directory to fill, which takes `target`'s place when the block ends well.

    What stood at `target` before is gone then; after an exception it still stands. Raises MlError,
    naming it, where the disk is full or the place can't be written.
    """
    with writing(target), _filled(target) as fresh:
        yield fresh


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Raise MlError, naming the path, where the disk is full or the place can't be written."""
    try:
        yield
    except (OSError, SafetensorError) as error:  # the second is how safetensors meets a full disk
        why = getattr(error, "strerror", None) or error
        raise MlError(
            f"{path} can't be written ({why}); make room or give another place, then run the "
            "command again"
        ) from None


@contextmanager
def _filled(target: Path) -> Iterator[Path]:
    target.parent.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(dir=target.parent, prefix=f".{target.name}-"))
    try:
        fresh.chmod(0o755)
        yield fresh
        _swap(fresh, target)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def _swap(fresh: Path, target: Path) -> None:
    old = _aside(target)
    restore(target)
    if target.exists():
        shutil.rmtree(old, ignore_errors=True)
        target.replace(old)
    fresh.replace(target)
    shutil.rmtree(old, ignore_errors=True)


def restore(target: Path) -> None:
    """Bring back what a process put aside that was killed before it put the new in its place."""
    if not target.exists() and _aside(target).exists():
        _aside(target).replace(target)


def _aside(target: Path) -> Path:
    return target.with_name(f".{target.name}.old")


def write_whole(path: Path, content: bytes) -> None:
    """Write beside `path`, then rename. What stood there before stands until then.

    Raises MlError, naming the file, where the disk is full or the folder can't be written.
    """
    with writing(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        _write_and_rename(path, content)


def _write_and_rename(path: Path, content: bytes) -> None:
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
