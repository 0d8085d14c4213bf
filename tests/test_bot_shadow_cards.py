"""The words of a trial: what it does, how it goes without saying who leads, and who was right."""

import html
import re

import pytest

from bot.storage.shadow_differences import Example
from bot.storage.shadows import Shadow
from bot.training.shadow_cards import (
    ShadowPress,
    result_buttons,
    result_text,
    standing_text,
    started_text,
)
from bot.training.shadow_desk import Standing
from bot.training.trial import Difference, Figures, Tally
from bot.words import LANGUAGES, Words

WORDS = Words("ru")


def a_shadow(outcome="judged", version="own-2", **counts):
    tallies = (Tally("sentiment", 480, 20, **counts),) if counts else ()
    figures = Figures(tallies)
    first = (1, version, "own-1", 1, 1, "ru", "ended", outcome)
    return Shadow(*first, figures, 0.0, 9.0)


def said(shadow, *examples, language="ru"):
    return result_text(WORDS, language, shadow, examples)


def example(text="Ну такое", winner="challenger", chat_id=-1001234, message_id=5):
    return Example(chat_id, message_id, text, Difference("sentiment", "negative", "ok"), winner)


@pytest.mark.parametrize(
    ("challenger", "champion", "sentence"),
    [
        (17, 3, "👍 <b>own-2 чаще права</b>, и это не случайность (p ≤ 0,003)"),
        (3, 17, "👎 <b>own-1 чаще права</b>, и это не случайность (p ≤ 0,003)"),
        (12, 8, "🤷 Кто лучше, ещё не видно: такой счёт бывает и случайно (p ≤ 0,504)"),
        (30, 0, "👍 <b>own-2 чаще права</b>, и это не случайность (p ≤ 0,001)"),
    ],
)
def test_who_is_better_is_said_only_when_chance_would_not_do(challenger, champion, sentence):
    counts = {"challenger": challenger, "champion": champion, "neither": 1}
    assert sentence in said(a_shadow(**counts))


def test_all_figures_are_there():
    card = said(a_shadow(challenger=17, champion=3, neither=1))
    assert "<b>Настроение</b>: сошлись 480, разошлись 20" in card
    assert "Рассудили 21 расхождение:\nown-2 права — 17\nown-1 права — 3" in card
    assert "обе ошиблись — 1" in card


def test_where_nobody_judged_or_nothing_differed_it_says_so():
    never = Shadow(
        1, "own-2", "own-1", 1, 1, "ru", "ended", "time", Figures((Tally("toxicity", 9, 0),)), 0, 9
    )
    assert "Ни разу не разошлись" in said(never)
    assert "Расхождений никто не рассудил" in said(a_shadow(challenger=0))
    assert "Сравнивать пока нечего" in said(a_shadow())


def test_examples_link_to_messages_that_have_links():
    card = said(a_shadow(challenger=1), example("<b>Ура"), example(winner="champion", message_id=0))
    assert '<a href="https://t.me/c/1234/5">«&lt;b&gt;Ура»</a>: негативно → не оскорбление' in card
    assert "👎 <b>Права own-1</b>\n«Ну такое»: негативно" in card


def test_how_it_goes_does_not_say_who_leads():
    standing = Standing(a_shadow(challenger=17, champion=3), a_shadow(challenger=17).figures)
    text = standing_text(WORDS, "ru", standing, is_running=True)
    assert "Рассудили 17 из 30" in text
    assert "права" not in text
    assert "воркер" not in text


def test_another_champion_leaves_nothing_to_press():
    assert result_buttons(WORDS, "ru", a_shadow("over")) is None
    assert len(result_buttons(WORDS, "ru", a_shadow("time")).inline_keyboard) == 2


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_longest_card_is_one_message(language):
    shadow = a_shadow(version="<v>" * 30, challenger=17, champion=3, neither=1)
    examples = [example("<&>" * 400, who) for who in ("challenger", "champion") for _ in range(9)]
    # Telegram counts what is seen.
    seen = html.unescape(re.sub(r"<[^>]+>", "", said(shadow, *examples, language=language)))
    assert 500 < len(seen) <= 4096
    assert "&lt;v&gt;" in started_text(WORDS, language, shadow)


def test_the_largest_number_fits_into_a_button():
    assert len(ShadowPress(act="leave", shadow=2**63 - 1).pack().encode()) <= 64
