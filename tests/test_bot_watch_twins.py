"""A channel that is watched from outside and that the bot is in, too: each post counts once."""

from zoneinfo import ZoneInfo

import pytest
from bot_parts import rows
from mood_parts import update
from watch_parts import NOW, WATCHED, judge, post, read, watch

from bot.intake import is_public_post, sort_updates
from bot.mood.message import MoodMessage
from bot.mood.overview import mood_view
from bot.mood.period import read_period
from bot.news.lookout import list_subjects
from bot.news.watched import channel_moods
from bot.storage import communities, messages, moods_facts, watched_posts, watches
from bot.words import Words

pytest_plugins = ["playground_fixtures", "bot_fixtures"]

YARD, STAFF, CHANNEL = -1001, -1002, -1001000000777
PERIOD = read_period("24h", NOW, "UTC")
PERIOD_ZONE = ZoneInfo("UTC")


@pytest.fixture
def watched(storage):
    watch(storage, YARD, STAFF)
    return storage


def hand_over(storage, number, text, name="Gorod", **fields):
    """Take a post in as Telegram hands it over; return what is to be scored."""
    raw = update(number, text, chat_id=CHANNEL, at=int(NOW) - 3600, **fields)
    chat = {"id": CHANNEL, "type": "channel", "title": "Город"}
    post = raw.pop("message") | {"chat": chat | ({"username": name} if name else {})}
    post.pop("from")
    kind = "edited_channel_post" if "edit" in fields else "channel_post"
    batch = sort_updates([raw | {kind: post}], NOW)
    with storage.connection:
        texts = messages.save(storage.connection, batch.to_score)
        public = [one for one in batch.to_score if is_public_post(one)]
        watched_posts.give_way(storage.connection, public)
    return texts


def counted(storage):
    """In which chats how many messages count."""
    return dict(rows(storage, "SELECT chat_id, sum(messages) FROM mood_hours GROUP BY chat_id"))


def test_a_post_that_telegram_handed_over_is_not_taken_from_the_page_again(watched):
    judge(watched, hand_over(watched, 5, "Кошмар"))
    assert read(watched, post(5, "Кошмар")) == []
    assert read(watched, post(5, "Кошмар!"), at=NOW + 60) == []
    assert counted(watched) == {CHANNEL: 1}


def test_a_post_that_was_read_before_gives_way_to_what_telegram_hands_over(watched):
    judge(watched, read(watched, post(5, "Кошмар"), post(6, "Спасибо")))
    judge(watched, hand_over(watched, 5, "Кошмар"))
    found = counted(watched)
    assert (found[WATCHED], found[CHANNEL]) == (1, 1)
    judge(watched, hand_over(watched, 5, "Кошмар!", edit=int(NOW) - 10))
    assert counted(watched) == found


def test_a_verdict_that_comes_after_a_post_gave_way_counts_nothing(watched):
    late = read(watched, post(5, "Кошмар"))
    judge(watched, hand_over(watched, 5, "Кошмар"))
    judge(watched, late)
    assert counted(watched) == {CHANNEL: 1}


def test_other_channels_and_private_ones_count_for_themselves(watched):
    judge(watched, read(watched, post(5, "Кошмар")))
    judge(watched, hand_over(watched, 5, "Кошмар", name=None))
    assert counted(watched) == {WATCHED: 1, CHANNEL: 1}
    judge(watched, hand_over(watched, 6, "Кошмар", name="selo"))
    assert [one.now.messages for one in channels(watched)] == [1]


def channels(storage):
    return channel_moods(storage.connection, YARD, PERIOD)


def mood(storage):
    """What /mood says of the watched channel."""
    facts = moods_facts.gather(storage.connection, WATCHED, PERIOD)
    names = watches.find_names(storage.connection, list(facts.titles))
    return MoodMessage(Words("ru"), "ru", names).text(mood_view(facts, PERIOD, PERIOD_ZONE))


def test_the_mood_of_the_watched_channel_holds_both_each_post_once(watched):
    judge(watched, read(watched, post(5, "Кошмар"), post(6, "Спасибо")))
    judge(watched, hand_over(watched, 6, "Спасибо"))
    judge(watched, hand_over(watched, 7, "Ура"))
    text = mood(watched)
    assert "3 сообщения" in text
    assert "вместе с обсуждением" not in text
    for number in (5, 6):
        assert f'<a href="https://t.me/gorod/{number}">' in text
    assert [one.now.messages for one in channels(watched)] == [3]


def test_a_channel_that_watches_itself_is_told_of_itself_once(watched):
    hand_over(watched, 5, "Кошмар")
    watch(watched, CHANNEL, STAFF)
    communities.unlink(watched.connection, YARD, 7, 2.0)
    found = [subject.whose for subject in list_subjects(watched.connection)]
    assert found == [(CHANNEL, CHANNEL)]
    assert channel_moods(watched.connection, CHANNEL, PERIOD) == []


def test_a_name_is_one_channels_at_a_time(watched):
    hand_over(watched, 5, "Кошмар")
    hand_over(watched, 6, "Кошмар", name="selo")
    assert rows(watched, "SELECT username FROM chats WHERE id = ?", CHANNEL) == [("selo",)]
    judge(watched, read(watched, post(5, "Кошмар")))
    assert counted(watched) == {WATCHED: 1}
