"""Standings: rights, restrictions, bans and the updates that tell of them."""

import pytest

pytest_plugins = ["playground_fixtures"]
pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_standings_are_shown_with_their_rights(telegram, ids):
    async def standing(handle):
        return await telegram("getChatMember", chat_id=ids["group"], user_id=ids[handle])

    assert (await standing("admin"))["status"] == "creator"
    moderator = await standing("moderator")
    assert (moderator["status"], moderator["can_delete_messages"]) == ("administrator", True)
    assert moderator["can_promote_members"] is False
    assert await standing("anna") == {
        "user": (await standing("anna"))["user"],
        "status": "member",
    }
    moderators = await telegram("getChatMember", chat_id=ids["moderators"], user_id=ids["anna"])
    assert moderators["status"] == "left"


async def test_admins_are_listed(telegram, ids):
    listed = await telegram("getChatAdministrators", chat_id=ids["group"])
    assert {one["user"]["id"] for one in listed} == {ids["admin"], ids["moderator"], 42}


async def test_chats_tell_about_themselves(telegram, ids):
    chat = await telegram("getChat", chat_id=ids["channel"])
    assert (chat["type"], chat["linked_chat_id"]) == ("channel", ids["group"])
    count = await telegram("getChatMemberCount", chat_id=ids["group"])
    assert count >= 8


async def test_a_muted_member_cannot_write_until_the_time_is_over(playground, telegram, ids):
    until = int((await playground.state())["now"]) + 600
    call = {"chat_id": ids["group"], "user_id": ids["anna"], "until_date": until}
    assert await telegram("restrictChatMember", **call, permissions={"can_send_messages": False})
    with pytest.raises(Exception, match="anna may not write in group"):
        await playground.write("group", "anna", "а?")
    await playground.set(advance_seconds=601)
    assert await playground.write("group", "anna", "можно")


async def test_a_mute_under_half_a_minute_is_for_ever(playground, telegram, ids):
    until = int((await playground.state())["now"]) + 10
    call = {"chat_id": ids["group"], "user_id": ids["anna"]}
    await telegram("restrictChatMember", **call, permissions={}, until_date=until)
    member = await telegram("getChatMember", **call)
    assert (member["status"], member["until_date"]) == ("restricted", 0)
    await playground.set(advance_seconds=3600)
    assert (await telegram("getChatMember", **call))["status"] == "restricted"


async def test_permissions_given_back_make_a_member_again(telegram, ids):
    call = {"chat_id": ids["group"], "user_id": ids["anna"]}
    await telegram("restrictChatMember", **call, permissions={})
    whole = {"can_send_messages": True, "can_send_other_messages": True}
    await telegram("restrictChatMember", **call, permissions=whole)
    assert (await telegram("getChatMember", **call))["status"] == "member"


async def test_a_banned_member_is_put_out_and_can_be_let_in_again(playground, telegram, ids):
    call = {"chat_id": ids["group"], "user_id": ids["oleg"]}
    assert await telegram("banChatMember", **call)
    with pytest.raises(Exception, match="oleg may not write"):
        await playground.write("group", "oleg", "за что")
    assert (await telegram("getChatMember", **call))["status"] == "kicked"
    await telegram("unbanChatMember", **call, only_if_banned=True)
    assert (await telegram("getChatMember", **call))["status"] == "left"


async def test_a_ban_can_take_the_messages_along(playground, telegram, ids):
    await playground.write("group", "oleg", "реклама")
    await telegram("banChatMember", chat_id=ids["group"], user_id=ids["oleg"], revoke_messages=True)
    texts = [message.get("text") for message in await playground.messages("group")]
    assert "реклама" not in texts


@pytest.mark.parametrize(
    ("handle", "words"),
    [("admin", "can't remove chat owner"), ("moderator", "user is an administrator of the chat")],
)
async def test_admins_are_out_of_reach(telegram, ids, handle, words):
    call = {"chat_id": ids["group"], "user_id": ids[handle]}
    assert await telegram.refusal("banChatMember", **call) == f"Bad Request: {words}"


async def test_without_rights_nobody_is_muted_and_nothing_deleted(playground, telegram, ids):
    message = await playground.write("group", "anna", "привет")
    await playground.set_member("group", "nastroi_bot", "member", by="admin")
    call = {"chat_id": ids["group"], "user_id": ids["anna"]}
    refusal = await telegram.refusal("restrictChatMember", **call, permissions={})
    assert refusal == "Bad Request: not enough rights to restrict/unrestrict chat member"
    call = {"chat_id": ids["group"], "message_id": message["message_id"]}
    assert await telegram.refusal("deleteMessage", **call) == (
        "Bad Request: message can't be deleted"
    )


async def test_basic_groups_cannot_restrict(telegram, ids):
    call = {"chat_id": ids["moderators"], "user_id": ids["moderator"]}
    refusal = await telegram.refusal("restrictChatMember", **call, permissions={})
    assert refusal == "Bad Request: method is available only for supergroups"


async def test_a_bot_put_out_is_told_and_refused(playground, telegram, group):
    await playground.set_member("group", "nastroi_bot", "kicked", by="admin")
    change = (await telegram.updates())[0]["my_chat_member"]
    assert change["old_chat_member"]["status"] == "administrator"
    assert change["new_chat_member"]["status"] == "kicked"
    refusal = await telegram.refusal("sendMessage", chat_id=group, text="x")
    assert refusal == "Forbidden: bot was kicked from the supergroup chat"


async def test_a_bot_that_leaves_is_no_member_any_more(telegram, group):
    assert await telegram("leaveChat", chat_id=group)
    refusal = await telegram.refusal("sendMessage", chat_id=group, text="x")
    assert refusal == "Forbidden: bot is not a member of the supergroup chat"


async def test_comings_and_goings_are_told_to_an_admin_bot_that_asks(playground, telegram):
    await telegram("getUpdates", allowed_updates=["message", "chat_member"])
    await playground.set_member("moderators", "anna", "member", by="admin")
    change, line = await telegram.updates()
    assert change["chat_member"]["new_chat_member"]["status"] == "member"
    assert change["chat_member"]["from"]["first_name"] == line["message"]["from"]["first_name"]
    assert line["message"]["new_chat_members"][0]["username"] == "anna_belova"
