"""The lines of a UTF-8 file, each of bounded length, so that no line can fill the memory."""

import codecs
import gzip
import zlib
from collections.abc import Iterator
from pathlib import Path

from ml.errors import DataError

LONGEST = 1_000_000  # bytes
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def read_lines(path: Path) -> Iterator[str]:
    """Yield the lines of a plain or gzipped file, with their ends, without a byte-order mark.

    Raises DataError with the file, the row and the remedy.
    """
    row = 0
    try:
        with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as file:
            while raw := file.readline(LONGEST + 1):
                row += 1
                yield _decoded(raw, path, row)
    except (OSError, EOFError, zlib.error) as error:  # the last two of a gzip that is cut or broken
        why = getattr(error, "strerror", None) or error
        raise DataError(f"{path} can't be read: {why}; give a file of texts") from None


def _decoded(raw: bytes, path: Path, row: int) -> str:
    if len(raw) > LONGEST:
        raise DataError(
            f"{path}, row {row}: longer than {LONGEST:,} bytes; is this a text file, one row a "
            "line? Cut or delete the row"
        )
    try:
        line = raw.decode("utf-8-sig" if row == 1 else "utf-8")
    except UnicodeDecodeError:
        raise DataError(f"{path}, row {row}: {_encoding_told(raw, row)}") from None
    if "\0" in line:
        raise DataError(f"{path}, row {row}: a NUL byte; is this a text file? Delete the row")
    return line


def _encoding_told(raw: bytes, row: int) -> str:
    """Say what to do with a line that is not UTF-8, by what its bytes look like."""
    if row == 1 and raw.startswith(_UTF16):
        return 'not UTF-8 but UTF-16; save the file as UTF-8 (in Excel: "CSV UTF-8")'
    high = [byte for byte in raw if byte >= 0x80]
    if sum(byte >= 0xC0 for byte in high) > 0.8 * len(high):  # letters there; of UTF-8's bytes half
        return (
            'not UTF-8 but, it seems, Windows-1251; save the file as UTF-8 (in Excel: "CSV UTF-8", '
            "else: iconv -f cp1251 -t utf-8)"
        )
    return "not UTF-8; save the file as UTF-8"
