"""A link to reviews as a person meets it: "reading…", the report, its picture and its buttons."""

import csv
import io

import pytest
import pytest_asyncio
from aiohttp import ClientSession
from bot_parts import rows, until
from card_parts import link
from review_parts import ANNA, LINK, Reader, review, says

pytest_plugins = ["playground_fixtures", "bot_fixtures"]
pytestmark = pytest.mark.asyncio(loop_scope="module")

END = {"outcome": "read", "source": "json-ld", "title": "Платье <b>", "total": 1250}
GOOD = [review(f"Спасибо, отличное платье, сидит хорошо и ткань мягкая {n}", 5) for n in range(40)]
BAD = [review(f"Кошмар, платье порвалось, деньги не вернули {n}", 1) for n in range(10)]
SAD = [review("Кошмар, а не платье, вся в катышках", 5)]


@pytest_asyncio.fixture(loop_scope="module")
async def reader(app, redis_sync):
    played = Reader(redis_sync)
    played.listen()
    return played


def buttons(message):
    return [b for row in message["reply_markup"]["inline_keyboard"] for b in row]


async def reported(playground, reader, found=(*GOOD, *BAD, *SAD), link=LINK):
    """Send a link, play the reader, and return the report."""
    written = await playground.write(ANNA, "anna", link)
    reader.put(await reader.order(), 0, *found, **END)
    done = says("1. «")
    return await playground.wait_for(ANNA, done, after=written["message_id"])


async def press(playground, message, text, sender="anna"):
    data = next(b["callback_data"] for b in buttons(message) if text in b["text"])
    return await playground.press(ANNA, message["message_id"], data, sender)


async def test_a_link_is_answered_at_once_and_becomes_a_report(app, playground, reader):
    written = await playground.write(ANNA, "anna", LINK)
    begun = await playground.wait_for(ANNA, says("Читаю отзывы"), after=written["message_id"])
    assert "shop.example" in begun["text"]
    assert begun["reply_to_message"]["message_id"] == written["message_id"]
    reader.put(await reader.order(), 0, *GOOD, *BAD, *SAD, **END)
    report = await playground.wait_for(ANNA, says("Хвалят"), after=written["message_id"])
    assert report["message_id"] == begun["message_id"]
    assert report["text"].startswith("🗣 Платье <b>\nshop.example · прочитано 51 из 1\xa0250")
    assert "22 % негативно" in report["text"]
    shown = await playground.wait_for(ANNA, lambda m: "photo" in m, after=written["message_id"])
    assert shown["photo"][-1]["width"] == 1080


async def test_the_report_says_how_words_and_stars_differ(app, playground, reader):
    text = (await reported(playground, reader))["text"]
    assert "Звёзды: 4,2 из 5 (51 оценка)" in text
    assert "2 звезды и меньше поставили 20 %, а недовольны в словах 22 %." in text
    assert "1 отзыв с 4–5 звёздами — с недовольными словами." in text
    assert "Ругают: " in text
    assert "деньги не вернули" in text


async def test_a_link_is_no_message_to_score(app, playground, reader, worker):
    worker.read.clear()
    await reported(playground, reader)
    assert rows(app.storage, "SELECT count(*) FROM messages") == [(0,)]
    assert {text.key[0] for text in worker.read} == {"r"}
    assert rows(app.storage, "SELECT count(*) FROM verdicts") == [(0,)]


async def test_an_ordinary_text_with_a_link_in_it_still_gets_its_mood(app, playground):
    written = await playground.write(ANNA, "anna", f"Кошмар, смотрите {LINK}")
    await playground.wait_for(ANNA, says("Негативно"), after=written["message_id"])


async def test_a_quote_is_labelled_by_its_number(app, playground, reader):
    report = await reported(playground, reader)
    await press(playground, report, "✏️ 1")
    opened = await playground.wait_for(ANNA, lambda m: "Назад" in str(m.get("reply_markup")))
    reply = await press(playground, opened, "позитивно")
    assert reply["text"] == "Записано: позитивно. Спасибо!"
    ledger = rows(app.storage, "SELECT source, shown, chosen, task FROM labels")
    assert ledger == [("review", "negative", "positive", "sentiment")]
    assert rows(app.storage, "SELECT count(*) FROM texts") == [(1,)]


async def test_the_reviews_can_be_had_as_a_file(app, playground, reader):
    report = await reported(playground, reader, [review("=1+1 кошмар", 2), review("Спасибо", 5)])
    await press(playground, report, "CSV")
    sent = await playground.wait_for(ANNA, lambda m: "document" in m, after=report["message_id"])
    url = f"{playground.url}/control/files/{sent['document']['file_id']}"
    async with ClientSession() as session, session.get(url) as response:
        data = (await response.read()).decode("utf-8-sig")
    first, second = csv.DictReader(io.StringIO(data))
    assert (first["text"], first["stars"], first["label"]) == ("'=1+1 кошмар", "2", "negative")
    assert (second["label"], second["model"]) == ("positive", "tiny-1")


async def test_what_was_read_a_while_ago_is_answered_from_what_is_stored(app, playground, reader):
    await reported(playground, reader)
    written = await playground.write("private:oleg", "oleg", f"{LINK}/?utm_source=x#top")
    again = await playground.wait_for("private:oleg", says("Страницу читал 1 минуту назад"))
    assert again["reply_to_message"]["message_id"] == written["message_id"]
    assert reader.queue.count == 0


async def test_a_page_can_be_read_anew(app, playground, reader):
    report = await reported(playground, reader)
    assert (await press(playground, report, "Прочитать заново"))["text"] == "Читаю заново"
    reader.put(await reader.order(), 0, review("Спасибо, теперь хорошо"), **END)
    await playground.wait_for(ANNA, says("прочитано 1 из"), after=report["message_id"])


async def test_parts_fill_the_message_and_come_twice_without_harm(app, playground, reader):
    written = await playground.write(ANNA, "anna", LINK)
    order = await reader.order()
    for _ in range(2):
        reader.put(order, 0, *GOOD[:3])
    await playground.wait_for(ANNA, says("Нашлось 3 отзыва"), after=written["message_id"])
    reader.put(order, 1, *GOOD[3:5], **END)
    await playground.wait_for(ANNA, says("прочитано 5 из"), after=written["message_id"])
    assert rows(app.storage, "SELECT number FROM reviews") == [(n,) for n in range(5)]


async def test_nobody_reading_pages_is_said_with_what_to_do(app, playground):
    written = await playground.write(ANNA, "anna", LINK)
    said = await playground.wait_for(ANNA, says("читать некому"), after=written["message_id"])
    assert "python -m worker.reader" in said["text"]
    sql = "SELECT state, outcome FROM readings"
    await until(lambda: rows(app.storage, sql) == [("shown", "no-reader")])


async def test_somebody_who_waits_asks_for_nothing_else(app, playground, reader):
    await playground.write(ANNA, "anna", LINK)
    await reader.order()
    written = await playground.write(ANNA, "anna", "https://other.example/")
    await playground.wait_for(ANNA, says("Я ещё читаю"), after=written["message_id"])
    assert rows(app.storage, "SELECT count(*) FROM readings") == [(1,)]


async def test_moderators_ask_in_their_chat_by_command(app, playground, reader, ids):
    await link(app.storage, ids, "watch")
    await playground.write("group", "anna", f"/reviews {LINK}")
    await playground.write("moderators", "moderator", f"/reviews {LINK}")
    reader.put(await reader.order(), 0, *GOOD, **END)
    await playground.wait_for("moderators", says("1. «"))
    assert rows(app.storage, "SELECT chat_id FROM readings") == [(ids["moderators"],)]


async def test_moderators_paste_in_their_chat_as_they_are_told_to(app, playground, ids):
    await link(app.storage, ids, "watch")
    await playground.write("moderators", "moderator", f"/reviews {LINK}")
    failed = await playground.wait_for("moderators", says("ответом на это сообщение"))
    answer = {"reply_to": failed["message_id"]}
    await playground.write("moderators", "moderator", "Спасибо\n\nКошмар", **answer)
    await playground.wait_for("moderators", says("2 отзыва", "1. «"))


async def test_a_command_in_answer_to_us_stays_one(app, playground):
    await playground.write(ANNA, "anna", LINK)
    failed = await playground.wait_for(ANNA, says("читать некому"))
    await playground.write(ANNA, "anna", "/ping", reply_to=failed["message_id"])
    await playground.wait_for(ANNA, says("Я на месте"))


async def forged(playground, telegram, ids, person, *datas):
    """Press buttons that no report has, and return what the bot answers to each."""
    rows = [[{"text": data, "callback_data": data}] for data in datas]
    markup = {"inline_keyboard": rows}
    sent = await telegram("sendMessage", chat_id=ids[person], text="?", reply_markup=markup)
    where = (f"private:{person}", sent["message_id"])
    return [(await playground.press(*where, data, person))["text"] for data in datas]


async def test_a_button_of_somebody_elses_reading_gives_nothing_away(
    app, playground, telegram, reader, ids
):
    await reported(playground, reader)
    await playground.write("private:oleg", "oleg", "/start")
    datas = ("quote1:1:0", "quote_label1:1:0:0", "reviews_csv1:1", "reviews_anew1:1")
    answers = await forged(playground, telegram, ids, "oleg", *datas)
    assert all("уже нет" in answer for answer in answers)
    assert rows(app.storage, "SELECT count(*) FROM labels") == [(0,)]


async def test_a_quote_or_label_that_there_is_not_is_refused(
    app, playground, telegram, reader, ids
):
    await reported(playground, reader)
    datas = ("quote_label1:1:0:9", "quote_label1:1:999:0", "quote1:1:999", "quote1:77:0")
    answers = await forged(playground, telegram, ids, "anna", *datas)
    assert all("уже нет" in answer for answer in answers)


async def test_how_to_paste_is_explained(app, playground):
    written = await playground.write(ANNA, "anna", LINK)
    failed = await playground.wait_for(ANNA, says("читать некому"), after=written["message_id"])
    reply = await press(playground, failed, "Как вставить")
    assert "ответом на это сообщение" in reply["text"]
    assert reply["show_alert"]


async def test_a_link_in_a_group_is_a_message_like_any_other(app, playground, reader):
    await playground.write("group", "anna", LINK)
    await until(lambda: rows(app.storage, "SELECT 1 FROM verdicts"))
    assert rows(app.storage, "SELECT count(*) FROM readings") == [(0,)]


async def test_a_reply_reads_the_link_that_an_app_shared(app, playground, reader):
    shared = await playground.write(ANNA, "anna", f"Плащ, 990 рублей\n{LINK}")
    await playground.write(ANNA, "anna", "/reviews", reply_to=shared["message_id"])
    assert (await reader.order()).url == LINK
