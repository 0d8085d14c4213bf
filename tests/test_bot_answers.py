"""How verdicts of any checkpoint look, and that buttons always fit into Telegram's 64 bytes."""

import pytest
from aiogram.filters.callback_data import CallbackData
from hypothesis import given
from hypothesis import strategies as st

from bot.answers import LabelPress, answer_buttons, answer_text
from bot.vocabulary import label_order
from bot.words import Words

WORDS = Words("ru")
SENTIMENT = {"neutral": 0.2, "positive": 0.1, "negative": 0.7}


def buttons(scores, chosen=None):
    markup = answer_buttons(WORDS, "ru", 1, scores, chosen)
    return [[button.text for button in row] for row in markup.inline_keyboard]


def test_without_a_toxicity_task_nothing_is_said_of_it():
    text = answer_text(WORDS, "ru", {"sentiment": SENTIMENT})
    assert text.count("\n") == 3
    assert "оксич" not in text


def test_toxicity_alone_is_said_without_buttons():
    scores = {"toxicity": {"toxic": 0.91}}
    assert answer_text(WORDS, "ru", scores) == "⚠️ Похоже на оскорбление или угрозу (91 %)"
    assert answer_buttons(WORDS, "ru", 1, scores) is None


def test_bars_have_one_width():
    text = answer_text(WORDS, "ru", {"sentiment": {"negative": 1.0, "neutral": 0.0}})
    bars = [line[len("<code>") :] for line in text.splitlines()[1:]]
    assert bars[0].index("негативно") == bars[1].index("нейтрально")


def test_labels_of_a_foreign_checkpoint_are_shown_as_they_are_and_escaped():
    scores = {"sentiment": {"<LABEL_0>": 0.6, "LABEL_1": 0.4}}
    assert "&lt;label_0&gt;" in answer_text(WORDS, "ru", scores)
    assert buttons(scores) == [["✅ верно"], ["💬 LABEL_1"]]


@pytest.mark.parametrize(
    ("chosen", "expected"),
    [
        (None, [["✅ верно"], ["😐 нейтрально", "😊 позитивно"]]),
        ("negative", [["✅ верно · записано"], ["😐 нейтрально", "😊 позитивно"]]),
        ("positive", [["верно"], ["😐 нейтрально", "✅ позитивно"]]),
    ],
)
def test_buttons_mark_what_was_chosen(chosen, expected):
    assert buttons({"sentiment": SENTIMENT}, chosen) == expected


def test_labels_go_from_negative_to_positive():
    assert label_order(SENTIMENT | {"angry": 0.0}) == ["negative", "neutral", "positive", "angry"]


@given(st.integers(0, 2**63 - 1), st.integers(0, 10**6))
def test_a_press_fits_and_survives_the_way_there_and_back(action, choice):
    packed = LabelPress(action=action, choice=choice).pack()
    assert len(packed.encode()) <= 64
    assert LabelPress.unpack(packed) == LabelPress(action=action, choice=choice)


@given(st.text(max_size=64))
def test_any_other_callback_data_is_refused_in_an_orderly_way(data):
    with pytest.raises((TypeError, ValueError)):
        LabelPress.unpack("x" + data)


@given(st.dictionaries(st.text(min_size=1), st.floats(0, 1), min_size=1, max_size=6))
def test_any_probabilities_can_be_shown(sentiment):
    scores = {"sentiment": sentiment}
    assert answer_text(WORDS, "en", scores)
    markup = answer_buttons(WORDS, "en", 2**63 - 1, scores)
    assert sum(map(len, markup.inline_keyboard)) == len(sentiment)


def test_buttons_carry_a_version():
    assert issubclass(LabelPress, CallbackData)
    assert LabelPress(action=1, choice=2).pack() == "label1:1:2"
