"""Draws what an evaluation found: confusions, reliability, precision against recall."""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from ml import metrics
from ml.charts import COLOURS, MARKERS, MUTED, new_figure
from ml.measured import Measured

_BAR_STEPS = 20  # of confidence, in the histogram
_INK_TURNS_WHITE = 0.65  # of a row, so that counts can be read on dark cells
# As readers expect moods to be coloured, as far as a palette for the colour-blind has it.
_CLASS_COLOURS = {
    "neutral": COLOURS[0],
    "negative": COLOURS[1],
    "toxic": COLOURS[1],
    "positive": COLOURS[2],
    "ok": COLOURS[2],
}


def draw_confusion(measured: Measured) -> Figure:
    """Draw how many texts of each true class were taken for each class, shaded by share of row."""
    figure, (axes,) = new_figure(size=(5.2, 4.6))
    counts = metrics.confusion(measured.truth, measured.predicted, len(measured.labels))
    shade_confusion(axes, counts, measured.labels)
    axes.set_title("Confusion matrix")
    return figure


def shade_confusion(axes: Axes, counts: metrics.Ints, labels: Sequence[str]) -> None:
    """Draw counts (true, predicted) as cells shaded by their share of the row."""
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    axes.imshow(shares, cmap="Blues", vmin=0, vmax=1)
    axes.grid(visible=False)
    axes.spines[:].set_visible(False)
    places = range(len(labels))
    axes.set_xticks(places, labels)
    axes.set_yticks(places, labels)
    axes.set(xlabel="predicted", ylabel="true label")
    for (row, column), share in np.ndenumerate(shares):
        said = f"{counts[row, column]:,}\n{share:.0%}"
        ink = "white" if share > _INK_TURNS_WHITE else "black"
        axes.text(column, row, said, ha="center", va="center", color=ink, fontsize=12)


def draw_reliability(measured: Measured) -> Figure:
    """Draw how often the winning label is right against how sure the model was, and how often."""
    probabilities = measured.probabilities
    error = metrics.calibration_error(measured.truth, probabilities)
    figure, (curve, histogram) = new_figure(2)
    lowest = 1 / probabilities.shape[1]  # no winner can be less sure than that
    _draw_bins(curve, measured)
    curve.plot([lowest, 1], [lowest, 1], color=MUTED, linestyle="--", label="perfect")
    curve.set(xlabel="confidence", ylabel="share that is right", xlim=(lowest, 1), ylim=(0, 1.02))
    curve.set_title(f"Reliability, ECE {error:.3f}")
    curve.legend(loc="lower right", frameon=False)
    steps = np.linspace(lowest, 1, _BAR_STEPS + 1)
    histogram.hist(
        probabilities.max(axis=1), bins=steps.tolist(), color=COLOURS[0], edgecolor="white"
    )
    histogram.set(xlabel="confidence", ylabel="texts", title="How sure the model is")
    histogram.set_xlim(lowest, 1)
    return figure


def _draw_bins(axes: Axes, measured: Measured) -> None:
    """Draw each bin with the 95 % interval of its share: a bin of few texts says little."""
    bins = metrics.reliability(measured.truth, measured.probabilities)
    lows, highs = zip(*(_wilson(b.accuracy, b.n) for b in bins), strict=True)
    shares = np.array([b.accuracy for b in bins])
    axes.errorbar(
        [b.confidence for b in bins],
        shares,
        yerr=[shares - np.array(lows), np.array(highs) - shares],
        color=COLOURS[0],
        marker=MARKERS[0],
        markersize=5,
        capsize=3,
        label="model, with 95 % intervals",
    )


def _wilson(share: float, n: int) -> tuple[float, float]:
    """Return the 95 % interval of a share of n texts. Wilson, JASA 22, 1927."""
    z = 1.96
    centre = (share + z**2 / (2 * n)) / (1 + z**2 / n)
    half = z / (1 + z**2 / n) * np.sqrt(share * (1 - share) / n + z**2 / (4 * n**2))
    return min(centre - half, share), max(centre + half, share)


def draw_precision_recall(measured: Measured) -> Figure:
    """Draw each class that occurs against the rest, with its average precision."""
    figure, (axes,) = new_figure(size=(6.0, 4.8))
    for index, label in enumerate(measured.labels):
        positive, scores = measured.truth == index, measured.probabilities[:, index]
        if not positive.any():
            continue
        precision, recall = metrics.precision_recall(positive, scores)
        average = metrics.average_precision(positive, scores)
        colour = _CLASS_COLOURS[label]
        named = f"{label}, average precision {average:.3f}"
        axes.step(recall, precision, where="pre", color=colour, label=named)
        axes.axhline(positive.mean(), color=colour, linestyle=":", linewidth=1)
    axes.set(xlabel="recall", ylabel="precision", xlim=(0, 1), ylim=(0, 1.02))
    axes.set_title("Precision against recall (dotted: by chance)")
    axes.legend(loc="lower left", frameon=False)
    return figure
