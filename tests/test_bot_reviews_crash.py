"""Readings that something goes wrong with: a bot, a reader or Redis that dies, a lost message."""

import asyncio
import contextlib
import itertools
import time

import pytest
from aiogram.methods import EditMessageText
from bot_parts import rows, running, until
from card_parts import stop_before_write
from review_parts import ANNA, LINK, Reader, review, says

from bot.charts import pictures
from bot.reviews import keeper, waits
from core.queues import READINGS, TEXTS, WORKERS

pytest_plugins = ["playground_fixtures", "bot_fixtures"]
pytestmark = pytest.mark.asyncio(loop_scope="module")

FOUND = [review("Спасибо, всё хорошо", 5), review("Кошмар, порвалось", 1), review("", 4)]
END = {"outcome": "read", "title": "Плащ"}


@pytest.fixture
def reader(redis_sync):
    played = Reader(redis_sync)
    played.listen()
    return played


@pytest.fixture
def hasty(monkeypatch):
    """Edits as fast as can be, and pictures given up at once, which is no matter here."""
    monkeypatch.setattr(keeper, "EDIT_SECONDS", 0.02)
    monkeypatch.setattr(pictures, "PATIENCE_SECONDS", 0.01)


async def played(reader):
    """Take an order, if one comes soon, and answer it."""
    with contextlib.suppress(TimeoutError):
        order = await reader.order(0.5)
        reader.put(order, 0, *FOUND[:2])
        reader.put(order, 1, *FOUND[2:], **END)
        return True


def is_shown(app):
    return rows(app.storage, "SELECT 1 FROM readings WHERE state = 'shown'")


@pytest.mark.parametrize("number", range(9))
async def test_a_bot_that_dies_at_any_write_ends_the_reading_at_its_next_start(
    bot_settings, worker, playground, reader, hasty, number
):
    async with running(bot_settings, dies=True) as app:
        stop_before_write(app.storage, number)
        written = await playground.write(ANNA, "anna", LINK)
        is_played = await played(reader)
        await asyncio.sleep(0.3)
    async with running(bot_settings) as app:
        assert is_played or await played(reader)
        await playground.wait_for(ANNA, says("Плащ", "1. «"), after=written["message_id"])
        await until(lambda: is_shown(app))
        scored = "SELECT number, waiting, stars FROM reviews"
        assert rows(app.storage, scored) == [(0, 0, 5), (1, 0, 1), (2, 0, 4)]


async def test_reviews_that_redis_forgot_are_put_to_the_model_again(
    app, playground, reader, hasty, worker, redis_sync, monkeypatch
):
    monkeypatch.setattr("bot.sweep.PATIENCE_SECONDS", 0.1)
    worker.paused = True
    written = await playground.write(ANNA, "anna", LINK)
    await played(reader)
    await until(lambda: redis_sync.xlen(TEXTS) == 2)
    redis_sync.xtrim(TEXTS, maxlen=0)
    worker.paused = False
    await playground.wait_for(ANNA, says("1. «"), after=written["message_id"])


async def test_reviews_that_wait_for_a_model_that_is_away_say_so_until_it_is_back(
    app, playground, reader, hasty, worker, redis_sync, monkeypatch
):
    monkeypatch.setattr(keeper, "SETTLING_SECONDS", 0.1)
    monkeypatch.setattr(waits, "MODEL_LOOK_SECONDS", 0.1)
    monkeypatch.setattr("bot.lane_runner.LOOK_SECONDS", 0.1)
    worker.paused = True
    redis_sync.set(WORKERS + "one", "{}")
    written = await playground.write(ANNA, "anna", LINK)
    await played(reader)
    found = await playground.wait_for(ANNA, says("разобрано: 1"), after=written["message_id"])
    assert "Модель" not in found["text"]
    redis_sync.delete(WORKERS + "one")
    away = says("разобрано: 1", "Модель сейчас не отвечает")
    await playground.wait_for(ANNA, away, after=written["message_id"])
    worker.paused = False
    report = await playground.wait_for(ANNA, says("1. «"), after=written["message_id"])
    assert "Модель" not in report["text"]


async def test_a_reader_that_is_heard_of_no_more_is_told_of(
    app, playground, reader, hasty, monkeypatch
):
    monkeypatch.setattr(keeper, "SILENCE_SECONDS", 0.3)
    monkeypatch.setattr("bot.lane_runner.LOOK_SECONDS", 0.1)
    written = await playground.write(ANNA, "anna", LINK)
    order = await reader.order()
    said = says("Чтение оборвалось")
    await playground.wait_for(ANNA, said, after=written["message_id"])
    reader.put(order, 0, *FOUND, **END)
    await until(lambda: not app.wakes.xlen(READINGS))
    assert rows(app.storage, "SELECT count(*) FROM reviews") == [(0,)]


async def test_edits_are_a_second_apart_however_fast_parts_come(app, playground, reader):
    edited = []

    async def note_edits(make_request, bot, method):
        if isinstance(method, EditMessageText):
            edited.append(time.monotonic())
        return await make_request(bot, method)

    app.bot.session.middleware(note_edits)
    await playground.write(ANNA, "anna", LINK)
    order = await reader.order()
    for number in range(12):
        reader.put(order, number, review(f"Спасибо {number}"))
        await asyncio.sleep(0.2)
    reader.put(order, 12, **END)
    await until(lambda: is_shown(app))
    gaps = [later - earlier for earlier, later in itertools.pairwise(edited)]
    assert 2 <= len(gaps) <= 4
    assert min(gaps) > 0.99


async def test_a_message_that_was_deleted_comes_anew(app, playground, telegram, reader, hasty):
    written = await playground.write(ANNA, "anna", LINK)
    order = await reader.order()
    begun = await playground.wait_for(ANNA, says("Читаю"), after=written["message_id"])
    await telegram("deleteMessage", chat_id=begun["chat"]["id"], message_id=begun["message_id"])
    reader.put(order, 0, *FOUND, **END)
    await playground.wait_for(ANNA, says("1. «"), after=begun["message_id"])


async def test_who_blocked_the_bot_stops_nobody_else(app, playground, reader, hasty):
    await playground.write(ANNA, "anna", LINK)
    order = await reader.order()
    await playground.block(ANNA)
    reader.put(order, 0, *FOUND, **END)
    await until(lambda: is_shown(app))
    written = await playground.write("private:oleg", "oleg", LINK)
    await playground.wait_for("private:oleg", says("1. «"), after=written["message_id"])


async def test_nonsense_in_the_stream_stops_no_reading(app, playground, reader, hasty, log_lines):
    app.wakes.xadd(READINGS, {"part": "?"})
    app.wakes.xadd(READINGS, {"else": "x"})
    written = await playground.write(ANNA, "anna", LINK)
    await played(reader)
    await playground.wait_for(ANNA, says("1. «"), after=written["message_id"])
    assert sum("is not one" in line for line in log_lines) == 2


async def test_an_order_that_waits_behind_others_is_not_lost(
    app, playground, reader, hasty, monkeypatch
):
    monkeypatch.setattr(keeper, "SILENCE_SECONDS", 0.3)
    monkeypatch.setattr("bot.lane_runner.LOOK_SECONDS", 0.1)
    written = await playground.write(ANNA, "anna", LINK)
    await playground.wait_for(ANNA, says("Читаю"), after=written["message_id"])
    await asyncio.sleep(0.9)
    assert rows(app.storage, "SELECT state FROM readings") == [("reading",)]
    await played(reader)
    await playground.wait_for(ANNA, says("1. «"), after=written["message_id"])


async def test_a_reading_whose_first_asker_was_forgotten_is_told_as_lost(
    app, playground, reader, hasty, monkeypatch
):
    monkeypatch.setattr(keeper, "SILENCE_SECONDS", 0.3)
    monkeypatch.setattr("bot.lane_runner.LOOK_SECONDS", 0.1)
    await playground.write(ANNA, "anna", LINK)
    await reader.order()
    written = await playground.write("private:oleg", "oleg", LINK)
    await playground.wait_for("private:oleg", says("Читаю"), after=written["message_id"])
    who = written["from"]["id"]
    await app.storage.write(lambda c: c.execute("DELETE FROM readings WHERE asked_by <> ?", (who,)))
    said = says("Чтение оборвалось")
    await playground.wait_for("private:oleg", said, after=written["message_id"])
