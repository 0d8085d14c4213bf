"""Rises of negativity in watched channels, which post rarely: what alarms, and what must not."""

import pytest
from bot_parts import rows
from news_parts import mood_hour
from sqlite_utils import Database
from watch_parts import (
    HOUR,
    NOW,
    WATCHED,
    add_past,
    calm_past,
    judge,
    note_read,
    post,
    read,
    watch,
)

from bot.mood.votes import HOUR_SECONDS
from bot.news import lookout
from bot.news.lookout import Subject, list_subjects
from bot.news.rises import HourSum
from bot.news.sparse import LEAST_DAYS, LEAST_VOTES, SparseBaseline
from bot.storage import channel_readings, communities, watches
from bot.storage.communities import By
from migrations.schema import TRANSACTIONAL
from migrations.step_020_watched_alarms import watched_alarms

pytest_plugins = ["playground_fixtures", "bot_fixtures"]

YARD, GARDEN, STAFF = -1001, -1003, -1002
BAD = 0.95


@pytest.fixture
def watched(storage):
    """A community that watches a channel of which seven calm weeks are known."""
    watch(storage, YARD, STAFF)
    add_past(storage, calm_past())
    note_read(storage, NOW)
    return storage


def look(storage, now, chat_id=YARD):
    """Look at the channel as the lookout does; tell whether there was an alarm."""
    subject = Subject(communities.find(storage.connection, chat_id), WATCHED)
    seen = lookout.judge(storage.connection, subject, now)
    return seen is not None and lookout.save(storage.connection, subject.whose, seen, now)


def hours_pass(storage, shares, chats=(YARD,)):
    """Let hours with posts pass, each read and looked at at its end; tell when alarms came."""
    found = []
    for n, share in enumerate(shares):
        add_past(storage, [mood_hour(HOUR + n, share, votes=1)])
        now = (HOUR + n + 1) * HOUR_SECONDS + 600.0
        note_read(storage, now)
        found += [n for chat_id in chats if look(storage, now, chat_id)]
    return found


def test_many_bad_posts_alarm_once_and_few_never(watched):
    (when,) = hours_pass(watched, [BAD] * 40)
    assert 18 <= when < 30
    ((about, votes),) = rows(watched, "SELECT about, votes FROM alarms")
    assert (about, votes >= 20) == (WATCHED, True)


def test_a_bad_day_of_a_channel_alarms_nobody(watched):
    assert hours_pass(watched, [BAD] * 8 + [0.05] * 20 + [BAD] * 8) == []


def test_a_channel_that_is_hardly_known_alarms_nobody(storage):
    watch(storage, YARD, STAFF)
    add_past(storage, calm_past(days=LEAST_DAYS - 3))
    assert hours_pass(storage, [BAD] * 30) == []


def test_each_community_that_watches_is_alarmed_by_its_own_setting(watched):
    watch(watched, GARDEN, STAFF)
    communities.save_setting(watched.connection, GARDEN, ("alert", "low"), By(1, 1.0))
    normal, low = hours_pass(watched, [0.5] * 40, (YARD, GARDEN))
    assert normal < low
    assert rows(watched, "SELECT chat_id FROM alarms ORDER BY hour") == [(YARD,), (GARDEN,)]


def test_whose_mood_is_looked_at(watched):
    watch(watched, GARDEN, STAFF, "selo")
    communities.save_setting(watched.connection, GARDEN, ("alert", "off"), By(1, 1.0))
    found = [subject.whose for subject in list_subjects(watched.connection)]
    assert found == [(YARD, YARD), (YARD, WATCHED)]
    watches.unwatch(watched.connection, YARD, 1, By(1, 2.0))
    found = [subject.whose for subject in list_subjects(watched.connection)]
    assert found == [(YARD, YARD)]


def test_what_was_not_read_yet_is_judged_later_and_once(watched):
    add_past(watched, [mood_hour(HOUR + n, BAD, votes=1) for n in range(40)])
    now = (HOUR + 40) * HOUR_SECONDS + 600.0
    assert not look(watched, now)
    note_read(watched, now)
    assert [look(watched, now) for _ in range(3)] == [True, False, False]


def test_a_channel_that_was_never_read_has_no_sum(storage):
    watch(storage, YARD, STAFF)
    add_past(storage, calm_past())
    assert not look(storage, NOW)
    assert rows(storage, "SELECT 1 FROM alarm_courses") == []


def known_until(storage):
    return channel_readings.read_until(storage.connection, WATCHED)


def test_all_is_known_up_to_the_last_reading_but_for_posts_without_a_verdict(storage):
    watch(storage, YARD, STAFF)
    texts = read(storage, post(1, at=NOW - 7200), post(2, at=NOW - 60))
    assert known_until(storage) == NOW - 7200
    judge(storage, texts)
    assert known_until(storage) == NOW


def test_a_gap_that_older_pages_are_to_fill_leaves_it_open_what_is_known(storage):
    watch(storage, YARD, STAFF)
    judge(storage, read(storage, post(1), post(2)))
    judge(storage, read(storage, *(post(n) for n in range(20, 40)), at=NOW + 3600))
    assert known_until(storage) == NOW
    judge(storage, read(storage, *(post(n) for n in range(2, 20)), at=NOW + 3660))
    judge(storage, read(storage, *(post(n) for n in range(20, 40)), at=NOW + 3720))
    assert known_until(storage) == NOW + 3720


def baseline(shares, every=4):
    return SparseBaseline(HourSum(every * n, 1.0, share, 1) for n, share in enumerate(shares))


def test_days_that_differ_make_a_channel_less_sure_and_so_do_few_posts():
    mixed, by_days = baseline([0.1, 0.9] * 90), baseline(([0.1] * 6 + [0.9] * 6) * 15)
    assert by_days.at(0).spread.own > 4 * mixed.at(0).spread.own
    assert mixed.at(0).share > baseline([0.1, 0.9] * 900).at(0).share > 0.5


def test_a_channel_is_known_by_enough_posts_of_enough_days():
    assert baseline([0.2] * LEAST_VOTES, every=6).is_enough
    assert not baseline([0.2] * (LEAST_VOTES - 1), every=6).is_enough
    assert not baseline([0.2] * LEAST_VOTES, every=1).is_enough


def test_sums_and_alarms_from_before_are_kept_as_the_communities_own(tmp_path):
    database = Database(tmp_path / "old.db")
    for step in TRANSACTIONAL[: TRANSACTIONAL.index(watched_alarms)]:
        step(database)
    database.execute("INSERT INTO alarm_courses VALUES (-1, 9, 1.5, 8, 3, 2, 1, 4, NULL)")
    database.execute(
        "INSERT INTO alarms (token, chat_id, hour, since, votes, negative, expected, raised_at)"
        " VALUES ('t', -1, 9, 8, 30, 20, 5, 1)"
    )
    watched_alarms(database)
    course = database.execute("SELECT chat_id, about, hour, score FROM alarm_courses").fetchall()
    assert course == [(-1, -1, 9, 1.5)]
    alarm = database.execute("SELECT chat_id, about, state, votes FROM alarms").fetchall()
    assert alarm == [(-1, -1, "planned", 30)]
    database.close()
