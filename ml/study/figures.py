"""The comparison's pictures: learning curves, quality against time, the grid."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from numpy.typing import NDArray

from ml.charts import COLOURS, new_figure, save_png
from ml.study.curves import smoothed
from ml.study.page import duration
from ml.study.point_labels import Point, label_points
from ml.study.result import Result
from ml.study.row import Cell, Row, Trained

CURVES, QUALITY, GRID = "comparison-curves.png", "comparison-quality.png", "comparison-grid.png"
_STEP = "step, a batch of up to 2,048 tokens"
_SPARE = 2.5  # the logarithmic axis reaches this factor beyond its points: names need room


@dataclass(frozen=True, slots=True)
class _Judged:
    """A dot of the quality chart; hollow where its accuracy is the study's."""

    name: str
    seconds: float
    accuracy: float
    published: bool


def draw(result: Result, directory: Path) -> None:
    """Draw what there is data for."""
    learned = [(row.name, row.training) for row in result.rows if row.training]
    curves = [(name, training) for name, training in learned if training.losses]
    if curves:
        save_png(_curves(curves), directory / CURVES)
    save_png(_quality(result.rows), directory / QUALITY)
    if result.cells:
        save_png(_grid(result.cells), directory / GRID)


def _curves(learned: Sequence[tuple[str, Trained]]) -> Figure:
    figure, (losses, accuracies) = new_figure(columns=2, size=(5.6, 4.2))
    for place, (name, training) in enumerate(learned):
        colour = COLOURS[place % len(COLOURS)]
        _curve(losses, training.losses, colour, name)
        _curve(accuracies, training.accuracies, colour, name)
    losses.set(xlabel=_STEP, ylabel="loss of the batch, nats")
    accuracies.set(xlabel=_STEP, ylabel="accuracy on the batch")
    accuracies.legend(frameon=False, fontsize=9, loc="lower right")
    return figure


def _curve(axes: Axes, values: Sequence[float], colour: str, name: str) -> None:
    steps = np.arange(1, len(values) + 1)
    axes.plot(steps, values, color=colour, alpha=0.15, linewidth=0.7)
    axes.plot(steps, smoothed(values), color=colour, linewidth=2, label=name)


def _quality(rows: Sequence[Row]) -> Figure:
    figure, (speed, training) = new_figure(columns=2, size=(6.4, 5.0))
    fast = [dot for row in rows for dot in _dots(row, row.cpu.one_ms / 1_000)]
    took = [(row, row.training.seconds) for row in rows if row.training]
    learned = [dot for row, seconds in took for dot in _dots(row, seconds)]
    speed.set(xlabel="one sentence on the CPU (log)", ylabel="accuracy, %")
    training.set(xlabel="training time (log)", ylabel="accuracy, %")
    figure.legend(*_legend(), loc="outside lower center", ncols=2, frameon=False, fontsize=9)
    for axes, dots in ((speed, fast), (training, learned)):
        _scatter(axes, dots)
    for axes, dots in ((speed, fast), (training, learned)):  # when nothing moves any more
        label_points(axes, [Point(dot.seconds, 100 * dot.accuracy, dot.name) for dot in dots])
    return figure


def _dots(row: Row, seconds: float) -> list[_Judged]:
    if row.quality is not None:
        return [_Judged(row.name, seconds, row.quality.accuracy, published=False)]
    if row.published is not None and row.published.accuracy is not None:
        return [_Judged(row.name, seconds, row.published.accuracy, published=True)]
    return []


def _scatter(axes: Axes, dots: Sequence[_Judged]) -> None:
    axes.set_xscale("log")
    for dot in dots:
        face = "white" if dot.published else COLOURS[0]
        edge = COLOURS[1] if dot.published else COLOURS[0]
        axes.plot(
            [dot.seconds], [100 * dot.accuracy], "o", markerfacecolor=face, markeredgecolor=edge,
            markersize=7,
        )  # fmt: skip
    if dots:
        seconds = [dot.seconds for dot in dots]
        axes.set_xlim(min(seconds) / _SPARE, max(seconds) * _SPARE)
        axes.margins(y=0.12)
    axes.xaxis.set_major_formatter(lambda value, _: _tick(value))


def _tick(seconds: float) -> str:
    return f"{1_000 * seconds:g} ms" if seconds < 1 else f"{seconds:,.0f} s"


def _legend() -> tuple[list[Line2D], list[str]]:
    here = Line2D([], [], marker="o", linestyle="", color=COLOURS[0])
    theirs = Line2D(
        [], [], marker="o", linestyle="", markerfacecolor="white", markeredgecolor=COLOURS[1]
    )
    return [here, theirs], [
        "measured here",
        "accuracy published by the study, time measured here without weights",
    ]


def _grid(cells: Sequence[Cell]) -> Figure:
    names = list(dict.fromkeys(cell.name for cell in cells))
    figure, axes = new_figure(columns=3, rows=len(names), size=(3.5, 2.1))
    for place, name in enumerate(names):
        own = [cell for cell in cells if cell.name == name]
        accuracy, loss, seconds = axes[3 * place : 3 * place + 3]
        _heat(accuracy, own, [100 * c.quality.accuracy for c in own], f"{name}\naccuracy, %")
        _heat(loss, own, [c.quality.loss for c in own], "loss, nats")
        _heat(seconds, own, [c.training.seconds for c in own], "training time")
        accuracy.set_ylabel("epochs", fontsize=9)
    return figure


def _heat(axes: Axes, cells: Sequence[Cell], values: Sequence[float], title: str) -> None:
    """Draw texts across and epochs down, each cell with its number; darker is more."""
    texts = sorted({cell.training.texts for cell in cells})
    epochs = sorted({cell.training.epochs for cell in cells})
    table = np.full((len(epochs), len(texts)), np.nan)
    for cell, value in zip(cells, values, strict=True):
        table[epochs.index(cell.training.epochs), texts.index(cell.training.texts)] = value
    axes.imshow(table, cmap="Blues", aspect="auto", vmin=_floor(values), vmax=_ceiling(values))
    axes.grid(visible=False)
    axes.set_xticks(range(len(texts)), [f"{count:,}" for count in texts])
    axes.set_yticks(range(len(epochs)), [str(count or "–") for count in epochs])
    axes.set_title(title, fontsize=9)
    axes.set_xlabel("texts", fontsize=9)
    _write_numbers(axes, table, "time" in title)


def _floor(values: Sequence[float]) -> float:
    return min(values) - 0.4 * (max(values) - min(values)) - 1e-9


def _ceiling(values: Sequence[float]) -> float:
    return max(values) + 0.8 * (max(values) - min(values)) + 1e-9  # so that black can be read


def _write_numbers(axes: Axes, table: NDArray[np.float64], is_time: bool) -> None:
    for row, column in np.argwhere(~np.isnan(table)):
        value = float(table[row, column])
        shown = duration(value) if is_time else f"{value:.1f}" if value > 10 else f"{value:.3f}"
        axes.text(column, row, shown, ha="center", va="center", fontsize=10)
