"""/moderator: an admin names who settles cards, by a reply or an id, and takes it back."""

import pytest
from bot_parts import rows

from bot.storage import moderators, targets

pytest_plugins = ["playground_fixtures", "bot_fixtures"]
pytestmark = pytest.mark.asyncio(loop_scope="module")


def by_bot(message):
    return message["author_id"] == 42 and "text" in message


def keys(message):
    return [one for row in message["reply_markup"]["inline_keyboard"] for one in row]


async def command(playground, sender="admin", text="/moderator", to="anna", author=None):
    """Reply to someone's message with the command and return the bot's answer."""
    said = await playground.write("group", author or to, "привет")
    written = await playground.write("group", sender, text, reply_to=said["message_id"])
    return await playground.wait_for("group", by_bot, after=written["message_id"])


def named(app, ids):
    return moderators.of_chat(app.storage.connection, ids["group"])


async def press(playground, answer, sender="admin"):
    data = keys(answer)[0]["callback_data"]
    return await playground.press("group", answer["message_id"], data, sender)


async def test_a_reply_names_its_author(app, playground, ids):
    answer = await command(playground)
    assert "Анна Белова — модератор" in answer["text"]
    assert named(app, ids) == [ids["anna"]]


async def test_an_id_names_too(app, playground, ids):
    written = await playground.write("group", "admin", f"/moderator {ids['oleg']}")
    answer = await playground.wait_for("group", by_bot, after=written["message_id"])
    assert "Олег Дронов — модератор" in answer["text"]
    assert named(app, ids) == [ids["oleg"]]


async def test_the_button_takes_it_back_and_names_again(app, playground, ids):
    answer = await command(playground)
    await press(playground, answer)
    assert named(app, ids) == []
    gone = await playground.wait_for("group", lambda m: by_bot(m) and "больше не" in m["text"])
    await press(playground, gone)
    assert named(app, ids) == [ids["anna"]]


async def test_a_member_names_nobody_and_presses_nothing(app, playground, ids):
    said = await playground.write("group", "oleg", "я")
    await playground.write("group", "oleg", "/moderator", reply_to=said["message_id"])
    answer = await command(playground)
    assert "только администратор" in (await press(playground, answer, "anna"))["text"]
    assert named(app, ids) == [ids["anna"]]


async def test_a_moderator_names_no_other(app, playground, ids):
    await command(playground)
    said = await playground.write("group", "oleg", "я")
    await playground.write("group", "anna", "/moderator", reply_to=said["message_id"])
    await command(playground, to="dasha")
    assert named(app, ids) == [ids["anna"], ids["dasha"]]


async def test_an_anonymous_admin_names_too(app, playground, ids):
    await command(playground, "anonymous_admin")
    assert named(app, ids) == [ids["anna"]]


@pytest.mark.parametrize(
    ("to", "text", "part"),
    [
        ("moderator", "/moderator", "и так есть все права"),
        ("anna", "/moderator 999999", "нет в чате"),
        ("anonymous_admin", "/moderator", "ответьте на его сообщение"),
        ("channel", "/moderator", "ответьте на его сообщение"),
    ],
)
async def test_who_can_be_none_is_refused_in_words(app, playground, ids, to, text, part):
    answer = await command(playground, to=to, text=text)
    assert part in answer["text"]
    assert named(app, ids) == []


async def test_without_a_reply_the_moderators_are_listed(app, playground):
    await command(playground)
    written = await playground.write("group", "admin", "/moderator")
    answer = await playground.wait_for("group", by_bot, after=written["message_id"])
    assert "Модераторы: Анна Белова." in answer["text"]


async def test_a_stale_button_names_nobody(app, playground, ids):
    answer = await command(playground)
    await app.storage.write(lambda connection: connection.execute("DELETE FROM button_targets"))
    assert "устарела" in (await press(playground, answer))["text"]
    assert rows(app.storage, "SELECT count(*) FROM settings_changes") == [(1,)]


async def test_numbers_stay_with_a_chat_that_moves(storage):
    first = targets.number_of(storage.connection, -5)
    assert targets.number_of(storage.connection, -5) == first
    assert targets.find(storage.connection, first) == -5
    with pytest.raises(targets.NoTargetError):
        targets.find(storage.connection, first + 1)
