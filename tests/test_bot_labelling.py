"""/label: one message asks a moderator about one text after another."""

import asyncio

import pytest
import pytest_asyncio
from bot_parts import rows, until

from bot.storage import communities, labelling, labels
from bot.storage.labels import Label

pytest_plugins = ["playground_fixtures", "bot_fixtures"]
pytestmark = pytest.mark.asyncio(loop_scope="module")

BOT = 42
MODERATOR = "private:moderator"
# How sure the stand-in model is of a text, by its first word.
SURE = {"Точно": 0.98, "Наверное": 0.6, "Непонятно": 0.4}


def unsure_score(text):
    negative = SURE.get(text.split()[0], 0.9)
    rest = (1 - negative) / 2
    sentiment = {"negative": negative, "neutral": rest, "positive": rest}
    return {"sentiment": sentiment, "toxicity": {"toxic": 0.02}}


@pytest_asyncio.fixture(loop_scope="module")
async def linked(app, playground, ids, worker):
    """A running bot whose group is linked to the moderators' chat, and only watches."""
    worker.score = unsure_score
    await playground.reset()
    await playground.set(limits={"enabled": False})
    await app.storage.write(communities.link, ids["group"], ids["moderators"], ids["admin"], at=1.0)
    return app


async def say(app, playground, *texts, sender="anna"):
    """Write in the group and wait until the model has judged it; return the keys."""
    keys = []
    for text in texts:
        written = await playground.write("group", sender, text)
        keys.append(f"{written['chat']['id']}:{written['message_id']}:0")
    judged = "SELECT count(*) FROM verdicts"
    before = rows(app.storage, judged)[0][0]
    await until(lambda: rows(app.storage, "SELECT 1 FROM verdicts WHERE key = ?", keys[-1]))
    assert before <= rows(app.storage, judged)[0][0]
    return keys


async def ask(playground, person="moderator"):
    chat = f"private:{person}"
    written = await playground.write(chat, person, "/label")
    return await playground.wait_for(
        chat, lambda m: m["author_id"] == BOT, after=written["message_id"]
    )


def buttons(message):
    return [b for row in message["reply_markup"]["inline_keyboard"] for b in row]


async def press(playground, question, word, sender="moderator"):
    data = next(b["callback_data"] for b in buttons(question) if word in b["text"])
    return await playground.press(f"private:{sender}", question["message_id"], data, sender)


async def turned(playground, question, part, chat=MODERATOR):
    """Wait until the question's message says something else."""
    return await playground.wait_for(
        chat, lambda m: m["message_id"] == question["message_id"] and part in str(m)
    )


def ledger(storage):
    return rows(storage, "SELECT source, task, model, shown, chosen FROM labels ORDER BY id")


async def test_the_least_sure_text_is_asked_about_first(linked, playground):
    await say(linked, playground, "Точно плохо", "Непонятно что", "Наверное плохо")
    question = await ask(playground)
    assert "Непонятно что" in question["text"]
    assert "Размечено 0, сегодня 0 · модель пока права" in question["text"]
    names = [b["text"] for b in buttons(question)]
    assert names == ["😠 негативно", "😐 нейтрально", "😊 позитивно", "Пропустить →"]


async def test_a_press_is_written_down_and_the_same_message_asks_the_next(linked, playground):
    await say(linked, playground, "Точно плохо", "Непонятно что", "Наверное плохо")
    question = await ask(playground)
    reply = await press(playground, question, "позитивно")
    assert reply["text"] == "Записано: позитивно. Модель думала: негативно"
    following = await turned(playground, question, "Наверное плохо")
    assert "Размечено 1, сегодня 1 · модель поправлена 1 раз" in following["text"]
    assert ledger(linked.storage) == [
        ("label queue", "sentiment", "tiny-1", "negative", "positive")
    ]


async def test_when_all_is_asked_it_says_so_and_asks_nothing_twice(linked, playground):
    await say(linked, playground, "Точно плохо", "точно ПЛОХО!", "Непонятно что")
    question = await ask(playground)
    await press(playground, question, "Пропустить")
    following = await turned(playground, question, "ПЛОХО")
    await press(playground, following, "негативно")
    last = await turned(playground, question, "Новых текстов для разметки нет")
    assert "reply_markup" not in last
    assert "Новых текстов" in (await ask(playground))["text"]


async def test_one_who_moderates_nothing_is_told_so(linked, playground):
    await say(linked, playground, "Непонятно что")
    assert "Размечать могут модераторы" in (await ask(playground, "oleg"))["text"]


async def test_in_the_moderators_chat_it_says_where_to_label(linked, playground):
    written = await playground.write("moderators", "moderator", "/label")
    said = await playground.wait_for(
        "moderators", lambda m: m["author_id"] == BOT, after=written["message_id"]
    )
    assert "@nastroi_bot" in said["text"]


async def test_toxicity_near_its_threshold_has_two_buttons_of_its_own(linked, playground, worker):
    worker.score = lambda text: unsure_score(text) | {"toxicity": {"toxic": 0.8}}
    await say(linked, playground, *(f"Непонятно что {number}" for number in range(6)))
    question = await ask(playground)
    for number in range(1, 4):
        await press(playground, question, "нейтрально")
        question = await turned(playground, question, f"Размечено {number},")
    assert "Есть ли здесь оскорбление" in question["text"]
    await press(playground, question, "👌")
    await turned(playground, question, "Размечено 4,")
    assert ledger(linked.storage)[-1] == ("label queue", "toxicity", "tiny-1", "ok", "ok")


async def test_a_text_that_somebody_else_labelled_is_asked_about_for_a_second_opinion_alone(
    linked, playground, ids
):
    key, *_ = await say(linked, playground, "Непонятно что", "Точно плохо")
    row = Label("p", 1.0, ids["admin"], "card", key, "sentiment", "tiny-1", "negative", "neutral")
    await linked.storage.write(labels.append, row)
    assert "Точно плохо" in (await ask(playground))["text"]
    who = (linked.storage.connection, ids["moderator"], [ids["group"]])
    assert [one.candidate.key for one in labelling.find_second_opinions(*who)] == [key]
    mine = (linked.storage.connection, ids["admin"], [ids["group"]])
    assert labelling.find_second_opinions(*mine) == []


async def test_what_one_wrote_oneself_is_not_asked_about(linked, playground):
    await say(linked, playground, "Непонятно что", sender="moderator")
    assert "Новых текстов" in (await ask(playground))["text"]


async def test_a_press_by_one_who_lost_the_right_writes_nothing(linked, playground):
    await say(linked, playground, "Непонятно что", "Точно плохо")
    question = await ask(playground)
    await playground.set_member("group", "moderator", "member", by="admin")
    reply = await press(playground, question, "позитивно")
    assert "только модераторы" in reply["text"]
    assert ledger(linked.storage) == []


async def test_a_question_of_somebody_else_cannot_be_answered(linked, playground, telegram):
    await say(linked, playground, "Непонятно что")
    question = await ask(playground)
    await playground.write("private:admin", "admin", "/start")
    state = await playground.state()
    chat = next(c["id"] for c in state["chats"] if c["handle"] == "private:admin")
    data = buttons(question)[0]["callback_data"]
    keyboard = {"inline_keyboard": [[{"text": "x", "callback_data": data}]]}
    forged = await telegram("sendMessage", chat_id=chat, text="x", reply_markup=keyboard)
    reply = await playground.press("private:admin", forged["message_id"], data, "admin")
    assert "устарела" in reply["text"]
    assert ledger(linked.storage) == []


async def test_going_back_withdraws_the_answer_and_asks_again(linked, playground):
    await say(linked, playground, "Непонятно что", "Наверное плохо")
    question = await ask(playground)
    await press(playground, question, "позитивно")
    following = await turned(playground, question, "Наверное плохо")
    assert (await press(playground, following, "Назад"))["text"] == "Прошлый ответ отменён"
    again = await turned(playground, question, "Непонятно что")
    assert "Размечено 0" in again["text"]
    await press(playground, again, "негативно")
    await turned(playground, question, "Наверное плохо")
    in_force = labels.in_force(linked.storage.connection, 9)
    assert [(one.text, one.label) for one in in_force] == [("Непонятно что", "negative")]


async def test_where_others_differ_one_is_asked_first_and_decides(linked, playground, ids):
    key, *_ = await say(linked, playground, "Точно плохо", "Непонятно что")
    for who, chosen in ((1, "positive"), (2, "neutral")):
        row = Label(f"p{who}", 1.0, who, "card", key, "sentiment", "tiny-1", "negative", chosen)
        await linked.storage.write(labels.append, row)
    question = await ask(playground)
    assert "разошлись во мнениях" in question["text"]
    assert "Точно плохо" in question["text"]
    await press(playground, question, "нейтрально")
    await turned(playground, question, "Непонятно что")
    assert rows(linked.storage, "SELECT * FROM label_conflicts") == []


async def test_a_text_that_was_edited_meanwhile_is_not_labelled(linked, playground):
    key, *_ = await say(linked, playground, "Непонятно что", "Точно плохо")
    question = await ask(playground)
    await playground.edit("group", int(key.split(":")[1]), "Точно хорошо", "anna")
    await until(lambda: rows(linked.storage, "SELECT 1 FROM messages WHERE edited_at > 0"))
    assert "изменился" in (await press(playground, question, "позитивно"))["text"]
    await turned(playground, question, "Точно")
    assert ledger(linked.storage) == []


async def test_two_presses_on_one_question_write_one_label_each_time_it_changes(linked, playground):
    await say(linked, playground, "Непонятно что", "Точно плохо")
    question = await ask(playground)
    await asyncio.gather(*(press(playground, question, "позитивно") for _ in range(2)))
    await turned(playground, question, "Точно плохо")
    assert len(ledger(linked.storage)) == 1
