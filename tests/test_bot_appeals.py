"""/appeal: in private, judged by another moderator who does not see what was decided."""

import asyncio
import time

import pytest
import pytest_asyncio
from bot_parts import rows, running, until
from card_parts import INSULT, appeal, card_with, gone, link, press, told

from bot.storage import appeals

pytest_plugins = ["playground_fixtures", "bot_fixtures"]
pytestmark = pytest.mark.asyncio(loop_scope="module")

PRIVATE = "private:petrovich"
IN_FORCE = "SELECT source, chosen FROM labels_in_force ORDER BY id"


@pytest_asyncio.fixture(loop_scope="module")
async def linked(app, playground, ids):
    await playground.reset()
    await playground.set(limits={"enabled": False})
    await link(app.storage, ids, "ask")
    return app


async def deleted(playground, act="deleted"):
    """An insult that the moderator has deleted."""
    await playground.write("group", "petrovich", INSULT)
    await press(playground, await card_with(playground, INSULT), act)
    await gone(playground, INSULT)


async def test_the_card_of_an_appeal_shows_the_message_and_not_the_decision(linked, playground):
    await deleted(playground)
    card = await appeal(playground)
    for part in ("Двор на Садовой", "Сергей", INSULT, "91 %"):
        assert part in card["text"]
    for part in ("Тимур", "Удалено", "Почему"):
        assert part not in card["text"]


async def test_another_moderator_takes_the_decision_back_and_the_author_hears_it(
    linked, playground, telegram, ids
):
    await deleted(playground, "muted-day")
    await press(playground, await appeal(playground), "back", by="admin")
    await told(playground, "Решение отменено", INSULT)
    await card_with(playground, "Апелляция", "Решение отменено. Рассудил(а): Марина")
    await card_with(playground, "Отменено: Марина")
    await playground.wait_for("group", lambda m: "вернули сообщение" in m.get("text", ""))
    unmuted = "SELECT state FROM measures WHERE kind = 'unmute'"
    await until(lambda: rows(linked.storage, unmuted) == [("done",)])
    assert rows(linked.storage, IN_FORCE) == [("appeal", "ok")]


async def test_an_upheld_decision_stands_and_the_author_hears_it(linked, playground):
    await deleted(playground)
    await press(playground, await appeal(playground), "uphold", by="admin")
    await told(playground, "остаётся в силе")
    assert rows(linked.storage, "SELECT state FROM incidents") == [("settled",)]
    assert rows(linked.storage, IN_FORCE) == [("card", "toxic"), ("appeal", "toxic")]


async def test_who_decided_is_politely_refused_and_who_is_no_moderator_too(linked, playground):
    await deleted(playground)
    card = await appeal(playground)
    assert "Это решали вы" in str(await press(playground, card, "uphold"))
    await playground.set_member("group", "admin", "member")
    assert "только модераторы" in str(await press(playground, card, "uphold", by="admin"))
    assert rows(linked.storage, "SELECT state FROM appeals") == [("open",)]


async def test_nobody_judges_their_own_message(linked, playground):
    await deleted(playground)
    card = await appeal(playground)
    await playground.set_member("group", "petrovich", "administrator")
    await playground.set_member("moderators", "petrovich", "member")
    assert "ваше сообщение" in str(await press(playground, card, "back", by="petrovich"))


async def test_of_two_who_judge_at_once_one_does(linked, playground):
    await deleted(playground)
    card = await appeal(playground)
    await playground.set_member("group", "anna", "administrator")
    await playground.set_member("moderators", "anna", "member")
    said = await asyncio.gather(
        press(playground, card, "uphold", "anna"), press(playground, card, "back", "admin")
    )
    assert len([answer for answer in said if "Уже решено" in str(answer)]) == 1


async def test_a_decision_that_is_undone_meanwhile_ends_its_appeal(linked, playground):
    await deleted(playground)
    await appeal(playground)
    await press(playground, await card_with(playground, "Удалено. Решение"), "undo")
    await told(playground, "Решение отменено", INSULT)
    assert rows(linked.storage, "SELECT state FROM appeals") == [("taken-back",)]


async def test_one_decision_is_appealed_against_once(linked, playground, ids):
    await deleted(playground)
    await press(playground, await appeal(playground), "uphold", by="admin")
    await told(playground, "остаётся в силе")
    await playground.write(PRIVATE, "petrovich", "/appeal")
    again = await told(playground, "Апелляцию рассмотрели", INSULT, "в силе")
    assert "reply_markup" not in again
    ((token,),) = rows(linked.storage, "SELECT token FROM incidents")
    ask = linked.storage.write
    assert await ask(appeals.ask, token, ids["petrovich"], time.time()) == "upheld"


async def test_who_appeals_can_ask_where_it_stands(linked, playground):
    await deleted(playground)
    await appeal(playground)
    await playground.write(PRIVATE, "petrovich", "/appeal")
    await told(playground, "⏳", "Двор на Садовой", INSULT, "рассудит другой модератор")


async def test_others_have_nothing_to_appeal_against_here(linked, playground, ids):
    await deleted(playground)
    await playground.write("private:oleg", "oleg", "/appeal")
    await told(playground, "ни одно решение", person="oleg")
    (token,) = rows(linked.storage, "SELECT token FROM incidents")[0]
    storage = linked.storage
    assert await storage.write(appeals.ask, token, ids["oleg"], 1.0) is None


async def test_after_a_week_it_is_too_late(linked, playground, ids):
    await deleted(playground)
    ((settled_at,),) = rows(linked.storage, "SELECT settled_at FROM incidents")
    late = settled_at + 8 * 86400
    read = linked.storage.read
    assert await read(appeals.list_appealable, ids["petrovich"], settled_at + 86400)
    assert await read(appeals.list_appealable, ids["petrovich"], late) == []


async def test_a_judgement_before_a_restart_is_told_after_it(bot_settings, worker, playground, ids):
    await playground.reset()
    await playground.set(limits={"enabled": False})
    async with running(bot_settings) as app:
        await link(app.storage, ids, "ask")
        await deleted(playground)
        card = await appeal(playground)
    await press(playground, card, "back", by="admin", wait=0)
    async with running(bot_settings) as app:
        await told(playground, "Решение отменено", INSULT)
        await card_with(playground, "Апелляция", "Рассудил(а): Марина")
        await until(lambda: rows(app.storage, "SELECT 1 FROM appeals WHERE told_at > 0"))
