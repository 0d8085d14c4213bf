"""Cards when the world around them fails or moves: 429s, Redis away, groups that become others."""

import asyncio

import pytest
import pytest_asyncio
from bot_parts import a_worker, rows, running, until
from card_parts import INSULT, card_with, cards, gone, link, press

pytest_plugins = ["playground_fixtures", "bot_fixtures"]
pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(loop_scope="module")
async def linked(app, playground, ids):
    await playground.reset()
    await playground.set(limits={"enabled": False}, failures={"every": 0})
    await link(app.storage, ids, "ask")
    yield app
    await playground.set(failures={"every": 0})


async def test_a_429_on_every_second_call_loses_and_doubles_nothing(linked, playground):
    await playground.set(failures={"every": 2, "error_code": 429, "retry_after": 1})
    await playground.write("group", "petrovich", INSULT)
    await press(playground, await card_with(playground, INSULT), "muted-day", wait=0)
    await gone(playground, INSULT)
    await card_with(playground, "сутки тишины. Решение")
    await until(lambda: rows(linked.storage, "SELECT 1 FROM measures WHERE state = 'done'"))
    assert len(await cards(playground)) == 1


async def test_moderators_whose_group_becomes_a_supergroup_keep_their_cards(linked, playground):
    await playground.write("group", "petrovich", INSULT)
    card = await card_with(playground, INSULT)
    await playground.migrate("moderators")
    sql = "SELECT 1 FROM communities WHERE moderators_chat < -1000000000000"
    await until(lambda: rows(linked.storage, sql))
    await playground.write("group", "petrovich", INSULT + "!")
    moved = await card_with(playground, INSULT + "!")
    assert moved["chat"]["id"] != card["chat"]["id"]
    await press(playground, moved, "deleted")
    await gone(playground, INSULT)


async def test_in_a_group_that_moved_no_message_of_the_new_one_is_deleted(linked, playground, ids):
    members = {"petrovich": "member", "moderator": "creator", "nastroi_bot": "administrator"}
    made = await playground.add_chat("small", "Подъезд", type="group", members=members)
    await link(linked.storage, ids | {"group": made["id"]}, "ask")
    await playground.write("small", "petrovich", INSULT)
    card = await card_with(playground, INSULT, "Подъезд")
    await playground.migrate("small")
    await playground.write("small", "petrovich", "Мы переехали")
    await until(lambda: rows(linked.storage, "SELECT 1 FROM chat_moves"))
    await press(playground, card, "muted-hour")
    said = await card_with(playground, "группа переехала")
    assert "час тишины" in said["text"]
    assert "Мы переехали" in [m.get("text") for m in await playground.messages("small")]


async def test_cards_outlive_a_redis_that_is_away_for_a_while(fragile, playground, ids):
    settings, redis = fragile
    await playground.reset()
    await playground.set(limits={"enabled": False})
    async with a_worker(settings.redis_address), running(settings) as app:
        await link(app.storage, ids, "ask")
        await playground.write("group", "petrovich", INSULT)
        card = await card_with(playground, INSULT)
        redis.off()
        await press(playground, card, "deleted", wait=0)
        await asyncio.sleep(2)
        redis.on()
        await gone(playground, INSULT)
        await card_with(playground, "Удалено. Решение")
