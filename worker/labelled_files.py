"""Writes what an order carries into the files that `ml` reads."""

import csv
from collections.abc import Sequence
from pathlib import Path

from core.training import LabelledText


def write_labelled(labelled: Sequence[LabelledText], folder: Path) -> list[Path]:
    """Write one `text,label` file a task; return their paths, in the order of their names."""
    by_task: dict[str, list[LabelledText]] = {}
    for one in labelled:
        by_task.setdefault(one.task, []).append(one)
    paths = []
    for task, rows in sorted(by_task.items()):
        path = folder / f"community-{task}.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(["text", "label"])
            writer.writerows((row.text, row.label) for row in rows)
        paths.append(path)
    return paths


def write_lines(texts: Sequence[str], path: Path) -> Path:
    """Write one text a line, breaks within a text as spaces."""
    lines = (" ".join(text.split()) for text in texts)
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return path
