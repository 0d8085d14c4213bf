"""Draws one confusion matrix: each row's shares, or how they changed."""

from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap

from bot.charts.confusion import Confusion, MatrixCaptions
from bot.charts.paper import BLACK, BLUE, CARD, INK, LETTER_SIZE, QUIET, contrast, head

SHADES = LinearSegmentedColormap.from_list("shares", [CARD, BLUE])
ROW_INCHES, FRAME_INCHES = 0.34, 0.85
LONGEST_LABEL = 14
CHANGE = "{} → {}"

Rows = Sequence[Sequence[float]]


def height_inches(confusion: Confusion) -> float:
    """How high a matrix stands with its heading and labels."""
    return FRAME_INCHES + ROW_INCHES * len(confusion.labels)


def draw_confusion(axes: Axes, confusion: Confusion, captions: MatrixCaptions) -> None:
    """Draw a matrix whose shades are the shares of each row, as they are now."""
    rows = _shares(confusion.shares)
    axes.imshow(rows, cmap=SHADES, vmin=0, vmax=1, aspect="auto")
    _frame(axes, [label[:LONGEST_LABEL] for label in confusion.labels], captions)
    head(axes, confusion.title, confusion.note)
    for row, words in enumerate(_words(rows, _shares(confusion.before), captions)):
        for column, said in enumerate(words):
            _write(axes, (column, row), (rows[row][column], said))


def _shares(rows: Rows) -> list[list[float]]:
    return [[cell / max(sum(row), 1e-12) for cell in row] for row in rows]


def _words(rows: Rows, before: Rows, captions: MatrixCaptions) -> list[list[str]]:
    now = [[str(round(100 * share)) for share in row] for row in rows]
    if before:
        was = [[str(round(100 * share)) for share in row] for row in before]
        now = [
            [CHANGE.format(*pair) for pair in zip(*both, strict=True)]
            for both in zip(was, now, strict=True)
        ]
    return [[captions.percent.format(said) for said in row] for row in now]


def _frame(axes: Axes, labels: Sequence[str], captions: MatrixCaptions) -> None:
    places = range(len(labels))
    axes.set_xticks(places, labels)
    axes.set_yticks(places, labels)
    axes.set_xlabel(captions.said, color=QUIET)
    axes.set_ylabel(captions.true, color=QUIET)
    axes.spines[:].set_visible(False)
    axes.tick_params(which="both", length=0, labelcolor=INK, labelsize=LETTER_SIZE)
    axes.set_xticks([place + 0.5 for place in places][:-1], minor=True)
    axes.set_yticks([place + 0.5 for place in places][:-1], minor=True)
    axes.grid(which="minor", color=CARD, linewidth=3)


def _write(axes: Axes, place: tuple[int, int], cell: tuple[float, str]) -> None:
    share, said = cell
    shade = SHADES(share)
    ink = max(("#FFFFFF", BLACK), key=lambda colour: contrast(colour, shade))
    weight = "bold" if place[0] == place[1] else "normal"
    axes.text(*place, said, ha="center", va="center", color=ink, weight=weight, fontsize=12)
