"""Which reviews are quoted: sure, typical, of readable length, each saying something new. Pure."""

import math
import re
from collections.abc import Mapping, Sequence

from bot.fingerprints import fingerprint
from bot.reviews.stored import ScoredReview
from bot.stems import Term, runs
from bot.wording import Wording

MOST_QUOTES = 3
# Of what is neither good nor bad.
MOST_MILD_QUOTES = 2
MILD = "neutral"
# Signs: shorter ones say little, longer ones are cut.
SHORT, LONGEST = 30, 200
# Of a class so many of the surest are looked at.
LOOKED_AT = 300
# Reviews that share so much of their words are copies with a word changed.
SAME = 0.5
SPACES = re.compile(r"\s+")


def choose_quotes(
    by_label: Mapping[str, Sequence[ScoredReview]], wordings: Mapping[str, Sequence[Wording]]
) -> dict[str, list[ScoredReview]]:
    """Choose each label's most telling reviews, the best first; none is quoted for two."""
    return {
        label: _choose(found, wordings.get(label, ()))[: _most(label)]
        for label, found in by_label.items()
        if found
    }


def cut(text: str, longest: int = LONGEST) -> str:
    """Put a text on one line and end it with an ellipsis, between words, where it is too long."""
    line = SPACES.sub(" ", text).strip()
    if len(line) <= longest:
        return line
    head = line[: longest - 1]
    words = head.rpartition(" ")[0] or head
    return words.rstrip(" ,.;:!?–—-") + "…"


def _most(label: str) -> int:
    return MOST_MILD_QUOTES if label == MILD else MOST_QUOTES


def _choose(found: Sequence[ScoredReview], wordings: Sequence[Wording]) -> list[ScoredReview]:
    weights = {one.words: one.z for one in wordings}
    surest = sorted(found, key=lambda one: (-one.confidence, one.number))[:LOOKED_AT]
    ranked = sorted(surest, key=lambda one: (-_worth(one, weights), one.number))
    chosen: list[ScoredReview] = []
    seen: list[tuple[str, set[str]]] = []
    for one in ranked:
        digest, words = fingerprint(one.text), _stems(one.text)
        if any(digest == other or _overlap(words, known) >= SAME for other, known in seen):
            continue
        chosen.append(one)
        seen.append((digest, words))
        if len(chosen) == MOST_QUOTES:
            break
    return chosen


def _worth(one: ScoredReview, weights: Mapping[str, float]) -> float:
    """How telling a review is: how sure, what of the class's words it has, how well it reads."""
    folded = " ".join(term.surface for term in _terms(one.text))
    typical = sum(z for words, z in weights.items() if words in folded)
    length = len(one.text)
    fit = min(1.0, length / SHORT) * min(1.0, LONGEST / max(length, 1))
    return one.confidence * fit * (1 + math.log1p(typical))


def _terms(text: str) -> list[Term]:
    return [term for run in runs(text) for term in run]


def _stems(text: str) -> set[str]:
    return {term.stem for run in runs(text) for term in run if not term.is_stop}


def _overlap(one: set[str], other: set[str]) -> float:
    smaller = min(len(one), len(other))
    return len(one & other) / smaller if smaller else 0.0
