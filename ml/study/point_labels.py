"""Names beside the points of a chart, so placed that none covers another or a point."""

from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.text import Annotation, Text
from matplotlib.transforms import Bbox

from ml.charts import MUTED

_POINT_PIXELS = 7  # around a point's middle, kept free
_DISTANCES = (8, 20, 34, 50, 70, 95, 125)  # in points; the nearest that is free is taken
_SIDES = ((1, 0), (-1, 0), (0, 1), (0, -1), (1, 1), (1, -1), (-1, 1), (-1, -1))
_LEADER_FROM = 20  # labels as far as this get a line to their point


@dataclass(frozen=True, slots=True)
class Point:
    """A place in data coordinates, and its name."""

    x: float
    y: float
    name: str


def label_points(axes: Axes, points: Sequence[Point]) -> None:
    """Write each point's name near it; call when the axes' limits are final.

    Greedy, from top to bottom: enough for a few dozen points.
    """
    canvas = axes.figure.canvas
    if not isinstance(canvas, FigureCanvasAgg):
        raise TypeError("labels are measured by Agg")
    canvas.draw()  # type: ignore[no-untyped-call] # fixes the layout, so that pixels mean what they will mean
    places = axes.transData.transform([(point.x, point.y) for point in points])
    taken = [
        Bbox.from_extents(
            x - _POINT_PIXELS, y - _POINT_PIXELS, x + _POINT_PIXELS, y + _POINT_PIXELS
        )
        for x, y in places
    ]
    frame = axes.get_window_extent()
    for point in sorted(points, key=lambda point: -point.y):
        taken.append(_placed(axes, point, taken, frame))


def _placed(axes: Axes, point: Point, taken: Sequence[Bbox], frame: Bbox) -> Bbox:
    """Write one name where it fits, or at its last place where it fits nowhere."""
    box = frame
    for distance in _DISTANCES:
        for side in _SIDES:
            label = _written(axes, point, side, distance)
            box = _text_box(label).padded(1)
            if _inside(box, frame) and not any(box.overlaps(other) for other in taken):
                return box
            label.remove()
    return _text_box(_written(axes, point, _SIDES[0], _DISTANCES[0]))


def _written(axes: Axes, point: Point, side: tuple[int, int], distance: int) -> Annotation:
    across, up = side
    leader = {"arrowstyle": "-", "color": MUTED, "linewidth": 0.6}
    return axes.annotate(
        point.name,
        (point.x, point.y),
        (across * distance, up * distance * (0.7 if across else 1)),
        textcoords="offset points",
        ha={1: "left", 0: "center", -1: "right"}[across],
        va={1: "bottom", 0: "center", -1: "top"}[up],
        fontsize=8,
        arrowprops=leader if distance >= _LEADER_FROM else None,
    )


def _text_box(label: Annotation) -> Bbox:
    """Return where the words stand, in pixels; an annotation's own box has its line in it too."""
    label.get_window_extent()  # which puts the words where they belong
    return Text.get_window_extent(label)


def _inside(box: Bbox, frame: Bbox) -> bool:
    return bool(
        frame.x0 <= box.x0 and box.x1 <= frame.x1 and frame.y0 <= box.y0 and box.y1 <= frame.y1
    )
