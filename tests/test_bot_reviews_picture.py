"""The picture of a report: readable whatever a page holds, and its classes told apart."""

import struct
from dataclasses import replace

import pytest
from matplotlib.axes import Axes

from bot.charts.paper import CARD, contrast
from bot.charts.pictures import Artist
from bot.charts.reviews import Class, ReviewCaptions, ReviewPicture, StarRow
from bot.charts.reviews_drawing import colours_of, draw_reviews

CAPTIONS = ReviewCaptions(
    title="Парка «Иней»",
    split="Что в словах",
    split_note="500 отзывов",
    stars="Что в словах при этих звёздах",
    stars_note="средняя 4,6",
    nothing="пока нет данных",
    percent="{} %",
)
CLASSES = [
    Class("negative", "негативно", 101),
    Class("neutral", "нейтрально", 70),
    Class("positive", "позитивно", 329),
]
ROWS = [StarRow(stars, [20, 10, 70 * stars]) for stars in range(5, 0, -1)]
FULL = ReviewPicture(CAPTIONS, CLASSES, ROWS)


def size(png):
    assert png.startswith(b"\x89PNG")
    return struct.unpack(">II", png[16:24])


@pytest.mark.parametrize(
    "picture",
    [
        FULL,
        ReviewPicture(CAPTIONS, CLASSES, []),
        ReviewPicture(CAPTIONS, [], []),
        ReviewPicture(CAPTIONS, [Class("negative", "негативно", 0)], [StarRow(5, [0])]),
        ReviewPicture(CAPTIONS, [Class("joy", "радость", 1)], [StarRow(1, [1])]),
    ],
)
def test_whatever_a_page_holds_can_be_drawn(picture):
    width, height = size(draw_reviews(picture))
    assert width == 1080
    assert height <= 1280


def test_the_picture_says_the_same_percents_as_the_words(monkeypatch):
    shown = []
    monkeypatch.setattr(Axes, "text", lambda _, x, y, said, **look: shown.append(said))
    classes = [replace(one, count=count) for one, count in zip(CLASSES, (35, 83, 82), strict=True)]
    draw_reviews(ReviewPicture(CAPTIONS, classes, []))
    assert shown == ["18 %", "41 %", "41 %"]


def test_stars_take_room_only_where_there_are_any():
    without = ReviewPicture(CAPTIONS, CLASSES, [])
    assert size(draw_reviews(without))[1] < size(draw_reviews(FULL))[1]


def test_classes_stand_out_from_the_card_and_have_colours_of_their_own():
    foreign = [*CLASSES, *(Class(kind, kind, 1) for kind in ("joy", "anger"))]
    colours = colours_of(foreign)
    assert len(set(colours)) == 5
    assert min(contrast(colour, CARD) for colour in colours[:3]) > 3


async def test_a_child_draws_it(tmp_path):
    assert size(await Artist(tmp_path).draw(FULL))[0] == 1080
