"""The tour of `make run`: a few messages through the real path, and what came of them."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

from bot.storage.database import Storage
from bot.storage.verdicts import ScoredMessage
from core.contracts import text_key
from core.errors import SetupError
from core.settings import Settings
from playground.client import Playground

PATIENCE_SECONDS = 20
LOOK_SECONDS = 0.05
TEXT_WIDTH = 56

PRIVATE = ("Кошмар, заказ не пришёл, деньги не вернули", "Спасибо, привезли раньше срока!")
GROUP = "Третий день без воды, диспетчер хамит, сколько можно терпеть?!"
POST = "С понедельника лавка работает до девяти вечера"
STAFF = "Всем доброе утро, смену принял"
COMMENTS = (
    "Ура, наконец-то успею после работы, вы лучшие",
    "А хлеб опять по 90 рублей, обдираловка",
)


@dataclass(frozen=True, slots=True)
class Stop:
    """One message of the tour."""

    where: str
    key: str
    text: str


async def take_tour(settings: Settings) -> bool:
    """Write the tour's messages, each after the verdict on the one before; print a row for each.

    Returns whether every verdict came.
    """
    print(f"\n{'where': <13} {'text': <{TEXT_WIDTH}} {'label': <9} {'prob.': >6} {'ms': >6}")
    missing = 0
    async with Playground(settings.playground_url) as playground:
        async for stop in write_messages(playground):
            row = await wait_for_verdict(settings, stop)
            missing += row is None
            print(f"{stop.where: <13} {cut(stop.text): <{TEXT_WIDTH}} {judgement(row)}", flush=True)
    if missing:
        print(f"nastroi: {missing} verdicts did not come within {PATIENCE_SECONDS} s each")
    return not missing


async def write_messages(playground: Playground) -> AsyncIterator[Stop]:
    """Write in private, in a group, and in a channel with comments; go on when asked for more."""
    for text in PRIVATE:
        yield stop_at("private", await playground.write("private:anna", "anna", text))
    yield stop_at("group", await playground.write("group", "oleg", GROUP))
    # So the bot knows this chat, and offers it where /link asks for the moderators' one.
    yield stop_at("moderators", await playground.write("moderators", "moderator", STAFF))
    post = await playground.post_channel(POST)
    yield stop_at("channel post", post)
    for sender, text in zip(("dasha", "petrovich"), COMMENTS, strict=True):
        comment = await playground.comment(post["message_id"], sender, text)
        yield stop_at("comment", comment)


def stop_at(where: str, message: dict[str, Any]) -> Stop:
    """Note a message that was written."""
    return Stop(where, text_key(message["chat"]["id"], message["message_id"]), message["text"])


async def wait_for_verdict(settings: Settings, stop: Stop) -> ScoredMessage | None:
    """Return a message's verdict once it is stored; None when patience is over."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        await asyncio.sleep(LOOK_SECONDS)
        with contextlib.suppress(SetupError):  # the bot has yet to create the database
            row = read_scored(settings, stop.key)
            if row:
                return row
    return None


def read_scored(settings: Settings, key: str) -> ScoredMessage | None:
    """Look whether the bot has stored a verdict."""
    storage = Storage.open(settings.database_path, read_only=True)
    try:
        return storage.scored_message(key)
    finally:
        storage.close()


def judgement(row: ScoredMessage | None) -> str:
    """Draw a verdict's columns."""
    if row is None:
        return "missing"
    if row.label is None or row.probability is None:
        return "nothing to score"
    milliseconds = (row.saved_at - row.received_at) * 1000
    return f"{row.label: <9} {row.probability: >6.2f} {milliseconds: >6.1f}"


def cut(text: str) -> str:
    """Keep a text within its column."""
    return text if len(text) <= TEXT_WIDTH else f"{text[: TEXT_WIDTH - 1]}…"
