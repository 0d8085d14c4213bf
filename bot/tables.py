"""CSV files that people send, read strictly, and those that the bot sends them."""

import csv
import io
from collections.abc import Collection, Iterable, Iterator, Sequence

MOST_BYTES = 5 * 1024 * 1024
UTF8 = "UTF-8"
SEPARATORS = (",", ";", "\t")
# So much of what is not ASCII must be Russian letters for windows-1251 to be believed: what else
# is read so, broken UTF-8 above all, is half signs that no text holds.
LEAST_RUSSIAN = 0.75
YO = ("\u0401", "\u0451")
# A spreadsheet would take such a text for a formula, and strangers wrote it.
FORMULA = ("=", "+", "-", "@", "\t", "\r")


class RefusedFileError(Exception):
    """A file that is not taken: `code` says why, `values` where and what."""

    def __init__(self, code: str, **values: str | int) -> None:
        super().__init__(code)
        self.code = code
        self.values = values


def decoded(data: bytes) -> tuple[str, str]:
    """Return a file's text and its encoding. Raises RefusedFileError."""
    if len(data) > MOST_BYTES:
        raise RefusedFileError("too-big", megabytes=MOST_BYTES // 1024**2)
    text, encoding = _decoded(data)
    if "\0" in text:
        raise RefusedFileError("encoding", row=1 + text.count("\n", 0, text.index("\0")))
    return text, encoding


def records(text: str, separator: str) -> Iterator[tuple[int, list[str]]]:
    """Yield each record with the line, from 1, where it starts. Raises RefusedFileError."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    start = 1
    try:
        for record in reader:
            if record:
                yield start, record
            start = reader.line_num + 1
    except csv.Error:
        raise RefusedFileError("quotes", row=start) from None


def header(text: str, wanted: Collection[str]) -> tuple[list[str], str]:
    """Read the first line, in small letters; what separates its columns separates all others.

    Raises RefusedFileError where a wanted column is missing.
    """
    first = text.lstrip("\r\n").partition("\n")[0].rstrip("\r")
    for separator in SEPARATORS:
        names = [name.strip().strip('"').casefold() for name in first.split(separator)]
        if set(wanted) <= set(names):
            return names, separator
    raise RefusedFileError("no-header")


def write_table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """Write a CSV file as UTF-8 with the mark by which spreadsheets know it."""
    target = io.StringIO(newline="")
    writer = csv.writer(target)
    writer.writerow(columns)
    writer.writerows(rows)
    return target.getvalue().encode("utf-8-sig")


def without_formula(text: str) -> str:
    """Put an apostrophe before what a spreadsheet would work out."""
    return f"'{text}" if _is_formula(text) else text


def as_written(cell: str) -> str:
    """Take away the apostrophe that `without_formula` put before a text."""
    return cell[1:] if cell.startswith("'") and _is_formula(cell) else cell


def _is_formula(text: str) -> bool:
    # Also behind apostrophes of its own, so that one can be put there and taken away again.
    return text.lstrip("'").startswith(FORMULA)


def _decoded(data: bytes) -> tuple[str, str]:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            return data.decode("utf-16"), "UTF-16"
        except UnicodeDecodeError:
            raise RefusedFileError("encoding", row=1) from None
    try:
        return data.decode("utf-8-sig"), UTF8
    except UnicodeDecodeError as error:
        refused = RefusedFileError("encoding", row=1 + data.count(b"\n", 0, error.start))
    try:
        text = data.decode("windows-1251")
    except UnicodeDecodeError:
        raise refused from None
    if not _is_russian(text):
        raise refused
    return text, "windows-1251"


def _is_russian(text: str) -> bool:
    foreign = [character for character in text if character > "\x7f"]
    russian = sum("\u0410" <= one <= "\u044f" or one in YO for one in foreign)
    return russian >= LEAST_RUSSIAN * len(foreign)
