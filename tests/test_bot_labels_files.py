"""/import and /export: labelled texts as files, for those who administer a community."""

import asyncio
import base64
import csv
import io

import pytest
import pytest_asyncio
from aiohttp import ClientSession
from bot_parts import rows

from bot.storage import chats, communities, labels
from bot.storage.labels import Label

pytest_plugins = ["playground_fixtures", "bot_fixtures"]
pytestmark = pytest.mark.asyncio(loop_scope="module")

BOT = 42
GOOD = "text,label\nСпасибо!,positive\nЖдём,negative\n"


@pytest_asyncio.fixture(loop_scope="module")
async def linked(app, playground, ids):
    """A running bot whose group is linked to the moderators' chat."""
    await playground.reset()
    await playground.set(limits={"enabled": False})
    await app.storage.write(communities.link, ids["group"], ids["moderators"], ids["admin"], at=1.0)
    return app


def as_file(content, name="labels.csv"):
    data = content if isinstance(content, bytes) else content.encode()
    return {"data": base64.b64encode(data).decode(), "name": name}


async def answer(playground, person, text="", **extra):
    """Write in private and wait for what the bot says."""
    chat = f"private:{person}"
    written = await playground.write(chat, person, text, **extra)
    return await playground.wait_for(
        chat, lambda m: m["author_id"] == BOT, after=written["message_id"]
    )


async def send(playground, content, person="admin"):
    """Send a file with /import as its caption."""
    return (await answer(playground, person, "/import", document=as_file(content)))["text"]


def texts_in_force(storage):
    found = labels.in_force(storage.connection, 99)
    return sorted((one.text, one.label, one.task, one.source) for one in found)


async def test_a_file_with_import_as_its_caption_is_taken(linked, playground, ids):
    assert await send(playground, GOOD) == "📥 Добавлено 2 метки"
    assert texts_in_force(linked.storage) == [
        ("Ждём", "negative", "sentiment", "import"),
        ("Спасибо!", "positive", "sentiment", "import"),
    ]
    (first, *_) = labels.in_force(linked.storage.connection, 9)
    assert (first.chat_id, first.who) == (ids["group"], ids["admin"])


async def test_a_file_alone_is_taken_after_a_press_and_once_after_two(linked, playground):
    await playground.write("group", "anna", "Привет")
    asked = await answer(playground, "admin", document=as_file(GOOD, "Метки.CSV"))
    (button,) = [b for row in asked["reply_markup"]["inline_keyboard"] for b in row]
    assert button["text"] == "Двор на Садовой"
    press = ("private:admin", asked["message_id"], button["callback_data"], "admin")
    await asyncio.gather(playground.press(*press), playground.press(*press))
    done = await playground.wait_for("private:admin", lambda m: "📥" in m.get("text", ""))
    assert done["message_id"] == asked["message_id"]
    assert "reply_markup" not in done
    assert rows(linked.storage, "SELECT count(*) FROM labels") == [(2,)]


async def test_a_reply_to_a_file_takes_it(linked, playground):
    asked = await answer(playground, "admin", document=as_file(GOOD))
    file_id = asked["reply_to_message"]["message_id"]
    said = await answer(playground, "admin", "/import", reply_to=file_id)
    assert said["text"] == "📥 Добавлено 2 метки"


async def test_a_bad_file_is_told_its_row_and_nothing_is_stored(linked, playground):
    said = await send(playground, GOOD + "Ну, да,positive\n")
    assert "ничего не записано" in said
    assert "Строка 4: колонок 3, а в первой строке 2" in said
    assert "метки «&lt;b&gt;»" not in await send(playground, "text,label\nда,<b>\n")
    assert rows(linked.storage, "SELECT count(*) FROM texts") == [(0,)]
    assert texts_in_force(linked.storage) == []


async def test_the_same_file_again_adds_nothing_and_says_so(linked, playground):
    await send(playground, GOOD)
    again = await send(playground, GOOD + "Ну да,neutral\nспасибо,positive\n")
    assert again == "📥 Добавлена 1 метка, уже были: 3"


async def test_a_label_that_differs_from_somebody_elses_is_a_conflict(linked, playground):
    await playground.set_member("group", "moderator", "administrator", by="admin")
    await send(playground, GOOD)
    said = await send(playground, "text,label\nСпасибо,neutral\nЖдём,negative\n", "moderator")
    assert said.splitlines()[0] == "📥 Добавлена 1 метка, уже были: 1"
    assert "1 текст размечен раньше иначе" in said
    assert len(rows(linked.storage, "SELECT * FROM label_conflicts")) == 1


async def test_ones_own_later_word_supersedes_the_earlier_one(linked, playground):
    await send(playground, GOOD)
    assert "размечен раньше" not in await send(playground, "text,label\nСпасибо,neutral\n")
    assert ("Спасибо!", "neutral", "sentiment", "import") in texts_in_force(linked.storage)


async def test_an_old_encoding_and_contradictions_are_told(linked, playground):
    lines = "text,label\nСпасибо,neutral\nНу да,neutral\nну да!,positive\n"
    said = await send(playground, lines.encode("windows-1251"))
    assert "Добавлена 1 метка" in said
    assert "Пропущено строк: 2" in said
    assert "windows-1251" in said


async def test_a_copy_of_a_labelled_message_labels_that_message(linked, playground, ids, worker):
    written = await playground.write("group", "anna", "Спасибо")
    key = f"{ids['group']}:{written['message_id']}:0"
    label = Label("p", 1.0, 9, "card", key, "sentiment", "tiny-1", "negative", "negative")
    await linked.storage.write(labels.append, label)
    await playground.wait_for("group", lambda m: m.get("text") == "Спасибо")
    while not rows(linked.storage, "SELECT 1 FROM verdicts WHERE key = ?", key):
        await playground.messages("group", after=written["message_id"])
    assert "1 текст размечен раньше иначе" in await send(playground, GOOD)
    assert ("Спасибо", "positive", "sentiment", "import") in texts_in_force(linked.storage)


async def test_one_who_administers_nothing_may_not_import(linked, playground):
    assert "могут администраторы" in await send(playground, GOOD, "oleg")
    assert texts_in_force(linked.storage) == []


async def test_a_press_by_one_who_lost_the_right_imports_nothing(linked, playground):
    await playground.set_member("group", "moderator", "administrator", by="admin")
    asked = await answer(playground, "moderator", document=as_file(GOOD))
    (button,) = [b for row in asked["reply_markup"]["inline_keyboard"] for b in row]
    await playground.set_member("group", "moderator", "member", by="admin")
    where = ("private:moderator", asked["message_id"], button["callback_data"], "moderator")
    assert "только администраторы" in (await playground.press(*where))["text"]
    assert texts_in_force(linked.storage) == []


async def test_imported_texts_move_with_their_group(linked, playground, ids):
    await send(playground, GOOD)
    for _ in range(2):
        await linked.storage.write(chats.move, ids["group"], -77, 2.0)
    (one, _) = labels.in_force(linked.storage.connection, 9)
    assert one.chat_id == -77


async def test_import_without_a_file_says_how(linked, playground):
    assert "Пришлите файл CSV" in (await answer(playground, "admin", "/import"))["text"]


async def test_what_is_exported_can_be_imported_again(linked, playground, telegram):
    assert "Разметки пока нет" in (await answer(playground, "admin", "/export"))["text"]
    await send(playground, GOOD)
    sent = await answer(playground, "admin", "/export")
    assert "2 метки" in sent["caption"]
    url = f"{playground.url}/control/files/{sent['document']['file_id']}"
    async with ClientSession() as session, session.get(url) as response:
        data = await response.read()
    read = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))
    assert [(row["text"], row["label"]) for row in read] == [
        ("Спасибо!", "positive"),
        ("Ждём", "negative"),
    ]
    assert await send(playground, data) == "📥 Ничего нового, уже были: 2"


async def test_an_export_of_something_else_says_what_there_is(linked, playground):
    said = await answer(playground, "admin", "/export foo")
    assert "/export mood 7d" in said["text"]


async def test_nothing_is_exported_of_a_community_that_one_does_not_administer(linked, playground):
    await send(playground, GOOD)
    said = await answer(playground, "oleg", "/export")
    assert "получают администраторы" in said["text"]
