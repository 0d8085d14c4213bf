"""What pictures are drawn on, with matplotlib; only children of `bot.charts.pictures` load it.

1080 pixels wide, with letters of a message's size. An opaque, slightly grey card, so that it
stands out from a white chat and does not glare in a dark one. The colours are Okabe and Ito's
(Color Universal Design, 2008), those that stand out from the card; each line has a mark too.
"""

from io import BytesIO

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, findfont, get_font
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.text import Text

CARD, INK, QUIET, GRID = "#ECEEF0", "#15191E", "#4A525C", "#CDD2D8"
BLUE, VERMILION, BLACK = "#0072B2", "#D55E00", "#000000"
COLOURS = (BLUE, VERMILION, BLACK)
MARKERS = ("o", "s", "^")

Colour = str | tuple[float, float, float, float]

# Comes with matplotlib and has Cyrillic.
FONT = "DejaVu Sans"
DOTS_PER_INCH = 200
WIDTH_INCHES = 5.4
HEAD_INCHES = 0.5
TITLE_SIZE, HEADING_SIZE, LETTER_SIZE = 15, 11.5, 10.5
LONGEST_TITLE = 34


def new_card(title: str, height_inches: float) -> Figure:
    """Take a card as wide as a phone with a title; `height_inches` is what comes below that."""
    figure = Figure(
        figsize=(WIDTH_INCHES, height_inches + HEAD_INCHES),
        layout=ConstrainedLayoutEngine(w_pad=0.09, h_pad=0.09),
        facecolor=CARD,
    )
    FigureCanvasAgg(figure)
    figure.suptitle(title[:LONGEST_TITLE], fontsize=TITLE_SIZE, weight="bold", color=INK)
    return figure


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


def style(axes: Axes, heading: str) -> None:
    """Give axes the look of all: a heading, a light grid, two spines."""
    axes.set_facecolor(CARD)
    axes.spines[["top", "right"]].set_visible(False)
    axes.spines[["left", "bottom"]].set_color(QUIET)
    axes.tick_params(color=QUIET, labelcolor=INK, labelsize=LETTER_SIZE)
    axes.grid(visible=True, color=GRID, linewidth=0.8)
    axes.set_axisbelow(True)
    head(axes, heading, "")


def head(axes: Axes, heading: str, note: str) -> None:
    """Write a heading, and at the right end of its line a note."""
    axes.set_title(heading, loc="left", fontsize=HEADING_SIZE, weight="bold", color=INK)
    if note:
        axes.set_title(note, loc="right", fontsize=LETTER_SIZE, color=QUIET)


def say_nothing(axes: Axes, words: str) -> None:
    """Say in the middle of empty axes why they are empty."""
    axes.text(0.5, 0.5, words, transform=axes.transAxes, ha="center", va="center", color=QUIET)


def save_png(figure: Figure) -> bytes:
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
