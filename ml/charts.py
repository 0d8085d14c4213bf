"""The look that all charts share, and how one becomes a PNG. No pyplot: no state, any thread."""

from io import BytesIO
from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text

from ml.files import write_whole

# Okabe and Ito, Color Universal Design, 2008: eight colours that colour-blind people tell apart,
# those that stand out on white first.
COLOURS = (
    "#0072B2",  # blue
    "#D55E00",  # vermilion
    "#009E73",  # bluish green
    "#CC79A7",  # reddish purple
    "#E69F00",  # orange
    "#56B4E9",  # sky blue
    "#000000",  # black
    "#F0E442",  # yellow
)
# Beside the palette, since a printer knows no colours: one for each series, as many as colours.
MARKERS = ("o", "s", "^", "D", "v", "P", "X", "*")
MUTED = "#8a8a8a"  # of what is there for comparison only: diagonals, chance, raw curves
_FONT = "DejaVu Sans"  # comes with matplotlib and has Cyrillic; a reader's matplotlibrc may not
_DOTS_PER_INCH = 150


def new_figure(
    columns: int = 1, rows: int = 1, size: tuple[float, float] = (5.6, 4.4)
) -> tuple[Figure, list[Axes]]:
    """Return a figure and its axes row by row, always a list; `size` is in inches for each axes."""
    figure = Figure(figsize=(size[0] * columns, size[1] * rows), layout="constrained")
    FigureCanvasAgg(figure)
    drawn = [figure.add_subplot(rows, columns, place + 1) for place in range(rows * columns)]
    for axes in drawn:
        _style(axes)
    return figure, drawn


def _style(axes: Axes) -> None:
    axes.set_prop_cycle(color=list(COLOURS))
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(visible=True, color="#e4e4e4", linewidth=0.8)
    axes.set_axisbelow(True)
    axes.tick_params(labelsize=9, labelfontfamily=_FONT)


def save_png(figure: Figure, path: Path) -> None:
    """Write a figure; the file appears whole or not at all. Raises MlError on a full disk."""
    write_whole(path, png(figure))


def png(figure: Figure) -> bytes:
    """Return a figure as PNG, the same bytes each time."""
    for text in figure.findobj(Text):
        text.set_fontfamily(_FONT)
    drawn = BytesIO()
    # Without matplotlib's version in it, that is.
    figure.savefig(drawn, format="png", dpi=_DOTS_PER_INCH, metadata={"Software": None})
    return drawn.getvalue()
