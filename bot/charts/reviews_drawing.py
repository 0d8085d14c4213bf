"""Draws the picture of a review report; only the child of `bot.charts.pictures` loads this."""

from collections.abc import Mapping, Sequence
from typing import Any

from matplotlib.axes import Axes

from bot.charts.paper import (
    BLUE,
    CARD,
    GRID,
    HEADING_SIZE,
    INK,
    LETTER_SIZE,
    QUIET,
    VERMILION,
    contrast,
    head,
    new_card,
    save_png,
    say_nothing,
)
from bot.charts.reviews import Class, ReviewCaptions, ReviewPicture, StarRow
from bot.percents import percents

GREY, GREEN = "#737D87", "#009E73"
KINDS = {"negative": VERMILION, "neutral": GREY, "positive": BLUE}
OTHERS = (GREEN, INK, "#CC79A7")
ROW_INCHES, FRAME_INCHES = 0.36, 0.5
# Narrower segments hold no number; as a share of the longest bar.
LEAST_LABELLED = 0.09
STAR = "★"


def draw(values: Mapping[str, Any]) -> bytes:
    """Draw a ReviewPicture, as read from JSON."""
    return draw_reviews(
        ReviewPicture(
            captions=ReviewCaptions(**values["captions"]),
            classes=[Class(**one) for one in values["classes"]],
            rows=[StarRow(**one) for one in values["rows"]],
        )
    )


def draw_reviews(picture: ReviewPicture) -> bytes:
    """Draw the shares, and below them the stars where anybody gave any."""
    heights = [FRAME_INCHES + ROW_INCHES * max(1, len(picture.classes))]
    if picture.rows:
        heights.append(FRAME_INCHES + ROW_INCHES * len(picture.rows))
    figure = new_card(picture.captions.title, sum(heights))
    all_axes = figure.subplots(len(heights), 1, squeeze=False, height_ratios=heights)[:, 0]
    _draw_shares(all_axes[0], picture)
    if picture.rows:
        _draw_stars(all_axes[1], picture)
    return save_png(figure)


def colours_of(classes: Sequence[Class]) -> list[str]:
    """Choose each class's colour."""
    spare = iter(OTHERS)
    return [KINDS.get(one.kind) or next(spare, INK) for one in classes]


def _draw_shares(axes: Axes, picture: ReviewPicture) -> None:
    captions, classes = picture.captions, picture.classes
    _bare(axes, captions.split, captions.split_note)
    shares = percents([one.count for one in classes])
    if not any(shares):
        axes.set_yticks([])
        say_nothing(axes, captions.nothing)
        return
    places = range(len(classes))
    for place, percent, colour in zip(places, shares, colours_of(classes), strict=True):
        axes.barh(place, 100, color=GRID, height=0.62)
        axes.barh(place, percent, color=colour, height=0.62)
        said = captions.percent.format(percent)
        axes.text(103, place, said, va="center", color=INK, fontsize=HEADING_SIZE, weight="bold")
    axes.set_yticks(places, [one.name for one in classes])
    axes.set_xlim(0, 122)
    axes.set_ylim(len(classes) - 0.5, -0.5)


def _draw_stars(axes: Axes, picture: ReviewPicture) -> None:
    captions = picture.captions
    _bare(axes, captions.stars, captions.stars_note)
    longest = max((sum(row.counts) for row in picture.rows), default=0) or 1
    for place, row in enumerate(picture.rows):
        _draw_row(axes, place, row, (colours_of(picture.classes), longest))
        total = sum(row.counts)
        axes.text(total + 0.02 * longest, place, f"{total}", va="center", color=INK)
    axes.set_yticks(range(len(picture.rows)), [f"{row.stars} {STAR}" for row in picture.rows])
    axes.set_xlim(0, 1.22 * longest)
    axes.set_ylim(len(picture.rows) - 0.5, -0.5)


def _draw_row(axes: Axes, place: int, row: StarRow, look: tuple[Sequence[str], int]) -> None:
    colours, longest = look
    left = 0
    for count, colour in zip(row.counts, colours, strict=True):
        if not count:
            continue
        axes.barh(place, count, left=left, color=colour, height=0.72, edgecolor=CARD, linewidth=1)
        if count >= LEAST_LABELLED * longest:
            _write(axes, (left + count / 2, place), str(count), colour)
        left += count


def _write(axes: Axes, place: tuple[float, int], said: str, colour: str) -> None:
    ink = max(("#FFFFFF", "#000000"), key=lambda one: contrast(one, colour))
    axes.text(*place, said, ha="center", va="center", color=ink, fontsize=LETTER_SIZE)


def _bare(axes: Axes, heading: str, note: str) -> None:
    """Leave of the axes the names of the rows: the numbers stand at the bars."""
    axes.set_facecolor(CARD)
    axes.spines[:].set_visible(False)
    axes.set_xticks([])
    axes.tick_params(length=0, labelcolor=INK, labelsize=HEADING_SIZE, color=QUIET)
    head(axes, heading, note)
