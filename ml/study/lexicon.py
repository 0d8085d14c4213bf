"""Sentiment by a list of words and a few rules of grammar: what there was before networks learned.

It learns nothing, so it costs no training; `ml.compare` shows what that is worth. The rules follow
Hutto and Gilbert, VADER, 2014: negation, intensifiers, what stands behind "but", exclamation marks.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ml.manifest import SENTIMENT
from ml.probabilities import probabilities
from ml.text import clean

WORDS_FILE = Path(__file__).with_name("sentiment_lexicon.txt")

_NEGATIONS = frozenset({"не", "ни", "нет", "без", "никакой", "никак", "нисколько", "вовсе"})
_STRENGTHS = {
    1.5: ["безумно", "невероятно", "чрезвычайно", "дико", "жутко", "адски"],
    1.3: ["очень", "оч", "так", "такой", "слишком", "крайне", "самый", "совсем", "абсолютно"],
    1.2: ["полный", "полностью", "просто", "реально", "действительно"],
    0.8: ["довольно", "достаточно", "вполне", "более-менее", "относительно"],
    0.6: ["немного", "немножко", "чуть", "чуточку", "слегка", "местами", "почти"],
}
_INTENSIFIERS = {word: strength for strength, words in _STRENGTHS.items() for word in words}
_TURNS = frozenset({"но", "однако", "зато", "только", "хотя"})
_BREAKS = frozenset(".!?;\n")
_REACH = 3  # words over which a negation or an intensifier still works
_NEGATED = -0.7  # "not bad" is less than good
_BEFORE_TURN = 0.6
_LONGEST_PHRASE = 4  # words
_CAPITALS, _EXCLAMATION = 1.2, 1.1
_NEUTRAL_BIAS, _MIXED = 1.2, 1.0  # logits: of silence, and of praise and blame in one text

_TOKENS = re.compile(
    r":'\(|[:;=]-?[)(d]|\^_?\^|<3|[()]{1,3}|[^\W_]+(?:-[^\W_]+)*|[.!?;\n,]|[^\s\w]", re.IGNORECASE
)
_STRETCHED = re.compile(r"([^\W\d_])\1{2,}")


@dataclass(slots=True)
class _Found:
    """A word or phrase with a feeling, and where its sentence's turn puts it."""

    weight: float
    clause: int


class LexiconClassifier:
    """Scores Russian texts with no other knowledge than its list and its rules."""

    labels = SENTIMENT

    def __init__(self, words: Mapping[str, float] | None = None) -> None:
        self.words = dict(words) if words is not None else read_words(WORDS_FILE)

    def probabilities(self, texts: Sequence[str]) -> NDArray[np.float64]:
        """Return (texts, classes), the classes in the order of SENTIMENT."""
        return probabilities(np.array([self._logits(text) for text in texts]).reshape(-1, 3))

    def feelings(self, text: str) -> list[float]:
        """Return the weight of each word or phrase that carries one, after all rules, in order."""
        return [found.weight for found in self._found(clean(text))]

    def _logits(self, text: str) -> list[float]:
        """Mixed feelings speak for neutral, as much as none at all."""
        weights = self.feelings(text)
        good, bad = sum(w for w in weights if w > 0), -sum(w for w in weights if w < 0)
        lean = (good - bad) / (1 + len(weights)) ** 0.5
        return [_NEUTRAL_BIAS + _MIXED * min(good, bad) / (1 + good + bad), lean, -lean]

    def _found(self, text: str) -> list[_Found]:
        tokens = _TOKENS.findall(_STRETCHED.sub(r"\1", text))
        lemmas = [lemma(token) for token in tokens]
        reading = _Reading(tokens, lemmas)
        place = 0
        while place < len(tokens):
            length = self._phrase_at(lemmas, place)
            if length:
                reading.add(place, length, self.words["_".join(lemmas[place : place + length])])
            else:
                reading.step(place)
            place += max(length, 1)
        return reading.found

    def _phrase_at(self, lemmas: Sequence[str], place: int) -> int:
        """Return how many words the longest listed phrase here has, 0 without one."""
        for length in range(min(_LONGEST_PHRASE, len(lemmas) - place), 0, -1):
            if "_".join(lemmas[place : place + length]) in self.words:
                return length
        return 0


class _Reading:
    """What a reader keeps in mind while going through a text."""

    def __init__(self, tokens: Sequence[str], lemmas: Sequence[str]) -> None:
        self.found: list[_Found] = []
        self._tokens, self._lemmas = tokens, lemmas
        self._negated_at = self._intensified_at = -_REACH - 1
        self._factor, self._clause = 1.0, 0

    def step(self, place: int) -> None:
        """Go over a word or sign that has no feeling of its own."""
        word = self._lemmas[place]
        if word in _NEGATIONS:
            self._negated_at = place
        elif word in _INTENSIFIERS:
            self._intensified_at, self._factor = place, _INTENSIFIERS[word]
        elif word in _TURNS:
            self._turn()
        elif word in _BREAKS:
            self._end_sentence(word)
        elif word == ",":
            self._forget()

    def add(self, place: int, words: int, weight: float) -> None:
        """Take in a word or phrase of `words` words that carries a feeling."""
        if place - self._intensified_at <= _REACH:
            weight *= self._factor
        if place - self._negated_at <= _REACH:
            weight *= _NEGATED
        shouted = self._tokens[place].isupper() and len(self._tokens[place]) > 2
        self.found.append(_Found(weight * (_CAPITALS if shouted else 1.0), self._clause))
        self._forget()

    def _turn(self) -> None:
        for found in self.found:
            if found.clause == self._clause:
                found.weight *= _BEFORE_TURN
        self._forget()

    def _end_sentence(self, sign: str) -> None:
        if sign == "!" and self.found:
            self.found[-1].weight *= _EXCLAMATION
        self._clause += 1
        self._forget()

    def _forget(self) -> None:
        self._negated_at = self._intensified_at = -_REACH - 1


def read_words(path: Path) -> dict[str, float]:
    """Read lines of `weight: words`; the words may stand in any form, phrases joined by "_"."""
    words: dict[str, float] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        weight, colon, listed = line.partition(": ")
        if not colon or line.startswith("#"):
            continue
        for entry in listed.split():
            words.setdefault("_".join(map(lemma, _parts(entry))), float(weight))
    return words


def _parts(entry: str) -> list[str]:
    return entry.split("_") if entry.strip("_^") and entry[0].isalnum() else [entry]


@lru_cache(maxsize=100_000)
def lemma(token: str) -> str:
    """Return a word's dictionary form in lower case, ё written as е; signs stay as they are."""
    word = token.casefold()
    if not word[0].isalpha():
        return word
    parsed = _dictionary().parse(word)[0]
    return str(parsed.normal_form).replace("ё", "е")


@cache
def _dictionary() -> Any:
    import pymorphy3  # takes a second to load

    analyzer: Any = pymorphy3.MorphAnalyzer  # type: ignore[attr-defined]
    return analyzer()
