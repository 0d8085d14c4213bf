"""The rows of labelled files: CSV, TSV and JSON lines, with a label or with stars."""

import csv
import itertools
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ml.errors import DataError
from ml.lines import read_lines

# What other files call our columns; the first two as RuReviews does.
ALIASES = {"review": "text", "sentiment": "label", "rating": "stars"}
SPELLINGS = {"neautral": "neutral"}  # RuReviews' own
# The study's mapping.
STARS: dict[float, str] = {1: "negative", 2: "negative", 3: "neutral", 4: "positive", 5: "positive"}
_NEEDED = "needed are text and label, or text and stars"
_JSON_SUFFIXES = (".jsonl", ".ndjson")
_SUFFIXES = (".csv", ".tsv", *_JSON_SUFFIXES)
_REMEDIES = {
    "unexpected end of data": "a quote opens there and never closes; close it, or double it "
    "where the text has one",
    "field larger": "is a quote left open there? Close it, or cut the text",
    "expected after": "double the quotes that a quoted text holds",
    "new-line character": "end the lines with LF or CRLF",
}

Record = tuple[int, dict[str, str]]


@dataclass(frozen=True, slots=True)
class Row:
    """One text; `number` is the line of the file, from 1, where it starts."""

    number: int
    text: str
    label: str


def read_rows(path: Path) -> Iterator[Row]:
    """Yield a file's rows; its name's ending and its first row say of which kind it is.

    Tabs separate the columns where the first row has them, else commas or semicolons. A file with
    stars and no label is labelled by the study's mapping. Raises DataError with the row.
    """
    lines = read_lines(path)
    is_json = _suffix(path) in _JSON_SUFFIXES
    records = _json_records(path, lines) if is_json else _delimited_records(path, lines)
    for number, record in records:
        label = record["label"] if "label" in record else _rated(record["stars"], path, number)
        label = label.strip().casefold()
        yield Row(number, record["text"], SPELLINGS.get(label, label))


def is_labelled(path: Path) -> bool:
    """Say whether a file has rows, by its name's ending; others are plain text."""
    return _suffix(path) in _SUFFIXES


def _suffix(path: Path) -> str:
    return (path.with_suffix("") if path.suffix == ".gz" else path).suffix.casefold()


def _rated(stars: str, path: Path, number: int) -> str:
    try:
        return STARS[float(stars)]
    except (KeyError, ValueError):
        raise DataError(
            f"{path}, row {number}: {stars[:40]!r} is no number of stars; needed are 1 to 5, whole"
        ) from None


def _delimited_records(path: Path, lines: Iterator[str]) -> Iterator[Record]:
    first = next(lines, "")
    separator = next((sign for sign in "\t,;" if "text" in _header(first, sign)), ",")
    whole = itertools.chain([first], lines)
    rows = _tab_rows(whole) if separator == "\t" else _csv_rows(path, whole, separator)
    _, names = next(rows, (1, []))
    places = _places(_named(names), path)
    for number, row in rows:
        if len(row) <= max(places.values()):
            raise DataError(
                f"{path}, row {number}: it has {len(row)} columns, the header {len(names)}; "
                "quote texts that hold commas or line ends"
            )
        yield number, {name: row[place] for name, place in places.items()}


def _header(line: str, separator: str) -> list[str]:
    return _named([field.strip('"') for field in line.strip().split(separator)])


def _named(names: Sequence[str]) -> list[str]:
    folded = [name.strip().casefold() for name in names]
    return [ALIASES.get(name, name) for name in folded]


def _places(names: list[str], path: Path) -> dict[str, int]:
    """Return where text is, and label or else stars."""
    labelled = "stars" if "stars" in names and "label" not in names else "label"
    missing = [name for name in ("text", labelled) if name not in names]
    if missing:
        raise DataError(f"{path}: no column {' and '.join(missing)} in its first row; {_NEEDED}")
    return {name: names.index(name) for name in ("text", labelled)}


def _tab_rows(lines: Iterator[str]) -> Iterator[tuple[int, list[str]]]:
    """Split at tabs, one row a line; a quote is one of the text unless quotes enclose a field."""
    for number, line in enumerate(lines, 1):
        if line.strip():
            yield number, [_unquoted(field) for field in line.rstrip("\r\n").split("\t")]


def _unquoted(field: str) -> str:
    inside = field[1:-1]
    if len(field) > 1 and field[0] == field[-1] == '"' and '"' not in inside.replace('""', ""):
        return inside.replace('""', '"')
    return field


def _csv_rows(path: Path, lines: Iterator[str], separator: str) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(lines, delimiter=separator, strict=True)
    start = 1
    try:
        for row in reader:
            if row:
                yield start, row
            start = reader.line_num + 1
    except csv.Error as error:
        said = str(error)
        remedy = next((text for sign, text in _REMEDIES.items() if sign in said), "mend it")
        raise DataError(f"{path}, row {start}: {said}; {remedy}") from None


def _json_records(path: Path, lines: Iterator[str]) -> Iterator[Record]:
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        content = _json_object(line, path, number)
        named = {_named([name])[0]: value for name, value in content.items()}
        wanted = ("text", "stars" if "stars" in named and "label" not in named else "label")
        yield number, {name: _string(named, name, path, number) for name in wanted}


def _json_object(line: str, path: Path, number: int) -> dict[str, Any]:
    try:
        content = json.loads(line)
    except (ValueError, RecursionError):
        content = None
    if not isinstance(content, dict):
        raise DataError(f"{path}, row {number}: not a JSON object; write one object a line")
    return content


def _string(named: dict[str, Any], name: str, path: Path, number: int) -> str:
    value = named.get(name)
    is_stars = name == "stars" and isinstance(value, int | float)
    if not isinstance(value, str) and not is_stars:
        what = "missing" if value is None else "not a string"
        raise DataError(f"{path}, row {number}: {name} is {what}; {_NEEDED}")
    return str(value)
