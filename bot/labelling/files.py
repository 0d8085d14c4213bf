"""Files of labelled texts: what people send to the bot, read strictly, and what it sends them."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from bot.answers import SENTIMENT, TOXIC, TOXICITY
from bot.fingerprints import fingerprint
from bot.labelling.questions import NOT_TOXIC, SENTIMENTS

MOST_BYTES = 5 * 1024 * 1024
MOST_ROWS = 20_000
LONGEST_TEXT = 10_000
LONGEST_QUOTE = 40
UTF8 = "UTF-8"

TASKS = dict.fromkeys(SENTIMENTS, SENTIMENT) | dict.fromkeys((NOT_TOXIC, TOXIC), TOXICITY)
"""{label: its task}"""

SEPARATORS = (",", ";", "\t")
# So much of what is not ASCII must be Russian letters for windows-1251 to be believed: what else
# is read so, broken UTF-8 above all, is half signs that no text holds.
LEAST_RUSSIAN = 0.75
YO = ("\u0401", "\u0451")


class RefusedFileError(Exception):
    """A file that is not taken: `code` says why, `values` where and what."""

    def __init__(self, code: str, **values: str | int) -> None:
        super().__init__(code)
        self.code = code
        self.values = values


@dataclass(frozen=True, slots=True)
class Row:
    """One labelled text; `number` is the line, from 1, where it starts."""

    number: int
    text: str
    label: str

    @property
    def task(self) -> str:
        return TASKS[self.label]


@dataclass(frozen=True, slots=True)
class LabelFile:
    """A file that was read whole."""

    rows: list[Row]
    encoding: str


def read_label_file(data: bytes) -> LabelFile:
    """Read a CSV file with the columns text and label, whatever separates them.

    Raises RefusedFileError for the first row that can't be taken.
    """
    if len(data) > MOST_BYTES:
        raise RefusedFileError("too-big", megabytes=MOST_BYTES // 1024**2)
    text, encoding = _decoded(data)
    if "\0" in text:
        raise RefusedFileError("encoding", row=1 + text.count("\n", 0, text.index("\0")))
    rows = list(_rows(text))
    if not rows:
        raise RefusedFileError("no-rows")
    return LabelFile(rows, encoding)


def fingerprinted(rows: Sequence[Row]) -> list[tuple[str, Row]]:
    """Return rows beside their texts' fingerprints, without the texts that have several labels.

    Copies of one text that differ cannot both be meant, and nobody can tell which is.
    """
    found = [(fingerprint(row.text), row) for row in rows]
    said: dict[tuple[str, str], set[str]] = {}
    for digest, row in found:
        said.setdefault((digest, row.task), set()).add(row.label)
    return [(digest, row) for digest, row in found if len(said[digest, row.task]) == 1]


def write_label_file(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """Write a CSV file as UTF-8 with the mark by which spreadsheets know it."""
    target = io.StringIO(newline="")
    writer = csv.writer(target)
    writer.writerow(columns)
    writer.writerows(rows)
    return target.getvalue().encode("utf-8-sig")


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


def _rows(text: str) -> Iterator[Row]:
    header, separator = _header(text)
    places = header.index("text"), header.index("label")
    records = _records(text, separator)
    next(records)
    for count, (number, record) in enumerate(records, 1):
        if count > MOST_ROWS:
            raise RefusedFileError("too-many", rows=MOST_ROWS)
        if len(record) != len(header):
            raise RefusedFileError("columns", row=number, found=len(record), wanted=len(header))
        yield _row(number, record[places[0]], record[places[1]])


def _row(number: int, text: str, label: str) -> Row:
    text, label = text.strip(), label.strip().casefold()
    if not text:
        raise RefusedFileError("empty-text", row=number)
    if len(text) > LONGEST_TEXT:
        raise RefusedFileError("long-text", row=number, most=LONGEST_TEXT)
    if not label:
        raise RefusedFileError("no-label", row=number)
    if label not in TASKS:
        raise RefusedFileError("label", row=number, label=label[:LONGEST_QUOTE])
    return Row(number, text, label)


def _header(text: str) -> tuple[list[str], str]:
    """Read the first line; what separates its columns separates all others."""
    first = text.lstrip("\r\n").partition("\n")[0].rstrip("\r")
    for separator in SEPARATORS:
        names = [name.strip().strip('"').casefold() for name in first.split(separator)]
        if "text" in names and "label" in names:
            return names, separator
    raise RefusedFileError("no-header")


def _records(text: str, separator: str) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    start = 1
    try:
        for record in reader:
            if record:
                yield start, record
            start = reader.line_num + 1
    except csv.Error:
        raise RefusedFileError("quotes", row=start) from None
