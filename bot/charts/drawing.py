"""Draws pictures for a phone with matplotlib; only the child of `bot.charts.pictures` loads this.

1080 pixels wide, with letters of a message's size. An opaque, slightly grey card, so that it
stands out from a white chat and does not glare in a dark one. The colours are Okabe and Ito's
(Color Universal Design, 2008), those that stand out from the card; each line has a mark too.
"""

import math
from collections.abc import Sequence
from io import BytesIO

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import LinearSegmentedColormap, to_rgb
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, findfont, get_font
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.text import Text
from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter

from bot.charts.pictures import Confusion, Curve, StatsPicture

CARD, INK, QUIET, GRID = "#ECEEF0", "#15191E", "#4A525C", "#CDD2D8"
BLUE, VERMILION, BLACK = "#0072B2", "#D55E00", "#000000"
COLOURS = (BLUE, VERMILION, BLACK)
MARKERS = ("o", "s", "^")
SHADES = LinearSegmentedColormap.from_list("shares", [CARD, BLUE])

Colour = str | tuple[float, float, float, float]

# Comes with matplotlib and has Cyrillic.
FONT = "DejaVu Sans"
DOTS_PER_INCH = 200
WIDTH_INCHES = 5.4
TITLE_SIZE, HEADING_SIZE, LETTER_SIZE = 15, 11.5, 10.5
MATRIX_ROW_INCHES, MATRIX_FRAME_INCHES, CHARTS_INCHES, HEAD_INCHES = 0.34, 0.85, 2.5, 0.5
# Of the chart's height.
NAME_HEIGHT = 0.085
LONGEST_LABEL = 14
LONGEST_TITLE = 34


def draw_stats(picture: StatsPicture) -> bytes:
    """Draw confusions above each other, and reliability and times by day below, as PNG."""
    heights = [MATRIX_FRAME_INCHES + MATRIX_ROW_INCHES * len(c.labels) for c in picture.confusions]
    heights.append(CHARTS_INCHES)
    size = (WIDTH_INCHES, sum(heights) + HEAD_INCHES)
    figure = Figure(
        figsize=size, layout=ConstrainedLayoutEngine(w_pad=0.09, h_pad=0.09), facecolor=CARD
    )
    FigureCanvasAgg(figure)
    title = picture.captions.title[:LONGEST_TITLE]
    figure.suptitle(title, fontsize=TITLE_SIZE, weight="bold", color=INK)
    # A part of its own for each row, or the widest labels would push all axes to the right.
    *matrices, charts = figure.subfigures(len(heights), 1, squeeze=False, height_ratios=heights)[
        :, 0
    ]
    for part, confusion in zip(matrices, picture.confusions, strict=True):
        _draw_confusion(part.subplots(), confusion, picture)
    left, right = charts.subplots(1, 2)
    _draw_reliability(left, picture)
    _draw_latency(right, picture)
    return _png(figure)


def contrast(one: Colour, other: Colour) -> float:
    """Return how far two colours stand apart, 1 to 21 (WCAG 2.2, contrast ratio)."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: Colour) -> float:
    channels = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in to_rgb(colour)
    ]
    return 0.2126 * channels[0] + 0.7152 * channels[1] + 0.0722 * channels[2]


def _draw_confusion(axes: Axes, confusion: Confusion, picture: StatsPicture) -> None:
    labels = [label[:LONGEST_LABEL] for label in confusion.labels]
    rows = [[cell / max(sum(row), 1e-12) for cell in row] for row in confusion.shares]
    axes.imshow(rows, cmap=SHADES, vmin=0, vmax=1, aspect="auto")
    places = range(len(labels))
    axes.set_xticks(places, labels)
    axes.set_yticks(places, labels)
    axes.set_xlabel(picture.captions.said, color=QUIET)
    axes.set_ylabel(picture.captions.true, color=QUIET)
    axes.spines[:].set_visible(False)
    axes.tick_params(which="both", length=0, labelcolor=INK, labelsize=LETTER_SIZE)
    axes.set_xticks([place + 0.5 for place in places][:-1], minor=True)
    axes.set_yticks([place + 0.5 for place in places][:-1], minor=True)
    axes.grid(which="minor", color=CARD, linewidth=3)
    _head(axes, confusion.title, confusion.note)
    for row, shares in enumerate(rows):
        for column, share in enumerate(shares):
            said = picture.captions.percent.format(round(100 * share))
            _write_share(axes, (column, row), (share, said))


def _write_share(axes: Axes, place: tuple[int, int], cell: tuple[float, str]) -> None:
    share, said = cell
    shade = SHADES(share)
    ink = max(("#FFFFFF", BLACK), key=lambda colour: contrast(colour, shade))
    weight = "bold" if place[0] == place[1] else "normal"
    axes.text(*place, said, ha="center", va="center", color=ink, weight=weight, fontsize=12)


def _draw_reliability(axes: Axes, picture: StatsPicture) -> None:
    captions = picture.captions
    _style(axes, captions.reliability)
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
        _say_nothing(axes, captions.nothing)


def _draw_curve(axes: Axes, curve: Curve, look: tuple[str, str]) -> None:
    colour, marker = look
    confidence = [100 * point[0] for point in curve.points]
    right = [100 * point[1] for point in curve.points]
    axes.plot(confidence, right, color=colour, marker=marker, linewidth=2, label=curve.name)


def _draw_latency(axes: Axes, picture: StatsPicture) -> None:
    captions = picture.captions
    _style(axes, captions.latency)
    if not picture.days:
        axes.set_xticks([])
        axes.set_yticks([])
        _say_nothing(axes, captions.nothing)
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


def _style(axes: Axes, heading: str) -> None:
    axes.set_facecolor(CARD)
    axes.spines[["top", "right"]].set_visible(False)
    axes.spines[["left", "bottom"]].set_color(QUIET)
    axes.tick_params(color=QUIET, labelcolor=INK, labelsize=LETTER_SIZE)
    axes.grid(visible=True, color=GRID, linewidth=0.8)
    axes.set_axisbelow(True)
    _head(axes, heading, "")


def _head(axes: Axes, heading: str, note: str) -> None:
    axes.set_title(heading, loc="left", fontsize=HEADING_SIZE, weight="bold", color=INK)
    if note:
        axes.set_title(note, loc="right", fontsize=LETTER_SIZE, color=QUIET)


def _say_nothing(axes: Axes, words: str) -> None:
    axes.text(0.5, 0.5, words, transform=axes.transAxes, ha="center", va="center", color=QUIET)


def _png(figure: Figure) -> bytes:
    """Return the figure as PNG, its texts in a font that has their letters."""
    glyphs = get_font(findfont(FontProperties(family=FONT))).get_charmap()
    for text in figure.findobj(Text):
        text.set_fontfamily(FONT)
        # A title may hold a dollar, which is no formula here, and signs that no font has.
        text.set_parse_math(False)
        text.set_text("".join(sign for sign in text.get_text() if ord(sign) in glyphs))
    drawn = BytesIO()
    figure.savefig(drawn, format="png", dpi=DOTS_PER_INCH, facecolor=CARD)
    return drawn.getvalue()
