"""How a verdict looks in a private chat: a few lines of HTML, and buttons to correct it."""

import html
from collections.abc import Mapping

from aiogram.filters.callback_data import CallbackData
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup
from pydantic import Field

from bot.vocabulary import SENTIMENT, TOXIC, TOXICITY, label_order, likeliest
from bot.words import Words
from core.contracts import Scores

# Only for the wording: what to do about a toxic message is policy, and none is decided here.
LOOKS_TOXIC = 0.5

EMOJI = {"negative": "😠", "neutral": "😐", "positive": "😊"}
OTHER_EMOJI = "💬"
BAR_CELLS = 10
# What SQLite can hold. Buttons come back from clients, which may send anything.
LARGEST_NUMBER = 2**63 - 1
FULL, EMPTY = "█", "░"


class LabelPress(CallbackData, prefix="label1"):
    """A button below an answer: which answer, and the position of a label in `label_order`.

    The prefix carries the version: a button of another shape is answered as stale. Two numbers
    keep within Telegram's 64 bytes whatever a checkpoint calls its labels.
    """

    action: int = Field(ge=0, le=LARGEST_NUMBER)
    choice: int = Field(ge=0, le=LARGEST_NUMBER)


def answer_text(words: Words, language: str, scores: Scores) -> str:
    """Say a verdict in HTML: the label, a bar for each label, and a line on toxicity."""
    sentiment = scores.get(SENTIMENT, {})
    parts = [_sentiment_part(words, language, sentiment)] if sentiment else []
    if TOXIC in scores.get(TOXICITY, {}):
        parts.append(_toxicity_line(words, language, scores[TOXICITY][TOXIC]))
    return "\n\n".join(parts) or words.say(language, "answer-nothing-to-score")


def answer_buttons(
    words: Words, language: str, action: int, scores: Scores, chosen: str | None = None
) -> InlineKeyboardMarkup | None:
    """Offer "right" and the other labels, the chosen one marked; None without a sentiment."""
    sentiment = scores.get(SENTIMENT, {})
    if not sentiment:
        return None
    order, shown = label_order(sentiment), likeliest(sentiment)
    keys = {label: _button_key(label == shown, chosen, label) for label in order}
    buttons = {
        label: InlineKeyboardButton(
            text=_button_text(words, language, keys[label], label),
            callback_data=LabelPress(action=action, choice=order.index(label)).pack(),
        )
        for label in order
    }
    rows = [[buttons.pop(shown)], list(buttons.values())]
    return InlineKeyboardMarkup(inline_keyboard=[row for row in rows if row])


def label_word(words: Words, language: str, label: str) -> str:
    """A label in the user's language, or as the checkpoint calls it."""
    key = f"label-{label}"
    return words.say(language, key) if words.knows(key) else label


def _sentiment_part(words: Words, language: str, sentiment: Mapping[str, float]) -> str:
    top = likeliest(sentiment)
    heading = words.say(
        language,
        "answer-heading",
        emoji=EMOJI.get(top, OTHER_EMOJI),
        label=html.escape(label_word(words, language, top).capitalize()),
        percent=_percent(sentiment[top]),
    )
    bars = "\n".join(bar(words, language, name, sentiment[name]) for name in label_order(sentiment))
    return f"{heading}\n{bars}"


def bar(words: Words, language: str, label: str, probability: float) -> str:
    """Draw a probability as ten cells, a percentage and the label, in monospace."""
    full = min(BAR_CELLS, max(0, int(probability * BAR_CELLS + 0.5)))
    line = words.say(
        language,
        "answer-bar",
        bar=FULL * full + EMPTY * (BAR_CELLS - full),
        # Figure spaces are as wide as digits, so that labels stand below each other.
        percent=str(_percent(probability)).rjust(3, "\u2007"),
        label=html.escape(label_word(words, language, label)),
    )
    return f"<code>{line}</code>"


def _toxicity_line(words: Words, language: str, probability: float) -> str:
    key = "answer-toxic" if probability >= LOOKS_TOXIC else "answer-not-toxic"
    return words.say(language, key, percent=_percent(probability))


def _button_key(is_right: bool, chosen: str | None, label: str) -> str:
    if label == chosen:
        return "button-right-chosen" if is_right else "button-label-chosen"
    if not is_right:
        return "button-label"
    return "button-right" if chosen is None else "button-right-not-chosen"


def _button_text(words: Words, language: str, key: str, label: str) -> str:
    if key.startswith("button-right"):
        return words.say(language, key)
    emoji = EMOJI.get(label, OTHER_EMOJI)
    return words.say(language, key, emoji=emoji, label=label_word(words, language, label))


def _percent(probability: float) -> int:
    return round(100 * probability)
