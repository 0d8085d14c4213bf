"""Rises: what the lookout finds in a community's hours, what an alert says, what tunes it."""

from zoneinfo import ZoneInfo

import pytest
from bot_parts import rows
from news_parts import CALM, RAISED, add_hours, calm_weeks, mood_hour

from bot.mood.votes import HOUR_SECONDS
from bot.news.alert_message import AlertView, alert_buttons, alert_text
from bot.news.lookout import Subject, follow, judge, learn, save
from bot.news.rises import (
    LIMITS,
    LONGEST_UNUSUAL_HOURS,
    Episode,
    HourSum,
    Rise,
    sum_hours,
    unusual_hours,
)
from bot.storage import alarms, chats, communities, mood_places
from bot.storage.incidents import Presser
from bot.storage.moods import ThreadMood
from bot.storage.moods_texts import DrawnText
from bot.words import Words

pytest_plugins = ["playground_fixtures", "bot_fixtures"]

CHAT, STAFF = -1001000000009, -1001000000010
# The middle of an hour.
NOW = 480_000 * HOUR_SECONDS + 1800.0
ZONE = ZoneInfo("Europe/Moscow")


@pytest.fixture
def known(storage):
    """A storage that knows four calm weeks of a linked community, up to the hour of NOW."""
    communities.link(storage.connection, CHAT, STAFF, 1, 1.0)
    calm_weeks(storage, CHAT, NOW)
    return storage


def subject_of(storage):
    """The community's own mood, by its settings."""
    return Subject(communities.find(storage.connection, CHAT), CHAT)


def look(storage, now):
    """Look as the lookout does; tell whether there was an alarm."""
    subject = subject_of(storage)
    seen = judge(storage.connection, subject, now)
    return save(storage.connection, subject.whose, seen, now)


def hours_pass(storage, shares, start=480_000):
    """Let hours of such shares pass, looked at twice in each; tell when there were alarms."""
    found = []
    for n, share in enumerate(shares):
        add_hours(storage, CHAT, [mood_hour(start + n, share)])
        moments = ((start + n) * HOUR_SECONDS + 60.0 * minutes for minutes in (10, 50))
        found += [n for moment in moments if look(storage, moment)]
    return found


def test_calm_hours_alarm_never_and_a_rise_does_once(known):
    assert hours_pass(known, [CALM, CALM, RAISED, RAISED, RAISED, RAISED]) == [2]
    (rise,) = alarms.find_to_tell(known.connection, [], 9)
    assert (rise.since, rise.hour) == (480_002, 480_002)
    assert (rise.votes, rise.negative, round(rise.expected)) == (40, 32, 8)


def test_after_it_was_calm_again_the_next_rise_alarms_too(known):
    shares = [RAISED] * 3 + [CALM] * 8 + [RAISED] * 2
    assert hours_pass(known, shares) == [0, 11]
    ended = rows(known, "SELECT ended IS NULL FROM alarms ORDER BY id")
    assert ended == [(0,), (1,)]


def test_looking_again_changes_nothing(known):
    add_hours(known, CHAT, [mood_hour(480_000, RAISED)])
    assert [look(known, NOW) for _ in range(3)] == [True, False, False]
    assert len(rows(known, "SELECT * FROM alarms")) == 1


def test_hours_missed_by_a_bot_that_was_down_are_gone_through(known):
    look(known, NOW)
    add_hours(known, CHAT, [mood_hour(480_001 + n, RAISED) for n in range(3)])
    assert look(known, NOW + 5 * HOUR_SECONDS)
    (rise,) = alarms.find_to_tell(known.connection, [], 9)
    assert rise.hour == 480_001


def test_a_chat_that_is_hardly_known_alarms_never(storage):
    communities.link(storage.connection, CHAT, STAFF, 1, 1.0)
    assert hours_pass(storage, [CALM] * 3 + [RAISED] * 3) == []


def test_a_false_alarm_makes_the_next_one_harder_and_is_learnt_from(known):
    hours_pass(known, [RAISED])
    (rise,) = alarms.find_to_tell(known.connection, [], 9)
    assert alarms.judge(known.connection, rise.id, "false", Presser(1, "Анна", NOW))
    assert not alarms.judge(known.connection, rise.id, "seen", Presser(2, "Олег", NOW))
    limit = learn(known.connection, subject_of(known), 480_001, NOW).limit
    assert limit == pytest.approx(LIMITS["normal"] + 0.693, abs=0.001)
    assert unusual_hours(alarms.episodes(known.connection, (CHAT, CHAT), 0), 480_010) == set()


def test_what_stays_up_becomes_usual_after_some_days():
    episode = Episode(since=100, ended=None, is_false=False)
    assert unusual_hours([episode], 110) == set(range(100, 110))
    assert len(unusual_hours([episode], 500)) == LONGEST_UNUSUAL_HOURS


def test_a_more_sensitive_alarm_finds_what_a_careful_one_does_not(known):
    add_hours(known, CHAT, [mood_hour(480_000, 0.4)])
    found = {}
    for alert in ("low", "high"):
        communities.save_setting(known.connection, CHAT, ("alert", alert), communities.By(1, 1.0))
        found[alert] = learn(known.connection, subject_of(known), 480_000, NOW).limit
    assert found == {"low": 10.0, "high": 6.6}


def test_a_discussion_group_is_heard_for_its_channel(known):
    known.connection.execute("INSERT INTO channel_posts VALUES (?, 5, -1009, 3, 1)", (CHAT,))
    assert mood_places.places_of(known.connection, -1009) == [-1009, CHAT]
    assert mood_places.places_of(known.connection, CHAT) == [CHAT]


def test_follow_looks_ahead_without_moving_on(known):
    learnt = learn(known.connection, subject_of(known), 480_000, NOW)
    course = judge(known.connection, subject_of(known), NOW).after
    seen = follow(course, learnt, 480_000)
    assert (seen.after, seen.steps) == (course, [course])


def rise(**fields):
    values = {
        "id": 1, "token": "t", "chat_id": CHAT, "about": CHAT, "hour": 480_001, "since": 480_000,
        "votes": 50.0, "negative": 25.0, "expected": 10.0, "state": "planned", "raised_at": NOW,
        "judged": None, "judged_name": None, "alert_chat_id": None, "alert_message_id": None,
        "version": 1, "shown_version": 1,
    }  # fmt: skip
    return Rise(**(values | fields))


def view(**fields):
    threads = [
        ThreadMood(CHAT, 77, None, None, 60, 40.0, 20.0, 10.0, 10.0),
        ThreadMood(CHAT, 78, None, None, 9, 9.0, 2.0, 3.0, 4.0),
    ]
    texts = [
        DrawnText(f"{CHAT}:{n}", CHAT, author, text, negative, 0.1, 0.1)
        for n, author, text, negative in (
            (1, 7, "Опять <не> работает", 0.95), (2, 7, "Снова я", 0.9), (3, 8, "Верните", 0.8),
            (4, 9, "Спасибо", 0.1),
        )
    ]  # fmt: skip
    roots = {f"{CHAT}:77": "Мы обновились"}
    return AlertView(rise(**fields), "Двор", ZONE, threads, roots, texts, {})


def test_an_alert_says_what_rose_from_what_to_what_and_where():
    text = alert_text(Words("ru"), "ru", view())
    for part in ("04.10 03:00", "50 %", "20 %", "50 голосов", "Мы обновились", "80 %"):
        assert part in text.replace("\xa0", " ")
    assert "https://t.me/c/1000000009/77" in text


def test_an_alert_quotes_the_clearest_of_each_author_and_escapes_them():
    text = alert_text(Words("ru"), "ru", view())
    assert "Опять &lt;не&gt; работает" in text
    assert "Верните" in text
    assert "Снова я" not in text
    assert "Спасибо" not in text


def test_a_rise_that_no_thread_drives_names_none():
    calm_threads = [ThreadMood(CHAT, 78, None, None, 9, 9.0, 2.0, 3.0, 4.0)]
    shown = AlertView(rise(), "Двор", ZONE, calm_threads, {}, [], {})
    assert shown.driver is None
    assert "Больше всего" not in alert_text(Words("ru"), "ru", shown)


def test_a_judged_alert_says_by_whom_and_has_no_buttons():
    judged = view(judged="false", judged_name="Тимур <3")
    assert "Ложная тревога: Тимур &lt;3" in alert_text(Words("ru"), "ru", judged)
    assert alert_buttons(Words("ru"), "ru", judged.rise) is None


def test_the_same_hours_of_several_chats_are_summed_up():
    hours = [HourSum(2, 1.0, 0.5, 1), HourSum(1, 2.0, 1.0, 3), HourSum(2, 4.0, 1.0, 2)]
    assert sum_hours(hours) == [HourSum(1, 2.0, 1.0, 3), HourSum(2, 5.0, 1.5, 3)]


def test_an_alert_of_a_chat_that_moved_is_not_sought_among_its_new_messages(known):
    add_hours(known, CHAT, [mood_hour(480_000, RAISED)])
    assert look(known, NOW)
    (rise,) = alarms.find_to_tell(known.connection, [], 9)
    alarms.note_sent(known.connection, rise.id, (STAFF, 57))
    chats.move(known.connection, STAFF, -1001000000011, NOW)
    moved = alarms.find(known.connection, rise.id)
    assert (moved.alert_chat_id, moved.alert_message_id) == (-1001000000011, None)
