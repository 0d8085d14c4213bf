"""Takes copies out of a table: one of those that agree stays, none of those that disagree."""

from collections import defaultdict
from dataclasses import dataclass

from ml.data import LABELS, Table
from ml.text import fingerprint


@dataclass(frozen=True, slots=True)
class Conflict:
    """Copies of one text whose labels disagree; each row number beside its label."""

    text: str
    rows: list[int]
    labels: list[str]


@dataclass(frozen=True, slots=True)
class Distinct:
    """A table without copies; `copies` counts the rows left out that agreed with a kept one."""

    table: Table
    copies: int
    conflicts: list[Conflict]


def distinct(table: Table) -> Distinct:
    """Drop copies: texts whose letters and digits are the same, whatever their case and marks."""
    alike: dict[str, list[int]] = defaultdict(list)
    for index, text in enumerate(table.texts):
        alike[fingerprint(text)].append(index)
    kept, conflicts = [], []
    for copies in alike.values():
        if len({table.labels[index] for index in copies}) == 1:
            kept.append(copies[0])
        else:
            conflicts.append(_conflict(table, copies))
    in_conflict = sum(len(conflict.rows) for conflict in conflicts)
    return Distinct(table.take(kept), len(table.texts) - len(kept) - in_conflict, conflicts)


def _conflict(table: Table, copies: list[int]) -> Conflict:
    names = LABELS[table.task]
    return Conflict(
        table.texts[copies[0]],
        [table.rows[index] for index in copies],
        [names[table.labels[index]] for index in copies],
    )
