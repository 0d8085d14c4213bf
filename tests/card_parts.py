"""What tests of cards share: a linked community, waiting for cards, pressing their buttons."""

import asyncio
from collections.abc import Callable
from typing import Any

from bot.storage import communities
from bot.storage.communities import By
from bot.storage.database import Storage
from playground.client import Playground

INSULT = "Ты урод, и все это знают"
BOT = 42

Json = dict[str, Any]


async def link(storage: Storage, ids: dict[str, int], mode: str) -> None:
    """Link the seed's group to the moderators' chat and set its mode."""
    by = By(ids["admin"], 1.0)
    await storage.write(
        lambda c: communities.link(c, ids["group"], ids["moderators"], by.person, by.at)
    )
    await storage.write(communities.save_setting, ids["group"], ("mode", mode), by)


async def card_with(playground: Playground, *parts: str, after: int = 0) -> Json:
    """Wait for the bot's message in the moderators' chat that holds all parts of text."""
    return await playground.wait_for(
        "moderators",
        lambda m: m["author_id"] == BOT and all(part in str(m) for part in parts),
        after=after,
    )


async def cards(playground: Playground) -> list[Json]:
    return [m for m in await playground.messages("moderators") if m["author_id"] == BOT]


async def press(
    playground: Playground, card: Json, act: str, by: str = "moderator", wait: float = 5
) -> Json | None:
    """Press the button of a card that does `act`; return the bot's answer."""
    buttons = [b for row in card["reply_markup"]["inline_keyboard"] for b in row]
    data = next(b["callback_data"] for b in buttons if b["callback_data"].endswith(f":{act}"))
    return await playground.press("moderators", card["message_id"], data, by, wait)


async def gone(playground: Playground, text: str) -> None:
    """Wait until the group shows a text no more."""
    async with asyncio.timeout(8):
        while text in [m.get("text") for m in await playground.messages("group")]:
            await asyncio.sleep(0.02)


async def told(playground: Playground, *parts: str, person: str = "petrovich") -> Json:
    """Wait for what the bot says in private."""
    return await playground.wait_for(
        f"private:{person}",
        lambda m: m["author_id"] == BOT and all(part in str(m) for part in parts),
    )


async def appeal(playground: Playground, person: str = "petrovich", name: str = "Сергей") -> Json:
    """Appeal against the last decision; returns the card that moderators get."""
    private = f"private:{person}"
    await playground.write(private, person, "/appeal")
    offer = await told(playground, "С каким решением", INSULT, person=person)
    data = offer["reply_markup"]["inline_keyboard"][0][0]["callback_data"]
    await playground.press(private, offer["message_id"], data, person)
    await told(playground, "Решение пересмотрит другой модератор", person=person)
    return await card_with(playground, "Апелляция", name)


def stop_before_write(
    storage: Storage, number: int, of: Callable[..., Any] | None = None
) -> asyncio.Event:
    """Let the storage hang for ever before its n-th write, as if the process had died there.

    Only those `of` one function count, if it is given. What is returned is set once it hangs.
    """
    write, left, stopped = storage.write, [number], asyncio.Event()

    async def stops(*args: Any, **kwargs: Any) -> Any:
        left[0] -= of is None or args[0] is of
        if left[0] < 0:
            stopped.set()
            await asyncio.Event().wait()
        return await write(*args, **kwargs)

    storage.write = stops  # type: ignore[method-assign]
    return stopped
