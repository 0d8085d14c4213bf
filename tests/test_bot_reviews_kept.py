"""What is kept of readings: until when, whose, and in which chat; and who may ask for how much."""

import pytest
from bot_parts import rows
from review_parts import review

from bot.forgetting import forget
from bot.retention import purge_reviews
from bot.reviews.desk import Brought, ask, bring
from bot.reviews.limits import MOST_IN_AN_HOUR, Refusal
from bot.reviews.readings import Asked
from bot.reviews.stored import ScoredReview
from bot.storage import chats, labels, readings, review_labels, reviews
from bot.storage.forgetting import Forgetting
from bot.storage.review_labels import QuoteLabel
from bot.storage.training_data import select
from core.contracts import Verdict
from core.reading import ReadEnd, ReadPart

pytest_plugins = ["bot_fixtures", "playground_fixtures"]

FOUND = Brought("", [review("Спасибо", 5), review("Кошмар", 1)])
QUOTE = ScoredReview(0, "Спасибо", 5, None, "tiny-1", {"sentiment": {"positive": 1.0}})


def asked(press="1", who=1, at=1000.0, **changes):
    known = {"kind": "link", "url": "https://a.example/x", "address": "//a.example/x"}
    values = known | {"chat_id": who, "reply_to": 5, "language": "ru"} | changes
    return Asked(press=press, asked_by=who, at=at, **values)


def own(press="1", who=1, at=1000.0):
    return asked(press, who, at, kind="text", url="", address="")


async def ended(storage, reading, at):
    await storage.write(readings.end, reading.id, ReadEnd(outcome="read"), at)
    await storage.write(readings.tell, reading.id, [])
    await storage.write(readings.close, reading.id)


async def read_whole(storage, at=1000.0, **changes):
    """Ask for a page and let it be read."""
    reading = await storage.write(ask, asked(at=at, **changes), at)
    end = ReadEnd(outcome="read")
    part = ReadPart(order_id=reading.order_id, number=0, reviews=tuple(FOUND.reviews), end=end)
    await storage.write(reviews.save_part, part, at)
    return reading


def count(storage, table):
    return rows(storage, f"SELECT count(*) FROM {table}")[0][0]


async def test_the_same_press_asks_once_and_brings_once(storage):
    for _ in range(2):
        texts = await storage.write(bring, own(), FOUND)
        assert [text.key for text in texts] == ["r1:0:0", "r1:1:0"]
    assert (count(storage, "readings"), count(storage, "reviews")) == (1, 2)


async def test_half_a_surrogate_pair_in_a_files_name_does_no_harm(storage):
    await storage.write(bring, own(), Brought("a\ud83d.csv", FOUND.reviews))
    assert (await storage.read(readings.find, 1)).found.title == "a\ufffd.csv"


async def test_a_state_never_moves_back(storage):
    reading = await read_whole(storage)
    await ended(storage, reading, 1001.0)
    with pytest.raises(Exception, match="only moves forward"):
        storage.connection.execute("UPDATE readings SET state = 'reading'")


async def test_who_asks_while_a_page_is_read_is_shown_the_same_reading(storage):
    first = await storage.write(ask, asked(), 0.0)
    second = await storage.write(ask, asked("2", who=2, at=1001.0), 0.0)
    assert await storage.write(ask, asked("3", who=2, at=1002.0), 0.0) == Refusal("under-way")
    end = ReadEnd(outcome="read")
    part = ReadPart(order_id=first.order_id, number=0, reviews=tuple(FOUND.reviews), end=end)
    await storage.write(reviews.save_part, part, 1002.0)
    found = await storage.read(readings.find, second.id)
    assert (found.source, found.state, found.reviews) == (first.id, "ended", 2)


async def test_a_page_that_could_not_be_read_is_read_again(storage):
    first = await storage.write(ask, asked(), 0.0)
    await storage.write(readings.end, first.id, ReadEnd(outcome="blocked"), 1001.0)
    await storage.write(readings.close, first.id)
    second = await storage.write(ask, asked("2", at=1002.0), 0.0)
    assert (second.source, second.state) == (second.id, "asked")


async def test_a_verdict_that_comes_twice_counts_once(storage):
    await storage.write(bring, own(), FOUND)
    verdict = Verdict(
        key="r1:0:0",
        scores={"sentiment": {"positive": 1.0}},
        model="tiny-1",
        received_at=1.0,
        read_at=1.0,
        scored_at=1.0,
    )
    other = verdict.model_copy(update={"model": "tiny-2"})
    assert await storage.write(reviews.save_verdicts, [verdict, other]) == {1}
    assert (await storage.read(reviews.find, 1, 0)).model == "tiny-1"
    assert await storage.read(reviews.count_waiting, 1) == 1


async def test_somebody_who_waits_or_asks_too_often_is_refused(storage):
    assert not isinstance(await storage.write(ask, asked("0"), 1000.0), Refusal)
    waiting = await storage.write(ask, asked("w", address="//b", at=1001.0), 0.0)
    assert waiting == Refusal("under-way")
    for number in range(1, MOST_IN_AN_HOUR):
        await storage.write(readings.end, number, ReadEnd(outcome="blocked"), 1000.0)
        await storage.write(readings.close, number)
        await storage.write(ask, asked(str(number), address=f"//{number}"), 1000.0)
    await storage.write(readings.end, MOST_IN_AN_HOUR, ReadEnd(outcome="blocked"), 1000.0)
    await storage.write(readings.close, MOST_IN_AN_HOUR)
    refused = await storage.write(ask, asked("x", address="//x", at=1060.0), 0.0)
    assert refused == Refusal("too-often", 59)
    assert not isinstance(await storage.write(ask, asked("y", who=2), 0.0), Refusal)


async def test_reviews_go_when_texts_go(storage):
    await read_whole(storage)
    await read_whole(storage, at=5000.0, press="2")
    assert await purge_reviews(storage, 4000.0) == 2
    assert rows(storage, "SELECT reading FROM reviews") == [(2,), (2,)]
    assert count(storage, "readings") == 1


async def test_forgetting_somebody_drops_what_they_had_read(storage, redis_async):
    await read_whole(storage)
    await read_whole(storage, press="2", who=2, address="//b")
    await forget(storage, redis_async, Forgetting("f", 1, 1, None, 2000.0))
    assert rows(storage, "SELECT asked_by FROM readings") == [(2,)]
    assert rows(storage, "SELECT DISTINCT reading FROM reviews") == [(2,)]


async def test_what_others_are_shown_stays_until_they_are_forgotten_too(storage, redis_async):
    await read_whole(storage)
    await storage.write(ask, asked("2", who=2, at=1001.0), 0.0)
    await forget(storage, redis_async, Forgetting("f", 1, 1, None, 2000.0))
    assert (count(storage, "readings"), count(storage, "reviews")) == (1, 2)
    await forget(storage, redis_async, Forgetting("g", 2, 2, None, 2000.0))
    assert (count(storage, "readings"), count(storage, "reviews")) == (0, 0)


async def test_a_quotes_label_is_learnt_from_and_outlives_the_reading(storage):
    for press in ("p", "p", "q"):
        given = QuoteLabel(press, 1, 1, QUOTE, "negative")
        await storage.write(review_labels.append, given, 1000.0)
    (one,) = labels.in_force(storage.connection, 9)
    assert (one.text, one.label, one.source, one.shown) == (
        "Спасибо",
        "negative",
        "review",
        "positive",
    )
    assert [text.text for text in select(storage.connection).labelled] == ["Спасибо"]
    assert await storage.read(review_labels.find_chosen, 1, "СПАСИБО!", 1) == "negative"


async def test_forgetting_somebody_drops_their_labels_of_quotes(storage, redis_async):
    await storage.write(review_labels.append, QuoteLabel("p", 1, 1, QUOTE, "negative"), 1000.0)
    await forget(storage, redis_async, Forgetting("f", 1, 1, None, 2000.0))
    assert (count(storage, "labels"), count(storage, "texts")) == (0, 0)


async def test_a_reading_moves_with_its_group(storage):
    await storage.write(ask, asked(chat_id=-5), 0.0)
    await storage.write(chats.move, -5, -1005, 2.0)
    assert rows(storage, "SELECT chat_id FROM readings") == [(-1005,)]
