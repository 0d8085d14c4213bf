"""Opinions: what is kept of reviews, when each was written, and the line that they make."""

import json
from zoneinfo import ZoneInfo

import pytest
from bot_parts import rows

from bot.mood.buckets import Bucket, Cut
from bot.mood.outside import Outside, outside_bands
from bot.mood.overview import mood_view
from bot.mood.period import read_period
from bot.mood.score import Tally
from bot.outside.product_reader import give_up, take_in
from bot.reviews.readings import Asked
from bot.storage import chats, communities, moods_facts, opinions, products, readings, reviews
from bot.storage.communities import By
from bot.storage.opinions import Heard, Opinion, Sums
from bot.storage.products import Linked, TooManyProductsError
from core.reading import ReadEnd, ReadPart, Review

pytest_plugins = ["bot_fixtures"]

YARD, STAFF = -1001, -1002
BY = By(7, 1000.0)
URL, ADDRESS = "https://shop.example/tea", "//shop.example/tea"
DAY = products.DAY_SECONDS


@pytest.fixture
def shelf(storage):
    """A database whose community has just linked a page."""
    with storage.connection as connection:
        communities.link(connection, YARD, STAFF, 7, 1.0)
        products.link(connection, Linked(YARD, URL, ADDRESS, STAFF), BY)
    return storage.connection


def begin(connection, at):
    """Begin to read the page; return it and the reading."""
    products.begin(connection, products.find(connection, 1), at)
    product = products.find(connection, 1)
    return product, readings.find(connection, product.reading)


def read(connection, at, *texts, written_at=None, positive=0.8):
    """Read the page once from beginning to end; return what is known then, by time."""
    product, reading = begin(connection, at)
    said = tuple(Review(text=text, written_at=written_at) for text in texts)
    end = ReadEnd(outcome="read")
    part = ReadPart(order_id=reading.order_id, number=0, reviews=said, end=end)
    reviews.save_part(connection, part, at)
    scores = {"sentiment": {"negative": 0.9 - positive, "neutral": 0.1, "positive": positive}}
    connection.execute("UPDATE reviews SET waiting = 0, scores = ?", (json.dumps(scores),))
    assert take_in(connection, product, at) is None
    return [row[0] for row in connection.execute("SELECT at FROM opinions ORDER BY at")]


def test_a_review_counts_when_it_was_written_and_once(shelf):
    assert read(shelf, 1000.0, "Вкусно", "Вкусно", written_at=500.0) == [500.0]
    assert read(shelf, 1000.0 + DAY, "Вкусно", "Кошмар", written_at=500.0) == [500.0, 500.0]


def test_undated_reviews_count_when_they_are_first_seen_but_not_those_of_old(shelf):
    assert read(shelf, 1000.0, "Вкусно") == [None]
    assert read(shelf, 1000.0 + DAY, "Вкусно", "Кошмар") == [None, 1000.0 + DAY]


def test_nothing_is_taken_in_while_the_model_reads(shelf):
    product, reading = begin(shelf, 1000.0)
    part = ReadPart(order_id=reading.order_id, number=0, reviews=(Review(text="Вкусно"),))
    reviews.save_part(shelf, part, 1001.0)
    assert take_in(shelf, product, 1002.0) is not None
    assert opinions.count(shelf, 1) == 0


def test_a_reading_of_which_nothing_is_heard_is_given_up(shelf):
    give_up(shelf, *begin(shelf, 1000.0), 1300.0)
    found = products.find(shelf, 1)
    assert (found.outcome, found.reading) == ("lost", None)


def test_a_page_is_read_once_a_day_and_sooner_only_when_asked(shelf):
    read(shelf, 1000.0, "Вкусно")
    assert products.find_due(shelf, 999.0 + DAY) is None
    assert products.find_due(shelf, 1000.0 + DAY) is not None
    products.hurry(shelf, 1, 1010.0)
    assert products.find_due(shelf, 4599.0) is None
    assert products.find_due(shelf, 4600.0) is not None


def test_a_page_of_a_community_that_is_linked_no_more_is_not_read(shelf):
    communities.unlink(shelf, YARD, 7, 2.0)
    assert products.find_due(shelf, 1e9) is None


def ask_oneself(connection, at):
    """Let a person ask for the same page."""
    asked = Asked("p", "link", URL, ADDRESS, 7, 7, 1, "ru", at)
    return readings.ask(connection, asked, at - 3600)


def test_what_a_person_asks_for_meanwhile_is_theirs_to_see(shelf):
    product, reading = begin(shelf, 1000.0)
    theirs = ask_oneself(shelf, 1001.0)
    part = ReadPart(order_id=reading.order_id, number=0, reviews=(Review(text="Вкусно"),))
    reviews.save_part(shelf, part, 1002.0)
    give_up(shelf, product, reading, 1300.0)
    assert len(reviews.list_of(shelf, theirs.source)) == 1
    assert [one.id for one in readings.find_to_show(shelf, [], 0.0, 9)] == [theirs.id]


def test_who_asks_for_what_was_given_up_has_it_read_anew(shelf):
    product, reading = begin(shelf, 1000.0)
    ask_oneself(shelf, 1001.0)
    give_up(shelf, product, reading, 1300.0)
    asked = Asked("q", "link", URL, ADDRESS, 8, 8, 1, "ru", 1301.0)
    assert not readings.ask(shelf, asked, 0.0).is_borrowed


def test_what_a_person_has_had_read_just_now_is_not_read_anew(shelf):
    theirs = ask_oneself(shelf, 900.0)
    _, reading = begin(shelf, 1000.0)
    assert reading.source == theirs.id
    assert reading.is_borrowed


def test_a_community_links_a_bounded_number_of_pages_each_once(shelf):
    assert not products.link(shelf, Linked(YARD, URL, ADDRESS, STAFF), BY)
    for number in range(1, products.MOST_PRODUCTS):
        products.link(shelf, Linked(YARD, URL, f"//shop.example/{number}", STAFF), BY)
    with pytest.raises(TooManyProductsError):
        products.link(shelf, Linked(YARD, URL, "//shop.example/more", STAFF), BY)


def test_a_page_that_is_taken_off_leaves_nothing_but_the_audit(shelf, storage):
    read(shelf, 1000.0, "Вкусно")
    assert products.remove(shelf, products.find(shelf, 1), BY)
    assert rows(storage, "SELECT 1 FROM opinions") == []
    assert len(rows(storage, "SELECT 1 FROM settings_changes WHERE what = 'product'")) == 2


def test_pages_move_with_their_group(shelf):
    chats.move(shelf, YARD, -77, 3.0)
    assert [one.url for one in products.of_community(shelf, -77)] == [URL]


def test_a_view_holds_what_was_written_in_its_period(shelf):
    now = 10 * DAY
    read(shelf, now, *(f"Вкусно {n}" for n in range(6)), written_at=now - DAY)
    read(shelf, now, "Давно", written_at=1.0)
    period = read_period("7d", now, "UTC")
    facts = moods_facts.gather(shelf, YARD, period)
    view = mood_view(facts, period, ZoneInfo("UTC"))
    assert view.outside.reviews == 6
    assert round(view.outside.figure.value) == 70
    assert view.outside.heard.ever.opinions == 7


def test_a_community_without_pages_has_no_outside(storage):
    period = read_period("7d", 10 * DAY, "UTC")
    assert moods_facts.gather(storage.connection, YARD, period).heard is None


def opinion(at, positive):
    return Opinion(at, 1 - positive, 0.0, positive)


def heard(lately):
    return Outside(Heard(lately, Sums(0, 0.0, 0.0, 0.0)))


HOUR = 3600.0
CUT = Cut(1, [Bucket(0.0, Tally(4.0, 0.0, 0.0, 4.0, 4)), Bucket(HOUR, Tally())])
NAMES = ("внутри", "снаружи")


def test_both_lines_stand_in_the_same_buckets():
    said = [opinion(10.0, 1.0), *(opinion(HOUR + n, 0.0) for n in range(4))]
    inside, outside = outside_bands(CUT, heard(said), NAMES)
    assert inside.values == [100.0, None]
    assert outside.values == [100.0, -100.0]


def test_few_voices_that_agree_are_not_taken_for_sure():
    said = [opinion(10.0, 1.0), *(opinion(HOUR + n, 0.0) for n in range(40))]
    _, outside = outside_bands(CUT, heard(said), NAMES)
    assert outside.low[0] < 0 < outside.high[0]
    assert outside.high[1] < -60


def test_too_few_reviews_make_no_line():
    few = heard([opinion(10.0, 1.0)] * 4)
    assert outside_bands(CUT, few, NAMES) == []
    assert few.figure is None


def test_what_was_ever_said_has_a_score_of_its_own():
    ever = Outside(Heard([], Sums(10, 1.0, 2.0, 7.0))).ever
    assert round(ever.value) == 60
    assert ever.low < 60 < ever.high
