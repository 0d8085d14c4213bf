"""Cards that nobody could be shown, since the bot was put out of the moderators' chat."""

import base64

import pytest
import pytest_asyncio
from bot_parts import rows, until
from card_parts import BOT, INSULT, card_with, cards, gone, link, press, told

from bot.storage import communities
from bot.storage.communities import By

pytest_plugins = ["playground_fixtures", "bot_fixtures"]
pytestmark = pytest.mark.asyncio(loop_scope="module")

ADMIN = {"by": "admin"}


@pytest_asyncio.fixture(loop_scope="module")
async def linked(app, playground, ids, monkeypatch):
    monkeypatch.setattr("bot.lane_runner.LOOK_SECONDS", 0.1)
    await playground.reset()
    await playground.set(limits={"enabled": False})
    await link(app.storage, ids, "ask")
    return app


async def put_out(playground):
    await playground.set_member("moderators", "nastroi_bot", "kicked", **ADMIN)


async def until_noted(app, table):
    """Wait until something is noted as shown, and was not."""
    sql = f"SELECT 1 FROM {table} WHERE shown_version = version AND card_message_id IS NULL"
    await until(lambda: rows(app.storage, sql))


async def link_staff(app, playground, ids):
    """Make another group the moderators' chat."""
    members = {"nastroi_bot": "member", "moderator": "creator", "admin": "member"}
    made = await playground.add_chat("staff", "Штаб", members=members)
    await app.storage.write(communities.link, ids["group"], made["id"], ids["admin"], 9e8)


async def in_staff(playground, *parts):
    return await playground.wait_for(
        "staff", lambda m: m["author_id"] == BOT and all(part in str(m) for part in parts)
    )


async def test_a_card_comes_when_the_bot_is_let_in_again(linked, playground):
    await put_out(playground)
    await playground.write("group", "petrovich", INSULT)
    await until_noted(linked, "incidents")
    assert await cards(playground) == []
    await playground.set_member("moderators", "nastroi_bot", "member", **ADMIN)
    await press(playground, await card_with(playground, INSULT, "Похоже"), "deleted")
    await gone(playground, INSULT)


async def test_a_card_comes_to_the_chat_that_is_linked_anew(linked, playground, ids):
    await put_out(playground)
    await playground.write("group", "petrovich", INSULT)
    await until_noted(linked, "incidents")
    await link_staff(linked, playground, ids)
    await in_staff(playground, INSULT, "Похоже")


async def test_an_open_card_moves_to_another_chat_with_its_picture(
    linked, playground, ids, picture
):
    photo = {"data": base64.b64encode(picture).decode()}
    await playground.write("group", "petrovich", INSULT, photo=photo)
    card = await card_with(playground, INSULT, "Похоже")
    await link_staff(linked, playground, ids)
    await in_staff(playground, INSULT, "Похоже")
    await in_staff(playground, "'photo'")
    await press(playground, card, "deleted")
    await in_staff(playground, "Удалено. Решение: Тимур Гареев")


async def test_what_the_bot_deleted_unseen_is_told_then(linked, playground, ids):
    for setting in (("mode", "act"), ("act_threshold", 0.9)):
        by = By(ids["admin"], 2.0)
        await linked.storage.write(communities.save_setting, ids["group"], setting, by)
    await put_out(playground)
    await playground.write("group", "petrovich", INSULT)
    await until_noted(linked, "incidents")
    await link_staff(linked, playground, ids)
    await in_staff(playground, INSULT, "Удалено ботом", "Отменить")


async def test_an_open_appeal_comes_too_and_what_is_decided_does_not(linked, playground, ids):
    await playground.write("group", "petrovich", INSULT)
    await press(playground, await card_with(playground, INSULT), "deleted")
    await gone(playground, INSULT)
    await put_out(playground)
    await ask_for_appeal(playground)
    await until_noted(linked, "appeals")
    await link_staff(linked, playground, ids)
    await in_staff(playground, "Апелляция", INSULT)
    shown = [m for m in await playground.messages("staff") if m["author_id"] == BOT]
    assert len(shown) == 1


async def ask_for_appeal(playground):
    await playground.write("private:petrovich", "petrovich", "/appeal")
    offer = await told(playground, "С каким решением")
    data = offer["reply_markup"]["inline_keyboard"][0][0]["callback_data"]
    await playground.press("private:petrovich", offer["message_id"], data, "petrovich")
