"""Reasons in words: numbers as people read them, and codes where there are no words."""

import pytest

from bot.training.reasons import REASONS, reason_text
from bot.words import LANGUAGES, Words
from core.training import Reason

WORDS = Words("ru")
NUMBERS = {"before": 0.8, "after": 0.4, "p": 0.0002, "texts": 62, "needed": 30, "labels": 2}
NAMES = {
    "task": "sentiment",
    "label": "negative",
    "on": "rureviews",
    "error": "a<b",
    "version": "v",
}


def said(code, **numbers):
    return reason_text(WORDS, "ru", Reason(code=code, numbers={**NUMBERS, **numbers}, names=NAMES))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("code", REASONS)
def test_every_reason_has_its_words(language, code):
    reason = Reason(code=code, numbers={**NUMBERS, "minutes": 90}, names=NAMES)
    text = reason_text(WORDS, language, reason)
    assert text not in ("", code)
    assert "<b" not in text


def test_counts_choose_the_right_plural_and_no_chance_reads_as_none():
    assert "на 62 отложенных текстах" in said("better")
    assert "на 1 отложенном тексте" in said("better", texts=1)
    assert "p ≤ 0,001" in said("better")


def test_a_slowdown_is_said_as_how_many_times():
    assert "в 1,8 раза" in said("too-slow", before=2.0, after=3.6)


def test_a_label_is_said_in_the_readers_words():
    assert "«негативно»: 80\xa0% → 40\xa0%" in said("recall-fell")


def test_what_has_no_words_or_lacks_a_number_is_said_by_its_code():
    assert reason_text(WORDS, "ru", Reason(code="later<1")) == "later&lt;1"
    assert reason_text(WORDS, "ru", Reason(code="better")) == "better"
