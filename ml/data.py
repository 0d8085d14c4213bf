"""Labelled texts from files, and the split that keeps some of them from training."""

import hashlib
import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

from ml.errors import DataError
from ml.manifest import SENTIMENT
from ml.neighbours import clusters
from ml.rows import Row, read_rows
from ml.text import fingerprint, has_words

TASKS: dict[str, list[str]] = {"sentiment": list(SENTIMENT), "toxicity": ["toxic"]}
# What a file may call the labels of each task; a one-label task needs a word for its absence.
LABELS: dict[str, list[str]] = {"sentiment": list(SENTIMENT), "toxicity": ["ok", "toxic"]}


@dataclass(frozen=True, slots=True)
class Shares:
    """How much of the texts, in percent, is tested and validated; the rest is trained on."""

    test: float = 10.0
    validation: float = 5.0

    @property
    def parts(self) -> tuple[str, ...]:
        """The parts that get any text."""
        return ("train", "validation", "test") if self.validation else ("train", "test")

    def part(self, place: float, fold: int = 0) -> str:
        """Say to which part a place from 0 to 100 belongs; folds turn the circle by a test."""
        place = (place - fold * self.test) % 100
        if place < self.test:
            return "test"
        return "validation" if place < self.test + self.validation else "train"


TRAINING = Shares()


@dataclass(frozen=True)
class Table:
    """A file's rows; `labels` are indices into LABELS[task].

    `rows` are the texts' row numbers in the file, where they are known; `wordless` counts the rows
    that were left out because they say nothing.
    """

    path: Path
    task: str
    texts: list[str]
    labels: list[int]
    rows: list[int] = field(default_factory=list)
    wordless: int = 0

    @property
    def sha256(self) -> str:
        """The file's own fingerprint."""
        with self.path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()

    @property
    def classes(self) -> dict[str, int]:
        """How many rows each label has; 0 where none."""
        counts = Counter(self.labels)
        return {name: counts[index] for index, name in enumerate(LABELS[self.task])}

    @cached_property
    def clusters(self) -> list[int]:
        """For each row the first row of its cluster of near-duplicates."""
        return clusters(self.texts)

    @cached_property
    def places(self) -> list[float]:
        """Where each row stands on the split's circle; a cluster stands where its least hash does.

        So near-duplicates never straddle a split, and a text without any is where `part_of` says.
        """
        hashes = [_hash(text) for text in self.texts]
        least = dict(zip(self.clusters, hashes, strict=True))
        for cluster, found in zip(self.clusters, hashes, strict=True):
            least[cluster] = min(least[cluster], found)
        return [_place(least[cluster]) for cluster in self.clusters]

    def take(self, kept: Sequence[int]) -> "Table":
        """Return the rows at these indices, in their order."""
        return replace(
            self,
            texts=[self.texts[i] for i in kept],
            labels=[self.labels[i] for i in kept],
            rows=[self.rows[i] for i in kept] if self.rows else [],
        )

    def only(self, part: str, fold: int = 0, shares: Shares = TRAINING) -> "Table":
        """Return the rows that belong to train, validation or test."""
        places = enumerate(self.places)
        return self.take([i for i, place in places if shares.part(place, fold) == part])

    def apart_from(self, held: Sequence["Table"]) -> "Table":
        """Return the rows without those whose near-duplicates are among the rows of `held`.

        Each table is split by itself; this is for what several tables share.
        """
        others = [text for table in held for text in table.texts]
        found = clusters([*others, *self.texts])
        taken, mine = set(found[: len(others)]), found[len(others) :]
        return self.take([i for i, cluster in enumerate(mine) if cluster not in taken])

    def balanced(self, seed: int) -> "Table":
        """Return as many rows of each class that occurs as the rarest has, drawn by `seed`."""
        chance = random.Random(seed)
        count = min(Counter(self.labels).values(), default=0)
        kept: list[int] = []
        for label in sorted(set(self.labels)):
            of_class = [i for i, other in enumerate(self.labels) if other == label]
            kept += chance.sample(of_class, count)
        return self.take(sorted(kept))


def part_of(text: str, fold: int = 0) -> str:
    """Say where a text without near-duplicates belongs, by a hash of its folded words.

    A tenth is test and a twentieth validation; each of the folds 0 to 9 tests another tenth.
    """
    return TRAINING.part(_place(_hash(text)), fold)


def _hash(text: str) -> int:
    digest = hashlib.sha256(fingerprint(text).encode("utf-8", "replace")).digest()
    return int.from_bytes(digest[:8], "big")


def _place(found: int) -> float:
    """Return 0 up to 100: the upper half's last two digits, and a fraction from the lower half."""
    high, low = divmod(found, 2**32)
    return high % 100 + low / 2**32


def read_table(path: Path, task: str | None = None) -> Table:
    """Read a file of labelled texts (see ml.rows); without `task`, its labels say which it is.

    Rows without any word are left out. Raises DataError with the file, the row and the remedy.
    """
    rows = list(read_rows(path))
    if not rows:
        raise DataError(f"{path} has no rows under its header; add labelled texts")
    task = task or _task_of(rows[0], path)
    known = LABELS[task]
    for row in rows:
        if row.label not in known:
            raise DataError(
                f"{path}, row {row.number}: the label {row.label[:40]!r} is unknown; {task} has "
                f"{', '.join(known)}"
            )
    spoken = [row for row in rows if has_words(row.text)]
    return Table(
        path,
        task,
        texts=[row.text for row in spoken],
        labels=[known.index(row.label) for row in spoken],
        rows=[row.number for row in spoken],
        wordless=len(rows) - len(spoken),
    )


def require_classes(table: Table) -> None:
    """Raise DataError unless every label of the task occurs."""
    missing = [name for name, count in table.classes.items() if not count]
    if not missing:
        return
    found = [name for name, count in table.classes.items() if count]
    said = f"every row is {found[0]!r}" if len(found) == 1 else "a class is empty"
    raise DataError(
        f"{table.path}: {said}; add rows labelled {' and '.join(missing)}: {table.task} needs all "
        f"of {', '.join(table.classes)}"
    )


def _task_of(row: Row, path: Path) -> str:
    for task, known in LABELS.items():
        if row.label in known:
            return task
    names = "; ".join(f"{task} has {', '.join(known)}" for task, known in LABELS.items())
    raise DataError(f"{path}, row {row.number}: the label {row.label[:40]!r} is unknown; {names}")
