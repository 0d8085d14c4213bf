"""Measures a comparison's rows and its grid one by one, each apart, and keeps what is finished.

`ml.compare` is its command line.
"""

import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

from ml.study.apart import FailedApartError, run_apart
from ml.study.hub_probe import forbid_the_hub, hub_answers
from ml.study.journal import Journal, key_of
from ml.study.page import progress_line
from ml.study.row import Cell, Entry, Failure, Row, Terms, cell_from_json, row_from_json
from ml.study.systems import TFIDF

Found = TypeVar("Found", Row, Cell)


@dataclass(frozen=True, slots=True)
class Plan:
    """What to measure: the table's rows, and the grid's models with its texts and epochs."""

    entries: Sequence[Entry]
    grid: Sequence[Entry]
    train_rows: Sequence[int]
    epochs: Sequence[int]

    def shapes(self, entry: Entry, available: int) -> list[tuple[int, int]]:
        """Return texts and epochs of a model's cells; sizes beyond the data come to one."""
        sizes = sorted(set(self.train_rows))
        whole = [size for size in sizes if size >= available]
        sizes = [size for size in sizes if size < available] + whole[-1:]
        epochs = [0] if entry.kind == TFIDF else sorted(set(self.epochs))
        return [(size, count) for size in sizes for count in epochs]


class StudyRun:
    """One comparison under way. What fails is told of, stays in `failures` and stops nothing."""

    def __init__(self, plan: Plan, terms: Terms, journal: Journal) -> None:
        self.failures: list[Failure] = []
        self._plan, self._terms, self._journal = plan, terms, journal

    def rows(self) -> list[Row]:
        """Measure the table."""
        entries = self._plan.entries
        wanted = [e.weights for e in (*entries, *self._plan.grid) if e.weights]
        if not all(Path(weights).is_dir() for weights in wanted) and not hub_answers():
            _say("the hub can't be reached: weights are looked for in directories alone")
            forbid_the_hub()
        found = [self._row(f"[{n}/{len(entries)}]", entry) for n, entry in enumerate(entries, 1)]
        return [row for row in found if row is not None]

    def cells(self, rows: Sequence[Row]) -> list[Cell]:
        """Measure the grid, but for the cells that the table's rows have measured already."""
        known = {row.name: row for row in rows}
        available = len(self._terms.train.texts)
        found = [
            _cell_of(known.get(entry.name), asked, epochs, available)
            or self._cell(entry, asked, epochs)
            for entry in self._plan.grid
            for asked, epochs in self._plan.shapes(entry, available)
        ]
        return [cell for cell in found if cell is not None]

    def _row(self, count: str, entry: Entry) -> Row | None:
        key = key_of(entry, self._terms)
        call = ("measure_row", entry, self._terms)
        return self._kept(key, f"{count} {entry.name}", row_from_json, call)

    def _cell(self, entry: Entry, asked: int, epochs: int) -> Cell | None:
        terms = replace(self._terms, epochs=epochs)
        label = f"[grid] {entry.name}, {asked:,} texts, {epochs or 'no'} epochs"
        call = ("measure_cell", entry, terms, asked)
        return self._kept(key_of(entry, terms, asked), label, cell_from_json, call)

    def _kept(
        self, key: str, label: str, parse: Callable[[dict[str, Any]], Found], call: tuple[Any, ...]
    ) -> Found | None:
        """Return a row from the journal, or measure it apart; None where that fails."""
        if (content := self._journal.read(key)) is not None:
            _say(f"{label}: measured before, kept (--fresh measures anew)")
            return parse(content)
        _say(f"{label} …")
        started = time.monotonic()
        try:
            found: Found = run_apart(_measure, *call)
        except FailedApartError as error:
            self.failures.append(Failure(label.partition("] ")[2], _pathless(error, call[1])))
            _say(f"{label}: {error}")
            return None
        self._journal.write(key, asdict(found))
        _say(f"{label}: {progress_line(found)} ({time.monotonic() - started:.0f} s)")
        return found


def _measure(name: str, *arguments: Any) -> Any:
    """Run a function of `ml.study.measuring`, whose libraries the parent needs not load."""
    from ml.study import measuring

    return getattr(measuring, name)(*arguments)


def _cell_of(row: Row | None, asked: int, epochs: int, available: int) -> Cell | None:
    """Return the cell that a row of the table has measured already, if it has."""
    if row is None or row.training is None or row.quality is None or row.training.estimated:
        return None
    if (row.training.texts, row.training.epochs) != (min(asked, available), epochs):
        return None
    return Cell(row.name, asked, row.training, row.quality)


def _pathless(error: FailedApartError, entry: Entry) -> str:
    """Return why a row failed, as others may read it: without where its weights lie."""
    if entry.weights is None:
        return str(error)
    return str(error).replace(entry.weights, Path(entry.weights).name)


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)
