"""Groups and channels with Telegram's quirks: comments, anonymous writers, privacy, migration."""

import pytest

pytest_plugins = ["playground_fixtures"]
pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_a_channel_post_appears_in_its_discussion_group(playground, telegram, ids):
    post = await playground.post_channel("Открылись!")
    channel_post, forward = await telegram.updates()
    assert channel_post["channel_post"]["sender_chat"]["id"] == ids["channel"]
    message = forward["message"]
    assert message["is_automatic_forward"]
    assert (message["from"]["id"], message["sender_chat"]["id"]) == (777000, ids["channel"])
    assert message["forward_origin"]["message_id"] == post["message_id"]


async def test_comments_are_replies_in_the_posts_thread(playground, ids):
    post = await playground.post_channel("Открылись!")
    comment = await playground.comment(post["message_id"], "anna", "Ура!")
    assert comment["chat"]["id"] == ids["group"]
    assert comment["reply_to_message"]["is_automatic_forward"]
    assert comment["message_thread_id"] == comment["reply_to_message"]["message_id"]
    answer = await playground.write("group", "oleg", "Да", reply_to=comment["message_id"])
    assert answer["message_thread_id"] == comment["message_thread_id"]
    assert "reply_to_message" not in answer["reply_to_message"]


async def test_editing_or_deleting_a_post_does_so_in_the_discussion(playground, telegram):
    post = await playground.post_channel("Открылись")
    await telegram.updates()
    await playground.edit("channel", post["message_id"], "Закрылись")
    kinds = [set(update) - {"update_id"} for update in await telegram.updates()]
    assert kinds == [{"edited_channel_post"}, {"edited_message"}]
    await playground.delete("channel", post["message_id"])
    assert "Закрылись" not in [one.get("text") for one in await playground.messages("group")]


async def test_an_anonymous_admin_hides_behind_the_group(playground, ids):
    message = await playground.write("group", "anonymous_admin", "Тише")
    assert (message["from"]["id"], message["from"]["username"]) == (1087968824, "GroupAnonymousBot")
    assert message["sender_chat"]["id"] == ids["group"]


async def test_a_channel_can_write_in_a_group(playground, ids):
    message = await playground.write("group", "channel", "Мы тут")
    assert message["from"]["id"] == 136817688
    assert message["sender_chat"]["id"] == ids["channel"]
    assert "is_automatic_forward" not in message


async def test_privacy_mode_lets_through_what_is_meant_for_the_bot(playground, telegram, group):
    await playground.set(can_read_all_group_messages=False)
    await playground.set_member("group", "nastroi_bot", "member", by="admin")
    own = await telegram("sendMessage", chat_id=group, text="я тут")
    await telegram.updates()
    await playground.write("group", "anna", "просто так")
    await playground.write("group", "anna", "/stats")
    await playground.write("group", "anna", "/stats@other_bot")
    await playground.write("group", "anna", "что скажешь, @nastroi_bot?")
    await playground.write("group", "anna", "ясно", reply_to=own["message_id"])
    texts = [update["message"]["text"] for update in await telegram.updates()]
    assert texts == ["/stats", "что скажешь, @nastroi_bot?", "ясно"]


async def test_an_admin_bot_sees_all_in_spite_of_privacy_mode(playground, telegram):
    await playground.set(can_read_all_group_messages=False)
    assert (await telegram("getMe"))["can_read_all_group_messages"] is False
    await playground.write("group", "anna", "просто так")
    assert [update["message"]["text"] for update in await telegram.updates()] == ["просто так"]


async def test_a_group_that_migrates_leaves_its_new_id_behind(playground, telegram, ids):
    after = await playground.migrate("moderators")
    old, new = [update["message"] for update in await telegram.updates()]
    assert (old["chat"]["id"], old["migrate_to_chat_id"]) == (ids["moderators"], after["id"])
    assert (new["chat"]["id"], new["migrate_from_chat_id"]) == (after["id"], ids["moderators"])
    refused = await telegram.answer("sendMessage", chat_id=ids["moderators"], text="x")
    assert refused["error_code"] == 400
    assert refused["parameters"] == {"migrate_to_chat_id": after["id"]}
    await telegram("sendMessage", chat_id=after["id"], text="x")
    assert (await playground.write("moderators", "admin", "да"))["chat"]["id"] == after["id"]


async def test_bots_do_not_see_what_bots_write(playground, telegram, group):
    await playground.add_bot("77:second", "second_bot", "Второй")
    await playground.set_member("group", "second_bot", "administrator", by="admin")
    await telegram.updates()
    await telegram("sendMessage", chat_id=group, text="от первого")
    telegram.root = telegram.root.replace("42:playground", "77:second")
    assert all("от первого" not in str(update) for update in await telegram.updates())


async def test_public_chats_are_found_by_name(playground, telegram):
    members = {"admin": "creator", "nastroi_bot": "member"}
    await playground.add_chat("open", "Открытая", username="open_group", members=members)
    message = await telegram("sendMessage", chat_id="@open_group", text="привет")
    assert message["chat"]["username"] == "open_group"


async def test_only_the_newest_2000_messages_are_kept(playground):
    await playground.write_many(
        {"chat": "group", "sender": "anna", "text": str(number)} for number in range(2100)
    )
    kept = await playground.messages("group")
    assert (len(kept), kept[-1]["text"]) == (2000, "2099")


async def test_comments_outlive_the_forward_they_hang_under(playground):
    post = await playground.post_channel("Открылись!")
    first = await playground.comment(post["message_id"], "anna", "Ура!")
    await playground.write_many(
        {"chat": "group", "sender": "anna", "text": str(number)} for number in range(2100)
    )
    late = await playground.comment(post["message_id"], "oleg", "Опоздал")
    assert late["message_thread_id"] == first["message_thread_id"]


async def test_a_stranger_cannot_write_in_a_closed_group(playground):
    with pytest.raises(Exception, match="anna is not a member of moderators"):
        await playground.write("moderators", "anna", "пустите")


async def test_the_seed_is_history_and_no_news_to_the_bot(playground, telegram, ids):
    assert await telegram("getUpdates") == []
    counts = {chat: len(await playground.messages(chat)) for chat in ("group", "channel")}
    assert counts["group"] >= 50
    assert counts["channel"] >= 4
    dates = [message["date"] for message in await playground.messages("group")]
    assert dates == sorted(dates)
    assert await playground.messages("private:anna") == []
