"""Charts: PNG files that are whole, the same each time, and drawn from any thread."""

import threading
from pathlib import Path

import matplotlib
import pytest
from matplotlib.font_manager import findfont, get_font

from ml.charts import COLOURS, MARKERS, new_figure, save_png
from ml.errors import MlError


def draw(path: Path, title: str = "Точность и время") -> None:
    figure, axes = new_figure(2, 1)
    for place, drawn in enumerate(axes):
        drawn.plot([1, 2, 3], label="модель", marker=MARKERS[place])
        drawn.set(title=title, xlabel="шаги")
    save_png(figure, path)


def test_figure_has_its_axes_row_by_row() -> None:
    _, axes = new_figure(2, 3)
    assert len(axes) == 6
    assert [place.get_subplotspec().rowspan.start for place in axes] == [0, 0, 1, 1, 2, 2]


def test_same_figure_gives_the_same_png(tmp_path: Path) -> None:
    draw(tmp_path / "one.png")
    draw(tmp_path / "other.png")
    assert (tmp_path / "one.png").read_bytes() == (tmp_path / "other.png").read_bytes()
    assert (tmp_path / "one.png").read_bytes().startswith(b"\x89PNG")


def test_threads_draw_at_once(tmp_path: Path) -> None:
    paths = [tmp_path / f"{place}.png" for place in range(4)]
    threads = [threading.Thread(target=draw, args=[path]) for path in paths]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({path.read_bytes() for path in paths}) == 1


def test_font_has_cyrillic_whatever_the_reader_prefers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    draw(tmp_path / "usual.png")
    monkeypatch.setitem(matplotlib.rcParams, "font.family", ["STIXGeneral"])
    draw(tmp_path / "other.png")  # a missing glyph would warn, and warnings are errors
    assert (tmp_path / "usual.png").read_bytes() == (tmp_path / "other.png").read_bytes()
    assert ord("ё") in get_font(findfont("DejaVu Sans")).get_charmap()


def test_picture_that_can_t_be_written_leaves_what_was_there(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("text")
    with pytest.raises(MlError, match=r"chart\.png can't be written"):
        draw(tmp_path / "file" / "chart.png")
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_colours_differ() -> None:
    assert len(set(COLOURS)) == len(MARKERS) == 8
