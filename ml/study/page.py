"""The comparison as a page of Markdown."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ml.report_page import escaped
from ml.study.result import Result
from ml.study.row import Cell, Row, Trained
from ml.study.speed import SENTENCE
from ml.study.systems import PUBLISHED_MACHINE, PUBLISHED_TEXTS, PUBLISHED_TINY, SYSTEMS, Published

_HEADER = (
    "model", "parameters", "disk", "CPU, one sentence", "GPU, one sentence", "CPU, texts/s",
    "training", "accuracy", "macro-F1",
)  # fmt: skip
_NONE = "–"


def page(result: Result) -> str:
    """Return the page; its pictures lie beside it."""
    blocks = [
        "# Comparison of systems",
        _opening(result),
        _table(_HEADER, map(_cells, result.rows)),
        _failures(result),
        "![Accuracy against time](comparison-quality.png)",
        "## What the rows are",
        _table(("model", "weights", "engine", "remarks"), map(_origin, result.rows)),
        "## Published by the study",
        _published(),
        *_grid(result.cells),
        *_curves(result.rows),
        "## How it was measured",
        _method(result),
    ]
    return "\n\n".join(block for block in blocks if block) + "\n"


def _opening(result: Result) -> str:
    names = " and ".join(result.data)
    return (
        f"{result.test_texts:,} texts to judge on and {result.train_texts:,} to learn from: "
        f'{escaped(names)}. Brackets hold 95 % bootstrap intervals. "≈" marks a training time '
        'reckoned from a few steps; "no weights" a model whose weights could not be had: its size '
        "and speed are those of the exact architecture with random weights, its quality unknown. "
        "Everything in this table was measured here; what the study published stands in a table of "
        "its own."
    )


def _cells(row: Row) -> tuple[str, ...]:
    gpu = f"{row.gpu.one_ms:.1f} ms" if row.gpu else _NONE
    accuracy, macro_f1 = _quality(row)
    return (
        escaped(row.name),
        _count(row.parameters),
        size(row.disk_bytes),
        f"{_short(row.cpu.one_ms)} ms",
        gpu,
        _short(row.cpu.texts_per_second),
        _training(row.training, row.training_note),
        accuracy,
        macro_f1,
    )


def _quality(row: Row) -> tuple[str, str]:
    found = row.quality
    if found is None:
        return row.quality_note, row.quality_note
    return (
        _percent(found.accuracy, found.accuracy_interval),
        _percent(found.macro_f1, found.macro_f1_interval),
    )


def _percent(value: float, interval: tuple[float, float]) -> str:
    return f"{100 * value:.1f} % ({100 * interval[0]:.1f} to {100 * interval[1]:.1f})"


def _training(training: Trained | None, note: str) -> str:
    if training is None:
        return escaped(note.partition(":")[0]) or _NONE
    epochs = {0: "", 1: ", 1 epoch"}.get(training.epochs, f", {training.epochs} epochs")
    return f"{'≈ ' if training.estimated else ''}{duration(training.seconds)}{epochs}"


def duration(seconds: float) -> str:
    """Return a time as people say it."""
    if seconds < 90:
        return f"{seconds:.0f} s" if seconds >= 10 else f"{seconds:.1f} s"
    return f"{seconds / 60:.1f} min" if seconds < 5_400 else f"{seconds / 3_600:.1f} h"


def size(count: int) -> str:
    """Return bytes as megabytes or gigabytes (of a thousand)."""
    if count < 100_000:
        return f"{count / 1e3:.0f} kB"
    return f"{_short(count / 1e6)} MB" if count < 1e9 else f"{count / 1e9:.1f} GB"


def _count(number: int) -> str:
    return f"{number:,}" if number < 100_000 else f"{number / 1e6:.1f} M"


def _short(number: float) -> str:
    return f"{number:,.0f}" if number >= 20 else f"{number:.1f}"


def _origin(row: Row) -> tuple[str, ...]:
    tokens = f"{row.sentence_tokens} pieces in the sentence" if row.sentence_tokens else ""
    note = row.training_note if row.training is None else row.training_note.partition("; ")[2]
    disk = f"size on disk {row.disk_note}" if row.disk_note else ""
    remarks = "; ".join(part for part in (tokens, disk, note) if part)
    gpu = f"; GPU {row.gpu_engine}" if row.gpu_engine else ""
    return escaped(row.name), escaped(row.weights), f"CPU {row.engine}{gpu}", escaped(remarks)


def _failures(result: Result) -> str:
    lines = [f"- {escaped(one.name)}: {escaped(one.reason)}" for one in result.failures]
    return "\n".join(["Not measured:", "", *lines]) if lines else ""


def _published() -> str:
    rows = [(s.name, *_published_cells(s.published)) for s in SYSTEMS if s.published != Published()]
    tiny = " and ".join(
        f"{100 * value:.1f} % after {epochs} epoch{'s' if epochs > 1 else ''}"
        for epochs, value in PUBLISHED_TINY.items()
    )
    return (
        f"Not measured here: the study's figures, its speeds on {PUBLISHED_MACHINE}.\n\n"
        + _table(("model", "CPU", "GPU", "disk", "peak accuracy in its comparison"), rows)
        + f"\n\nruBERT-tiny fine-tuned on {PUBLISHED_TEXTS:,} texts: {tiny}. Tatyana-ruBERT and "
        "ruBERT-base took over ten times as long to train."
    )


def _published_cells(found: Published) -> tuple[str, str, str, str]:
    return (
        _NONE if found.cpu_ms is None else f"{found.cpu_ms:.0f} ms",
        _NONE if found.gpu_ms is None else f"{found.gpu_ms:.0f} ms",
        _NONE if found.disk_mb is None else size(int(found.disk_mb * 1e6)),
        _NONE if found.accuracy is None else f"{100 * found.accuracy:.1f} %",
    )


def _grid(cells: Sequence[Cell]) -> list[str]:
    if not cells:
        return []
    rows = [
        (
            escaped(cell.name),
            _asked(cell),
            str(cell.training.epochs or _NONE),
            f"{cell.quality.loss:.3f}",
            _percent(cell.quality.accuracy, cell.quality.accuracy_interval),
            duration(cell.training.seconds),
            _published_accuracy(cell),
        )
        for cell in cells
    ]
    header = ("model", "texts", "epochs", "loss", "accuracy", "time", "published for ruBERT-tiny")
    picture = "![Accuracy, loss and time by texts and epochs](comparison-grid.png)"
    return ["## By texts and epochs", picture, _table(header, rows)]


def _asked(cell: Cell) -> str:
    texts = cell.training.texts
    return f"{texts:,}" if texts == cell.asked else f"{texts:,} (all; {cell.asked:,} asked for)"


def _published_accuracy(cell: Cell) -> str:
    known = cell.asked == PUBLISHED_TEXTS and cell.training.epochs in PUBLISHED_TINY
    return f"{100 * PUBLISHED_TINY[cell.training.epochs]:.1f} %" if known else ""


def _curves(rows: Sequence[Row]) -> list[str]:
    if not any(row.training and row.training.losses for row in rows):
        return []
    return [
        "## While they learn",
        "![Loss and accuracy against steps](comparison-curves.png)",
        "Loss and accuracy of each training batch before its step (pale), and their exponential "
        "moving average (bold).",
    ]


def _method(result: Result) -> str:
    machine: Mapping[str, Any] = result.machine
    libraries = ", ".join(f"{name} {version}" for name, version in machine["libraries"].items())
    lines = [
        f"- Machine: {machine['processor']}, {machine['cores']} cores, {machine['threads']} "
        f"threads in use, GPU {machine['gpu'] or 'none'}; {machine['system']}, "
        f"Python {machine['python']}, {libraries}.",
        f"- One sentence: text in, probabilities out, tokenizing included; the median after three "
        f"runs to warm up. The sentence has {len(SENTENCE.split())} words: «{SENTENCE}».",
        "- texts/s: all at once, sorted by length, the median of three passes over texts to judge "
        "on (fewer for slow models).",
        "- A model without weights is fed pieces of the tokenizer given, for its own can't be had "
        "either.",
        "- Training: on the GPU where there is one, from texts to weights, tokenizing included; "
        "AdamW in bfloat16 where the device multiplies in it (LSTMs in float32), weights averaged "
        "over the steps, label smoothing 0.05; no validation, the last epoch counts. Estimates "
        "take the same recipe's steps on one full batch, times the tokens of all.",
        f"- Judged only on texts that no training saw; seed {result.seed}.",
    ]
    return "\n".join(lines)


def _table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in lines)


def progress_line(found: Row | Cell) -> str:
    """Return what a finished row or cell says while the others are measured."""
    quality = "no weights" if found.quality is None else f"accuracy {found.quality.accuracy:.4f}"
    if isinstance(found, Cell):
        return f"{quality}, trained in {duration(found.training.seconds)}"
    speed = f"{found.cpu.one_ms:.1f} ms, {found.cpu.texts_per_second:,.0f} texts/s"
    return f"{_count(found.parameters)} parameters, {speed}, {quality}"
