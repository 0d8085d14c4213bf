"""The lines of a UTF-8 file, each of bounded length, so that no line can fill the memory."""

from collections.abc import Iterator
from pathlib import Path

from ml.errors import DataError

LONGEST = 1_000_000  # bytes


def read_lines(path: Path) -> Iterator[str]:
    """Yield the lines with their ends, without a byte-order mark.

    Raises DataError with the file, the row and the remedy.
    """
    row = 0
    try:
        with path.open("rb") as file:
            while raw := file.readline(LONGEST + 1):
                row += 1
                yield _decoded(raw, path, row)
    except OSError as error:
        raise DataError(
            f"{path} can't be read: {error.strerror or error}; give a file of labelled texts"
        ) from None


def _decoded(raw: bytes, path: Path, row: int) -> str:
    if len(raw) > LONGEST:
        raise DataError(
            f"{path}, row {row}: longer than {LONGEST:,} bytes; is this a text file, one row a "
            "line? Cut or delete the row"
        )
    try:
        line = raw.decode("utf-8-sig" if row == 1 else "utf-8")
    except UnicodeDecodeError:
        raise DataError(f"{path}, row {row}: not UTF-8; save the file as UTF-8") from None
    if "\0" in line:
        raise DataError(f"{path}, row {row}: a NUL byte; is this a text file? Delete the row")
    return line
