"""How a watched channel's own posts are shown: ranked in /mood, summed up in the digest."""

from zoneinfo import ZoneInfo

import pytest
from news_parts import mood_hour
from watch_parts import HOUR, NOW, WATCHED, add_past, calm_past, judge, post, read, watch

from bot.mood.message import MoodMessage
from bot.mood.overview import mood_view
from bot.mood.period import read_period
from bot.news.digest_message import DigestMessage, DigestView
from bot.news.watched import channel_moods
from bot.storage import moods_facts, watches
from bot.storage.digests import CardCount
from bot.words import Words

pytest_plugins = ["playground_fixtures", "bot_fixtures"]

YARD, STAFF = -1001, -1002
ZONE, WORDS = ZoneInfo("UTC"), Words("ru")
WEEK = read_period("7d", NOW, "UTC")
TEXTS = ("Кошмар на дороге", "Спасибо врачам", "Кошмар в школе", "Ура, лето")


@pytest.fixture
def watched(storage):
    watch(storage, YARD, STAFF)
    return storage


def mood(storage, language="ru", chat_id=WATCHED):
    facts = moods_facts.gather(storage.connection, chat_id, WEEK)
    names = watches.find_names(storage.connection, list(facts.titles))
    return MoodMessage(WORDS, language, names).text(mood_view(facts, WEEK, ZONE))


def posted(storage, texts=TEXTS):
    found = [post(5 + n, text, at=NOW - 3600 * (n + 1)) for n, text in enumerate(texts)]
    judge(storage, read(storage, *found))


def test_own_posts_are_ranked_with_links(watched):
    posted(watched)
    text = mood(watched)
    best, worst = text.split("<b>Самые светлые посты</b> <i>(из 4 постов)</i>")[1].split(
        "<b>Самые мрачные</b>"
    )
    assert '• <a href="https://t.me/gorod/6">Спасибо врачам</a> · +85' in best
    assert '• <a href="https://t.me/gorod/5">Кошмар на дороге</a> · −85' in worst
    assert "Например" not in text
    assert "The gloomiest" in mood(watched, "en")


def test_one_post_is_an_example_and_not_ranked(watched):
    posted(watched, TEXTS[:1])
    text = mood(watched)
    assert "Самые" not in text
    assert '😠 <a href="https://t.me/gorod/5">Кошмар на дороге</a>' in text


def digest(storage, language="ru"):
    facts = moods_facts.gather(storage.connection, YARD, WEEK)
    channels = channel_moods(storage.connection, YARD, WEEK)
    view = DigestView(mood_view(facts, WEEK, ZONE), CardCount(), False, channels)
    return view, DigestMessage(WORDS, language, {}).digest(view)


def test_the_digest_tells_how_watched_channels_felt(watched):
    add_past(watched, [mood_hour(HOUR - n, 0.2) for n in range(1, 60)], YARD)
    add_past(watched, calm_past())
    watch(watched, YARD, STAFF, "selo")
    text = digest(watched)[1]
    (line,) = [one for one in text.splitlines() if "t.me/gorod" in one]
    assert line.endswith("· 36 постов")
    assert "\n".join(("<b>Каналы, за которыми слежу</b>", line)) in text
    assert '• <a href="https://t.me/selo">@selo</a> · постов не было' in text
    assert "no posts" in digest(watched, "en")[1]


def test_a_change_of_a_channel_beyond_chance_is_marked(watched):
    add_past(watched, calm_past(until=HOUR - 8 * 24))
    add_past(watched, [mood_hour(HOUR - 4 * n, 0.95, votes=1) for n in range(1, 40)])
    assert "📉" in digest(watched)[1]


def test_where_only_a_watched_channel_spoke_there_is_something_to_tell(watched):
    view, text = digest(watched)
    assert view.is_silent
    posted(watched)
    view, text = digest(watched)
    assert not view.is_silent
    assert "никто ничего не написал" in text
    assert "4 поста: судить рано" in text
