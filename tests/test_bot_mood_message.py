"""How /mood reads: what a view says, whatever things are called, within what Telegram takes."""

import html
import re
from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.mood.buckets import Cut
from bot.mood.message import MoodMessage
from bot.mood.moved import MovedWords
from bot.mood.overview import MoodView, PostsView, ThreadView
from bot.mood.period import read_period
from bot.mood.score import Figure, Tally
from bot.storage.moods import ThreadMood
from bot.storage.moods_texts import DrawnText
from bot.words import Words

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC).timestamp()
GROUP, CHANNEL = -1001234567890, -1009876543210
LONG = "<b>&" * 2000
WORDS = Words("ru")

VIEW = MoodView(
    chat_id=GROUP,
    titles={GROUP: "Двор"},
    period=read_period("7d", NOW, "UTC"),
    zone=ZoneInfo("UTC"),
    now=Tally(1000, 300.4, 500, 199.6, 2500),
    before=Tally(900, 100, 600, 200, 950),
    score=Figure(-10.08, -12.2, -8.1),
    change=Figure(-21.2, -25.0, -17.0),
    cut=Cut(24, []),
    threads=(),
    posts=None,
    bad=(),
    good=(),
    words=None,
    starts=(),
)


def thread(number, text="Лифт", channel_id=None, post=None):
    mood = ThreadMood(GROUP, number, channel_id, post, 9, 5.0, 4.0, 0.5, 0.5)
    return ThreadView(mood, Tally(5.0, 4.0, 0.5, 0.5, 9), text)


def drawn(text, message=f"{GROUP}:7"):
    return DrawnText(message, GROUP, 1, text, 0.9, 0.05, 0.05)


def say(view, language="ru", names=None):
    return MoodMessage(WORDS, language, names or {}).text(view)


def test_scores_stand_beside_the_difference_that_they_have():
    text = say(VIEW)
    assert "Настроение <b>−10</b> <i>(−12 … −8)</i>" in text
    assert "📉 Раньше было +11: стало хуже, −21 <i>(−25 … −17)</i>" in text
    assert "😠 30 %  😐 50 %  😊 20 %" in text


def test_the_shares_of_votes_add_up_to_a_hundred():
    text = say(replace(VIEW, now=Tally(200, 35.2, 83.4, 81.4, 200)))
    assert "😠 17 %  😐 42 %  😊 41 %" in text


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (Figure(9.0, 2.0, 16.0), "📈 Раньше было +11: стало лучше"),
        (Figure(-9.0, -20.0, 2.0), "её может объяснить и случай"),
        (None, "Сравнить не с чем"),
    ],
)
def test_a_change_is_told_as_it_is(change, expected):
    assert expected in say(replace(VIEW, change=change))


def test_without_a_score_it_is_too_few_to_tell():
    assert "слишком мало, чтобы судить" in say(replace(VIEW, score=None, change=None))


def test_a_post_is_linked_itself_and_by_its_public_name():
    view = replace(VIEW, threads=[thread(70, channel_id=CHANNEL, post=31), thread(71, "")])
    assert '<a href="https://t.me/c/9876543210/31">Лифт</a>' in say(view)
    assert '<a href="https://t.me/lavka/31">Лифт</a>' in say(view, names={CHANNEL: "lavka"})
    assert '<a href="https://t.me/c/1234567890/71">ветка № 71</a>' in say(view)


def test_what_was_said_before_a_group_moved_has_no_link():
    assert "😠 Ой\n" in say(replace(VIEW, bad=[drawn("Ой", "-4:7")]))


def test_days_are_named_where_a_period_is_not_the_last_ones():
    period = read_period("01.11–15.11", NOW, "UTC")
    assert say(replace(VIEW, period=period)).startswith("🌡 <b>Двор</b> · 01.11.2026 – 15.11.2026")


def test_the_longest_message_is_one_that_telegram_takes():
    threads = [thread(number, LONG) for number in range(3)]
    longest = replace(
        VIEW,
        titles={GROUP: LONG, CHANNEL: LONG},
        threads=threads,
        posts=PostsView(200, threads, threads),
        bad=[drawn(LONG)] * 2,
        good=[drawn(LONG)] * 2,
        words=MovedWords([LONG] * 5, [LONG] * 5, 4000),
    )
    shown = html.unescape(re.sub("<[^>]+>", "", say(longest)))
    assert len(shown) <= 4096
    assert shown.count("<b>&<b>&") >= 20


def test_it_reads_in_english():
    text = say(replace(VIEW, posts=PostsView(2, [thread(1)], [thread(2)])), "en")
    assert "📉 It was +11 before: worse now, −21" in text
    assert "Answered most warmly</b> <i>(of 2 posts)" in text
