"""What a person sees who writes to the bot: an answer, buttons, corrections, in their language."""

import asyncio
import base64
import json

import pytest
from aiogram.exceptions import ClientDecodeError
from aiogram.methods import SendMessage
from bot_parts import rows, until

from bot.answers import LabelPress
from bot.commands import IN_PRIVATE
from core.queues import UPDATES

pytest_plugins = ["playground_fixtures", "bot_fixtures"]
pytestmark = pytest.mark.asyncio(loop_scope="module")

ANNA = "private:anna"
ANGRY = "Кошмар, заказ не пришёл, деньги не вернули"


def is_answer(message):
    return message["author_id"] == 42


async def ask(playground, text, sender="anna", **extra):
    """Write in private and wait for the bot's answer to it."""
    chat = f"private:{sender}"
    written = await playground.write(chat, sender, text, **extra)
    answer = await playground.wait_for(chat, is_answer, after=written["message_id"])
    return written, answer


def buttons(message):
    return [b for row in message["reply_markup"]["inline_keyboard"] for b in row]


async def press(playground, answer, position):
    data = buttons(answer)[position]["callback_data"]
    return await playground.press(ANNA, answer["message_id"], data, "anna")


async def edited(playground, answer, part):
    """Wait until the bot's message holds a part of text, buttons included."""
    return await playground.wait_for(
        ANNA, lambda m: m["message_id"] == answer["message_id"] and part in str(m)
    )


async def test_a_private_text_is_answered_with_three_bars(app, playground):
    written, answer = await ask(playground, ANGRY)
    lines = answer["text"].splitlines()
    assert lines[0] == "😠 Негативно — 90 %"
    assert [line.split()[-1] for line in lines[1:4]] == ["негативно", "нейтрально", "позитивно"]
    assert lines[1].startswith("█████████░")
    assert lines[-1] == "Токсичности не видно (3 %)"
    assert answer["reply_to_message"]["message_id"] == written["message_id"]


async def test_an_insult_is_called_one(app, playground):
    _, answer = await ask(playground, "ты урод")
    assert "Похоже на оскорбление или угрозу (91 %)" in answer["text"]


async def test_a_text_without_words_gets_a_kind_sentence_and_no_buttons(app, playground):
    _, answer = await ask(playground, "🙂🙂🙂")
    assert "Здесь не нашлось слов" in answer["text"]
    assert "reply_markup" not in answer


async def test_a_sticker_like_message_is_answered_too(app, playground, picture):
    photo = {"data": base64.b64encode(picture).decode()}
    _, answer = await ask(playground, "", photo=photo)
    assert "Я понимаю только слова" in answer["text"]


async def test_an_english_speaker_is_answered_in_english(app, playground):
    await playground.add_person("john", "John", language_code="en-GB")
    _, answer = await ask(playground, ANGRY, "john")
    assert answer["text"].startswith("😠 Negative — 90%")
    assert buttons(answer)[0]["text"] == "✅ right"


async def test_an_unknown_language_gets_russian(app, playground):
    await playground.add_person("hans", "Hans", language_code="de")
    _, answer = await ask(playground, ANGRY, "hans")
    assert "Негативно" in answer["text"]


async def test_a_press_writes_a_label_and_marks_the_button(app, playground):
    written, answer = await ask(playground, ANGRY)
    reply = await press(playground, answer, 2)
    assert reply["text"] == "Записано: позитивно. Спасибо!"
    marked = await edited(playground, answer, "✅ позитивно")
    assert buttons(marked)[0]["text"] == "верно"
    ledger = rows(app.storage, "SELECT who, source, key, task, model, shown, chosen FROM labels")
    key = f"{written['chat']['id']}:{written['message_id']}:0"
    who = written["from"]["id"]
    assert ledger == [(who, "private answer", key, "sentiment", "tiny-1", "negative", "positive")]


async def test_another_press_appends_and_the_same_one_does_not(app, playground):
    _, answer = await ask(playground, ANGRY)
    for position in (2, 2, 0):
        await press(playground, answer, position)
    await edited(playground, answer, "верно · записано")
    chosen = rows(app.storage, "SELECT chosen FROM labels ORDER BY id")
    assert chosen == [("positive",), ("negative",)]


async def test_a_button_of_a_lost_database_says_that_it_is_stale(app, playground):
    _, answer = await ask(playground, ANGRY)
    await app.storage.write(lambda connection: connection.execute("DELETE FROM actions"))
    assert "устарела" in (await press(playground, answer, 0))["text"]


@pytest.mark.parametrize("data", ["label1:99999999999999999999:0", "label1:1:-1", "label1:1:7"])
async def test_a_forged_button_is_stale(app, playground, telegram, data):
    _, answer = await ask(playground, ANGRY)
    keyboard = {"inline_keyboard": [[{"text": "x", "callback_data": data}]]}
    forged = await telegram(
        "sendMessage", chat_id=answer["chat"]["id"], text="x", reply_markup=keyboard
    )
    assert "устарела" in (await press(playground, forged, 0))["text"]
    assert rows(app.storage, "SELECT * FROM labels") == []


async def test_an_edit_is_scored_again_and_edits_the_answer(app, playground, worker):
    written, answer = await ask(playground, ANGRY)
    await playground.edit(ANNA, written["message_id"], "Спасибо, всё пришло", "anna")
    await edited(playground, answer, "Позитивно")
    answers = [m for m in await playground.messages(ANNA) if is_answer(m)]
    assert len(answers) == 1
    assert [text.text for text in worker.read] == [ANGRY, "Спасибо, всё пришло"]


async def test_a_button_below_an_edited_text_labels_nothing(app, playground):
    written, answer = await ask(playground, ANGRY)
    await playground.set(failures={"every": 1, "methods": ["editMessageText"]})
    await playground.edit(ANNA, written["message_id"], "Спасибо, всё пришло", "anna")
    await until(lambda: rows(app.storage, "SELECT 1 FROM messages WHERE edited_at > 0"))
    assert "устарела" in (await press(playground, answer, 0))["text"]
    assert rows(app.storage, "SELECT * FROM labels") == []
    await playground.set(failures={"every": 0})


async def test_a_press_that_is_held_up_leaves_a_newer_answers_buttons_alone(app, playground):
    written, answer = await ask(playground, ANGRY)
    await playground.set(failures={"every": 1, "methods": ["answerCallbackQuery"]})
    held = asyncio.create_task(press(playground, answer, 0))
    await until(lambda: rows(app.storage, "SELECT 1 FROM labels"))
    await playground.edit(ANNA, written["message_id"], "Спасибо, всё пришло", "anna")
    await edited(playground, answer, "Позитивно")
    await playground.set(failures={"every": 0})
    assert "Записано" in (await held)["text"]
    while await app.connection.xlen(UPDATES):
        await asyncio.sleep(0.01)
    now = await edited(playground, answer, "Позитивно")
    assert {LabelPress.unpack(b["callback_data"]).action for b in buttons(now)} == {2}


async def test_a_press_that_comes_too_late_to_be_answered_is_marked(app, playground, log_lines):
    _, answer = await ask(playground, ANGRY)
    person = {"id": answer["chat"]["id"], "is_bot": False, "first_name": "Анна"}
    message = {"message_id": answer["message_id"], "date": 1, "chat": answer["chat"], "text": "а"}
    query = {"id": "unknown", "from": person, "chat_instance": "1", "message": message}
    query["data"] = buttons(answer)[0]["callback_data"]
    await app.connection.xadd(
        UPDATES, {"update": json.dumps({"update_id": 9, "callback_query": query})}
    )
    await edited(playground, answer, "верно · записано")
    assert not [line for line in log_lines if line.startswith("ERROR")]


async def test_an_edit_of_an_answer_that_was_deleted_is_answered_anew(app, playground):
    written, answer = await ask(playground, ANGRY)
    await playground.delete(ANNA, answer["message_id"], "anna")
    await playground.edit(ANNA, written["message_id"], "Спасибо, всё пришло", "anna")
    anew = await playground.wait_for(ANNA, is_answer, after=answer["message_id"])
    assert "Позитивно" in anew["text"]


async def test_who_blocked_the_bot_stops_nobody_else(app, playground, worker):
    worker.score = lambda text: {} if text == "раз" else {"sentiment": {"positive": 1.0}}
    await playground.write(ANNA, "anna", "раз")
    await playground.block(ANNA)
    _, answer = await ask(playground, "два", "oleg")
    assert "Позитивно" in answer["text"]
    state = "SELECT state FROM actions WHERE state IN ('done', 'failed')"
    await until(lambda: len(rows(app.storage, state)) == 2)


async def test_an_answer_that_cannot_be_read_is_logged_without_what_it_quotes(
    app, playground, log_lines
):
    async def answer_rubbish(make_request, bot, method):
        if isinstance(method, SendMessage):
            raise ClientDecodeError("rubbish", ValueError("тайна"), {"text": "тайна"})
        return await make_request(bot, method)

    app.bot.session.middleware(answer_rubbish)
    for text in ("/start", "Кошмар"):
        await playground.write(ANNA, "anna", text)
    await until(lambda: sum("failed: ClientDecodeError" in line for line in log_lines) == 2)
    assert "тайна" not in "".join(log_lines)


async def test_a_command_of_who_blocked_the_bot_is_one_line(app, playground, log_lines):
    await playground.set(failures={"every": 1, "error_code": 403, "methods": ["sendMessage"]})
    await playground.write(ANNA, "anna", "/start")
    (line,) = await until(lambda: [line for line in log_lines if "can't be answered" in line])
    assert line.startswith("WARNING")
    assert "Traceback" not in "".join(log_lines)
    await playground.set(failures={"every": 0})


async def test_start_help_and_unknown_commands_are_answered(app, playground):
    for command, part in (("/start", "Настрой"), ("/help", "/ping"), ("/nope", "не знаю")):
        _, answer = await ask(playground, command)
        assert part in answer["text"]


async def test_a_slip_in_a_command_is_answered_with_the_one_that_is_meant(app, playground):
    _, answer = await ask(playground, "/mod")
    assert "/mood?" in answer["text"]


async def test_who_starts_the_bot_can_add_it_to_a_group_at_once(app, playground):
    _, answer = await ask(playground, "/start")
    assert "startgroup=true" in str(answer["reply_markup"])


async def test_commands_of_groups_are_no_unknown_ones_in_private(app, playground):
    _, answer = await ask(playground, "/unlink")
    assert "/settings" in answer["text"]


async def test_commands_are_published_in_both_languages(app, playground, telegram):
    await ask(playground, "/start")
    ru = await telegram("getMyCommands", language_code="ru")
    en = await telegram("getMyCommands", language_code="en")
    assert [c["command"] for c in ru] == [c["command"] for c in en] == list(IN_PRIVATE)
    assert ru[2]["description"] != en[2]["description"]
