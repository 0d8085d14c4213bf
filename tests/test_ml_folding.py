"""Words that hide from a filter are read as a person reads them; all others stay as they are."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ml.folding import fold


@pytest.mark.parametrize(
    ("hidden", "seen"),
    [
        ("ты дypaк", "ты дурак"),
        ("ДУPAК", "ДУРАК"),
        ("иди0т и дур@к", "идиот и дурак"),
        ("и д и о т", "идиот"),
        ("ты И.Д.И.О.Т, понял", "ты ИДИОТ, понял"),
        ("д-у-р-а-к", "дурак"),
        ("ду\u200bра\u200dк", "дурак"),
        ("ду\u00adрак", "дурак"),
        ("д̶у̶р̶а̶к̶", "дурак"),
        ("и\u0306огурт и е\u0308ж", "йогурт и ёж"),
        ("дур𝐚к", "дурак"),
        ("ду\u03c1\u03b1к", "дурак"),
    ],
)
def test_a_hidden_word_is_read(hidden, seen):
    assert fold(hidden) == seen


@pytest.mark.parametrize(
    "text",
    [
        "Купил iPhone 12 Pro за 3 дня",
        "я и в а",
        "Ждём с 10ч до 4к",
        "COVID-ный год, чехол для iPhone12про",
        "т.е. и т.д.",
        "🏳️‍🌈 и 👨‍👩‍👧 рядом",
        "Платье 3XL, цвет хаки",
        "Wi-Fi нет, USB есть",
    ],
)
def test_an_honest_text_stays(text):
    assert fold(text) == text


@given(st.text(max_size=60))
def test_folding_again_changes_nothing_more(text):
    once = fold(text)
    assert fold(once) == once
