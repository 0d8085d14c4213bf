"""Commands for private chats that are written in a group: whoever means this bot is led there."""

import pytest
from card_parts import link

pytest_plugins = ["playground_fixtures", "bot_fixtures"]
pytestmark = pytest.mark.asyncio(loop_scope="module")


async def answer_to(playground, chat, text, sender="admin"):
    written = await playground.write(chat, sender, text)
    by_bot = lambda m: m["author_id"] == 42  # noqa: E731
    return await playground.wait_for(chat, by_bot, after=written["message_id"])


async def test_a_command_with_the_bots_name_leads_to_its_help(app, playground):
    answer = await answer_to(playground, "group", "/appeal@nastroi_bot", "oleg")
    [[key]] = answer["reply_markup"]["inline_keyboard"]
    opened = await playground.follow(key["url"], "oleg")
    is_help = lambda m: "Что я умею" in m["text"]  # noqa: E731
    assert await playground.wait_for("private:oleg", is_help, after=opened["message_id"])


async def test_a_command_without_it_may_be_another_bots(app, playground):
    before = await playground.write("group", "oleg", "/help")
    await answer_to(playground, "group", "/help@nastroi_bot", "oleg")
    after = await playground.messages("group", after=before["message_id"])
    assert [m["author_id"] for m in after].count(42) == 1


async def test_moderators_need_no_name_and_hear_how_the_bot_is(app, playground, ids):
    await link(app.storage, ids, "ask")
    led = await answer_to(playground, "moderators", "/help")
    assert "личном чате" in led["text"]
    health = await answer_to(playground, "moderators", "/ping")
    assert "Я на месте" in health["text"]
