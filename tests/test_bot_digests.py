"""Digests: when they are due, and that each is sent once, late or not at all, by rule."""

import asyncio
import sqlite3
import time
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
import pytest_asyncio
from bot_parts import rows, running, until
from card_parts import card_with, cards, link, stop_before_write
from news_parts import add_hours, due_digest, mood_hour, sendings, set_to

from bot.bells import bell_of
from bot.mood.schedule import Hour
from bot.mood.votes import HOUR_SECONDS
from bot.storage import communities, digests
from bot.storage.digests import GRACE_SECONDS, LATEST_SECONDS, Planned, Sending
from worker.bells import put_bell

pytest_plugins = ["playground_fixtures", "bot_fixtures"]
in_module_loop = pytest.mark.asyncio(loop_scope="module")

MOSCOW, BERLIN = "Europe/Moscow", "Europe/Berlin"
# A Wednesday, noon in Moscow.
NOW = datetime(2026, 11, 25, 12, tzinfo=ZoneInfo(MOSCOW)).timestamp()
CHAT, STAFF, ANNA = -1001, -1002, 7
DAY = 24 * 3600.0


def at(day, hour, minute=0, zone=UTC, month=11):
    return datetime(2026, month, day, hour, minute, tzinfo=zone).timestamp()


def test_a_daily_digest_is_of_the_day_up_to_its_hour():
    found = Hour("daily", 10, MOSCOW).next_after(NOW)
    assert (found.since, found.due_at) == (at(25, 7), at(26, 7))
    assert Hour("daily", 13, MOSCOW).next_after(NOW).due_at == at(25, 10)


def test_a_weekly_digest_comes_on_monday():
    found = Hour("weekly", 10, MOSCOW).next_after(NOW)
    assert (found.since, found.due_at) == (at(23, 7), at(30, 7))
    assert Hour("weekly", 10, MOSCOW).next_after(at(30, 7)).due_at == at(7, 7, month=12)


def test_an_hour_that_the_clocks_leave_out_is_the_moment_at_which_they_do():
    found = Hour("daily", 2, BERLIN).next_after(at(28, 12, month=3))
    assert found.due_at == at(29, 1, month=3)
    after = Hour("daily", 2, BERLIN).next_after(found.due_at)
    assert (after.since, after.due_at) == (found.due_at, at(30, 0, month=3))


def test_of_an_hour_that_comes_twice_it_is_the_first():
    found = Hour("daily", 2, BERLIN).next_after(at(24, 12, month=10))
    assert found.due_at == at(25, 0, month=10)
    assert Hour("daily", 2, BERLIN).next_after(found.due_at).due_at == at(26, 1, month=10)


def test_a_changed_hour_brings_no_second_digest_of_the_same_day():
    last = at(25, 7)
    assert Hour("daily", 12, MOSCOW).next_of(last + 60, last).due_at == at(26, 9)
    assert Hour("daily", 3, MOSCOW).next_of(last + 60, last).due_at == at(26, 0)
    assert Hour("weekly", 10, MOSCOW).next_of(last + 60, last).due_at == at(30, 7)


@pytest.fixture
def known(storage):
    """A storage with a linked community that gets digests every day at ten."""
    communities.link(storage.connection, CHAT, STAFF, 1, 1.0)
    set_(storage, digest="daily")
    return storage


def set_(storage, **settings):
    for setting in settings.items():
        communities.save_setting(storage.connection, CHAT, setting, communities.By(1, 1.0))


def planned(storage, now=NOW):
    return [one.due_at for one in digests.turn(storage.connection, now).planned]


def test_the_next_digest_is_planned_once(known):
    assert planned(known) == planned(known) == [at(26, 7)]


def test_plans_follow_the_settings(known):
    planned(known)
    set_(known, digest_hour=15)
    assert planned(known) == [at(25, 12)]
    set_(known, digest="off")
    assert planned(known) == []
    set_(known, digest="weekly")
    assert planned(known) == [at(30, 12)]
    communities.unlink(known.connection, CHAT, 1, 2.0)
    assert planned(known) == []


def test_a_due_digest_waits_for_its_bell_but_not_for_long(known):
    (due,) = planned(known)
    assert digests.turn(known.connection, due + 1).opened == 0
    assert digests.turn(known.connection, due + GRACE_SECONDS + 1).opened == 1
    assert digests.turn(known.connection, due + GRACE_SECONDS + 2).opened == 0
    assert sendings(known) == [(STAFF, "planned", None)]


def test_a_bell_opens_a_digest_at_once_and_twice_is_as_once(known):
    (due,) = planned(known)
    for _ in range(2):
        digests.note_rung(known.connection, CHAT, due, due + 0.5)
    assert [digests.turn(known.connection, due + 1).opened for _ in range(2)] == [1, 0]
    digests.note_rung(known.connection, CHAT, due, due + 2)
    assert planned(known, due + 3) == [due + DAY]
    assert len(sendings(known)) == 1


def test_a_bell_that_rings_too_early_opens_nothing(known):
    (due,) = planned(known)
    digests.note_rung(known.connection, CHAT, due, due - 60)
    assert digests.turn(known.connection, due - 60).opened == 0


def test_a_digest_comes_late_or_is_skipped_and_the_next_one_says_so(known):
    (due,) = planned(known)
    late = digests.turn(known.connection, due + LATEST_SECONDS + 1)
    assert [one.due_at for one in late.late] == [due]
    assert (late.opened, [one.due_at for one in late.planned]) == (0, [due + DAY])
    assert digests.was_missed(known.connection, on_its_way(due + DAY))
    assert digests.turn(known.connection, due + DAY + LATEST_SECONDS - 1).opened == 1
    assert not digests.was_missed(known.connection, on_its_way(due + 2 * DAY))


def on_its_way(due):
    return Sending(9, STAFF, "planned", CHAT, due - DAY, due)


@pytest.mark.parametrize(
    ("note", "missed"),
    [("too late", True), ("it may have been sent", True), ("nothing was said", False)],
)
def test_only_what_did_not_come_is_missed(known, note, missed):
    (due,) = planned(known)
    digests.turn(known.connection, due + GRACE_SECONDS + 1)
    (sending,) = digests.find_to_send(known.connection, [], 9)
    digests.note_sending(known.connection, sending, "skipped", note, due)
    assert digests.was_missed(known.connection, on_its_way(due + DAY)) == missed


def test_readers_get_it_too_and_are_forgotten(known):
    for is_one in (True, True, False, True):
        digests.set_reader(known.connection, CHAT, ANNA, is_one, 1.0)
    (due,) = planned(known)
    digests.turn(known.connection, due + GRACE_SECONDS + 1)
    assert [target for target, *_ in sendings(known)] == [STAFF, ANNA]
    known.connection.execute(digests.FORGET_READER, {"person": ANNA})
    assert not digests.is_reader(known.connection, CHAT, ANNA)


@pytest.mark.parametrize(("first", "then"), [("sending", "planned"), ("sent", "sending")])
def test_a_sending_only_moves_forward(known, first, then):
    (due,) = planned(known)
    digests.turn(known.connection, due + GRACE_SECONDS + 1)
    (sending,) = digests.find_to_send(known.connection, [], 9)
    digests.note_sending(known.connection, sending, first, None, due)
    with pytest.raises(sqlite3.IntegrityError, match="only moves forward"):
        digests.note_sending(known.connection, sending, then, None, due)


def test_a_group_that_moves_takes_its_digests_along(known):
    (due,) = planned(known)
    for rewrite in digests.REWRITES:
        known.connection.execute(rewrite, (-2, CHAT))
    moved = rows(known, "SELECT chat_id, due_at FROM digests")
    assert moved == [(-2, due)]


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


@in_module_loop
async def test_a_bell_brings_the_digest_to_the_moderators_chat(mood, playground, ids):
    put_bell(mood.wakes, await due_digest(mood.storage, ids["group"]))
    message = await card_with(playground, "🗞", "неделя")
    for part in ("Настроение", "960 голосов", "Карточек не было"):
        assert part in message["text"]
    await until(lambda: [one[1] for one in sendings(mood.storage)] == ["sent"])


@in_module_loop
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


@in_module_loop
@pytest.mark.parametrize("number", range(4))
async def test_a_bot_that_dies_at_a_digest_sends_it_once(
    bot_settings, worker, playground, ids, number
):
    await playground.reset()
    await playground.set(limits={"enabled": False})
    async with running(bot_settings) as app:
        await prepared(app, ids)
        bell = await due_digest(app.storage, ids["group"])
        stop_before_write(app.storage, number)
        put_bell(app.wakes, bell)
        await asyncio.sleep(0.3)
    async with running(bot_settings) as app:
        await card_with(playground, "🗞")
        await until(lambda: ended(app.storage))
        await asyncio.sleep(0.2)
        assert len(await digests_in(playground, "moderators")) == 1


@in_module_loop
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


@in_module_loop
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


@in_module_loop
async def test_a_community_that_was_silent_gets_none(app, playground, ids):
    await playground.reset()
    await link(app.storage, ids, "watch")
    put_bell(app.wakes, await due_digest(app.storage, ids["group"]))
    await until(lambda: [one[2] for one in sendings(app.storage)] == ["nothing was said"])
    assert await cards(playground) == []


def test_a_plan_has_another_bell_where_it_is_due_at_another_time():
    bells = {bell_of(Planned(1, CHAT, 0.0, due)).id for due in (100.0, 200.0)}
    assert len(bells) == 2


@in_module_loop
async def test_an_admin_asks_for_digests_in_private_and_no_more(mood, playground, ids):
    await playground.write("private:admin", "admin", "/settings")
    for label, is_one in (("Присылать и мне", True), ("Больше не присылать", False)):
        await press_text(playground, "каждую неделю")
        await press_text(playground, label)
        reader = (mood.storage.connection, ids["group"], ids["admin"])
        assert digests.is_reader(*reader) == is_one
        await press_text(playground, "← Назад")


async def press_text(playground, part):
    """Press the button of the private chat that says a part."""
    screen = await playground.wait_for("private:admin", lambda m: part in str(m))
    keys = [one for row in screen["reply_markup"]["inline_keyboard"] for one in row]
    data = next(one["callback_data"] for one in keys if part in one["text"])
    await playground.press("private:admin", screen["message_id"], data, "admin")


@in_module_loop
async def test_in_the_moderators_chat_nobody_is_offered_digests_in_private(mood, playground):
    await playground.write("moderators", "admin", "/settings")
    screen = await card_with(playground, "каждую неделю")
    keys = [one for row in screen["reply_markup"]["inline_keyboard"] for one in row]
    data = next(one["callback_data"] for one in keys if "каждую неделю" in one["text"])
    await playground.press("moderators", screen["message_id"], data, "admin")
    page = await card_with(playground, "по понедельникам")
    assert "мне" not in str(page["reply_markup"])
