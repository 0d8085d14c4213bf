"""Draws the confusions of champion and challenger beside each other, for a phone."""

from collections.abc import Sequence

import numpy as np

from ml import charts, gate
from ml.evaluation_charts import shade_confusion
from ml.gate import Judged


def draw_pair(sets: Sequence[Judged]) -> bytes:
    """Return a PNG: a row for each set, before on the left, after on the right."""
    figure, axes = charts.new_figure(columns=2, rows=len(sets), size=(4.2, 4.2))
    for row, judged in enumerate(sets):
        pairs = (("before", judged.before), ("after", judged.after))
        for place, (name, probabilities) in enumerate(pairs):
            found = gate.figures(judged, probabilities)
            title = f"{judged.task}: {name}, macro-F1 {found.macro_f1:.3f}"
            shade_confusion(axes[2 * row + place], np.array(found.confusion), judged.labels)
            axes[2 * row + place].set_title(title, fontsize=11)
    return charts.png(figure)
