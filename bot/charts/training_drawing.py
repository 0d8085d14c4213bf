"""Draws the picture of a training; only the child process of `bot.charts.pictures` loads this."""

from collections.abc import Mapping
from typing import Any

from bot.charts.confusion import Confusion, MatrixCaptions
from bot.charts.confusion_drawing import draw_confusion, height_inches
from bot.charts.paper import new_card, save_png


def draw(values: Mapping[str, Any]) -> bytes:
    """Draw a TrainingPicture, as read from JSON: its confusions above each other."""
    captions = MatrixCaptions(**values["captions"])
    confusions = [Confusion(**one) for one in values["confusions"]]
    heights = [height_inches(confusion) for confusion in confusions]
    figure = new_card(values["title"], sum(heights))
    parts = figure.subfigures(len(heights), 1, squeeze=False, height_ratios=heights)[:, 0]
    for part, confusion in zip(parts, confusions, strict=True):
        draw_confusion(part.subplots(), confusion, captions)
    return save_png(figure)
