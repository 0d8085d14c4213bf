"""/forget: texts and labels go, and the versions that learnt from them are named."""

import pytest
import pytest_asyncio
from bot_parts import rows, until

from bot.storage import communities, forgetting, labels, training_sources
from bot.storage.forgetting import Forgetting
from bot.storage.labels import Label
from core.queues import DEAD

pytest_plugins = ["playground_fixtures", "bot_fixtures"]
pytestmark = pytest.mark.asyncio(loop_scope="module")

BOT = 42


@pytest_asyncio.fixture(loop_scope="module")
async def linked(app, playground, ids):
    """A running bot whose group is linked to the moderators' chat."""
    await playground.reset()
    await playground.set(limits={"enabled": False})
    await app.storage.write(communities.link, ids["group"], ids["moderators"], ids["admin"], at=1.0)
    return app


async def write(app, playground, sender, text, chat="group"):
    """Write and wait until the model has judged it; returns the key and the message's id."""
    written = await playground.write(chat, sender, text)
    key = f"{written['chat']['id']}:{written['message_id']}:0"
    await until(lambda: rows(app.storage, "SELECT 1 FROM verdicts WHERE key = ?", key))
    return key, written["message_id"]


async def give(app, key, who, chosen="positive", press=None):
    press = press or f"{who}{key}"
    row = Label(press, 1.0, who, "card", key, "sentiment", "tiny-1", "negative", chosen)
    await app.storage.write(labels.append, row)


async def command(playground, chat, sender, text, **extra):
    """Give a command and return the bot's question."""
    written = await playground.write(chat, sender, text, **extra)
    return await playground.wait_for(
        chat, lambda m: m["author_id"] == BOT and "forget1" in str(m), after=written["message_id"]
    )


async def press(playground, chat, question, word, sender):
    buttons = [b for row in question["reply_markup"]["inline_keyboard"] for b in row]
    data = next(b["callback_data"] for b in buttons if word in b["text"])
    return await playground.press(chat, question["message_id"], data, sender)


async def report(playground, chat, question):
    """Wait for what became of it."""
    return await playground.wait_for(
        chat, lambda m: m["message_id"] == question["message_id"] and "reply_markup" not in m
    )


def add_exhibit(connection, incident, state, key):
    """Add an incident in some state, with one message as its evidence."""
    connection.execute(
        "INSERT INTO incidents (id, token, chat_id, kind, state, reasons, opened_at, changed_at)"
        " VALUES (?, ?, -1, 'care', ?, '[]', 1, 1)",
        (incident, str(incident), state),
    )
    connection.execute(
        "INSERT INTO exhibits (incident, key, message, chat_id, message_id, sender_name, text,"
        " fingerprint, scores, model, added_at)"
        " VALUES (?, ?, ?, -1, 1, 'Анна', 'Кошмар', 'кошмар', '{}', '', 1)",
        (incident, key, key.rpartition(":")[0]),
    )


def texts(storage):
    return rows(storage, "SELECT text, sender_id FROM messages ORDER BY rowid")


async def test_a_person_is_forgotten_with_texts_and_labels_in_all_chats(linked, playground, ids):
    own, _ = await write(linked, playground, "anna", "Кошмар")
    other, _ = await write(linked, playground, "oleg", "Спасибо")
    await write(linked, playground, "anna", "Добрый день", "private:anna")
    for key, who in ((own, ids["oleg"]), (other, ids["anna"]), (other, ids["oleg"])):
        await give(linked, key, who)
    question = await command(playground, "private:anna", "anna", "/forget")
    await press(playground, "private:anna", question, "Да", "anna")
    said = (await report(playground, "private:anna", question))["text"]
    assert "Забыл вас. Стёрто 2 текста и 2 метки." in said
    assert texts(linked.storage) == [(None, None), ("Спасибо", ids["oleg"]), (None, None)]
    assert rows(linked.storage, "SELECT who FROM labels") == [(ids["oleg"],)]
    assert rows(linked.storage, "SELECT * FROM people WHERE id = ?", ids["anna"]) == []


async def test_the_versions_that_learnt_from_it_are_named(linked, playground, ids):
    key, _ = await write(linked, playground, "anna", "Кошмар")
    for version in ("ours-2", "ours-1"):
        await linked.storage.write(training_sources.note_trained, version, [key])
    question = await command(playground, "private:anna", "anna", "/forget")
    await press(playground, "private:anna", question, "Да", "anna")
    said = (await report(playground, "private:anna", question))["text"]
    assert "На них учились версии (2): ours-1, ours-2." in said


async def test_whoever_thinks_better_of_it_is_not_forgotten(linked, playground, ids):
    await write(linked, playground, "anna", "Кошмар")
    question = await command(playground, "private:anna", "anna", "/forget")
    await press(playground, "private:anna", question, "Нет", "anna")
    assert "Оставил" in (await report(playground, "private:anna", question))["text"]
    assert texts(linked.storage) == [("Кошмар", ids["anna"])]


async def test_an_admin_forgets_somebody_in_the_community_alone(linked, playground, ids):
    _, message_id = await write(linked, playground, "anna", "Кошмар")
    await write(linked, playground, "anna", "Добрый день", "private:anna")
    question = await command(playground, "group", "admin", "/forget", reply_to=message_id)
    assert str(ids["anna"]) in question["text"]
    await press(playground, "group", question, "Да", "admin")
    said = (await report(playground, "group", question))["text"]
    assert "Стёрт 1 текст и 0 меток" in said
    assert "Ни одна версия модели" in said
    assert texts(linked.storage) == [(None, None), ("Добрый день", ids["anna"])]


async def test_an_admin_forgets_by_number_from_the_moderators_chat(linked, playground, ids):
    await write(linked, playground, "anna", "Кошмар")
    order = f"/forget {ids['anna']}"
    question = await command(playground, "moderators", "admin", order)
    await press(playground, "moderators", question, "Да", "admin")
    await report(playground, "moderators", question)
    assert (None, None) in texts(linked.storage)


async def test_a_member_can_neither_ask_nor_press(linked, playground, ids):
    _, message_id = await write(linked, playground, "anna", "Кошмар")
    ignored = await playground.write("group", "oleg", "/forget", reply_to=message_id)
    question = await command(playground, "group", "admin", "/forget", reply_to=message_id)
    assert "администратор" in (await press(playground, "group", question, "Да", "oleg"))["text"]
    replies = [m.get("reply_to_message", {}) for m in await playground.messages("group")]
    assert ignored["message_id"] not in [reply.get("message_id") for reply in replies]
    assert texts(linked.storage) == [("Кошмар", ids["anna"])]


async def test_without_a_person_it_says_how_to_name_one(linked, playground):
    written = await playground.write("group", "admin", "/forget Анна")
    said = await playground.wait_for(
        "group", lambda m: m["author_id"] == BOT, after=written["message_id"]
    )
    assert "Кого забыть?" in said["text"]


async def test_dead_letters_with_forgotten_texts_go_too(linked, playground, ids):
    own, _ = await write(linked, playground, "anna", "Кошмар")
    other, _ = await write(linked, playground, "oleg", "Спасибо")
    for key in (own, other):
        await linked.connection.xadd(DEAD, {"key": key, "text": "слова"})
    await linked.connection.xadd(DEAD, {"text": "не текст"})
    question = await command(playground, "private:anna", "anna", "/forget")
    await press(playground, "private:anna", question, "Да", "anna")
    await report(playground, "private:anna", question)
    left = [fields.get(b"key") for _, fields in await linked.connection.xrange(DEAD)]
    assert left == [other.encode(), None]


async def test_evidence_goes_once_it_is_decided(linked, playground, ids):
    key, _ = await write(linked, playground, "anna", "Кошмар")
    for number, state in ((1, "open"), (2, "settled")):
        await linked.storage.write(add_exhibit, number, state, key)
    question = await command(playground, "private:anna", "anna", "/forget")
    await press(playground, "private:anna", question, "Да", "anna")
    await report(playground, "private:anna", question)
    left = rows(linked.storage, "SELECT incident, text, sender_name FROM exhibits ORDER BY id")
    assert left == [(1, "Кошмар", "Анна"), (2, None, None)]
    await linked.storage.write(lambda c: c.execute("UPDATE incidents SET state = 'settled'"))
    assert await linked.storage.write(forgetting.drop_decided) == 1
    assert rows(linked.storage, "SELECT text, sender_name FROM exhibits") == [(None, None)] * 2


async def test_forgetting_that_was_cut_short_goes_on_and_sums_up_all(linked, playground, ids):
    key, _ = await write(linked, playground, "anna", "Кошмар")
    await give(linked, key, ids["oleg"])
    order = Forgetting("f1", ids["anna"], ids["anna"], None, 1.0)
    for _ in range(2):
        await linked.storage.write(forgetting.begin, order)
        while await linked.storage.write(forgetting.forget_texts, order):
            pass
        done = await linked.storage.write(forgetting.finish, order)
    assert (done.texts, done.labels) == (1, 1)


async def test_what_somebody_imported_goes_unless_others_labelled_it(linked, ids):
    order = Forgetting("f1", ids["anna"], ids["anna"], None, 1.0)
    add = "INSERT INTO texts VALUES (?, ?, ?, 'слова', ?, 1)"
    for name in ("text:a", "text:b"):
        values = (name, ids["group"], name, ids["anna"])
        await linked.storage.write(lambda c, v=values: c.execute(add, v))
        await give(linked, f"{name}:0", ids["anna"])
    await give(linked, "text:b:0", ids["oleg"])
    await linked.storage.write(forgetting.begin, order)
    while await linked.storage.write(forgetting.forget_labels, order):
        pass
    done = await linked.storage.write(forgetting.finish, order)
    assert (done.texts, done.labels) == (1, 2)
    assert rows(linked.storage, "SELECT id FROM texts") == [("text:b",)]
