"""Digests' plans: when they are due, and which come late, or not at all, by rule."""

import asyncio
import sqlite3
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
import redis
from bot_parts import rows, until
from news_parts import sendings

from bot.bells import BellRinger, bell_of, next_look
from bot.news.schedule import Hour
from bot.storage import communities, digest_sendings, digests, forgetting
from bot.storage.digest_sendings import Sending
from bot.storage.digests import GRACE_SECONDS, LATEST_SECONDS, Planned
from bot.storage.forgetting import Forgetting
from bot.tasks import stop_tasks
from core.bells import bell_queue

pytest_plugins = ["playground_fixtures", "bot_fixtures"]

MOSCOW, BERLIN = "Europe/Moscow", "Europe/Berlin"
# A Wednesday, noon in Moscow.
NOW = datetime(2026, 11, 25, 12, tzinfo=ZoneInfo(MOSCOW)).timestamp()
CHAT, STAFF, ANNA, OLEG = -1001, -1002, 7, 8
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
    assert digest_sendings.was_missed(known.connection, on_its_way(due + DAY))
    assert digests.turn(known.connection, due + DAY + LATEST_SECONDS - 1).opened == 1
    assert not digest_sendings.was_missed(known.connection, on_its_way(due + 2 * DAY))


def on_its_way(due):
    return Sending(9, STAFF, "planned", CHAT, due - DAY, due)


def test_a_digest_on_demand_changes_no_plan(known):
    (due,) = planned(known)
    digests.order(known.connection, CHAT, ANNA, due - 3600)
    digests.order(known.connection, CHAT, ANNA, due - 3600)
    assert sendings(known) == [(ANNA, "planned", None)]
    assert planned(known, due - 60) == [due]
    assert not digest_sendings.was_missed(known.connection, on_its_way(due))


def test_all_who_ask_at_once_get_a_digest_also_at_its_own_hour(known):
    (due,) = planned(known)
    for person in (ANNA, OLEG):
        digests.order(known.connection, CHAT, person, due + 1)
    assert sendings(known) == [(ANNA, "planned", None), (OLEG, "planned", None)]
    digests.turn(known.connection, due + GRACE_SECONDS + 1)
    assert [target for target, *_ in sendings(known)] == [STAFF, ANNA, OLEG]


@pytest.mark.parametrize(
    ("note", "missed"),
    [("too late", True), ("it may have been sent", True), ("nothing was said", False)],
)
def test_only_what_did_not_come_is_missed(known, note, missed):
    (due,) = planned(known)
    digests.turn(known.connection, due + GRACE_SECONDS + 1)
    (sending,) = digest_sendings.find_to_send(known.connection, [], 9)
    digest_sendings.note_sending(known.connection, sending, "skipped", note, due)
    assert digest_sendings.was_missed(known.connection, on_its_way(due + DAY)) == missed


def test_readers_get_it_too_and_are_forgotten(known):
    for is_one in (True, True, False, True):
        digests.set_reader(known.connection, CHAT, ANNA, is_one, 1.0)
    (due,) = planned(known)
    digests.turn(known.connection, due + GRACE_SECONDS + 1)
    assert [target for target, *_ in sendings(known)] == [STAFF, ANNA]
    order = Forgetting("press", ANNA, ANNA, None, 1.0)
    forgetting.begin(known.connection, order)
    forgetting.finish(known.connection, order)
    assert not digests.is_reader(known.connection, CHAT, ANNA)
    assert [target for target, *_ in sendings(known)] == [STAFF]


@pytest.mark.parametrize(("first", "then"), [("sending", "planned"), ("sent", "sending")])
def test_a_sending_only_moves_forward(known, first, then):
    (due,) = planned(known)
    digests.turn(known.connection, due + GRACE_SECONDS + 1)
    (sending,) = digest_sendings.find_to_send(known.connection, [], 9)
    digest_sendings.note_sending(known.connection, sending, first, None, due)
    with pytest.raises(sqlite3.IntegrityError, match="only moves forward"):
        digest_sendings.note_sending(known.connection, sending, then, None, due)


def test_a_group_that_moves_takes_its_digests_along(known):
    (due,) = planned(known)
    for rewrite in digests.REWRITES:
        known.connection.execute(rewrite, (-2, CHAT))
    moved = rows(known, "SELECT chat_id, due_at FROM digests")
    assert moved == [(-2, due)]


def test_a_plan_has_another_bell_where_it_is_due_at_another_time():
    bells = {bell_of(Planned(1, CHAT, 0.0, due)).id for due in (100.0, 200.0)}
    assert len(bells) == 2


def test_looks_ring_at_full_minutes_whoever_plans_them():
    assert next_look(1000.0, 300).id == next_look(1199.0, 300).id == "look-1200"
    assert next_look(1200.0, 300).due_at == 1500


@pytest.fixture
async def ringer(redis_sync):
    """A ringer of bells with one digest planned in an hour and one in a year."""
    made = BellRinger(bell_queue(redis_sync), 300)
    now = datetime.now(UTC).timestamp()
    made.plan([Planned(1, CHAT, now, now + 3600), Planned(2, CHAT, now, now + 365 * DAY)])
    task = asyncio.create_task(made.run())
    yield made
    await stop_tasks([task])


def hanging(connection: redis.Redis):
    names = bell_queue(connection).scheduled_job_registry.get_job_ids()
    return sorted(name.partition("-")[0] for name in names)


async def test_bells_that_redis_lost_hang_again(ringer, redis_sync):
    await until(lambda: hanging(redis_sync) == ["digest", "look"])
    redis_sync.flushall()
    ringer.wake()
    await until(lambda: hanging(redis_sync) == ["digest", "look"])
