"""Sentiment by words and rules: what each rule does to a sentence."""

from collections import defaultdict

import numpy as np
import pytest

from ml.manifest import SENTIMENT
from ml.study.lexicon import WORDS_FILE, LexiconClassifier, lemma


@pytest.fixture(scope="module")
def lexicon() -> LexiconClassifier:
    """The list that is shipped."""
    return LexiconClassifier()


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("Отличное платье, очень довольна, спасибо!", "positive"),
        ("Ужасное качество, порвалось, верните деньги", "negative"),
        ("Размер S, пришло в среду", "neutral"),
        ("Ткань хорошая, но шов кривой, пятно на спине", "neutral"),
        ("Не рекомендую", "negative"),
        ("без нареканий", "positive"),
        ("😡😡", "negative"),
        ("❤️", "positive"),
        ("", "neutral"),
        ("\ud800 🤷 ...", "neutral"),
    ],
)
def test_mood_is_read_off_words_phrases_and_signs(
    lexicon: LexiconClassifier, text: str, label: str
) -> None:
    assert SENTIMENT[int(lexicon.probabilities([text])[0].argmax())] == label


def test_negation_turns_a_word_around_and_weakens_it(lexicon: LexiconClassifier) -> None:
    (plain,), (negated,) = lexicon.feelings("красивое"), lexicon.feelings("совсем не было красивым")
    assert negated < 0 < plain
    assert abs(negated) < plain * 1.3


def test_negation_ends_with_its_clause(lexicon: LexiconClassifier) -> None:
    assert lexicon.feelings("Не ношу, красивое") == lexicon.feelings("красивое")


def test_intensifiers_strengthen_and_weaken(lexicon: LexiconClassifier) -> None:
    (slight,), (plain,), (strong,) = map(
        lexicon.feelings, ("немного красивое", "красивое", "очень красивое")
    )
    assert slight < plain < strong


def test_what_stands_before_but_counts_less(lexicon: LexiconClassifier) -> None:
    (alone,) = lexicon.feelings("красивое")
    before, after = lexicon.feelings("красивое но грубое")
    assert before < alone
    assert [after] == lexicon.feelings("грубое")


def test_shouting_and_stretching_still_say_the_same_word(lexicon: LexiconClassifier) -> None:
    (plain,), (shouted,) = lexicon.feelings("ужасно"), lexicon.feelings("УЖАААААСНО!!!")
    assert shouted < plain < 0


def test_probabilities_are_rows_that_sum_to_one(lexicon: LexiconClassifier) -> None:
    found = lexicon.probabilities(["хорошо", "плохо", ""])
    assert found.shape == (3, 3)
    assert np.allclose(found.sum(axis=1), 1)
    assert lexicon.probabilities([]).shape == (0, 3)


def test_no_word_is_praise_and_blame_at_once() -> None:
    signs = defaultdict(set)
    for line in WORDS_FILE.read_text(encoding="utf-8").splitlines():
        weight, colon, words = line.partition(": ")
        for word in words.split() if colon and not line.startswith("#") else ():
            signs["_".join(map(lemma, word.split("_")))].add(float(weight) > 0)
    assert [word for word, found in signs.items() if len(found) > 1] == []
