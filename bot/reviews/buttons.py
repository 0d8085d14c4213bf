"""The buttons below a report: label a quote, take the reviews as a file, read them anew."""

from collections.abc import Mapping, Sequence

from aiogram.filters.callback_data import CallbackData
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup
from pydantic import Field

from bot.answers import EMOJI, LARGEST_NUMBER, OTHER_EMOJI, label_word
from bot.messages import ASKS_FOR_PASTE
from bot.reviews.stored import ScoredReview
from bot.talk import keyboard
from bot.vocabulary import label_order
from bot.words import Words

IN_A_ROW = 5


class QuotePress(CallbackData, prefix="quote1"):
    """A quote's number below a report: it opens that quote's labels, or closes them again."""

    reading: int = Field(ge=0, le=LARGEST_NUMBER)
    review: int = Field(ge=-1, le=LARGEST_NUMBER)
    """-1 closes."""


class QuoteLabelPress(CallbackData, prefix="quote_label1"):
    """A label for a quote, by its position in `label_order`."""

    reading: int = Field(ge=0, le=LARGEST_NUMBER)
    review: int = Field(ge=0, le=LARGEST_NUMBER)
    choice: int = Field(ge=0, le=LARGEST_NUMBER)


class TablePress(CallbackData, prefix="reviews_csv1"):
    """Send a reading's reviews as a file."""

    reading: int = Field(ge=0, le=LARGEST_NUMBER)


class AnewPress(CallbackData, prefix="reviews_anew1"):
    """Read a page once more, whatever is known of it."""

    reading: int = Field(ge=0, le=LARGEST_NUMBER)


class PastePress(CallbackData, prefix=ASKS_FOR_PASTE):
    """Say how reviews are pasted. Its message is what pasted reviews reply to."""

    reading: int = Field(ge=0, le=LARGEST_NUMBER)


def report_buttons(
    words: Words,
    language: str,
    reading: int,
    quotes: Sequence[int],
    can_be_read_anew: bool,
) -> InlineKeyboardMarkup:
    """Offer the quotes by the numbers that they have in the report, and what else there is."""
    numbers = [
        InlineKeyboardButton(
            text=words.say(language, "reviews-button-quote", number=place),
            callback_data=QuotePress(reading=reading, review=review).pack(),
        )
        for place, review in enumerate(quotes, 1)
    ]
    rows = [numbers[first : first + IN_A_ROW] for first in range(0, len(numbers), IN_A_ROW)]
    last = [_button(words, language, "reviews-button-csv", TablePress(reading=reading))]
    if can_be_read_anew:
        last.append(_button(words, language, "reviews-button-anew", AnewPress(reading=reading)))
    return keyboard([*rows, last])


def label_buttons(
    words: Words, language: str, reading: int, quote: ScoredReview, chosen: str | None
) -> InlineKeyboardMarkup:
    """Offer the labels of one quote, marking what the presser chose, else what the model said."""
    order = label_order(quote.scores.get("sentiment", {}))
    marked = chosen or quote.label
    row = [
        InlineKeyboardButton(
            text=_label_text(words, language, label, label == marked),
            callback_data=QuoteLabelPress(
                reading=reading, review=quote.number, choice=order.index(label)
            ).pack(),
        )
        for label in order
    ]
    back = _button(words, language, "reviews-button-back", QuotePress(reading=reading, review=-1))
    return keyboard([row, [back]])


def failure_buttons(
    words: Words, language: str, reading: int, has_link: bool
) -> InlineKeyboardMarkup:
    """Offer what may help where there is no report."""
    anew = [_button(words, language, "reviews-button-anew", AnewPress(reading=reading))]
    paste = [_button(words, language, "reviews-button-paste", PastePress(reading=reading))]
    return keyboard([anew if has_link else [], paste])


def _label_text(words: Words, language: str, label: str, is_marked: bool) -> str:
    values: Mapping[str, str] = {"label": label_word(words, language, label)}
    if is_marked:
        return words.say(language, "button-label-chosen", **values)
    return words.say(language, "button-label", emoji=EMOJI.get(label, OTHER_EMOJI), **values)


def _button(words: Words, language: str, key: str, data: CallbackData) -> InlineKeyboardButton:
    return InlineKeyboardButton(text=words.say(language, key), callback_data=data.pack())
