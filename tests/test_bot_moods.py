"""Moods as the writer keeps them: who counts how often, whatever comes late, twice or goes."""

import pytest
from bot_parts import rows, verdict_on
from mood_parts import (
    CHANNEL,
    CHAT,
    FEELINGS,
    HOUR,
    NOW,
    OLD_CHAT,
    forget,
    judge,
    kept,
    recount,
    say,
    tell,
)

from bot.intake import sort_updates
from bot.retention import purge, purge_sooner
from bot.storage import (
    channel_posts,
    chats,
    communities,
    judged,
    moods,
    moods_closing,
    moods_votes,
    verdicts,
)
from bot.storage.communities import By
from bot.storage.moods import HourMood, ThreadMood

pytest_plugins = ["bot_fixtures"]

BAD, GOOD = (FEELINGS[name] for name in ("bad", "good"))


def hours(storage, chat_id=CHAT, since=NOW - 86400, until=NOW + 86400):
    return moods.hours(storage.connection, chat_id, since, until)


def test_a_message_is_a_vote_of_its_hour(storage):
    tell(storage, 1, "Кошмар")
    assert hours(storage) == [HourMood(HOUR, 1, 0.8, 0.15, 0.05, 1, 1)]


def test_an_author_is_one_vote_an_hour_and_thread(storage):
    tell(storage, 1, "Кошмар", "bad")
    tell(storage, 2, "Спасибо", "good")
    (hour,) = hours(storage)
    assert (hour.votes, hour.messages, hour.authors) == (1, 2, 1)
    assert hour.negative == pytest.approx(0.45)


def test_other_threads_hours_and_authors_are_other_votes(storage):
    tell(storage, 1, "Раз")
    tell(storage, 2, "Два", thread=50)
    tell(storage, 3, "Три", author=8)
    tell(storage, 4, "Четыре", at=NOW + 3600)
    assert [(hour.votes, hour.authors) for hour in hours(storage)] == [(3, 2), (1, 1)]


def test_copies_of_a_text_are_one_vote_whoever_writes_them(storage):
    for number in range(1, 6):
        tell(storage, number, "Вас обманут!!!", author=number)
    tell(storage, 6, "вас обманут", author=9, thread=50)
    (hour,) = hours(storage)
    assert (hour.votes, hour.messages, hour.authors) == (1, 6, 6)


def test_copies_of_the_next_hour_count_there_again(storage):
    tell(storage, 1, "Вас обманут")
    tell(storage, 2, "Вас обманут", author=8, at=NOW + 3600)
    assert [hour.votes for hour in hours(storage)] == [1, 1]


def test_of_copies_the_earliest_counts_also_when_its_verdict_is_late(storage):
    early = say(storage, 1, "Вас обманут", author=1, thread=50)
    tell(storage, 2, "Вас обманут", "good", author=2, at=NOW + 9)
    judge(storage, early, "bad")
    (hour,) = hours(storage)
    assert (hour.votes, hour.negative) == (1, 0.8)


def test_an_edit_replaces_what_the_message_said(storage):
    tell(storage, 1, "Кошмар", "bad")
    tell(storage, 1, "Спасибо", "good", edit=NOW + 60)
    assert hours(storage) == [HourMood(HOUR, 1, 0.1, 0.2, 0.7, 1, 1)]


def test_until_an_edit_has_its_verdict_what_was_before_counts(storage):
    tell(storage, 1, "Кошмар", "bad")
    edited = say(storage, 1, "Спасибо", edit=NOW + 60)
    assert [hour.negative for hour in hours(storage)] == [0.8]
    judge(storage, edited, "good")
    assert [hour.negative for hour in hours(storage)] == [0.1]


def test_an_edit_that_takes_the_text_away_takes_the_vote_along(storage):
    tell(storage, 1, "Кошмар", "bad")
    tell(storage, 1, "", edit=NOW + 60)
    assert hours(storage) == []


def test_an_edit_lets_a_copy_count_that_did_not(storage):
    tell(storage, 1, "Вас обманут", author=1)
    tell(storage, 2, "Вас обманут", author=2, at=NOW + 5)
    tell(storage, 1, "Извините", "good", author=1, edit=NOW + 60)
    (hour,) = hours(storage)
    assert (hour.votes, hour.negative, hour.positive) == (2, 0.9, 0.75)


def test_a_verdict_on_a_state_that_was_edited_meanwhile_says_nothing(storage):
    old = say(storage, 1, "Кошмар")
    new = say(storage, 1, "Спасибо", edit=NOW + 60)
    judge(storage, new, "good")
    judge(storage, old, "bad")
    assert [hour.positive for hour in hours(storage)] == [0.7]


def test_a_verdict_that_comes_again_is_counted_once(storage):
    verdict = tell(storage, 1, "Кошмар")
    for _ in range(2):
        verdicts.save(storage.connection, [verdict], NOW + 9.0)
        moods_votes.add(storage.connection, judged.find(storage.connection, [verdict]))
    assert hours(storage) == [HourMood(HOUR, 1, 0.8, 0.15, 0.05, 1, 1)]


def test_a_late_verdict_counts_in_the_hour_in_which_the_message_was_sent(storage):
    text = say(storage, 1, "Кошмар", at=NOW - 7200)
    judge(storage, text)
    assert [hour.hour for hour in hours(storage)] == [HOUR - 2]


def test_private_chats_and_what_has_nothing_to_score_never_count(storage):
    tell(storage, 1, "Кошмар", chat_id=7)
    verdicts.save(storage.connection, [verdict_on(say(storage, 2, "!!!"), {})], NOW + 1.0)
    assert rows(storage, "SELECT * FROM mood_hours") == []
    assert rows(storage, "SELECT * FROM mood_texts") == []


def test_a_channels_posts_count_in_the_channel(storage):
    tell(storage, 1, "Мы открылись!", "good", chat_id=CHANNEL)
    assert [hour.votes for hour in hours(storage, CHANNEL)] == [1]
    assert rows(storage, "SELECT author FROM mood_votes") == [(CHANNEL,)]


def test_hours_begin_within_the_time_asked_for(storage):
    for number in range(4):
        tell(storage, number, f"Раз {number}", at=NOW + number * 3600)
    found = hours(storage, since=NOW + 3600, until=NOW + 2 * 3600 + 1)
    assert [hour.hour for hour in found] == [HOUR + 1, HOUR + 2]
    assert hours(storage, since=NOW + 1, until=NOW + 3600) == []


def test_the_busiest_threads_come_first_without_what_stands_outside(storage):
    for number in range(5):
        tell(storage, number, f"Слово {number}", author=number)
    for number in range(5, 8):
        tell(storage, number, f"Слово {number}", author=number, thread=51)
    tell(storage, 9, "Слово 9", "good", thread=50)
    found = moods.busiest_threads(storage.connection, [CHAT], (NOW, NOW + 3600), 9)
    assert [(one.thread, one.votes) for one in found] == [(51, 3), (50, 1)]
    assert found[1] == ThreadMood(CHAT, 50, None, None, 1, 1, 0.1, 0.2, 0.7)


def test_who_is_forgotten_counts_no_longer_and_leaves_no_trace(storage):
    tell(storage, 1, "Вас обманут", author=7)
    tell(storage, 2, "Вас обманут", "good", author=8, at=NOW + 5)
    forget(storage, 7)
    assert hours(storage) == [HourMood(HOUR, 1, 0.1, 0.2, 0.7, 1, 1)]
    for table in ("mood_texts", "mood_votes"):
        assert rows(storage, f"SELECT author FROM {table}") == [(8,)]


async def test_with_the_texts_authors_go_and_sums_stay(storage):
    tell(storage, 1, "Кошмар")
    tell(storage, 2, "Спасибо", at=NOW + 7200)
    await purge(storage, NOW + 3600)
    assert [(hour.hour, hour.votes) for hour in hours(storage)] == [(HOUR, 1), (HOUR + 2, 1)]
    assert rows(storage, "SELECT message FROM mood_texts") == [(f"{CHAT}:2",)]
    assert rows(storage, "SELECT hour FROM mood_votes") == [(HOUR + 2,)]


async def test_a_community_that_keeps_texts_for_less_closes_its_hours_sooner(storage):
    tell(storage, 1, "Кошмар")
    tell(storage, 2, "Пост", chat_id=CHANNEL)
    communities.save_setting(storage.connection, CHAT, ("retention_days", 3), By(1, 1.0))
    await purge_sooner(storage, NOW + 5 * 86400)
    assert rows(storage, "SELECT chat_id FROM mood_votes") == [(CHANNEL,)]


def test_nothing_changes_a_closed_hour(storage):
    tell(storage, 1, "Кошмар", "bad")
    moods_closing.close(storage.connection, NOW + 3600, 100)
    tell(storage, 1, "Спасибо", "good", edit=NOW + 60)
    tell(storage, 2, "Ужас", author=9)
    forget(storage)
    assert hours(storage) == [HourMood(HOUR, 1, 0.8, 0.15, 0.05, 1, 1)]


def test_closing_stops_after_so_many_messages(storage):
    for number in range(6):
        tell(storage, number, f"Раз {number}", at=NOW + number * 3600)
    assert moods_closing.close(storage.connection, NOW + 86400, 4)
    assert rows(storage, "SELECT count(*) FROM mood_texts") == [(2,)]
    assert moods_closing.close(storage.connection, NOW + 86400, 4)
    assert not moods_closing.close(storage.connection, NOW + 86400, 4)


def test_a_group_that_moves_is_put_together_with_its_supergroup(storage):
    tell(storage, 1, "Кошмар", chat_id=OLD_CHAT, at=NOW - 3600)
    tell(storage, 2, "Кошмар", chat_id=OLD_CHAT)
    tell(storage, 1, "Кошмар", chat_id=CHAT, at=NOW + 5)
    for _ in range(2):
        chats.move(storage.connection, OLD_CHAT, CHAT, NOW)
    assert hours(storage, OLD_CHAT) == []
    assert [(hour.votes, hour.messages, hour.authors) for hour in hours(storage)] == [
        (1, 1, 1),
        (1, 2, 1),
    ]
    assert kept(storage) == recount(storage)


def test_closed_hours_move_too(storage):
    tell(storage, 1, "Кошмар", chat_id=OLD_CHAT)
    moods_closing.close(storage.connection, NOW + 3600, 100)
    tell(storage, 1, "Спасибо", "good", chat_id=CHAT, author=8)
    chats.move(storage.connection, OLD_CHAT, CHAT, NOW)
    tell(storage, 1, "Ужас", "bad", chat_id=CHAT, author=8, edit=NOW + 60)
    assert hours(storage) == [HourMood(HOUR, 2, 1.6, 0.3, 0.1, 2, 2)]
    moods_closing.close(storage.connection, NOW + 3600, 100)
    assert rows(storage, "SELECT * FROM mood_votes") == []


POST = {"type": "channel", "chat": {"id": CHANNEL, "type": "channel"}, "message_id": 31}
COPY = {
    "message_id": 77,
    "date": NOW + 1,
    "chat": {"id": CHAT, "type": "supergroup"},
    "from": {"id": 777000, "is_bot": False, "first_name": "Telegram"},
    "is_automatic_forward": True,
    "forward_origin": POST | {"date": NOW},
    "text": "Мы открылись!",
}


def test_copies_of_posts_tell_where_comments_hang(storage):
    batch = sort_updates([{"update_id": 1, "message": COPY}], NOW)
    for _ in range(2):
        channel_posts.save(storage.connection, batch.posts)
    assert rows(storage, "SELECT * FROM channel_posts") == [(CHAT, 77, CHANNEL, 31, NOW)]
    assert batch.to_score == batch.to_handle == []


def test_hours_in_which_all_is_forgotten_hold_up_no_others(storage, monkeypatch):
    monkeypatch.setattr(moods_closing, "MOST_HOURS", 1)
    tell(storage, 1, "Кошмар")
    forget(storage)
    tell(storage, 2, "Спасибо", "good", author=8, at=NOW + 3600)
    while moods_closing.close(storage.connection, NOW + 86400, 100):
        pass
    assert rows(storage, "SELECT author FROM mood_votes") == []
