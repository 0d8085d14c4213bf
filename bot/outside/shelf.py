"""How a list of product pages looks: what is known of each, and its buttons. Pure words."""

import html
from collections.abc import Sequence
from dataclasses import dataclass

from aiogram.filters.callback_data import CallbackData
from aiogram.types import InlineKeyboardMarkup
from pydantic import Field

from bot.answers import LARGEST_NUMBER
from bot.mood.quoting import shorten
from bot.storage.products import Product
from bot.talk import Talk, keyboard, that_fit

READ, REMOVE = "read", "remove"
LONGEST_NAME = 60
LONGEST_BUTTON = 24
# Telegram takes a hundred buttons.
MOST_ROWS = 40


class ProductPress(CallbackData, prefix="product1"):
    """Read a page anew, or take it off."""

    act: str = Field(max_length=8)
    product: int = Field(ge=0, le=LARGEST_NUMBER)


class ProductForPress(CallbackData, prefix="product2"):
    """The community that the page above is for, by its number among targets."""

    community: int = Field(ge=0, le=LARGEST_NUMBER)


@dataclass(frozen=True, slots=True)
class Shelf:
    """A community and its pages, each with how many reviews are known."""

    title: str
    pages: Sequence[tuple[Product, int]]


def list_text(talk: Talk, shelves: Sequence[Shelf]) -> str:
    """Say what is linked and how it goes."""
    if not shelves:
        return talk.say("products-nothing")
    blocks = ("\n".join(_lines(talk, shelf)) for shelf in shelves)
    shown = that_fit(blocks)
    return "\n\n".join([talk.say("products-list"), *shown, talk.say("products-footnote")])


def list_buttons(talk: Talk, shelves: Sequence[Shelf]) -> InlineKeyboardMarkup:
    """Offer to read each page anew, and to take it off."""
    pages = [product for shelf in shelves for product, _ in shelf.pages]
    return keyboard(
        [
            talk.button(
                f"products-button-{act}",
                ProductPress(act=act, product=product.id).pack(),
                name=product.name[:LONGEST_BUTTON],
            )
            for act in (READ, REMOVE)
        ]
        for product in pages[:MOST_ROWS]
    )


def page_name(product: Product) -> str:
    """What a page is called, as HTML that leads there."""
    url = html.escape(product.url, quote=True)
    return f'<a href="{url}">{shorten(product.name, LONGEST_NAME)}</a>'


def _lines(talk: Talk, shelf: Shelf) -> list[str]:
    title = f"<b>{html.escape(shelf.title)}</b>"
    return [title, *(_line(talk, product, known) for product, known in shelf.pages)]


def _line(talk: Talk, product: Product, known: int) -> str:
    outcome = product.outcome or "new"
    return talk.say("products-line", name=page_name(product), reviews=known, outcome=outcome)
