"""Quiet hours: cards ring no bell, those that ask for care wait, announcements are silent."""

import asyncio
from datetime import UTC, datetime

import pytest
import pytest_asyncio
from bot_parts import rows, until
from card_parts import INSULT, card_with, cards, link, press

from bot.storage import communities
from bot.storage.communities import By

pytest_plugins = ["playground_fixtures", "bot_fixtures"]
pytestmark = pytest.mark.asyncio(loop_scope="module")

COMPLAINT = "Кошмар, заказ не пришёл"


@pytest_asyncio.fixture(loop_scope="module")
async def linked(app, playground, ids):
    await playground.reset()
    await playground.set(limits={"enabled": False})
    await link(app.storage, ids, "ask")
    hour = datetime.now(UTC).hour
    quiet = (("time_zone", "UTC"), ("quiet_from", (hour - 1) % 24), ("quiet_to", (hour + 2) % 24))
    await set_up(app, ids, *quiet)
    return app


async def set_up(app, ids, *settings):
    for setting in settings:
        await app.storage.write(
            communities.save_setting, ids["group"], setting, By(ids["admin"], 2.0)
        )


@pytest.fixture
def sent(app):
    """What the bot sends, as it asks Telegram to."""
    methods = []

    async def note(make_request, bot, method):
        methods.append(method)
        return await make_request(bot, method)

    app.bot.session.middleware(note)
    return methods


def silence(sent, name):
    return [m.disable_notification for m in sent if m.__api_method__ == name]


async def test_a_card_against_an_insult_comes_silently(linked, playground, sent):
    await playground.write("group", "petrovich", INSULT)
    await card_with(playground, INSULT)
    assert silence(sent, "sendMessage") == [True]


async def test_by_day_it_rings(linked, playground, sent, ids):
    await set_up(linked, ids, ("quiet_from", None), ("quiet_to", None))
    await playground.write("group", "petrovich", INSULT)
    await card_with(playground, INSULT)
    assert silence(sent, "sendMessage") == [False]


async def test_a_card_that_asks_for_care_waits_for_the_morning_and_holds_nothing_up(
    linked, playground, ids
):
    await playground.write("group", "anna", COMPLAINT)
    await until(lambda: rows(linked.storage, "SELECT 1 FROM incidents WHERE kind = 'care'"))
    await playground.write("group", "petrovich", INSULT)
    await card_with(playground, INSULT)
    await asyncio.sleep(0.2)
    assert len(await cards(playground)) == 1
    await set_up(linked, ids, ("quiet_from", None), ("quiet_to", None))
    await card_with(playground, COMPLAINT, "ответить")


async def test_what_is_said_in_the_community_is_silent(linked, playground, sent):
    await playground.write("group", "petrovich", INSULT)
    await press(playground, await card_with(playground, INSULT), "deleted")
    await playground.wait_for("group", lambda m: "предупреждение 1 из 3" in m.get("text", ""))
    await press(playground, await card_with(playground, "Решение"), "undo")
    await playground.wait_for("group", lambda m: "вернули сообщение" in m.get("text", ""))
    assert silence(sent, "sendMessage") == [True, True, True]
