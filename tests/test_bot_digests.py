"""Digests in a running bot: sent once, to those who are to get them, whatever dies meanwhile."""

import asyncio
import time

import pytest
import pytest_asyncio
from bot_parts import rows, running, until
from card_parts import card_with, cards, link, stop_before_write
from news_parts import add_hours, due_digest, mood_hour, sendings, set_to
from reader_parts import reader_process

from bot.mood.votes import HOUR_SECONDS
from bot.news.schedule import Hour
from bot.storage import digests
from bot.storage.digests import GRACE_SECONDS
from core.bells import bell_queue, hang_up
from worker.bells import put_bell

pytest_plugins = ["playground_fixtures", "bot_fixtures"]
pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(loop_scope="module")
async def mood(app, playground, ids):
    """A running bot whose community has said something this week."""
    await playground.reset()
    await playground.set(limits={"enabled": False})
    return await prepared(app, ids)


async def prepared(app, ids):
    await link(app.storage, ids, "watch")
    hour = int(time.time() // HOUR_SECONDS)
    await set_to(app.storage, ids["group"], alert="off")
    add_hours(app.storage, ids["group"], [mood_hour(hour - n, 0.2) for n in range(1, 100)])
    return app


async def digests_in(playground, chat):
    return [m for m in await playground.messages(chat) if "🗞" in m.get("text", "")]


async def test_a_bell_brings_the_digest_to_the_moderators_chat(mood, playground, ids):
    put_bell(mood.wakes, await due_digest(mood.storage, ids["group"]))
    message = await card_with(playground, "🗞", "неделя")
    for part in ("Настроение", "960 голосов", "Карточек не было"):
        assert part in message["text"]
    await until(lambda: [one[1] for one in sendings(mood.storage)] == ["sent"])


async def test_the_whole_way_from_a_hung_bell_to_the_digest(mood, playground, ids, tmp_path):
    url = mood.settings.redis_address
    with reader_process(url, "127.0.0.1:1", tmp_path):
        bell = await due_digest(mood.storage, ids["group"])
        await asyncio.to_thread(hang_up, bell_queue(mood.wakes), bell)
        await card_with(playground, "🗞")
    rung = rows(mood.storage, "SELECT rung_at IS NOT NULL FROM digests WHERE state = 'opened'")
    assert rung == [(1,)]


async def test_who_asked_for_it_gets_it_in_private_while_they_moderate(mood, playground, ids):
    await playground.write("private:admin", "admin", "/start")
    await playground.write("private:oleg", "oleg", "/start")
    for person in ("admin", "oleg"):
        reader = (ids["group"], ids[person], True, 1.0)
        await mood.storage.write(digests.set_reader, *reader)
    put_bell(mood.wakes, await due_digest(mood.storage, ids["group"]))
    await playground.wait_for("private:admin", lambda m: "🗞" in m.get("text", ""))
    await until(lambda: len([s for s in sendings(mood.storage) if s[1] == "skipped"]) == 1)
    assert await digests_in(playground, "private:oleg") == []
    assert not digests.is_reader(mood.storage.connection, ids["group"], ids["oleg"])


def ended(storage):
    return [one[1] for one in sendings(storage)] in (["sent"], ["skipped"])


@pytest.mark.parametrize("number", range(4))
async def test_a_bot_that_dies_at_a_digest_sends_it_once(
    bot_settings, worker, playground, ids, number
):
    await playground.reset()
    await playground.set(limits={"enabled": False})
    async with running(bot_settings, dies=True) as app:
        await prepared(app, ids)
        bell = await due_digest(app.storage, ids["group"])
        stopped = stop_before_write(app.storage, number)
        put_bell(app.wakes, bell)
        await asyncio.wait_for(stopped.wait(), 10)
        # What was sent before arrives.
        await asyncio.sleep(0.2)
    async with running(bot_settings) as app:
        await card_with(playground, "🗞")
        await until(lambda: ended(app.storage))
        await asyncio.sleep(0.2)
        assert len(await digests_in(playground, "moderators")) == 1


async def test_what_was_being_sent_at_a_crash_is_left_and_the_log_says_so(
    bot_settings, worker, playground, ids, log_lines
):
    await playground.reset()
    async with running(bot_settings) as app:
        await prepared(app, ids)
        await due_digest(app.storage, ids["group"])
        await app.storage.write(open_and_begin)
    async with running(bot_settings) as app:
        left = [(ids["moderators"], "skipped", "it may have been sent")]
        await until(lambda: sendings(app.storage) == left)
        assert [line for line in log_lines if "may have been sent before a restart" in line]
        assert await cards(playground) == []


def open_and_begin(connection):
    digests.turn(connection, time.time() + GRACE_SECONDS)
    connection.execute("UPDATE digest_sendings SET state = 'sending'")


async def test_while_telegram_is_away_a_digest_waits_and_an_unclear_answer_is_not_repeated(
    mood, playground, ids
):
    await playground.set(failures={"every": 1, "error_code": 502, "methods": ["sendChatAction"]})
    put_bell(mood.wakes, await due_digest(mood.storage, ids["group"]))
    await until(lambda: [one[1] for one in sendings(mood.storage)] == ["planned"])
    await playground.set(failures={"every": 1, "error_code": 502, "methods": ["sendMessage"]})
    await until(lambda: [one[1] for one in sendings(mood.storage)] == ["skipped"])
    await playground.set(failures={"every": 0})
    assert sendings(mood.storage)[0][2] == "it may have been sent"
    assert await digests_in(playground, "moderators") == []


async def test_a_community_that_was_silent_gets_none(app, playground, ids):
    await playground.reset()
    await link(app.storage, ids, "watch")
    put_bell(app.wakes, await due_digest(app.storage, ids["group"]))
    await until(lambda: [one[2] for one in sendings(app.storage)] == ["nothing was said"])
    assert await cards(playground) == []


async def test_an_admin_asks_for_digests_in_private_and_no_more(mood, playground, ids):
    await playground.write("private:admin", "admin", "/settings")
    for label, is_one in (("Присылать и мне", True), ("Больше не присылать", False)):
        await press_text(playground, "каждую неделю")
        await press_text(playground, label)
        reader = (mood.storage.connection, ids["group"], ids["admin"])
        assert digests.is_reader(*reader) == is_one
        await press_text(playground, "← Назад")


async def test_an_admin_may_have_one_now_and_the_planned_one_comes_all_the_same(
    mood, playground, ids
):
    await playground.write("private:admin", "admin", "/settings")
    await press_text(playground, "каждую неделю")
    await press_text(playground, "Прислать сейчас")
    await playground.wait_for("private:admin", lambda m: "неделя" in m.get("text", ""))
    plans = "SELECT count(*) FROM digests WHERE state = 'planned' AND due_at > ?"
    next_monday = Hour("weekly", 10, "Europe/Moscow").next_after(time.time())
    assert rows(mood.storage, plans, next_monday.due_at - 1) == [(1,)]


async def press_text(playground, part):
    """Press the button of the private chat that says a part."""
    screen = await playground.wait_for("private:admin", lambda m: part in str(m))
    keys = [one for row in screen["reply_markup"]["inline_keyboard"] for one in row]
    data = next(one["callback_data"] for one in keys if part in one["text"])
    await playground.press("private:admin", screen["message_id"], data, "admin")


async def test_in_the_moderators_chat_nobody_is_offered_digests_in_private(mood, playground):
    await playground.write("moderators", "admin", "/settings")
    screen = await card_with(playground, "каждую неделю")
    keys = [one for row in screen["reply_markup"]["inline_keyboard"] for one in row]
    data = next(one["callback_data"] for one in keys if "каждую неделю" in one["text"])
    await playground.press("moderators", screen["message_id"], data, "admin")
    page = await card_with(playground, "по понедельникам")
    assert "мне" not in str(page["reply_markup"])
