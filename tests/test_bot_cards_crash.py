"""A bot that dies between two steps of settling an incident: the next start ends what it began."""

import pytest
from bot_parts import rows, running, until
from card_parts import INSULT, card_with, cards, gone, link, press, stop_before_write

from bot.storage.incidents import note_shown

pytest_plugins = ["playground_fixtures", "bot_fixtures"]
pytestmark = pytest.mark.asyncio(loop_scope="module")

UNFINISHED = "SELECT 1 FROM measures WHERE state IN ('planned', 'taking')"


@pytest.mark.parametrize("number", range(7))
async def test_what_a_press_began_is_done_once_and_the_card_ends(
    bot_settings, worker, playground, telegram, ids, number
):
    await playground.reset()
    await playground.set(limits={"enabled": False})
    async with running(bot_settings, dies=True) as app:
        await link(app.storage, ids, "ask")
        await playground.write("group", "petrovich", INSULT)
        card = await card_with(playground, INSULT)
        await until(lambda: rows(app.storage, "SELECT 1 FROM incidents WHERE shown_version > 0"))
        stop_before_write(app.storage, number)
        await press(playground, card, "banned", wait=0.3)
    async with running(bot_settings) as app:
        await gone(playground, INSULT)
        await card_with(playground, "забанен. Решение: Тимур Гареев")
        await until(lambda: not rows(app.storage, UNFINISHED))
        assert len(await cards(playground)) == 1


async def test_a_bot_that_dies_while_it_shows_a_card_shows_it_again(
    bot_settings, worker, playground, ids
):
    await playground.reset()
    await playground.set(limits={"enabled": False})
    async with running(bot_settings, dies=True) as app:
        await link(app.storage, ids, "ask")
        stop_before_write(app.storage, 0, of=note_shown)
        await playground.write("group", "petrovich", INSULT)
        orphan = await card_with(playground, INSULT)
    async with running(bot_settings):
        card = await card_with(playground, INSULT, after=orphan["message_id"])
        await press(playground, orphan, "deleted")
        await card_with(playground, "Решение", after=card["message_id"] - 1)
        await gone(playground, INSULT)
        left = [m for m in await cards(playground) if "reply_markup" in m]
        assert [m["message_id"] for m in left] == [card["message_id"]]
