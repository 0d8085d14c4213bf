"""Warnings: said aloud, counted once an incident, silence in the end, undone by undo."""

import asyncio

import pytest
import pytest_asyncio
from bot_parts import rows, running, until
from card_parts import BOT, INSULT, card_with, gone, link, press, stop_before_write

from bot.storage import communities
from bot.storage.communities import By

pytest_plugins = ["playground_fixtures", "bot_fixtures"]
pytestmark = pytest.mark.asyncio(loop_scope="module")

MUTES = "SELECT state FROM measures WHERE kind = 'mute'"
UNFINISHED = "SELECT 1 FROM measures WHERE state IN ('planned', 'taking')"
FAILED = "SELECT 1 FROM measures WHERE state = 'failed'"
IN_FORCE = "SELECT number, most, mutes FROM warnings WHERE withdrawn_at IS NULL ORDER BY id"


@pytest_asyncio.fixture(loop_scope="module")
async def linked(app, playground, ids):
    await playground.reset()
    await playground.set(limits={"enabled": False})
    await prepare(app, ids)
    return app


async def prepare(app, ids, mode="ask"):
    """Two warnings are enough here."""
    await link(app.storage, ids, mode)
    by = By(ids["admin"], 2.0)
    for setting in (("warnings_before_mute", 2), ("act_threshold", 0.9)):
        await app.storage.write(communities.save_setting, ids["group"], setting, by)


async def said(playground, *parts):
    """Wait for what the bot says in the group."""
    return await playground.wait_for(
        "group",
        lambda m: m["author_id"] == BOT and all(part in m.get("text", "") for part in parts),
    )


async def settle(playground, text, act):
    await playground.write("group", "petrovich", text)
    await press(playground, await card_with(playground, text), act)


async def test_deleting_warns_by_name_and_enough_warnings_are_a_day_of_silence(
    linked, playground, telegram, ids
):
    await settle(playground, INSULT, "deleted")
    await said(playground, "Сергей", "предупреждение 1 из 2")
    await settle(playground, INSULT + " опять", "deleted")
    await said(playground, "Сергей", "предупреждение 2 из 2", "сутки тишины")
    await until(lambda: rows(linked.storage, MUTES) == [("done",)])
    person = {"chat_id": ids["group"], "user_id": ids["petrovich"]}
    assert (await telegram("getChatMember", **person))["status"] == "restricted"
    assert rows(linked.storage, IN_FORCE) == [(1, 2, 0), (2, 2, 1)]


async def test_a_warning_alone_answers_the_message_and_leaves_it(linked, playground):
    await settle(playground, INSULT, "warned")
    answer = await said(playground, "предупреждение 1 из 2")
    assert answer["reply_to_message"]["text"] == INSULT
    await card_with(playground, "Предупреждение автору. Решение: Тимур Гареев")
    assert INSULT in [m.get("text") for m in await playground.messages("group")]


async def test_undo_takes_the_warning_and_its_mute_back(linked, playground, telegram, ids):
    for number in range(2):
        await settle(playground, f"{INSULT} {number}", "warned")
        await said(playground, f"предупреждение {number + 1} из 2")
    await until(lambda: rows(linked.storage, MUTES) == [("done",)])
    await press(playground, await card_with(playground, f"{INSULT} 1", "Решение"), "undo")
    unmuted = "SELECT state FROM measures WHERE kind = 'unmute'"
    await until(lambda: rows(linked.storage, unmuted) == [("done",)])
    person = {"chat_id": ids["group"], "user_id": ids["petrovich"]}
    assert (await telegram("getChatMember", **person))["status"] == "member"
    await said(playground, "сняли предупреждение", "Сергей")
    assert rows(linked.storage, IN_FORCE) == [(1, 2, 0)]


async def test_after_a_mute_warnings_begin_anew(linked, playground):
    for number in (1, 2, 1):
        text = f"{INSULT} {len(rows(linked.storage, IN_FORCE))}"
        await playground.write("group", "petrovich", text)
        await press(playground, await card_with(playground, text), "warned")
        assert rows(linked.storage, IN_FORCE)[-1][0] == number
        await playground.set_member("group", "petrovich", "member")


async def test_what_the_bot_deletes_itself_warns_once_an_incident(linked, playground, ids):
    await prepare(linked, ids, "act")
    for number in range(3):
        await playground.write("group", "petrovich", f"{INSULT} {number}")
    for number in range(3):
        await gone(playground, f"{INSULT} {number}")
    await said(playground, "предупреждение 1 из 2")
    assert rows(linked.storage, IN_FORCE) == [(1, 2, 0)]
    assert rows(linked.storage, "SELECT count(*) FROM incidents") == [(1,)]


@pytest.mark.parametrize("number", range(5))
async def test_a_bot_that_dies_at_any_step_of_a_warning_says_it_at_most_once(
    bot_settings, worker, playground, ids, number
):
    await playground.reset()
    await playground.set(limits={"enabled": False})
    async with running(bot_settings, dies=True) as app:
        await prepare(app, ids)
        await playground.write("group", "petrovich", INSULT)
        card = await card_with(playground, INSULT)
        await until(lambda: rows(app.storage, "SELECT 1 FROM incidents WHERE shown_version > 0"))
        stop_before_write(app.storage, number)
        await press(playground, card, "warned", wait=0.3)
        await asyncio.sleep(0.3)
    async with running(bot_settings) as app:
        await card_with(playground, "Предупреждение автору. Решение: Тимур Гареев")
        await until(lambda: not rows(app.storage, UNFINISHED))
        texts = [m.get("text", "") for m in await playground.messages("group")]
        said = sum("предупреждение 1 из 2" in text for text in texts)
        assert said <= 1 <= said + len(rows(app.storage, FAILED))
        assert rows(app.storage, IN_FORCE) == [(1, 2, 0)]
