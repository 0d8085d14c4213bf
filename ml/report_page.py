"""The page that opens an evaluation's report, in Markdown."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ml.mistakes import Mistake
from ml.temperature import Temperature

_MEASURES = (("accuracy", "accuracy"), ("macro-F1", "macro_f1"))
_SHOWN = 10  # mistakes on the page; the CSV has more
_SHOWN_CHARACTERS = 160
_CHARTS = """\
![Confusion matrix](confusion.png)

![Precision against recall](precision_recall.png)

![Reliability diagram](reliability.png)

Reliability compares how sure the model was with how often it was right; on few texts the expected
calibration error (ECE) is mostly chance, and reads too high."""


def page(figures: Mapping[str, Any], mistakes: Sequence[Mistake]) -> str:
    """Return the page; `figures` are those of figures.json."""
    blocks = [
        f"# {escaped(figures['model'])} on {escaped(figures['data']['name'])}",
        f"{figures['n']:,} texts labelled for {figures['task']}; file {_digest(figures)}, "
        f"temperature {Temperature.from_json(figures['temperature'])}. "
        "Brackets hold 95 % bootstrap intervals.",
        _totals(figures),
        "## Classes",
        _classes(figures),
        _CHARTS,
        *_against(figures.get("against")),
        "## Worst mistakes",
        _mistakes(mistakes),
    ]
    return "\n\n".join(blocks) + "\n"


def _digest(figures: Mapping[str, Any]) -> str:
    return f"sha256 {figures['data']['sha256'][:12]}…"


def _totals(figures: Mapping[str, Any]) -> str:
    rows = [
        (name, f"{figures[field]:.4f} ({low:.4f} to {high:.4f})")
        for name, field in _MEASURES
        for low, high in [figures[f"{field}_interval"]]
    ]
    rows.append(("ECE", f"{figures['ece']:.4f}"))
    rows.append(("ms a text", f"{figures['ms_per_text']:.2f}"))
    return _table(("", "value"), rows)


def _classes(figures: Mapping[str, Any]) -> str:
    rows = []
    for label, row in figures["per_class"].items():
        average = figures["average_precision"].get(label)
        shown = [f"{row[name]:.3f}" for name in ("precision", "recall", "f1")]
        rows.append((label, *shown, "" if average is None else f"{average:.3f}", f"{row['n']:,}"))
    return _table(("class", "precision", "recall", "F1", "average precision", "texts"), rows)


def _against(found: Mapping[str, Any] | None) -> list[str]:
    if found is None:
        return []
    rows = [
        *(_gain_row(found, name, field) for name, field in _MEASURES),
        ("both right", f"{found['both_right']:,}"),
        ("only this version right", f"{found['only_model_right']:,}"),
        ("only the other right", f"{found['only_against_right']:,}"),
        (f"McNemar's p ({found['test']})", f"{found['p_value']:.4f}"),
    ]
    changes = "[changes.csv](changes.csv) has the texts that one of them alone gets right."
    title = f"## Against {escaped(found['model'])}"
    return [title, f"**{escaped(found['verdict'])}**", _table(("", ""), rows), changes]


def _gain_row(found: Mapping[str, Any], name: str, field: str) -> tuple[str, str]:
    low, high = found[f"{field}_gain_interval"]
    gain = f"{100 * found[f'{field}_gain']:+.2f} ({100 * low:+.2f} to {100 * high:+.2f})"
    return f"{name}, gain in points", gain


def _mistakes(mistakes: Sequence[Mistake]) -> str:
    if not mistakes:
        return "None: every text got its label."
    rows = [
        (escaped(_short(m.text)), m.label, m.predicted, f"{m.probability:.3f}")
        for m in mistakes[:_SHOWN]
    ]
    table = _table(("text", "true label", "predicted", "probability"), rows)
    return f"The surest wrong answers; [mistakes.csv](mistakes.csv) has more of them.\n\n{table}"


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _SHOWN_CHARACTERS else line[: _SHOWN_CHARACTERS - 1] + "…"


def escaped(text: str) -> str:
    """Return a text that Markdown shows as it is: no table, link, picture or HTML comes of it."""
    return re.sub(r"([\\`*_\[\]<>|#~])", r"\\\1", text)


def _table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in lines)
