"""What training is given: labelled files, how often each is shown, what is assumed of them."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from ml.data import LABELS, Table, read_table
from ml.errors import DataError
from ml.lines import read_lines
from ml.rows import is_labelled
from ml.text import has_words

_LARGEST_WEIGHT = 1_000


@dataclass(frozen=True, slots=True)
class Source:
    """A data file and how it is used: `weight` shows its rows that many times an epoch."""

    path: Path
    weight: float = 1.0
    assumed: str | None = None  # a label that all its rows are given, whatever theirs


def parse_source(argument: str) -> Source:
    """Read FILE[=LABEL][:WEIGHT]."""
    path, _, weight = argument.rpartition(":")
    if not path or not _is_weight(weight):
        path, weight = argument, "1"
    name, _, assumed = path.partition("=")
    return Source(Path(name), float(weight), assumed or None)


def _is_weight(text: str) -> bool:
    try:
        return 0 < float(text) <= _LARGEST_WEIGHT
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


def read_unlabelled(arguments: Sequence[str], seed: int) -> list[str]:
    """Read FILE[:COUNT] each: that many different lines drawn by `seed`, or all of them.

    Raises DataError.
    """
    texts: list[str] = []
    for argument in arguments:
        path, _, count = argument.rpartition(":")
        if not path or not count.isdigit():
            path, count = argument, ""
        lines = sorted(set(plain_lines(Path(path))))
        texts += random.Random(seed).sample(lines, min(int(count or len(lines)), len(lines)))
    return texts


def plain_lines(path: Path) -> Iterator[str]:
    """Yield the lines with words of plain UTF-8 text, or a labelled file's texts; both may be .gz.

    Raises DataError.
    """
    if is_labelled(path):
        yield from (" ".join(text.split()) for text in read_table(path).texts)
    else:
        yield from (line for raw in read_lines(path) if has_words(line := raw.strip()))
