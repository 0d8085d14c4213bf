"""What `ml.prepare` reports of a file: rows, classes, lengths, copies, conflicts."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np

from ml.data import Table
from ml.preparation import Prepared

_SHOWN = 10  # conflicts in the text; the JSON has all
_EXCERPT = 60  # characters


def inventory(prepared: Prepared) -> dict[str, Any]:
    """Return the report, fit for JSON; lengths are those of the texts that come out."""
    parts = list(prepared.parts.values())
    texts = [text for part in parts for text in part.texts]
    in_conflict = sum(len(conflict.rows) for conflict in prepared.conflicts)
    return {
        "file": str(prepared.source.path),
        "task": prepared.source.task,
        "rows": {
            "in": prepared.rows_in,
            "without_words": prepared.wordless,
            "copies": prepared.copies,
            "in_conflict": in_conflict,
            "over_balance": len(prepared.table.texts) - prepared.rows_out,
            "out": prepared.rows_out,
        },
        "classes": dict(sum((Counter(part.classes) for part in parts), Counter())),
        "characters": _lengths([len(text) for text in texts]),
        "words": _lengths([len(text.split()) for text in texts]),
        "near_duplicates": _near_duplicates(prepared.table),
        "conflicts": [
            {"text": conflict.text, "rows": conflict.rows, "labels": conflict.labels}
            for conflict in prepared.conflicts
        ],
        "parts": {name: part.classes for name, part in prepared.parts.items()},
    }


def _lengths(found: Sequence[int]) -> dict[str, int]:
    return {
        "median": round(float(np.median(found))),
        "p90": round(float(np.percentile(found, 90))),
        "max": max(found),
    }


def _near_duplicates(table: Table) -> dict[str, int]:
    sizes = [size for size in Counter(table.clusters).values() if size > 1]
    return {"texts": sum(sizes), "clusters": len(sizes)}


def printed(report: dict[str, Any]) -> str:
    """Return the report for people."""
    rows, near = report["rows"], report["near_duplicates"]
    lines = [
        f"{report['file']}: {report['task']}, {rows['in']:,} rows in, {rows['out']:,} out",
        f"  left out    {rows['without_words']:,} without words, {rows['copies']:,} copies, "
        f"{rows['in_conflict']:,} copies whose labels disagree, {rows['over_balance']:,} over "
        "the balance",
        *(f"  {name:11} {_counts(part)}" for name, part in report["parts"].items()),
        *(f"  {unit:11} {_counts(report[unit])}" for unit in ("characters", "words")),
        f"  near-copies {near['texts']:,} texts in {near['clusters']:,} clusters, each kept on one "
        "side of every split",
    ]
    return "\n".join(lines + _conflicts(report["conflicts"]))


def _counts(found: dict[str, int]) -> str:
    return "  ".join(f"{name} {count:,}" for name, count in found.items())


def _conflicts(conflicts: list[dict[str, Any]]) -> list[str]:
    lines = []
    for conflict in conflicts[:_SHOWN]:
        pairs = zip(conflict["rows"], conflict["labels"], strict=True)
        places = ", ".join(f"row {row} {label}" for row, label in pairs)
        lines.append(f"  conflict    {places}: {conflict['text'][:_EXCERPT]!r}")
    if more := len(conflicts) - _SHOWN:
        lines += [f"  conflict    and {more:,} more; --report FILE lists all"] if more > 0 else []
    return lines
