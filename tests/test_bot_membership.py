"""The bot comes into groups and channels: it greets, and says in words what it lacks."""

import pytest
from bot_parts import rows, running, until

from bot.storage import communities

pytest_plugins = ["playground_fixtures", "bot_fixtures"]
pytestmark = pytest.mark.asyncio(loop_scope="module")

BOT = "nastroi_bot"


def by_bot(message):
    return message["author_id"] == 42 and "text" in message


async def add(playground, handle="new", **standing):
    """Make a group or channel of the admin's and add the bot to it."""
    kind = standing.pop("type", "supergroup")
    await playground.add_chat(handle, "Новая", type=kind, members={"admin": "creator"})
    status = standing.pop("status", "member")
    await playground.set_member(handle, BOT, status, by="admin", **standing)


async def greeting(playground, handle="new"):
    return (await playground.wait_for(handle, by_bot))["text"]


async def test_a_group_is_greeted_with_what_is_missing_and_a_way_to_link(app, playground):
    await add(playground)
    said = await playground.wait_for("new", by_bot)
    assert "Пока только смотрю" in said["text"]
    assert "Удалять сообщения" in said["text"]
    assert "Блокировать участников" in said["text"]
    assert "режим приватности" not in said["text"]
    (row,) = said["reply_markup"]["inline_keyboard"]
    assert row[0]["url"].startswith("https://t.me/nastroi_bot?start=link_")


async def test_a_group_that_the_bot_cannot_read_is_told_how_to_mend_it(
    bot_settings, playground, log_lines
):
    await playground.set(can_read_all_group_messages=False)
    async with running(bot_settings):
        await add(playground)
        assert "@BotFather" in await greeting(playground)
    assert [line for line in log_lines if "privacy mode is on: in groups" in line]


async def test_an_admin_with_every_right_lacks_nothing(app, playground):
    await add(playground, status="administrator")
    said = await greeting(playground)
    assert "Чего мне не хватает" not in said


async def test_each_missing_right_is_named(app, playground):
    await add(playground, status="administrator", rights=["can_delete_messages"])
    said = await greeting(playground)
    assert "Блокировать участников" in said
    assert "Удалять сообщения" not in said


async def test_who_gives_the_rights_is_thanked_and_who_takes_them_told(app, playground):
    await add(playground)
    first = await playground.wait_for("new", by_bot)
    await playground.set_member("new", BOT, "administrator", by="admin")
    thanks = await playground.wait_for("new", by_bot, after=first["message_id"])
    assert "все права" in thanks["text"]
    await playground.set_member("new", BOT, "administrator", by="admin", rights=[])
    told = await playground.wait_for("new", by_bot, after=thanks["message_id"])
    assert "Удалять сообщения" in told["text"]


async def test_a_change_that_takes_nothing_away_is_passed_over(app, playground):
    await add(playground, status="administrator")
    first = await playground.wait_for("new", by_bot)
    await playground.set_member("new", BOT, "administrator", by="admin", custom_title="Страж")
    await playground.set_member("new", BOT, "administrator", by="admin", rights=[])
    told = await playground.wait_for("new", by_bot, after=first["message_id"])
    assert "Удалять сообщения" in told["text"]


async def test_a_channels_readers_hear_nothing_and_who_added_the_bot_does(app, playground):
    await playground.follow("https://t.me/nastroi_bot?start=x", "admin")
    await add(playground, type="channel", status="administrator")
    hears = lambda m: by_bot(m) and "читаю канал «Новая»" in m["text"]  # noqa: E731
    await playground.wait_for("private:admin", hears)
    assert [m for m in await playground.messages("new") if by_bot(m)] == []


async def test_whom_the_bot_cannot_write_to_is_one_log_line(app, playground, log_lines):
    await add(playground, type="channel", status="administrator")
    await until(lambda: [line for line in log_lines if "may not say so here" in line])
    assert rows(app.storage, "SELECT title FROM chats WHERE kind = 'channel'") == [("Новая",)]


async def test_a_bot_that_is_put_out_says_nothing(app, playground):
    await add(playground)
    await greeting(playground)
    await playground.set_member("new", BOT, "kicked", by="admin")
    await add(playground, "other")
    await greeting(playground, "other")
    assert len([m for m in await playground.messages("new") if by_bot(m)]) == 1


async def test_a_group_is_greeted_in_the_language_of_who_added_the_bot(app, playground):
    await playground.add_person("john", "John", language_code="en")
    await playground.add_chat("english", "English", members={"john": "creator"})
    await playground.set_member("english", BOT, "member", by="john")
    assert "I only watch" in await greeting(playground, "english")


async def test_who_linked_hears_that_the_moderators_chat_lost_the_bot(app, playground, ids):
    await playground.follow("https://t.me/nastroi_bot?start=x", "admin")
    await playground.write("group", "admin", "привет")
    await until(lambda: rows(app.storage, "SELECT 1 FROM chats WHERE title LIKE 'Двор%'"))
    link = (ids["group"], ids["moderators"], ids["admin"], 1.0)
    await app.storage.write(communities.link, *link)
    await playground.set_member("moderators", BOT, "kicked", by="moderator")
    lost = lambda m: by_bot(m) and "показывать негде" in m["text"]  # noqa: E731
    told = await playground.wait_for("private:admin", lost)
    assert "«Двор на Садовой»" in told["text"]
