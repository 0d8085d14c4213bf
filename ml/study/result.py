"""All that a comparison has found: what its page and pictures are made of."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from ml.study.row import Cell, Failure, Row


@dataclass(frozen=True, slots=True)
class Result:
    """Rows and cells in the order asked for; `data` are the files' names."""

    rows: Sequence[Row]
    cells: Sequence[Cell]
    failures: Sequence[Failure]
    data: Sequence[str]
    train_texts: int
    test_texts: int
    seed: int
    machine: dict[str, Any]

    def as_json(self) -> dict[str, Any]:
        """Return it as plain values."""
        return asdict(self)
