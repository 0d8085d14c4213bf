"""Draws the picture of /stats; only the child process of `bot.charts.pictures` loads this."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter

from bot.charts.confusion import Confusion, MatrixCaptions
from bot.charts.confusion_drawing import draw_confusion, height_inches
from bot.charts.paper import (
    COLOURS,
    LETTER_SIZE,
    MARKERS,
    QUIET,
    new_card,
    save_png,
    say_nothing,
    style,
)
from bot.charts.stats import Captions, Curve, Line, StatsPicture

CHARTS_INCHES = 2.5
# Of the chart's height.
NAME_HEIGHT = 0.085


def draw(values: Mapping[str, Any]) -> bytes:
    """Draw a StatsPicture, as read from JSON."""
    picture = StatsPicture(
        captions=Captions(**values["captions"]),
        confusions=[Confusion(**one) for one in values["confusions"]],
        curves=[Curve(**one) for one in values["curves"]],
        days=values["days"],
        lines=[Line(**one) for one in values["lines"]],
    )
    return draw_stats(picture)


def draw_stats(picture: StatsPicture) -> bytes:
    """Draw confusions above each other, and reliability and times by day below, as PNG."""
    heights = [height_inches(confusion) for confusion in picture.confusions]
    heights.append(CHARTS_INCHES)
    figure = new_card(picture.captions.title, sum(heights))
    captions = MatrixCaptions(
        picture.captions.true, picture.captions.said, picture.captions.percent
    )
    # A part of its own for each row, or the widest labels would push all axes to the right.
    *matrices, charts = figure.subfigures(len(heights), 1, squeeze=False, height_ratios=heights)[
        :, 0
    ]
    for part, confusion in zip(matrices, picture.confusions, strict=True):
        draw_confusion(part.subplots(), confusion, captions)
    left, right = charts.subplots(1, 2)
    _draw_reliability(left, picture)
    _draw_latency(right, picture)
    return save_png(figure)


def _draw_reliability(axes: Axes, picture: StatsPicture) -> None:
    captions = picture.captions
    style(axes, captions.reliability)
    axes.plot([0, 100], [0, 100], color=QUIET, linestyle="--", linewidth=1)
    drawn = [curve for curve in picture.curves if curve.points]
    for curve, colour, marker in zip(drawn, COLOURS, MARKERS, strict=False):
        _draw_curve(axes, curve, (colour, marker))
    least = min((point[0] for curve in drawn for point in curve.points), default=0.5)
    axes.set_xlim(min(100 * least, 50) - 5, 103)
    axes.set_ylim(0, 104)
    axes.set_xlabel(captions.confidence, color=QUIET)
    axes.set_ylabel(captions.right, color=QUIET)
    if drawn:
        axes.legend(loc="lower right", frameon=False, fontsize=LETTER_SIZE, handletextpad=0.3)
    else:
        say_nothing(axes, captions.nothing)


def _draw_curve(axes: Axes, curve: Curve, look: tuple[str, str]) -> None:
    colour, marker = look
    confidence = [100 * point[0] for point in curve.points]
    right = [100 * point[1] for point in curve.points]
    axes.plot(confidence, right, color=colour, marker=marker, linewidth=2, label=curve.name)


def _draw_latency(axes: Axes, picture: StatsPicture) -> None:
    captions = picture.captions
    style(axes, captions.latency)
    if not picture.days:
        axes.set_xticks([])
        axes.set_yticks([])
        say_nothing(axes, captions.nothing)
        return
    places = range(len(picture.days))
    looks = list(zip(picture.lines, COLOURS, MARKERS, strict=False))
    for line, colour, marker in looks:
        axes.plot(places, line.milliseconds, color=colour, marker=marker, markersize=4, linewidth=2)
    axes.set_xlim(-0.4, len(picture.days) * 1.25)
    axes.set_xticks(*_some_days(picture.days))
    _scale_times(axes, picture)
    ends = [line.milliseconds[-1] for line, _, _ in looks]
    for (line, colour, _), height in zip(looks, _apart(ends, axes.get_ylim()), strict=True):
        _name_line(axes, line.name, colour, (len(picture.days) - 1, height))


def _name_line(axes: Axes, name: str, colour: str, place: tuple[int, float]) -> None:
    axes.annotate(
        name,
        place,
        xycoords=("data", "axes fraction"),
        xytext=(6, 0),
        textcoords="offset points",
        va="center",
        color=colour,
        weight="bold",
    )


def _apart(values: Sequence[float], limits: tuple[float, float]) -> list[float]:
    """How high names stand, 0 to 1, for rising values on a scale of logarithms: none on another."""
    low, high = limits
    heights: list[float] = []
    for value in values:
        height = math.log(value / low) / math.log(high / low)
        heights.append(max(height, heights[-1] + NAME_HEIGHT) if heights else height)
    return heights


def _some_days(days: Sequence[str]) -> tuple[list[int], list[str]]:
    """The first and the last day, which is what there is room for."""
    places = sorted({0, len(days) - 1})
    return places, [days[place] for place in places]


def _scale_times(axes: Axes, picture: StatsPicture) -> None:
    def say(milliseconds: float, _: int) -> str:
        if milliseconds < 1000:
            return picture.captions.milliseconds.format(f"{milliseconds:g}")
        return picture.captions.seconds.format(f"{milliseconds / 1000:g}")

    found = [value for line in picture.lines for value in line.milliseconds]
    axes.set_yscale("log")
    axes.set_ylim(min(found) / 1.6, max(found) * 1.6)
    axes.yaxis.set_major_locator(LogLocator(subs=(1, 3)))
    axes.yaxis.set_major_formatter(FuncFormatter(say))
    axes.yaxis.set_minor_formatter(NullFormatter())
    axes.minorticks_off()
