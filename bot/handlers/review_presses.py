"""The buttons below a report of reviews: labels of quotes, the file, reading anew."""

import asyncio
import sqlite3
import time

from aiogram import Router
from aiogram.types import BufferedInputFile, CallbackQuery, InlineKeyboardMarkup

from bot.answers import label_word
from bot.handlers.labels import answer_press
from bot.handlers.reviews import waiting_words
from bot.handlers.screens import show_buttons
from bot.reviews.buttons import (
    AnewPress,
    PastePress,
    QuoteLabelPress,
    QuotePress,
    TablePress,
    label_buttons,
    report_buttons,
)
from bot.reviews.desk import ReviewDesk
from bot.reviews.links import address_of
from bot.reviews.readings import Asked, Reading
from bot.reviews.stored import ScoredReview
from bot.reviews.table import review_table
from bot.storage import readings, review_labels, reviews
from bot.storage.database import Storage
from bot.storage.review_labels import QuoteLabel
from bot.talk import Talk
from bot.vocabulary import SENTIMENT, label_order

FILE_NAME = "reviews.csv"


def router() -> Router:
    """Handlers of presses; whoever sees a report may press."""
    here = Router(name="review presses")
    here.callback_query.register(open_quote, QuotePress.filter())
    here.callback_query.register(label_quote, QuoteLabelPress.filter())
    here.callback_query.register(send_table, TablePress.filter())
    here.callback_query.register(read_anew, AnewPress.filter())
    here.callback_query.register(explain_paste, PastePress.filter())
    return here


async def open_quote(query: CallbackQuery, callback_data: QuotePress, talk: Talk) -> None:
    """Show a quote's labels in place of the numbers, or the numbers again."""
    try:
        reading = await _reading(talk.storage, query, callback_data.reading)
        buttons = await _buttons(talk, query, reading, callback_data.review)
    except LookupError:
        await _say_gone(query, talk)
        return
    is_closing = callback_data.review < 0
    await answer_press(query, "" if is_closing else talk.say("reviews-quote-how"))
    await show_buttons(query, buttons)


async def label_quote(query: CallbackQuery, callback_data: QuoteLabelPress, talk: Talk) -> None:
    """Write the label of a quote into the ledger."""
    try:
        reading = await _reading(talk.storage, query, callback_data.reading)
        chosen = await talk.storage.write(_label, query, reading, callback_data)
        buttons = await _buttons(talk, query, reading, -1)
    except (LookupError, IndexError):
        await _say_gone(query, talk)
        return
    word = label_word(talk.words, talk.language, chosen)
    await answer_press(query, talk.say("press-recorded", label=word))
    await show_buttons(query, buttons)


async def send_table(query: CallbackQuery, callback_data: TablePress, talk: Talk) -> None:
    """Send the reviews as a file."""
    try:
        reading = await _reading(talk.storage, query, callback_data.reading)
    except LookupError:
        await _say_gone(query, talk)
        return
    found = await talk.storage.read_at_length(reviews.list_of, reading.source)
    if not found:
        await _say_gone(query, talk)
        return
    data = await asyncio.to_thread(review_table, found)
    await answer_press(query, "")
    caption = talk.say("reviews-file-caption", reviews=len(found))
    document = BufferedInputFile(data, FILE_NAME)
    await talk.bot.send_document(reading.chat_id, document, caption=caption)


async def read_anew(
    query: CallbackQuery, callback_data: AnewPress, talk: Talk, review_desk: ReviewDesk
) -> None:
    """Have the same page read once more."""
    try:
        reading = await _reading(talk.storage, query, callback_data.reading)
    except LookupError:
        await _say_gone(query, talk)
        return
    if not reading.url:
        await _say_gone(query, talk)
        return
    asked = Asked(
        press=f"press:{query.id}",
        kind="link",
        url=reading.url,
        address=address_of(reading.url),
        asked_by=query.from_user.id,
        chat_id=reading.chat_id,
        reply_to=reading.reply_to,
        language=talk.language,
        at=time.time(),
    )
    refused = await review_desk.ask(asked, is_anew=True)
    said = waiting_words(talk, refused) if refused else talk.say("reviews-anew-short")
    await answer_press(query, said)


async def explain_paste(query: CallbackQuery, talk: Talk) -> None:
    """Say how reviews are pasted."""
    await answer_press(query, talk.say("reviews-paste"), is_alert=True)


async def _reading(storage: Storage, query: CallbackQuery, reading: int) -> Reading:
    """Find the reading that a press speaks of, if it was shown in that chat. Raises LookupError."""
    found = await storage.read(readings.find, reading)
    if query.message is None or query.message.chat.id != found.chat_id:
        raise LookupError(f"reading {reading} is not of this chat")
    return found


async def _buttons(
    talk: Talk, query: CallbackQuery, reading: Reading, review: int
) -> InlineKeyboardMarkup:
    """The labels of one quote, or all numbers where none is named. Raises LookupError."""
    if review < 0:
        quotes = await talk.storage.read(readings.find_quotes, reading.id)
        has_link = reading.kind == "link"
        return report_buttons(talk.words, reading.language, reading.id, quotes, has_link)
    quote: ScoredReview = await talk.storage.read(reviews.find, reading.source, review)
    who = query.from_user.id
    chosen = await talk.storage.read(review_labels.find_chosen, reading.chat_id, quote.text, who)
    return label_buttons(talk.words, reading.language, reading.id, quote, chosen)


def _label(
    connection: sqlite3.Connection, query: CallbackQuery, reading: Reading, press: QuoteLabelPress
) -> str:
    quote = reviews.find(connection, reading.source, press.review)
    chosen = label_order(quote.scores.get(SENTIMENT, {}))[press.choice]
    label = QuoteLabel(query.id, query.from_user.id, reading.chat_id, quote, chosen)
    review_labels.append(connection, label, time.time())
    return chosen


async def _say_gone(query: CallbackQuery, talk: Talk) -> None:
    await answer_press(query, talk.say("reviews-gone"))
