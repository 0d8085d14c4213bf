"""Writes into a version's papers how well it did, for whoever compares versions later."""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from core.training import TaskChange
from ml import manifest as manifests

DECIMALS = 4


def note_figures(directory: Path, changes: Iterable[TaskChange]) -> None:
    """Note a version's figures in a directory that no registry holds yet.

    They stand under `<set>:<task>`, since one set may teach several tasks.
    """
    tests = {f"{change.on}:{change.task}": _row(change) for change in changes}
    papers = manifests.read(directory)
    manifests.write(replace(papers, metrics={**papers.metrics, "test": tests}), directory)


def _row(change: TaskChange) -> dict[str, float]:
    after = change.after
    shares = {"accuracy": after.accuracy, "macro_f1": after.macro_f1, "ece": after.ece}
    return {"n": after.n, **{name: round(value, DECIMALS) for name, value in shares.items()}}
