"""Coming into a chat, and linking it to a moderators' chat, as admins and others live it."""

import pytest
import pytest_asyncio
from bot_parts import rows, until

from bot.storage import communities, offers
from bot.storage.communities import By

pytest_plugins = ["playground_fixtures", "bot_fixtures"]
pytestmark = pytest.mark.asyncio(loop_scope="module")

LINK = "https://t.me/nastroi_bot"


def by_bot(message):
    return message["author_id"] == 42 and "text" in message


def keys(message):
    return [one for row in message["reply_markup"]["inline_keyboard"] for one in row]


def key(message, part):
    """The button whose text holds a part."""
    return next(one for one in keys(message) if part in one["text"])


async def say(playground, chat, sender, text, **extra):
    """Write and return the bot's next message there."""
    written = await playground.write(chat, sender, text, **extra)
    return await playground.wait_for(chat, by_bot, after=written["message_id"])


async def follow(playground, url, sender, chat=None):
    """Open a link and return the bot's next message where it leads."""
    written = await playground.follow(url, sender, chat)
    place = chat or f"private:{sender}"
    return await playground.wait_for(place, by_bot, after=written["message_id"])


async def press(playground, chat, message, part, sender):
    data = key(message, part)["callback_data"]
    return await playground.press(chat, message["message_id"], data, sender)


async def shows(playground, chat, message, part):
    """Wait until a message says something."""
    same = lambda m: m["message_id"] == message["message_id"] and part in m["text"]  # noqa: E731
    return await playground.wait_for(chat, same)


async def choose(playground, sender="admin"):
    """Go from /link in the group to the choice in private."""
    offer = await say(playground, "group", sender, "/link")
    return await follow(playground, keys(offer)[0]["url"], "admin")


def linked(app):
    return rows(app.storage, "SELECT chat_id, moderators_chat, linked_by FROM communities")


@pytest_asyncio.fixture(loop_scope="module")
async def known(app, playground):
    """A bot that has met the moderators' chat."""
    await playground.write("moderators", "admin", "привет")
    await until(lambda: rows(app.storage, "SELECT 1 FROM chats WHERE kind = 'group'"))
    return app


async def test_an_admin_links_by_choosing_among_their_groups(known, playground, ids):
    choice = await choose(playground)
    assert "Двор на Садовой" in choice["text"]
    answer = await press(playground, "private:admin", choice, "Модераторы двора", "admin")
    assert answer["text"] == "Готово"
    assert linked(known) == [(ids["group"], ids["moderators"], ids["admin"])]
    done = await shows(playground, "private:admin", choice, "будут приходить в «Модераторы двора»")
    assert "reply_markup" not in done
    announced = await playground.wait_for("moderators", by_bot)
    assert "карточки сообщества «Двор на Садовой»" in announced["text"]
    assert "только смотрю" in announced["text"]


async def test_one_press_turns_cards_on(known, playground, ids):
    choice = await choose(playground)
    await press(playground, "private:admin", choice, "Модераторы двора", "admin")
    announced = await playground.wait_for("moderators", by_bot)
    assert communities.find(known.storage.connection, ids["group"]).mode == "watch"
    await press(playground, "moderators", announced, "Включить карточки", "admin")
    assert communities.find(known.storage.connection, ids["group"]).mode == "ask"


async def test_the_group_is_not_told_what_other_groups_there_are(known, playground):
    offer = await say(playground, "group", "admin", "/link")
    assert "Модераторы двора" not in str(offer["reply_markup"])


async def test_a_member_who_writes_link_gets_no_answer(app, playground):
    await playground.write("group", "anna", "/link")
    offer = await say(playground, "group", "admin", "/link")
    said = [m for m in await playground.messages("group") if by_bot(m)]
    assert [m["message_id"] for m in said] == [offer["message_id"]]


async def test_a_member_who_opens_an_admins_link_may_not_choose(app, playground):
    offer = await say(playground, "group", "admin", "/link")
    refused = await follow(playground, keys(offer)[0]["url"], "anna")
    assert "только администратор" in refused["text"]


async def test_who_lost_the_right_before_the_press_links_nothing(known, playground):
    choice = await choose(playground)
    await playground.set_member("group", "admin", "member")
    answer = await press(playground, "private:admin", choice, "Модераторы двора", "admin")
    assert "только администратор" in answer["text"]
    assert linked(known) == []


async def test_a_group_where_one_is_no_admin_is_not_offered(known, playground):
    await playground.set_member("moderators", "moderator", "member")
    offer = await say(playground, "group", "moderator", "/link")
    choice = await follow(playground, keys(offer)[0]["url"], "moderator")
    assert "Модераторы двора" not in str(choice["reply_markup"])


async def test_an_anonymous_admin_links_too(known, playground, ids):
    choice = await choose(playground, "anonymous_admin")
    await press(playground, "private:admin", choice, "Модераторы двора", "admin")
    assert linked(known)[0][:2] == (ids["group"], ids["moderators"])


async def test_a_group_that_the_bot_is_added_to_becomes_the_moderators_chat(app, playground, ids):
    staff = await playground.add_chat("staff", "Штаб", members={"admin": "creator"})
    choice = await choose(playground)
    announced = await follow(playground, key(choice, "Другая группа")["url"], "admin", "staff")
    # Nobody who is about to link is greeted with the question whether to link.
    assert "Здесь будут карточки сообщества «Двор на Садовой»" in announced["text"]
    assert linked(app) == [(ids["group"], staff["id"], ids["admin"])]


async def test_a_link_to_a_group_works_once(app, playground):
    for handle in ("staff", "other"):
        await playground.add_chat(handle, handle, members={"admin": "creator"})
    url = key(await choose(playground), "Другая группа")["url"]
    await follow(playground, url, "admin", "staff")
    await until(lambda: rows(app.storage, "SELECT 1 FROM link_offers WHERE used_at > 0"))
    assert "устарела" in str(await follow_and_list(playground, url, "other"))
    assert len(linked(app)) == 1


async def follow_and_list(playground, url, chat):
    await playground.follow(url, "admin", chat)
    stale = lambda m: by_bot(m) and "устарела" in m["text"]  # noqa: E731
    return await playground.wait_for(chat, stale)


async def test_a_link_that_leaked_adds_no_strangers_group(app, playground):
    await playground.add_chat("den", "Логово", members={"anna": "creator"})
    url = key(await choose(playground), "Другая группа")["url"]
    await playground.follow(url, "anna", "den")
    refused = lambda m: by_bot(m) and "и здесь, и в сообществе" in m["text"]  # noqa: E731
    await playground.wait_for("den", refused)
    assert linked(app) == []


async def test_an_anonymous_admin_of_the_new_group_confirms_by_a_press(app, playground, ids):
    staff = await playground.add_chat(
        "staff", "Штаб", members={"admin": "creator", "nastroi_bot": "member"}
    )
    await playground.set_member("staff", "admin", "creator", is_anonymous=True)
    url = key(await choose(playground), "Другая группа")["url"]
    asked = await follow(playground, url, "admin", "staff")
    assert linked(app) == []
    await press(playground, "staff", asked, "Показывать карточки здесь", "admin")
    assert linked(app) == [(ids["group"], staff["id"], ids["admin"])]


async def test_a_community_moderates_itself_only_when_asked_to(app, playground, ids):
    choice = await choose(playground)
    refused = await follow(playground, key(choice, "Другая группа")["url"], "admin", "group")
    assert "то самое сообщество" in refused["text"]
    assert linked(app) == []
    await press(playground, "private:admin", choice, "Прямо в сообществе", "admin")
    assert linked(app)[0][:2] == (ids["group"], ids["group"])


async def test_a_channel_is_linked_in_private(known, playground, ids):
    await playground.post_channel("Открылись!")
    await until(lambda: rows(known.storage, "SELECT 1 FROM chats WHERE kind = 'channel'"))
    asked = await say(playground, "private:admin", "admin", "/link")
    await press(playground, "private:admin", asked, "Лавка у дома", "admin")
    choice = await shows(playground, "private:admin", asked, "Куда слать карточки")
    await press(playground, "private:admin", choice, "Модераторы двора", "admin")
    assert linked(known)[0][:2] == (ids["channel"], ids["moderators"])


async def test_who_administers_nothing_is_told_how_to_begin(app, playground):
    answer = await say(playground, "private:anna", "anna", "/link")
    assert "Добавьте меня в свою группу" in answer["text"]
    assert "startgroup=true" in keys(answer)[0]["url"]


async def test_unlinking_stops_cards_and_only_admins_can(known, playground, ids):
    connection = known.storage.connection
    communities.link(connection, ids["group"], ids["moderators"], ids["admin"], 1.0)
    connection.commit()
    await playground.write("group", "anna", "/unlink")
    answer = await say(playground, "group", "admin", "/unlink")
    assert "Отвязал" in answer["text"]
    assert linked(known) == [(ids["group"], None, None)]
    assert "ни к чему не привязан" in (await say(playground, "group", "admin", "/unlink"))["text"]


@pytest.mark.parametrize("payload", ["link_", "link_nonsense"])
async def test_a_made_up_link_is_stale(app, playground, payload):
    answer = await follow(playground, f"{LINK}?start={payload}", "anna")
    assert "устарела" in answer["text"]


@pytest.mark.parametrize("data", ["link1:999:0", "link1:1:999", "link1:x:0"])
async def test_a_forged_press_links_nothing(app, playground, telegram, ids, data):
    rows_of = {"inline_keyboard": [[{"text": "x", "callback_data": data}]]}
    forged = await telegram(
        "sendMessage", chat_id=ids["moderators"], text="x", reply_markup=rows_of
    )
    answer = await playground.press("moderators", forged["message_id"], data, "admin")
    assert "устарела" in answer["text"]


async def test_an_offer_ends_after_an_hour_and_after_its_use(storage):
    token = offers.create(storage.connection, -1, By(7, 100.0))
    assert offers.find(storage.connection, token, 3000.0).chat_id == -1
    with pytest.raises(offers.NoOfferError):
        offers.find(storage.connection, token, 4000.0)
    offers.close(storage.connection, -1, 200.0)
    with pytest.raises(offers.NoOfferError):
        offers.find(storage.connection, token, 300.0)


async def test_only_a_link_to_a_group_announces_a_moderators_chat(storage):
    offers.create(storage.connection, -1, By(7, 100.0))
    assert not offers.is_adding_to_group(storage.connection, 7, 110.0)
    offers.create(storage.connection, -1, By(7, 100.0), adds_to_group=True)
    assert offers.is_adding_to_group(storage.connection, 7, 110.0)
    assert not offers.is_adding_to_group(storage.connection, 7, 800.0)
