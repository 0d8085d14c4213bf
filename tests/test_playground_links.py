"""Deep links to the bot, opened in private and in groups."""

import pytest

from playground.errors import ApiError

pytest_plugins = ["playground_fixtures"]
pytestmark = pytest.mark.asyncio(loop_scope="module")

START = "https://t.me/nastroi_bot?start=link_abc"
GROUP = "https://t.me/nastroi_bot?startgroup=link_abc"
ADMIN = GROUP + "&admin=delete_messages+restrict_members"


async def own_group(playground, **members):
    return await playground.add_chat("own", "Своя", members={"admin": "creator", **members})


async def test_a_start_link_writes_the_payload_in_private(playground, telegram):
    written = await playground.follow(START, "oleg")
    (update,) = await telegram.updates()
    assert update["message"]["text"] == written["text"] == "/start link_abc"
    assert update["message"]["chat"]["type"] == "private"


async def test_a_start_link_unblocks_the_bot(playground):
    await playground.follow(START, "oleg")
    await playground.block("private:oleg")
    assert (await playground.follow(START, "oleg"))["text"] == "/start link_abc"


async def test_a_group_link_adds_the_bot_and_writes_the_payload_there(playground, telegram):
    await own_group(playground)
    await playground.follow(GROUP, "admin", "own")
    joined, *_, started = await telegram.updates()
    assert joined["my_chat_member"]["new_chat_member"]["status"] == "member"
    assert started["message"]["text"] == "/start@nastroi_bot link_abc"
    assert started["message"]["entities"][0]["type"] == "bot_command"


async def test_a_group_link_leaves_a_bot_that_is_inside_as_it_is(playground, telegram):
    await playground.follow(GROUP, "admin", "moderators")
    assert [set(update) - {"update_id"} for update in await telegram.updates()] == [{"message"}]


async def test_a_link_may_ask_for_an_admins_rights(playground, telegram):
    await own_group(playground)
    await playground.follow(ADMIN, "admin", "own")
    joined, *_ = await telegram.updates()
    member = joined["my_chat_member"]["new_chat_member"]
    assert (member["status"], member["can_delete_messages"]) == ("administrator", True)


async def test_who_may_not_promote_adds_a_mere_member(playground, telegram):
    await own_group(playground, anna="member")
    await playground.follow(ADMIN, "anna", "own")
    joined, *_ = await telegram.updates()
    assert joined["my_chat_member"]["new_chat_member"]["status"] == "member"


@pytest.mark.parametrize(
    ("url", "sender", "chat"),
    [
        ("https://t.me/other_bot?start=x", "anna", None),
        ("https://example.org/nastroi_bot?start=x", "anna", None),
        ("https://t.me/nastroi_bot?start=%20", "anna", None),
        (GROUP, "admin", None),
        (GROUP, "admin", "channel"),
        (GROUP, "oleg", "own"),
    ],
)
async def test_what_telegram_would_refuse_is_refused(playground, url, sender, chat):
    await own_group(playground)
    with pytest.raises(ApiError, match=r"^(Bad Request|Forbidden): "):
        await playground.follow(url, sender, chat)
