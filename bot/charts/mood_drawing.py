"""Draws the picture of /mood; only the child process of `bot.charts.pictures` loads this."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from bot.charts.mood import Band, Mark, MoodCaptions, MoodPicture
from bot.charts.paper import (
    BLACK,
    BLUE,
    GRID,
    INK,
    LETTER_SIZE,
    QUIET,
    VERMILION,
    head,
    new_card,
    save_png,
    say_nothing,
    style,
)


@dataclass(frozen=True, slots=True)
class Look:
    """How a line is told from the others."""

    colour: str
    marker: str
    band: float
    """How dense its band is, 0 to 1."""
    aside: float
    """How far points without neighbours stand aside, so that their bands can be told."""


# Negative, neutral and positive; the neutral is there to complete them, so its band is faint.
LOOKS = (
    Look(VERMILION, "s", 0.25, -0.2),
    Look(QUIET, "o", 0.12, 0.0),
    Look(BLUE, "^", 0.25, 0.2),
)
# Those inside and those outside.
OUTSIDE_LOOKS = (Look(BLACK, "o", 0.2, -0.1), Look(VERMILION, "D", 0.25, 0.1))
SHARES_INCHES, OUTSIDE_INCHES, VOLUME_INCHES = 2.7, 1.5, 1.25
LONGEST_MARK = 18
# With more buckets, marks would cover their lines.
MOST_MARKED = 36


def draw(values: Mapping[str, Any]) -> bytes:
    """Draw a MoodPicture, as read from JSON."""
    bands = {
        name: [Band(**band) for band in values.get(name, ())] for name in ("shares", "outside")
    }
    picture = MoodPicture(
        captions=MoodCaptions(**values["captions"]),
        ticks=[(place, label) for place, label in values["ticks"]],
        votes=values["votes"],
        messages=values["messages"],
        marks=[Mark(**mark) for mark in values.get("marks", ())],
        **bands,
    )
    return draw_mood(picture)


def draw_mood(picture: MoodPicture) -> bytes:
    """Draw shares, scores inside and outside where there are any, and volume, as PNG."""
    heights = [SHARES_INCHES, *([OUTSIDE_INCHES] if picture.outside else []), VOLUME_INCHES]
    figure = new_card(picture.captions.title, sum(heights))
    parts = figure.subplots(len(heights), 1, sharex=True, squeeze=False, height_ratios=heights)
    shares, *between, volume = parts[:, 0]
    _draw_shares(shares, picture)
    for axes in between:
        _draw_outside(axes, picture)
    _draw_volume(volume, picture)
    return save_png(figure)


def _draw_shares(axes: Axes, picture: MoodPicture) -> None:
    captions = picture.captions
    style(axes, "")
    axes.yaxis.set_major_formatter(lambda share, _: captions.percent.format(f"{share:g}"))
    for band, look in zip(picture.shares, LOOKS, strict=True):
        _draw_band(axes, band, look)
    highest = max((high for band in picture.shares for high in band.high if high), default=100.0)
    axes.set_ylim(0, min(1.08 * highest, 102))
    if any(picture.votes):
        _name_bands(axes)
    else:
        axes.set_yticks([])
        say_nothing(axes, captions.nothing)
    for mark in picture.marks:
        _draw_mark(axes, mark)


def _draw_band(axes: Axes, band: Band, look: Look) -> None:
    alone = _alone(band)
    places = [place + look.aside * (place in alone) for place in range(len(band.values))]
    values, low, high = (_numbers(part) for part in (band.values, band.low, band.high))
    axes.fill_between(places, low, high, color=look.colour, alpha=look.band, linewidth=0)
    for place in alone:
        span = (places[place], low[place], high[place])
        axes.vlines(*span, color=look.colour, alpha=2 * look.band, linewidth=4)
    size = 4.5 if len(places) <= MOST_MARKED else 2.0
    (line,) = axes.plot(places, values, color=look.colour, linewidth=2, label=band.name)
    line.set(marker=look.marker, markersize=size)


def _alone(band: Band) -> set[int]:
    """Places without neighbours, where a band would be invisible."""
    values = [None, *band.values, None]
    return {
        place
        for place, value in enumerate(band.values)
        if value is not None and values[place] is None and values[place + 2] is None
    }


def _draw_mark(axes: Axes, mark: Mark) -> None:
    axes.axvline(mark.place, color=INK, linestyle=":", linewidth=1.2)
    axes.annotate(
        mark.name[:LONGEST_MARK],
        (mark.place, 1),
        xycoords=("data", "axes fraction"),
        xytext=(3, -3),
        textcoords="offset points",
        va="top",
        fontsize=LETTER_SIZE - 1.5,
        color=INK,
    )


def _draw_outside(axes: Axes, picture: MoodPicture) -> None:
    style(axes, picture.captions.outside)
    axes.axhline(0, color=QUIET, linewidth=1)
    for band, look in zip(picture.outside, OUTSIDE_LOOKS, strict=False):
        _draw_band(axes, band, look)
    axes.yaxis.set_major_locator(MaxNLocator(5, integer=True))
    # Beside the heading, so that it covers nothing.
    axes.legend(
        loc="lower right",
        bbox_to_anchor=(1.02, 0.98),
        borderpad=0.2,
        frameon=False,
        fontsize=LETTER_SIZE,
        handletextpad=0.3,
        ncols=2,
    )


def _draw_volume(axes: Axes, picture: MoodPicture) -> None:
    style(axes, picture.captions.volume)
    head(axes, picture.captions.volume, picture.captions.volume_note)
    places = range(len(picture.votes))
    axes.bar(places, picture.messages, width=0.85, color=GRID, edgecolor=QUIET, linewidth=0.5)
    axes.bar(places, picture.votes, width=0.85, color=QUIET)
    axes.set_xlim(-0.6, max(len(picture.votes), 1) - 0.4)
    axes.set_xticks([place for place, _ in picture.ticks], [label for _, label in picture.ticks])
    axes.yaxis.set_major_locator(MaxNLocator(3, integer=True))
    if not any(picture.messages):
        axes.set_ylim(0, 1)
        axes.set_yticks([])


def _name_bands(axes: Axes) -> None:
    """Name the lines where a heading would stand."""
    axes.legend(
        loc="lower left",
        bbox_to_anchor=(-0.02, 1.0),
        ncols=3,
        borderaxespad=0.2,
        frameon=False,
        fontsize=LETTER_SIZE,
        handletextpad=0.3,
        columnspacing=1.2,
    )


def _numbers(values: Sequence[float | None]) -> list[float]:
    return [math.nan if value is None else value for value in values]
