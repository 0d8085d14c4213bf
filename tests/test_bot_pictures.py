"""The picture of /stats: readable, in any words, drawn outside the bot's process."""

import asyncio
import struct
import subprocess
import sys
from dataclasses import replace

import pytest
from matplotlib.colors import to_rgba

from bot.charts import pictures, stats_drawing
from bot.charts.confusion import Confusion, MatrixCaptions
from bot.charts.confusion_drawing import SHADES
from bot.charts.paper import BLACK, CARD, COLOURS, INK, QUIET, contrast
from bot.charts.pictures import Artist, PictureError
from bot.charts.stats import Captions, Curve, Line, StatsPicture
from bot.charts.stats_drawing import draw_stats
from bot.charts.training import TrainingPicture
from core.settings import PROJECT

CAPTIONS = Captions(
    title="Двор на Садовой",
    true="на деле",
    said="сказала модель",
    reliability="Верить ли уверенности",
    confidence="уверенность, %",
    right="верно, %",
    latency="Время ответа",
    nothing="пока нет данных",
    percent="{} %",
    milliseconds="{} мс",
    seconds="{} с",
)
PICTURE = StatsPicture(
    captions=CAPTIONS,
    confusions=[
        Confusion("Настроение", "40 меток", ["негативно", "позитивно"], [[0.5, 0.1], [0, 0.4]])
    ],
    curves=[Curve("настроение", [(0.5, 0.4, 10), (0.9, 0.95, 30)])],
    days=["01.11", "02.11"],
    lines=[Line("p50", [20.0, 25.0]), Line("p95", [80.0, 90.0]), Line("p99", [150.0, 2500.0])],
)
EMPTY = StatsPicture(CAPTIONS, [], [], [], [Line("p50", []), Line("p95", []), Line("p99", [])])


def size(png):
    """Width and height of a PNG in pixels."""
    assert png.startswith(b"\x89PNG")
    return struct.unpack(">II", png[16:24])


def test_the_picture_is_as_wide_as_a_phone_and_no_higher_than_telegram_keeps():
    width, height = size(draw_stats(PICTURE))
    assert width == 1080
    two = replace(PICTURE, confusions=PICTURE.confusions * 2)
    assert height < size(draw_stats(two))[1] <= 1280


def test_letters_and_lines_stand_out_from_the_card():
    # WCAG 2.2: 4.5 for text, 3 for lines; and the card from a white and a dark chat.
    assert min(contrast(colour, CARD) for colour in (INK, QUIET)) > 4.5
    assert min(contrast(colour, CARD) for colour in COLOURS) > 3
    assert contrast(CARD, "#FFFFFF") > 1.1
    assert contrast(CARD, "#17212B") > 3


def test_figures_stand_out_from_every_shade():
    shades = [SHADES(step / 100) for step in range(101)]
    best = (max(contrast(ink, shade) for ink in ("#FFFFFF", BLACK)) for shade in shades)
    assert min(best) > 4.5


def test_black_on_white_is_the_greatest_contrast():
    assert contrast("#000000", to_rgba("#FFFFFF")) == pytest.approx(21)


@pytest.mark.parametrize("title", ["Цены в $ и $$ 🏡 日本語" + "а" * 500, ""])
def test_any_title_can_be_drawn(title):
    drawn = draw_stats(replace(PICTURE, captions=replace(CAPTIONS, title=title)))
    assert size(drawn)[0] == 1080


ONE_OF_EACH = replace(
    PICTURE,
    confusions=[
        Confusion("Спам", "1 метка", ["спам"], [[1.0]]),
        Confusion("Т", "", ["а", "б"], [[0.0, 0.0], [0.5, 0.5]]),
    ],
    curves=[Curve("настроение", [(1.0, 1.0, 1)])],
    days=["01.11"],
    lines=[Line("p50", [20.0])],
)


@pytest.mark.parametrize("picture", [EMPTY, ONE_OF_EACH])
def test_little_or_nothing_can_be_drawn(picture):
    assert size(draw_stats(picture))[0] == 1080


async def test_a_child_draws_wherever_it_was_started_while_the_event_loop_goes_on(
    tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    drawing_it = asyncio.create_task(Artist(tmp_path).draw(PICTURE))
    turns = 0
    while not drawing_it.done():
        await asyncio.sleep(0.001)
        turns += 1
    assert size(await drawing_it)[0] == 1080
    assert turns > 50


async def test_a_training_is_drawn_as_what_it_changed(tmp_path):
    counts = [[8, 2, 0], [3, 5, 2], [0, 1, 9]]
    labels = ["нейтрально", "позитивно", "негативно"]
    change = Confusion("Настроение", "macro-F1 0,62 → 0,71", labels, counts, counts[::-1])
    picture = TrainingPicture("Было → стало", MatrixCaptions("а", "б", "{} %"), [change] * 3)
    width, height = size(await Artist(tmp_path).draw(picture))
    assert width == 1080
    assert height <= 1280


async def test_a_picture_that_cannot_be_drawn_says_why(tmp_path):
    nonsense = replace(PICTURE, lines=[Line("p50", ["x"])])
    with pytest.raises(PictureError):
        await Artist(tmp_path).draw(nonsense)


async def test_a_drawing_that_takes_too_long_is_ended(tmp_path, monkeypatch):
    monkeypatch.setattr(pictures, "PATIENCE_SECONDS", 0.01)
    with pytest.raises(PictureError, match="too long"):
        await Artist(tmp_path).draw(PICTURE)


def test_asking_for_a_picture_loads_no_drawing_library():
    look = "print([m for m in sys.argv[1:] if m in sys.modules])"
    check = f"import sys, bot.charts.pictures, bot.stats.overview; {look}"
    command = [sys.executable, "-c", check, "matplotlib", stats_drawing.__name__]
    found = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"
