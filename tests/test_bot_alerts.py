"""Alerts in a running bot: moderators hear of a rise once, and say what they think of it."""

import asyncio
import time

import pytest
import pytest_asyncio
from bot_parts import rows, running, until
from card_parts import card_with, cards, link, press, stop_before_write
from news_parts import ALARMS, RAISED, add_hours, calm_weeks, mood_hour, set_to

from bot.mood.votes import HOUR_SECONDS
from bot.storage import alarms
from core.bells import Bell
from worker.bells import put_bell

pytest_plugins = ["playground_fixtures", "bot_fixtures"]
pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(loop_scope="module")
async def risen(app, playground, ids):
    """A running bot whose community's negativity has just risen."""
    await playground.reset()
    await playground.set(limits={"enabled": False})
    await prepared(app, ids)
    ring(app)
    return app


async def prepared(app, ids):
    await link(app.storage, ids, "watch")
    await set_to(app.storage, ids["group"], digest="off")
    hour = calm_weeks(app.storage, ids["group"], time.time())
    add_hours(app.storage, ids["group"], [mood_hour(hour, RAISED)])


def ring(app):
    put_bell(app.wakes, Bell(id="look-1", kind="look", due_at=time.time()))


async def alert(playground):
    return await card_with(playground, "Негатива стало больше")


async def test_a_rise_is_told_to_the_moderators_with_buttons(risen, playground):
    message = await alert(playground)
    assert "80 %" in message["text"]
    assert "20 %" in message["text"]
    assert [b["text"] for row in message["reply_markup"]["inline_keyboard"] for b in row] == [
        "👀 Вижу, спасибо",
        "🤷 Ложная тревога",
    ]


async def test_a_picture_of_the_last_days_comes_below(risen, playground):
    message = await alert(playground)
    picture = await playground.wait_for("moderators", lambda m: "photo" in m)
    assert picture["reply_to_message"]["message_id"] == message["message_id"]


async def test_a_press_is_remembered_and_shown(risen, playground):
    message = await alert(playground)
    assert "буду осторожнее" in (await press(playground, message, "false"))["text"]
    shown = await card_with(playground, "Ложная тревога: Тимур")
    assert "reply_markup" not in shown
    (row,) = rows(risen.storage, ALARMS)
    assert row == ("sent", "false", "Тимур Гареев", None)


async def test_only_moderators_judge_and_only_the_first(risen, playground):
    message = await alert(playground)
    assert "только модераторы" in (await press(playground, message, "seen", "oleg"))["text"]
    assert "Хорошо" in (await press(playground, message, "seen", "admin"))["text"]
    assert "Уже отмечено" in (await press(playground, message, "false"))["text"]
    assert rows(risen.storage, ALARMS)[0][1] == "seen"


async def test_bells_without_end_bring_one_alert(risen, playground):
    await alert(playground)
    for _ in range(5):
        ring(risen)
        await asyncio.sleep(0.05)
    assert len([m for m in await cards(playground) if "Негатива" in m.get("text", "")]) == 1


async def test_where_alerts_are_off_nobody_is_told(app, playground, ids):
    await playground.reset()
    await prepared(app, ids)
    await set_to(app.storage, ids["group"], alert="off")
    ring(app)
    await asyncio.sleep(0.3)
    assert rows(app.storage, ALARMS) == []


async def test_a_rise_that_is_long_over_is_not_told(app, playground, ids):
    await playground.reset()
    await prepared(app, ids)
    await app.storage.write(raise_long_ago, ids["group"])
    ring(app)
    await until(lambda: ("skipped", None, None, "too late") in rows(app.storage, ALARMS))


def raise_long_ago(connection, chat_id):
    hour = int(time.time() // HOUR_SECONDS) - 12
    values = ("old", chat_id, chat_id, hour, hour, 50.0, 40.0, 10.0, 1.0)
    connection.execute(alarms.RAISE, values)


@pytest.mark.parametrize("number", range(3))
async def test_a_bot_that_dies_at_an_alert_tells_once(
    bot_settings, worker, playground, ids, number
):
    await playground.reset()
    await playground.set(limits={"enabled": False})
    async with running(bot_settings, dies=True) as app:
        await prepared(app, ids)
        stopped = stop_before_write(app.storage, number)
        ring(app)
        await asyncio.wait_for(stopped.wait(), 10)
        # What was sent before arrives.
        await asyncio.sleep(0.2)
    async with running(bot_settings) as app:
        await alert(playground)
        await until(lambda: rows(app.storage, ALARMS)[0][0] in ("sent", "skipped"))
        assert len([m for m in await cards(playground) if "Негатива" in m.get("text", "")]) == 1
