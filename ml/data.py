"""Labelled texts from CSV files, and the split that keeps some of them from training."""

import csv
import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from ml.errors import DataError
from ml.manifest import SENTIMENT
from ml.text import fingerprint, has_words

COLUMNS = ("text", "label")
TASKS: dict[str, list[str]] = {"sentiment": list(SENTIMENT), "toxicity": ["toxic"]}
# What a file may call the labels of each task; a one-label task needs a word for its absence.
LABELS: dict[str, list[str]] = {"sentiment": list(SENTIMENT), "toxicity": ["ok", "toxic"]}
_HUNDREDTHS_TESTED, _HUNDREDTHS_VALIDATED = 10, 5


@dataclass(frozen=True, slots=True)
class Table:
    """A file's rows; `labels` are indices into LABELS[task]."""

    path: Path
    task: str
    texts: list[str]
    labels: list[int]

    @property
    def sha256(self) -> str:
        """The file's own fingerprint."""
        with self.path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()

    def only(self, part: str, fold: int = 0) -> "Table":
        """Return the rows that belong to train, validation or test."""
        kept = [i for i, text in enumerate(self.texts) if part_of(text, fold) == part]
        texts, labels = [self.texts[i] for i in kept], [self.labels[i] for i in kept]
        return Table(self.path, self.task, texts, labels)


def part_of(text: str, fold: int = 0) -> str:
    """Say where a text belongs, by a hash of its folded words, so that copies stay together.

    A tenth is test and a twentieth validation; each of the folds 0 to 9 tests another tenth.
    """
    digest = hashlib.sha256(fingerprint(text).encode("utf-8", "replace")).digest()
    place = (int.from_bytes(digest[:4], "big") - fold * _HUNDREDTHS_TESTED) % 100
    if place < _HUNDREDTHS_TESTED:
        return "test"
    return "validation" if place < _HUNDREDTHS_TESTED + _HUNDREDTHS_VALIDATED else "train"


def read_table(path: Path, task: str | None = None) -> Table:
    """Read a CSV with the columns text and label; without `task`, its labels say which it is.

    Rows without any word are left out. Raises DataError with the file, the row and the remedy.
    """
    rows = list(_rows(path))
    if not rows:
        raise DataError(f"{path} has no rows under its header; add labelled texts")
    task = task or _task_of(rows[0][2], path, rows[0][0])
    known = LABELS[task]
    for line, _, label in rows:
        if label not in known:
            raise DataError(
                f"{path}, row {line}: the label {label[:40]!r} is unknown; {task} has "
                f"{', '.join(known)}"
            )
    spoken = [(text, known.index(label)) for _, text, label in rows if has_words(text)]
    return Table(path, task, [text for text, _ in spoken], [label for _, label in spoken])


def require_classes(table: Table) -> None:
    """Raise DataError unless at least two labels occur."""
    if len(found := Counter(table.labels)) < 2:
        name = LABELS[table.task][next(iter(found))] if found else "none"
        raise DataError(
            f"{table.path}: every row is {name!r}; at least two labels of {table.task} are needed"
        )


def _task_of(label: str, path: Path, line: int) -> str:
    for task, known in LABELS.items():
        if label in known:
            return task
    names = "; ".join(f"{task} has {', '.join(known)}" for task, known in LABELS.items())
    raise DataError(f"{path}, row {line}: the label {label[:40]!r} is unknown; {names}")


def _rows(path: Path) -> Iterator[tuple[int, str, str]]:
    """Yield line number, text and label of each row."""
    reader = csv.reader(_lines(path), strict=True)
    try:
        header = [name.strip().casefold() for name in next(reader, [])]
        text_at, label_at = _columns(header, path)
        for row in reader:
            if not row:
                continue
            if len(row) <= max(text_at, label_at):
                raise DataError(
                    f"{path}, row {reader.line_num}: it has {len(row)} columns, the header "
                    f"{len(header)}; quote texts that hold commas"
                )
            yield reader.line_num, row[text_at], row[label_at].strip().casefold()
    except csv.Error as error:
        raise DataError(f"{path}, row {reader.line_num}: {error}; mend or delete it") from None


def _columns(header: Sequence[str], path: Path) -> tuple[int, int]:
    missing = [name for name in COLUMNS if name not in header]
    if missing:
        raise DataError(
            f"{path}: no column {' and '.join(missing)} in its first row; needed are "
            f"{' and '.join(COLUMNS)}"
        )
    return header.index("text"), header.index("label")


def _lines(path: Path) -> Iterator[str]:
    line = 0
    try:
        with path.open("rb") as file:
            for line, raw in enumerate(file, 1):
                text = raw.decode("utf-8-sig" if line == 1 else "utf-8")
                if "\0" in text:
                    raise DataError(f"{path}, row {line}: a NUL byte; is this a text file?")
                yield text
    except UnicodeDecodeError:
        raise DataError(f"{path}, row {line}: not UTF-8; save the file as UTF-8") from None
    except OSError as error:
        raise DataError(f"{path} can't be read: {error.strerror or error}") from None
