"""Says in words why a training, or an order to the registry, ended as it did."""

import html
import math
from collections.abc import Mapping

from bot.answers import label_word
from bot.words import UnknownWordError, Words
from core.training import Reason

LONGEST_ERROR = 300

REASONS = {
    "better": "why-better",
    "not-better": "why-not-better",
    "recall-fell": "why-recall-fell",
    "forgot": "why-forgot",
    "worse-calibrated": "why-worse-calibrated",
    "too-slow": "why-too-slow",
    "too-few-held-out": "why-too-few-held-out",
    "too-few-labels": "why-too-few-labels",
    "nothing-new": "why-nothing-new",
    "crashed": "why-crashed",
    "kept-crashing": "why-kept-crashing",
    "out-of-time": "why-out-of-time",
    "lost": "why-lost",
    "champion-changed": "why-champion-changed",
    "version-unknown": "why-version-unknown",
    "version-serves": "why-version-serves",
    "version-is-base": "why-version-is-base",
    "version-serves-already": "why-version-serves-already",
    "another-is-tried": "why-another-is-tried",
    "nothing-before": "why-nothing-before",
    "registry-failed": "why-registry-failed",
}


def reason_text(words: Words, language: str, reason: Reason) -> str:
    """Say a reason in HTML; one that a newer worker gives is shown as its code."""
    key = REASONS.get(reason.code)
    if key is None:
        return html.escape(reason.code)
    names = {name: _name(words, language, name, value) for name, value in reason.names.items()}
    numbers = {name: _number(name, value) for name, value in _with_times(reason.numbers).items()}
    try:
        return words.say(language, key, **numbers, **names)
    except UnknownWordError:  # it lacks a number or a name
        return html.escape(reason.code)


def _with_times(numbers: Mapping[str, float]) -> dict[str, float]:
    """Add how many times the first number the second is, where there are two."""
    before, after = numbers.get("before"), numbers.get("after")
    times = {"times": after / before} if before and after is not None else {}
    return {**numbers, **times}


def _number(name: str, value: float) -> float:
    if name == "p":
        # Three places are shown: rounded up, so that none reads as nothing at all.
        return math.ceil(value * 1000) / 1000
    # Plurals are chosen by whole numbers only.
    return int(value) if value.is_integer() else value


def _name(words: Words, language: str, name: str, value: str) -> str:
    said = label_word(words, language, value) if name == "label" else value
    return html.escape(said[:LONGEST_ERROR])
