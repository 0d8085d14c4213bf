"""Files of labelled texts that people send to the bot, read strictly."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.fingerprints import fingerprint
from bot.labelling.questions import NOT_TOXIC
from bot.tables import RefusedFileError, as_written, decoded, header, records
from bot.vocabulary import SENTIMENT, SENTIMENTS, TOXIC, TOXICITY

MOST_ROWS = 20_000
LONGEST_TEXT = 10_000
LONGEST_QUOTE = 40
COLUMNS = ("text", "label")

TASKS = dict.fromkeys(SENTIMENTS, SENTIMENT) | dict.fromkeys((NOT_TOXIC, TOXIC), TOXICITY)
"""{label: its task}"""


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
    text, encoding = decoded(data)
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


def _rows(text: str) -> Iterator[Row]:
    names, separator = header(text, COLUMNS)
    places = names.index("text"), names.index("label")
    found = records(text, separator)
    next(found)
    for count, (number, record) in enumerate(found, 1):
        if count > MOST_ROWS:
            raise RefusedFileError("too-many", rows=MOST_ROWS)
        if len(record) != len(names):
            raise RefusedFileError("columns", row=number, found=len(record), wanted=len(names))
        yield _row(number, record[places[0]], record[places[1]])


def _row(number: int, text: str, label: str) -> Row:
    text, label = as_written(text.strip()), label.strip().casefold()
    if not text:
        raise RefusedFileError("empty-text", row=number)
    if len(text) > LONGEST_TEXT:
        raise RefusedFileError("long-text", row=number, most=LONGEST_TEXT)
    if not label:
        raise RefusedFileError("no-label", row=number)
    if label not in TASKS:
        raise RefusedFileError("label", row=number, label=label[:LONGEST_QUOTE])
    return Row(number, text, label)
