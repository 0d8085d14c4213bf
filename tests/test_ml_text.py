"""What a text goes through before the network sees it."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ml.batching import WIDTHS, rectangles
from ml.text import CHARACTERS_KEPT, clean, cut_middle, fingerprint, has_words


@pytest.mark.parametrize("text", ["", "   \n\t", "\0\x01\x7f", "\u200b\u200d\ufeff", "\ud800"])
def test_text_without_anything_visible_says_nothing(text: str) -> None:
    assert not has_words(text)


@pytest.mark.parametrize("text", ["ок", "😡", "!!!", "123", "漢字", "   a", ")))"])
def test_words_marks_and_emoji_say_something(text: str) -> None:
    assert has_words(text)


@given(st.text(alphabet=st.characters(), max_size=50))
def test_cleaned_text_can_always_be_encoded(text: str) -> None:
    assert "\0" not in clean(text).encode("utf-8").decode("utf-8")


def test_a_very_long_text_keeps_its_head_and_tail() -> None:
    cleaned = clean("начало " + "ы" * 1_000_000 + " конец")
    assert cleaned.startswith("начало")
    assert cleaned.endswith("конец")
    assert len(cleaned) == CHARACTERS_KEPT + 1


@given(st.lists(st.integers(0, 9), max_size=300), st.integers(2, 128))
def test_cutting_the_middle_keeps_both_ends(ids: list[int], limit: int) -> None:
    cut = cut_middle(ids, limit)
    assert len(cut) == min(len(ids), limit)
    assert cut[:1] == ids[:1]
    assert cut[-1:] == ids[-1:]


def test_fingerprint_ignores_case_punctuation_and_yo() -> None:
    assert fingerprint("Всё, ОТЛИЧНО!!!") == fingerprint("все отлично")
    assert fingerprint("😡!") != fingerprint("❤️!")


@given(st.lists(st.lists(st.integers(1, 9), min_size=1, max_size=128), max_size=200))
def test_rectangles_hold_every_text_once_and_unchanged(encoded: list[list[int]]) -> None:
    parts = list(rectangles(encoded, pad_id=0))
    found = {
        place: part.ids[row][part.mask[row] == 1].tolist()
        for part in parts
        for row, place in enumerate(part.index)
    }
    assert found == dict(enumerate(encoded))
    assert {part.ids.shape[1] for part in parts} <= set(WIDTHS)


def test_rectangles_stay_small() -> None:
    encoded = [[1] * length for length in np.random.default_rng(0).integers(1, 129, 2_000)]
    assert all(part.ids.size <= 1_024 for part in rectangles(encoded, pad_id=0))
