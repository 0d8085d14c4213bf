"""What training is given: labelled files, how often each is shown, what is assumed of them."""

from dataclasses import dataclass
from pathlib import Path

from ml.data import LABELS, Table, read_table
from ml.errors import DataError


@dataclass(frozen=True, slots=True)
class Source:
    """A data file and how it is used: `weight` shows its rows that many times an epoch."""

    path: Path
    weight: float = 1.0
    assumed: str | None = None  # a label that all its rows are given, whatever theirs


def parse_source(argument: str) -> Source:
    """Read FILE[=LABEL][:WEIGHT]."""
    path, _, weight = argument.rpartition(":")
    if not path or not _is_number(weight):
        path, weight = argument, "1"
    name, _, assumed = path.partition("=")
    return Source(Path(name), float(weight), assumed or None)


def _is_number(text: str) -> bool:
    try:
        return float(text) > 0
    except ValueError:
        return False


def load_source(source: Source) -> Table:
    """Read a source's rows, with the assumed label where there is one. Raises DataError."""
    table = read_table(source.path)
    if source.assumed is None:
        return table
    for task, labels in LABELS.items():
        if source.assumed in labels:
            wanted = labels.index(source.assumed)
            return Table(table.path, task, table.texts, [wanted] * len(table.texts))
    raise DataError(f"{source.path}={source.assumed}: no task has the label {source.assumed!r}")
