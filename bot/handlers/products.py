"""/products: the pages where a community's members buy, read daily; chosen by its admins."""

import html
import sqlite3
import time
from collections.abc import Sequence
from dataclasses import dataclass

from aiogram import Router
from aiogram.enums import ChatType
from aiogram.filters import Command, CommandObject
from aiogram.types import CallbackQuery
from aiogram.types import Message as TelegramMessage

from bot.communities.rights import administered_from, may_administer
from bot.handlers.labels import answer_press
from bot.handlers.screens import NO_PREVIEW, show_text
from bot.messages import sender_of
from bot.mood.quoting import shorten
from bot.outside.shelf import (
    LONGEST_NAME,
    READ,
    ProductForPress,
    ProductPress,
    Shelf,
    list_buttons,
    list_text,
)
from bot.reviews.links import address_of, link_among
from bot.storage import chats, opinions, products, targets
from bot.storage.communities import By
from bot.storage.products import MOST_PRODUCTS, Linked, TooManyProductsError
from bot.talk import Talk, keyboard

VERBS = {"add": "add", "+": "add", "remove": "remove", "delete": "remove", "-": "remove"}


@dataclass(frozen=True, slots=True)
class Wish:
    """What is written behind /products."""

    verb: str
    """`add`, `remove`, `list`, or `unclear`."""
    link: str = ""

    @classmethod
    def read(cls, words: str) -> "Wish":
        """Read a verb, which may be left out, and a link."""
        first, *rest = words.split() or [""]
        verb = VERBS.get(first.lower())
        link = link_among(" ".join(rest if verb else [first]))
        if link:
            return cls(verb or "add", link)
        return cls("unclear" if first else "list")


def router() -> Router:
    """Handlers of product pages, in private and in moderators' chats."""
    here = Router(name="products")
    here.message.register(take_command, Command("products"))
    here.callback_query.register(press_product, ProductPress.filter())
    here.callback_query.register(press_community, ProductForPress.filter())
    return here


async def take_command(message: TelegramMessage, command: CommandObject, talk: Talk) -> None:
    """Link a page, take one off, or list them."""
    found = await administered_from(talk.bot, talk.storage, message.chat, sender_of(message))
    if found is None:
        return
    wish = Wish.read(command.args or "")
    if not found:
        is_private = message.chat.type == ChatType.PRIVATE
        await message.answer(
            talk.say("products-no-community" if is_private else "products-not-admin")
        )
    elif wish.verb == "add":
        await _add(message, talk, found, wish.link)
    elif wish.verb == "remove":
        by = By(sender_of(message) or 0, time.time())
        await message.answer(await _remove(talk, found, address_of(wish.link), by))
    elif wish.verb == "list":
        await _answer_with_list(message, talk, found)
    else:
        await message.answer(talk.say("products-how"), link_preview_options=NO_PREVIEW)


async def press_product(query: CallbackQuery, callback_data: ProductPress, talk: Talk) -> None:
    """Do what a button of the list says, if its presser administers the community now."""
    try:
        product = await talk.storage.read(products.find, callback_data.product)
    except LookupError:
        await answer_press(query, talk.say("press-stale"))
        return
    if not may_administer(await talk.role(product.chat_id, query.from_user.id)):
        await answer_press(query, talk.say("settings-only-admins"))
        return
    by = By(query.from_user.id, time.time())
    if callback_data.act == READ:
        await talk.storage.write(products.hurry, product.id, by.at)
        await answer_press(query, talk.say("products-hurried"))
        return
    await talk.storage.write(products.remove, product, by)
    await answer_press(query, talk.say("products-removed-short"))
    shelves = await talk.storage.read(list_shelves, [product.chat_id])
    await show_text(query, list_text(talk, shelves), list_buttons(talk, shelves))


async def press_community(query: CallbackQuery, callback_data: ProductForPress, talk: Talk) -> None:
    """Link the page that was asked about, for the chosen community."""
    message = query.message if isinstance(query.message, TelegramMessage) else None
    link = _link_above(message)
    try:
        chat_id = await talk.storage.read(targets.find, callback_data.community)
    except LookupError:
        link = ""
    if message is None or not link:
        await answer_press(query, talk.say("press-stale"))
        return
    if not may_administer(await talk.role(chat_id, query.from_user.id)):
        await answer_press(query, talk.say("settings-only-admins"))
        return
    linked = Linked(chat_id, link, address_of(link), message.chat.id)
    said = await link_page(talk, linked, query.from_user.id)
    await answer_press(query, "")
    await show_text(query, said, None)


async def link_page(talk: Talk, linked: Linked, person: int) -> str:
    """Link a page; return what to say."""
    try:
        is_new = await talk.storage.write(products.link, linked, By(person, time.time()))
    except TooManyProductsError:
        return talk.say("products-too-many", most=MOST_PRODUCTS)
    chat = html.escape(await talk.title(linked.chat_id))
    name = shorten(linked.address.lstrip("/"), LONGEST_NAME)
    return talk.say("products-added" if is_new else "products-known", name=name, chat=chat)


def list_shelves(connection: sqlite3.Connection, chat_ids: Sequence[int]) -> list[Shelf]:
    """List the pages of communities, those that have some."""
    found = [
        Shelf(
            chats.find_title(connection, chat_id),
            [
                (one, opinions.count(connection, one.id))
                for one in products.of_community(connection, chat_id)
            ],
        )
        for chat_id in chat_ids
    ]
    return [shelf for shelf in found if shelf.pages]


def remove_address(
    connection: sqlite3.Connection, chat_ids: Sequence[int], address: str, by: By
) -> bool:
    """Take a page off wherever it is linked; False where it is nowhere."""
    pages = [one for chat_id in chat_ids for one in products.of_community(connection, chat_id)]
    found = [one for one in pages if one.address == address]
    for one in found:
        products.remove(connection, one, by)
    return bool(found)


async def _answer_with_list(message: TelegramMessage, talk: Talk, found: Sequence[int]) -> None:
    shelves = await talk.storage.read(list_shelves, found)
    text, buttons = list_text(talk, shelves), list_buttons(talk, shelves)
    await message.answer(text, reply_markup=buttons, link_preview_options=NO_PREVIEW)


async def _add(message: TelegramMessage, talk: Talk, found: Sequence[int], link: str) -> None:
    if len(found) == 1:
        linked = Linked(found[0], link, address_of(link), message.chat.id)
        said = await link_page(talk, linked, sender_of(message) or 0)
        await message.answer(said, link_preview_options=NO_PREVIEW)
        return
    rows = []
    for chat_id in found:
        data = ProductForPress(community=await talk.number(chat_id)).pack()
        rows.append([talk.button("mood-choice", data, title=await talk.title(chat_id))])
    # The press finds the link through this reply.
    await message.reply(talk.say("products-where"), reply_markup=keyboard(rows))


async def _remove(talk: Talk, found: Sequence[int], address: str, by: By) -> str:
    is_gone = await talk.storage.write(remove_address, found, address, by)
    name = shorten(address.lstrip("/"), LONGEST_NAME)
    return talk.say("products-removed" if is_gone else "products-was-not", name=name)


def _link_above(message: TelegramMessage | None) -> str:
    """The link of the command that a message replies to, while Telegram still tells of it."""
    asked = message.reply_to_message if message else None
    # As aiogram parts a command from its words: at whatever blank there is.
    written = (asked.text or asked.caption or "") if asked else ""
    _, *words = written.split(maxsplit=1) or [""]
    return Wish.read(" ".join(words)).link
