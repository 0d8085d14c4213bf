"""/mood as moderators meet it: who is answered where, what is said, and the buttons."""

import asyncio
import json
import time

import pytest
import pytest_asyncio
from bot_parts import rows, until
from card_parts import link
from mood_parts import tell

from bot.messages import Chat
from bot.storage import chats, communities
from bot.storage.communities import By
from core.queues import UPDATES

pytest_plugins = ["playground_fixtures", "bot_fixtures"]
pytestmark = pytest.mark.asyncio(loop_scope="module")

ADMIN = "private:admin"
HOUR = 3600


def says(message):
    return message["author_id"] == 42 and "text" in message


@pytest_asyncio.fixture(loop_scope="module")
async def linked(app, ids):
    """A bot that knows the group, which is linked to the moderators' chat and only watched."""
    group = Chat(ids["group"], "supergroup", "Двор на Садовой")
    await app.storage.write(chats.save, {group.id: (group, 1.0)})
    await link(app.storage, ids, "watch")
    return app


async def ask(playground, words="/mood", chat=ADMIN, sender="admin"):
    """Write /mood and return the bot's answer."""
    written = await playground.write(chat, sender, words)
    return await playground.wait_for(chat, says, after=written["message_id"])


async def is_silent(playground, chat, sender):
    """Tell whether nobody answers /mood there, though a later question elsewhere is answered."""
    written = await playground.write(chat, sender, "/mood")
    await ask(playground)
    await asyncio.sleep(0.1)
    found = await playground.messages(chat)
    return not [m for m in found if says(m) and m["message_id"] > written["message_id"]]


async def press(playground, message, words, sender="admin", chat=ADMIN):
    """Press the button that says so; return what the message says then."""
    buttons = [b for row in message["reply_markup"]["inline_keyboard"] for b in row]
    data = next(b["callback_data"] for b in buttons if words in b["text"])
    await playground.press(chat, message["message_id"], data, sender)
    return await playground.wait_for(
        chat, lambda m: m["message_id"] == message["message_id"] and m["text"] != message["text"]
    )


async def say(app, playground, texts, chat="group"):
    """Have people say something now and wait until it is counted."""
    before = len(rows(app.storage, "SELECT 1 FROM mood_texts"))
    said = [{"chat": chat, "sender": name, "text": text} for name, text in texts]
    await playground.write_many(said)
    enough = before + len(said)
    await until(lambda: len(rows(app.storage, "SELECT 1 FROM mood_texts")) == enough)


async def remember(app, chat_id, feelings, hours=40, **fields):
    """Have things said over the last hours, one by another author each; numbers from 1000 on."""
    now = int(time.time())

    def tell_all(_):
        for number, feeling in enumerate(feelings):
            at = now - hours * HOUR + hours * HOUR * number // len(feelings)
            words = {"bad": "лифт сломан", "good": "спасибо дворнику"}.get(feeling, "добрый день")
            place = {"chat_id": chat_id, "author": 7000 + number, "at": at} | fields
            start = fields.get("start", 1000)
            tell(app.storage, start + number, f"{words} {number}", feeling, **place)

    await app.storage.write(tell_all)


async def test_an_admin_is_told_the_score_the_shares_and_the_counts(linked, playground, ids):
    await remember(linked, ids["group"], ["bad", "good", "plain", "bad", "plain"] * 16)
    text = (await ask(playground))["text"]
    assert text.startswith("🌡 Двор на Садовой · 7 дней\n\nНастроение −18 (−")
    assert "Сравнить не с чем: перед этим написали слишком мало." in text
    assert "😠 38 %  😐 42 %  😊 20 %\n80 голосов · 80 сообщений" in text
    assert "за час в одной ветке это один голос" in text


async def test_the_picture_follows_the_words(linked, playground, ids):
    await remember(linked, ids["group"], ["bad", "good"] * 20)
    answer = await ask(playground)
    shown = await playground.wait_for(ADMIN, lambda m: "photo" in m, after=answer["message_id"])
    assert shown["photo"][-1]["width"] == 1080


async def test_a_change_beyond_chance_is_told_from_one_within(linked, playground, ids):
    await remember(linked, ids["group"], ["good", "plain"] * 60, hours=47)
    await remember(linked, ids["group"], ["bad", "plain"] * 30, hours=23, start=2000)
    text = (await ask(playground, "/mood 24h"))["text"]
    assert "📉 Раньше было +3" in text
    assert "стало хуже, −" in text
    await remember(linked, ids["group"], ["good"] * 200, hours=23, start=3000)
    assert "📉" not in (await ask(playground, "/mood 24h"))["text"]


async def test_with_few_messages_no_score_is_told(linked, playground):
    await say(linked, playground, [("oleg", "Кошмар"), ("anna", "Спасибо")])
    text = (await ask(playground))["text"]
    assert "Пока написали слишком мало, чтобы судить о настроении." in text
    assert "2 голоса · 2 сообщения" in text
    assert "😠 Кошмар\n😊 Спасибо" in text


async def test_a_silent_time_has_no_picture(linked, playground):
    answer = await ask(playground, "/mood 02.01.2026")
    assert "За это время никто ничего не написал." in answer["text"]
    assert answer["text"].startswith("🌡 Двор на Садовой · 02.01.2026")
    await asyncio.sleep(0.2)
    assert not any("photo" in message for message in await playground.messages(ADMIN))


async def test_what_is_no_period_is_answered_with_examples(linked, playground):
    text = (await ask(playground, "/mood позавчера"))["text"]
    assert text.startswith("Не понимаю, за какое время.\n\nМожно так:\n/mood 24h")
    assert "Такого дня" in (await ask(playground, "/mood 31.02–05.03"))["text"]
    assert "не дальше 366" in (await ask(playground, "/mood 9999d"))["text"]


async def test_buttons_show_another_period(linked, playground, ids):
    await remember(linked, ids["group"], ["bad", "good"] * 20)
    answer = await ask(playground)
    names = [b["text"] for row in answer["reply_markup"]["inline_keyboard"] for b in row]
    assert names == ["24 часа", "· 7 дней ·", "30 дней"]
    changed = await press(playground, answer, "24 часа")
    assert changed["text"].startswith("🌡 Двор на Садовой · 24 часа")
    names = [b["text"] for row in changed["reply_markup"]["inline_keyboard"] for b in row]
    assert names == ["· 24 часа ·", "7 дней", "30 дней"]


async def test_a_button_shows_another_picture_in_the_place_of_the_first(linked, playground, ids):
    await remember(linked, ids["group"], ["bad", "good"] * 20)
    answer = await ask(playground)

    async def picture(period):
        wanted = lambda m: period in m.get("caption", "")  # noqa: E731
        return await playground.wait_for(ADMIN, wanted, answer["message_id"], timeout_seconds=60)

    first = await picture("Двор на Садовой · 7 дней")
    await press(playground, answer, "24 часа")
    second = await picture("Двор на Садовой · 24 часа")
    assert second["message_id"] == first["message_id"]
    assert second["photo"] != first["photo"]


async def test_a_press_below_words_that_are_gone_is_answered_by_new_ones(linked, playground, ids):
    answer = await ask(playground)
    data = answer["reply_markup"]["inline_keyboard"][0][0]["callback_data"]
    chat = {"id": ids["admin"], "type": "private", "first_name": "Марина"}
    # So Telegram names a message that a bot can't reach any more.
    place = {"chat": chat, "message_id": 1, "date": 0}
    person = {"id": ids["admin"], "is_bot": False, "first_name": "Марина", "language_code": "ru"}
    query = {"id": "1", "from": person, "message": place, "chat_instance": "1", "data": data}
    update = json.dumps({"update_id": 10**9, "callback_query": query})
    await linked.connection.xadd(UPDATES, {"update": update})
    newer = await playground.wait_for(ADMIN, says, after=answer["message_id"])
    assert newer["text"].startswith("🌡 Двор на Садовой · 24 часа")


async def test_who_lost_the_right_a_moment_ago_sees_no_other_period(linked, playground, ids):
    await remember(linked, ids["group"], ["bad"])
    answer = await ask(playground, "/mood", "moderators", "moderator")
    await playground.set_member("group", "moderator", "member", by="admin")
    data = answer["reply_markup"]["inline_keyboard"][0][0]["callback_data"]
    # Presses wait for the picture before them.
    told = await playground.press("moderators", answer["message_id"], data, "moderator", wait=40)
    assert "только его модераторам" in told["text"]


async def test_a_button_of_no_community_is_stale(linked, playground):
    answer = await ask(playground)
    await linked.storage.write(lambda c: c.execute("DELETE FROM button_targets"))
    data = answer["reply_markup"]["inline_keyboard"][0][0]["callback_data"]
    told = await playground.press(ADMIN, answer["message_id"], data, "admin")
    assert "устарела" in told["text"]


async def test_moderators_are_answered_in_the_community_and_members_are_not(linked, playground):
    await say(linked, playground, [("oleg", "Кошмар")])
    answer = await ask(playground, "/mood", "group", "moderator")
    assert answer["text"].startswith("🌡 Двор на Садовой")
    assert await is_silent(playground, "group", "anna")


async def test_the_moderators_chat_hears_of_its_community(linked, playground):
    answer = await ask(playground, "/mood 30d", "moderators", "moderator")
    assert answer["text"].startswith("🌡 Двор на Садовой · 30 дней")
    await playground.set_member("moderators", "anna", "member")
    answer = await ask(playground, "/mood", "moderators", "anna")
    assert "только его модераторам" in answer["text"]


async def test_who_administers_nothing_is_told_the_way(linked, playground):
    answer = await ask(playground, "/mood", "private:anna", "anna")
    assert "свяжите со мной чат: /link" in answer["text"]


async def found_community(app, playground, ids, title, **members):
    """Make a group, known to the bot and linked to itself."""
    staff = {"nastroi_bot": "administrator"} | members
    made = await playground.add_chat("garden", title, members=staff)
    chat = Chat(made["id"], "supergroup", title)
    await app.storage.write(chats.save, {chat.id: (chat, 1.0)})
    await app.storage.write(communities.link, made["id"], made["id"], ids["admin"], 1.0)


async def test_an_admin_of_several_communities_chooses_one(linked, playground, ids):
    await found_community(linked, playground, ids, "Сад & огород", admin="creator")
    await say(linked, playground, [("oleg", "Кошмар")])
    answer = await ask(playground, "/mood 24h")
    assert answer["text"] == "🌡 О каком сообществе рассказать?"
    chosen = await press(playground, answer, "Двор на Садовой")
    assert chosen["text"].startswith("🌡 Двор на Садовой · 24 часа")


async def test_days_are_of_the_communitys_time_zone(linked, playground, ids):
    by = By(ids["admin"], 1.0)
    zone = ("time_zone", "Asia/Kamchatka")
    await linked.storage.write(communities.save_setting, ids["group"], zone, by)
    # Midnight in Kamchatka is noon of the day before in UTC.
    await linked.storage.write(
        lambda _: tell(linked.storage, 1, "Кошмар", chat_id=ids["group"], at=1_788_000_000 + 43200)
    )
    answer = await ask(playground, "/mood 30.08.2026")
    assert "никто ничего не написал" not in answer["text"]


async def test_messages_link_to_where_they_stand(linked, playground, ids):
    await say(linked, playground, [("oleg", "Кошмар какой <b>лифт</b>"), ("anna", "Спасибо всем")])
    answer = await ask(playground)
    links = [e["url"] for e in answer["entities"] if e["type"] == "text_link"]
    numbers = [row[0] for row in rows(linked.storage, "SELECT message_id FROM messages")]
    chat = str(ids["group"]).removeprefix("-100")
    assert links == [f"https://t.me/c/{chat}/{number}" for number in numbers]
    assert "😠 Кошмар какой <b>лифт</b>" in answer["text"]


async def test_a_public_communitys_links_lead_everyone(linked, playground, ids):
    post = await playground.post_channel("Мы открылись!")
    for name in ("oleg", "anna", "dasha"):
        await playground.comment(post["message_id"], name, f"Кошмар, {name}")
    await until(lambda: len(rows(linked.storage, "SELECT 1 FROM mood_texts")) == 4)
    answer = await ask(playground)
    assert "Где говорили больше всего\n• Мы открылись! · −85 · 3 голоса" in answer["text"]
    links = [e["url"] for e in answer["entities"] if e["type"] == "text_link"]
    assert links[0].endswith(f"/{post['message_id']}")


async def comment_on_posts(app, playground, feelings):
    """Post as many times, and have five people comment on each as they feel."""
    words = {"bad": "Кошмар", "good": "Спасибо"}
    for place, feeling in enumerate(feelings):
        post = await playground.post_channel(f"Пост {place}")
        for name in ("oleg", "anna", "dasha", "petrovich", "newcomer"):
            text = f"{words[feeling]} {place} {name}"
            await playground.comment(post["message_id"], name, text)
    count = 6 * len(feelings)
    await until(lambda: len(rows(app.storage, "SELECT 1 FROM mood_texts")) == count)


async def test_a_channels_posts_are_ranked_by_how_their_comments_feel(linked, playground, ids):
    await linked.storage.write(
        communities.link, ids["channel"], ids["moderators"], ids["admin"], 1.0
    )
    await comment_on_posts(linked, playground, ["bad", "good"])
    answer = await press(playground, await ask(playground), "Лавка")
    assert "вместе с обсуждением «Двор на Садовой»" in answer["text"]
    assert "Теплее всего отвечают (из 2 постов)\n• Пост 1 · +85 · 5 голосов" in answer["text"]
    assert "Холоднее всего\n• Пост 0 · −85 · 5 голосов" in answer["text"]


async def test_words_that_moved_are_named(linked, playground, ids):
    await remember(linked, ids["group"], ["good"] * 60, hours=47)
    await remember(linked, ids["group"], ["bad"] * 60, hours=23, start=2000)
    text = (await ask(playground, "/mood 24h"))["text"]
    assert "Говорят чаще: лифт сломан" in text
    assert "Говорят реже: спасибо дворнику" in text
    assert "Слова сравниваю по 1" in text


async def test_what_moderators_had_deleted_is_no_example_but_still_counts(linked, playground):
    await say(linked, playground, [("oleg", "Кошмар"), ("anna", "Кошмар просто")])
    (number, message), _ = rows(linked.storage, "SELECT message_id, id FROM messages")
    await linked.storage.write(delete_as_moderators_do, number, message)
    text = (await ask(playground))["text"]
    assert "😠 Кошмар просто" in text
    assert "😠 Кошмар\n" not in text
    assert "2 голоса · 2 сообщения" in text


def delete_as_moderators_do(connection, number, message):
    connection.execute(
        "INSERT INTO incidents (id, token, chat_id, kind, reasons, opened_at, changed_at,"
        " shown_version) VALUES (1, 't', -1, 'moderate', '[]', 1, 1, 1)"
    )
    connection.execute(
        "INSERT INTO exhibits (incident, key, message, chat_id, message_id, fingerprint, scores,"
        " model, added_at) VALUES (1, 'k', ?, -1, ?, '', '{}', 'm', 1)",
        (message, number),
    )
    connection.execute(
        "INSERT INTO measures (incident, kind, chat_id, target, by_person, state, planned_at,"
        " changed_at) VALUES (1, 'delete', -1, ?, 1, 'done', 1, 1)",
        (number,),
    )


async def test_an_english_admin_is_answered_in_english(linked, playground, ids):
    await playground.add_person("john", "John", language_code="en")
    await playground.set_member("group", "john", "administrator", by="admin")
    await remember(linked, ids["group"], ["bad", "good"] * 20)
    text = (await ask(playground, "/mood", "private:john", "john"))["text"]
    assert "· 7 days\n\nMood −" in text
    assert "40 votes · 40 messages" in text
