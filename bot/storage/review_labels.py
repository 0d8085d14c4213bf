"""Labels that people give to quoted reviews: the ledger keeps a copy of the text, as of imports."""

import sqlite3
from dataclasses import dataclass

from bot.fingerprints import fingerprint
from bot.reviews.stored import ScoredReview
from bot.storage import labels, texts
from bot.storage.labels import Label
from bot.storage.texts import Import
from bot.vocabulary import SENTIMENT

SOURCE = "review"


@dataclass(frozen=True, slots=True)
class QuoteLabel:
    """What somebody says is right about a quote."""

    press: str
    """Telegram's id of the press."""
    who: int
    chat_id: int
    """Where the report stands."""
    quote: ScoredReview
    chosen: str


def append(connection: sqlite3.Connection, given: QuoteLabel, at: float) -> None:
    """Write a label down; the same press again adds nothing."""
    batch = Import(f"quote:{given.press}", given.who, given.chat_id, at)
    key = texts.key_of_text(connection, batch, fingerprint(given.quote.text), given.quote.text)
    label = Label(
        press=f"quote:{given.press}",
        pressed_at=at,
        who=given.who,
        source=SOURCE,
        key=key,
        task=SENTIMENT,
        model=given.quote.model,
        shown=given.quote.label or "",
        chosen=given.chosen,
    )
    labels.append(connection, label)


def find_chosen(connection: sqlite3.Connection, chat_id: int, text: str, who: int) -> str | None:
    """Find what somebody said of a quote's text in a chat; None when nothing."""
    key = texts.find_key(connection, chat_id, fingerprint(text))
    return labels.find_latest(connection, key, SENTIMENT, who) if key else None
