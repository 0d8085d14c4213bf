"""Writing, editing, deleting, answering: what a bot may do with messages and what it is told."""

import pytest

pytest_plugins = ["playground_fixtures"]
pytestmark = pytest.mark.asyncio(loop_scope="module")

BUTTONS = {"inline_keyboard": [[{"text": "верно", "callback_data": "label:1:ok"}]]}
DAY_SECONDS = 24 * 3600


async def test_a_bot_cannot_write_first(telegram, ids):
    refused = await telegram.answer("sendMessage", chat_id=ids["oleg"], text="привет")
    assert refused["error_code"] == 403
    assert refused["description"] == "Forbidden: bot can't initiate conversation with a user"


async def test_who_blocks_the_bot_gets_nothing(playground, telegram, anna):
    await playground.block("private:anna")
    [update] = await telegram.updates()
    assert update["my_chat_member"]["new_chat_member"]["status"] == "kicked"
    refusal = await telegram.refusal("sendMessage", chat_id=anna, text="привет")
    assert refusal == "Forbidden: bot was blocked by the user"
    await playground.block("private:anna", False)
    await telegram("sendMessage", chat_id=anna, text="привет")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "message text is empty"),
        (" \n", "text must be non-empty"),
        ("я" * 4097, "message is too long"),
    ],
)
async def test_texts_have_one_to_4096_characters(telegram, anna, text, words):
    refusal = await telegram.refusal("sendMessage", chat_id=anna, text=text)
    assert refusal == f"Bad Request: {words}"
    assert await telegram("sendMessage", chat_id=anna, text="я" * 4096)


async def test_length_counts_after_the_markup_is_read(telegram, anna):
    text = f"<b>{'я' * 4096}</b>"
    message = await telegram("sendMessage", chat_id=anna, text=text, parse_mode="HTML")
    assert message["entities"] == [{"type": "bold", "offset": 0, "length": 4096}]


async def test_links_to_people_become_mentions(telegram, anna):
    text = f'<a href="tg://user?id={anna}">Анна</a>, <a href="tg://user?id=5">никто</a>'
    message = await telegram("sendMessage", chat_id=anna, text=text, parse_mode="HTML")
    [mention] = message["entities"]
    assert (mention["type"], mention["length"], mention["user"]["id"]) == ("text_mention", 4, anna)


async def test_bad_markup_is_refused_in_telegrams_words(telegram, anna):
    refusal = await telegram.refusal("sendMessage", chat_id=anna, text="<b>x", parse_mode="HTML")
    words = "can't parse entities: Can't find end tag corresponding to start tag \"b\""
    assert refusal == f"Bad Request: {words}"


async def test_callback_data_holds_64_bytes(telegram, anna):
    def keyboard(data):
        return {"inline_keyboard": [[{"text": "кнопка", "callback_data": data}]]}

    call = {"chat_id": anna, "text": "выбор"}
    await telegram("sendMessage", **call, reply_markup=keyboard("я" * 32))
    refusal = await telegram.refusal("sendMessage", **call, reply_markup=keyboard("я" * 33))
    assert refusal == "Bad Request: BUTTON_DATA_INVALID"


async def test_an_edit_that_changes_nothing_is_refused(telegram, anna):
    message = await telegram("sendMessage", chat_id=anna, text="раз", reply_markup=BUTTONS)
    call = {"chat_id": anna, "message_id": message["message_id"]}
    refusal = await telegram.refusal("editMessageText", **call, text="раз", reply_markup=BUTTONS)
    assert refusal.startswith("Bad Request: message is not modified")
    edited = await telegram("editMessageText", **call, text="два")
    assert edited["text"] == "два"
    assert edited["edit_date"] >= edited["date"]
    assert "reply_markup" not in edited


async def test_buttons_can_be_changed_alone(telegram, anna):
    message = await telegram("sendMessage", chat_id=anna, text="раз", reply_markup=BUTTONS)
    call = {"chat_id": anna, "message_id": message["message_id"]}
    bare = await telegram("editMessageReplyMarkup", **call)
    assert (bare["text"], "reply_markup" in bare) == ("раз", False)


async def test_only_own_living_messages_can_be_edited(playground, telegram, anna):
    theirs = await playground.write("private:anna", "anna", "моё")
    call = {"chat_id": anna, "text": "x"}
    gone = await telegram.refusal("editMessageText", **call, message_id=999)
    assert gone == "Bad Request: message to edit not found"
    strange = await telegram.refusal("editMessageText", **call, message_id=theirs["message_id"])
    assert strange == "Bad Request: message can't be edited"


async def test_deleting_works_for_48_hours(playground, telegram, group):
    young, old = [await playground.write("group", "anna", word) for word in ("раз", "два")]
    await playground.set(advance_seconds=47 * 3600)
    assert await telegram("deleteMessage", chat_id=group, message_id=young["message_id"])
    await playground.set(advance_seconds=3600 + 1)
    call = {"chat_id": group, "message_id": old["message_id"]}
    refusal = await telegram.refusal("deleteMessage", **call)
    assert refusal == "Bad Request: message can't be deleted for everyone"
    assert old["message_id"] in [one["message_id"] for one in await playground.messages("group")]


async def test_deleting_twice_finds_nothing(playground, telegram, group):
    message = await playground.write("group", "anna", "раз")
    call = {"chat_id": group, "message_id": message["message_id"]}
    assert await telegram("deleteMessage", **call)
    refusal = await telegram.refusal("deleteMessage", **call)
    assert refusal == "Bad Request: message to delete not found"


async def test_many_are_deleted_at_once_and_missing_ones_are_skipped(playground, telegram, group):
    numbers = [(await playground.write("group", "anna", str(n)))["message_id"] for n in range(3)]
    assert await telegram("deleteMessages", chat_id=group, message_ids=[*numbers, 9999])
    left = {message["message_id"] for message in await playground.messages("group")}
    assert left.isdisjoint(numbers)
    refusal = await telegram.refusal(
        "deleteMessages", chat_id=group, message_ids=list(range(1, 102))
    )
    assert "too many" in refusal


async def test_replies_quote_what_they_answer(telegram, anna):
    first = await telegram("sendMessage", chat_id=anna, text="раз")
    reply = {"message_id": first["message_id"]}
    second = await telegram("sendMessage", chat_id=anna, text="два", reply_parameters=reply)
    assert second["reply_to_message"]["text"] == "раз"
    missing = {"message_id": 999}
    call = {"chat_id": anna, "text": "три", "reply_parameters": missing}
    assert await telegram.refusal("sendMessage", **call) == (
        "Bad Request: message to be replied not found"
    )
    call["reply_parameters"] = missing | {"allow_sending_without_reply": True}
    assert "reply_to_message" not in await telegram("sendMessage", **call)


async def test_a_press_reaches_the_bot_and_its_answer_comes_back(playground, telegram, anna):
    message = await telegram("sendMessage", chat_id=anna, text="верно?", reply_markup=BUTTONS)
    await playground.press("private:anna", message["message_id"], "label:1:ok", wait=0)
    [update] = await telegram.updates()
    query = update["callback_query"]
    assert (query["data"], query["from"]["id"]) == ("label:1:ok", anna)
    assert query["message"] == message
    answer = {"callback_query_id": query["id"], "text": "Спасибо"}
    assert await telegram("answerCallbackQuery", **answer)
    refusal = await telegram.refusal("answerCallbackQuery", **answer)
    assert refusal.startswith("Bad Request: query is too old")


async def test_a_button_that_is_gone_cannot_be_pressed(playground, telegram, anna):
    message = await telegram("sendMessage", chat_id=anna, text="верно?", reply_markup=BUTTONS)
    with pytest.raises(Exception, match="no button"):
        await playground.press("private:anna", message["message_id"], "другое")


async def test_photos_go_up_and_come_down_unchanged(telegram, anna, picture):
    files = {"photo": picture}
    message = await telegram.upload(
        "sendPhoto", files, chat_id=str(anna), caption="<i>вид</i>", parse_mode="HTML"
    )
    [size] = message["photo"]
    assert (size["width"], size["height"], size["file_size"]) == (3, 2, len(picture))
    assert message["caption_entities"] == [{"type": "italic", "offset": 0, "length": 3}]
    file = await telegram("getFile", file_id=size["file_id"])
    url = telegram.root.replace("/bot", "/file/bot") + "/" + file["file_path"]
    async with telegram.session.get(url) as response:
        assert await response.read() == picture
    again = await telegram("sendPhoto", chat_id=anna, photo=size["file_id"])
    assert again["photo"] == message["photo"]


async def test_a_picture_is_replaced_with_its_caption_and_buttons(telegram, anna, picture, another):
    first = await telegram.upload("sendPhoto", {"photo": picture}, chat_id=str(anna), caption="раз")
    place = {"chat_id": str(anna), "message_id": str(first["message_id"])}
    media = '{"type":"photo","media":"attach://new","caption":"<b>два</b>","parse_mode":"HTML"}'
    edited = await telegram.upload("editMessageMedia", {"new": another}, media=media, **place)
    assert edited["photo"][-1]["file_size"] == len(another)
    assert edited["photo"][-1]["file_id"] != first["photo"][-1]["file_id"]
    assert (edited["caption"], edited["caption_entities"][0]["type"]) == ("два", "bold")
    same = {"type": "photo", "media": edited["photo"][-1]["file_id"], "caption": "два"}
    same["caption_entities"] = [{"type": "bold", "offset": 0, "length": 3}]
    assert "not modified" in await telegram.refusal("editMessageMedia", **place, media=same)


async def test_a_text_may_be_given_a_picture(telegram, anna, picture):
    message = await telegram("sendMessage", chat_id=anna, text="раз", reply_markup=BUTTONS)
    place = {"chat_id": str(anna), "message_id": str(message["message_id"])}
    media = '{"type":"photo","media":"attach://new"}'
    edited = await telegram.upload("editMessageMedia", {"new": picture}, media=media, **place)
    assert [name in edited for name in ("text", "reply_markup", "photo")] == [False, False, True]


@pytest.mark.parametrize(
    ("media", "words"),
    [
        ("нет", "can't parse media JSON object"),
        ('{"type":"poll","media":"x"}', "can't parse InputMedia: unsupported type 'poll'"),
        ('{"type":"photo","media":"photo-999999"}', "invalid file_id"),
        ('{"type":"photo","media":"http://a/b.png"}', "wrong file identifier/HTTP URL specified"),
    ],
)
async def test_what_can_be_no_medium_is_refused(telegram, anna, media, words):
    message = await telegram("sendMessage", chat_id=anna, text="раз")
    call = {"chat_id": anna, "message_id": message["message_id"], "media": media}
    assert await telegram.refusal("editMessageMedia", **call) == f"Bad Request: {words}"


async def test_a_picture_of_an_album_becomes_no_file(telegram, anna, picture):
    media = '[{"type":"photo","media":"attach://a"},{"type":"photo","media":"attach://b"}]'
    files = {"a": picture, "b": picture}
    first, _ = await telegram.upload("sendMediaGroup", files, chat_id=str(anna), media=media)
    document = await telegram.upload("sendDocument", {"document": b"a,b"}, chat_id=str(anna))
    file = {"type": "document", "media": document["document"]["file_id"]}
    call = {"chat_id": anna, "message_id": first["message_id"], "media": file}
    assert "in the album" in await telegram.refusal("editMessageMedia", **call)


async def test_what_is_no_picture_is_refused_as_photo(telegram, anna):
    with pytest.raises(AssertionError, match="IMAGE_PROCESS_FAILED"):
        await telegram.upload("sendPhoto", {"photo": b"text"}, chat_id=str(anna))


async def test_albums_share_a_group_id(telegram, anna, picture):
    media = '[{"type":"photo","media":"attach://a","caption":"раз"},{"type":"photo","media":"attach://b"}]'
    files = {"a": picture, "b": picture}
    first, second = await telegram.upload("sendMediaGroup", files, chat_id=str(anna), media=media)
    assert first["media_group_id"] == second["media_group_id"]
    assert (first["caption"], "caption" in second) == ("раз", False)


async def test_documents_keep_their_name(telegram, anna):
    files = {"document": b"text,label\n"}
    message = await telegram.upload("sendDocument", files, chat_id=str(anna), caption="выгрузка")
    assert message["document"]["file_name"] == "document.png"
    assert message["document"]["file_size"] == 11


async def test_copies_and_forwards_tell_where_they_are_from(playground, telegram, group, anna):
    source = await playground.write("group", "oleg", "слышали?")
    call = {"chat_id": anna, "from_chat_id": group, "message_id": source["message_id"]}
    forwarded = await telegram("forwardMessage", **call)
    assert forwarded["forward_origin"]["sender_user"] == source["from"]
    copied = await telegram("copyMessage", **call)
    [last] = await playground.messages("private:anna", after=copied["message_id"] - 1)
    assert (last["text"], "forward_origin" in last) == ("слышали?", False)


async def test_the_bot_reacts_and_takes_it_back(playground, telegram, group):
    message = await playground.write("group", "anna", "ура")
    call = {"chat_id": group, "message_id": message["message_id"]}
    await telegram("setMessageReaction", **call, reaction=[{"type": "emoji", "emoji": "👍"}])
    assert (await playground.messages("group"))[-1]["reactions"] == {"👍": 1}
    await telegram("setMessageReaction", **call)
    assert (await playground.messages("group"))[-1]["reactions"] == {}
