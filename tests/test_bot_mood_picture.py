"""The picture of /mood: what becomes of votes in it, and that anything can be drawn."""

import json
import struct
from dataclasses import asdict, replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from bot.charts import mood_drawing
from bot.charts.mood import Band, Mark, MoodPicture
from bot.charts.mood_drawing import LOOKS, OUTSIDE_LOOKS, draw_mood
from bot.charts.paper import CARD, contrast
from bot.charts.pictures import Artist
from bot.mood.overview import mood_view
from bot.mood.period import read_period
from bot.mood.picture import mood_picture
from bot.storage.moods import HourMood
from bot.storage.moods_facts import MoodFacts, Start
from bot.words import Words

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC).timestamp()
HOUR = int(NOW // 3600)
WORDS = Words("ru")
CHAT = -1002


def hours(*votes):
    """The last hours with so many votes each, two fifths of them negative."""
    first = HOUR - len(votes)
    return [
        HourMood(first + n, count, 0.4 * count, 0.5 * count, 0.1 * count, 2 * count, count)
        for n, count in enumerate(votes)
    ]


def picture(found, words="24h", starts=(), title="Двор"):
    nothing = {"before": (), "threads": (), "roots": {}, "texts": (), "texts_before": ()}
    facts = MoodFacts(CHAT, {CHAT: title}, found, **nothing, deleted=set(), starts=starts)
    zone = ZoneInfo("UTC")
    view = mood_view(facts, read_period(words, NOW, "UTC"), zone)
    return mood_picture(WORDS, "ru", view)


def size(png):
    """Width and height of a PNG in pixels."""
    assert png.startswith(b"\x89PNG")
    return struct.unpack(">II", png[16:24])


def test_shares_stand_beside_wilsons_intervals():
    drawn = picture(hours(50, 0, 50))
    negative = drawn.shares[0]
    assert [band.name for band in drawn.shares] == ["негативно", "нейтрально", "позитивно"]
    assert negative.values[-3:] == [40, None, 40]
    assert (negative.low[-1], negative.high[-1]) == (27.61, 53.82)


def test_few_messages_show_by_wide_bands():
    few, many = (picture(hours(*[votes] * 24)).shares[0] for votes in (50, 5000))
    assert few.high[-1] - few.low[-1] > 5 * (many.high[-1] - many.low[-1])


def test_votes_and_messages_stand_below():
    drawn = picture(hours(50, 0, 60))
    assert drawn.votes[-3:] == [50, 0, 60]
    assert drawn.messages[-3:] == [100, 0, 120]
    assert len(drawn.votes) == len(drawn.shares[0].values) == 24


def test_new_model_versions_are_marked_where_they_began():
    began = (HOUR - 3) * 3600 + 1800
    drawn = picture(hours(*[50] * 24), starts=[Start("nastroi-2", began)])
    (mark,) = drawn.marks
    # In the middle of the fourth hour from the end, whose bar stands at 20.
    assert (mark.place, mark.name) == (21.0, "nastroi-2")
    assert drawn.votes[int(mark.place)] == 50


@pytest.mark.parametrize("words", ["24h", "3d", "7d", "30d", "90d", "366d"])
def test_there_is_room_for_the_days_below(words):
    drawn = picture(hours(*[20] * 2000), words)
    assert 3 <= len(drawn.ticks) <= 7
    assert all(0 <= place < len(drawn.votes) for place, _ in drawn.ticks)


def test_lines_stand_out_from_the_card_and_from_each_other_by_marks():
    assert min(contrast(look.colour, CARD) for look in (*LOOKS, *OUTSIDE_LOOKS)) > 3
    assert len({look.marker for look in LOOKS}) == 3
    assert len({look.marker for look in OUTSIDE_LOOKS}) == 2


CALM, SPARSE, EMPTY = hours(*[30] * 24), hours(*[1, 0, 0, 2] * 6), ()
OUTSIDE = [
    Band("внутри", [10.0] * 24, [5.0] * 24, [15.0] * 24),
    Band("в отзывах", [None, -20.0] * 12, [None, -40.0] * 12, [None, 0.0] * 12),
]


@pytest.mark.parametrize("found", [CALM, SPARSE, EMPTY, hours(1)])
def test_much_little_and_nothing_can_be_drawn_for_a_phone(found):
    width, height = size(draw_mood(picture(found)))
    assert width == 1080
    assert height <= 1280


def test_scores_from_outside_get_a_part_of_their_own():
    plain = picture(CALM)
    both = replace(plain, outside=OUTSIDE)
    assert size(draw_mood(both))[1] > size(draw_mood(plain))[1]


@pytest.mark.parametrize("title", ["Цены в $ и $$ 🏡 日本語" + "а" * 500, ""])
def test_any_title_can_be_drawn(title):
    assert size(draw_mood(picture(CALM, title=title)))[0] == 1080


def test_what_comes_as_json_is_drawn_as_it_was():
    values = replace(picture(CALM), outside=OUTSIDE, marks=[Mark(3.5, "nastroi-2" * 9)])
    read = json.loads(json.dumps(asdict(values)))
    assert mood_drawing.draw(read) == draw_mood(values)


async def test_a_child_draws_it(tmp_path):
    assert size(await Artist(tmp_path).draw(picture(SPARSE)))[0] == 1080


SHARE = st.none() | st.floats(0, 100)


@hypothesis_settings(max_examples=8, deadline=None)
@given(st.lists(st.tuples(SHARE, st.integers(0, 9)), min_size=1, max_size=40))
def test_any_history_can_be_drawn(history):
    votes = [float(count) for _, count in history]
    values = [share if count else None for share, count in history]
    bands = [Band(name, values, values, values) for name in "абв"]
    drawn = MoodPicture(picture(EMPTY).captions, [(0, "01.11")], bands, votes, [9] * len(votes))
    assert size(draw_mood(drawn))[0] == 1080
