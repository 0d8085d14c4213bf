"""A version is tried on live messages: moderators are asked where the two differ, first of all."""

import pytest
from bot_parts import rows
from shadow_parts import ADMIN, MODERATOR, buttons, heard, judge, press, say, write
from training_parts import Trainer, teach

from bot.training import model_desk
from core.contracts import WorkerStatus
from core.queues import WORKERS

pytest_plugins = ["playground_fixtures", "bot_fixtures", "shadow_fixtures"]
pytestmark = pytest.mark.asyncio(loop_scope="module")

TRY = "👀 Проверить на живых сообщениях"
STOP = "⏹ Закончить проверку"


async def test_a_button_of_the_list_begins_a_trial_and_the_list_shows_it(playground, registry):
    await say(playground, "/models")
    listed = await heard(playground, "Версии модели")
    assert "👀 — проверить на живых сообщениях" in listed["text"]
    assert (await press(playground, listed, "👀"))["text"] == "Начинаю"
    told = await heard(playground, "Проверяю")
    assert list(buttons(told)) == [STOP]
    tried = registry.pointer().shadow
    again = await say(playground, "/models")
    listed = await playground.wait_for(
        ADMIN, lambda m: f"👀 {tried} — проверяется" in m.get("text", ""), again["message_id"]
    )
    assert "👀" not in buttons(listed)
    assert "👀 Как идёт проверка" in buttons(listed)


async def test_a_training_that_was_kept_can_be_tried_from_its_card(
    app, playground, registry, redis_sync
):
    trainer = Trainer(redis_sync)
    await teach(app, playground, "Ну такое", chosen="negative")
    await say(playground, "/retrain")
    trainer.end(await trainer.take(), "kept", version="first", champion="tiny-1")
    await press(playground, await heard(playground, "Прежняя модель остаётся"), TRY)
    told = await heard(playground, "Проверяю first на живых сообщениях")
    assert "рядом с tiny-1" in told["text"]
    assert registry.pointer().shadow == "first"


@pytest.mark.usefixtures("trying")
async def test_where_the_two_differ_is_asked_first_and_not_who_said_what(app, playground):
    await write(app, playground, "Спасибо большое", "Спасибо за всё", "Отлично, беру")
    question = await judge(playground)
    assert "Отлично, беру" in question["text"]
    assert not any(word in str(question) for word in ("second", "tiny-1", "верси"))
    said = await press(playground, question, "😠 негативно", "moderator", MODERATOR)
    assert said["text"] == "Записано: негативно. Спасибо!"


@pytest.mark.usefixtures("trying")
async def test_a_difference_is_asked_about_once(app, playground):
    await write(app, playground, "Спасибо большое", "Отлично, беру")
    await judge(playground, "😠 негативно")
    other = await judge(playground, sender="admin")
    assert "Спасибо большое" in other["text"]


@pytest.mark.usefixtures("trying")
async def test_it_can_be_looked_at_and_stopped(app, playground, registry, redis_sync):
    status = WorkerStatus(name="w", model="tiny-1", device="cpu", engine="e", pid=1)
    redis_sync.set(WORKERS + "w", status.model_dump_json())
    await write(app, playground, "Отлично, беру")
    await say(playground, "/models")
    await press(playground, await heard(playground, "Версии модели"), "👀 Как идёт проверка")
    shown = await heard(playground, "second проверяется рядом с tiny-1")
    assert "сошлись 0, разошлись 1" in shown["text"]
    assert "не запускает ни один воркер" in shown["text"]
    assert (await press(playground, shown, STOP))["text"] == "Заканчиваю"
    await heard(playground, "Расхождений никто не рассудил")
    assert registry.pointer().shadow == ""
    await playground.wait_for(
        ADMIN, lambda m: m["message_id"] == shown["message_id"] and not buttons(m)
    )


@pytest.mark.usefixtures("trying")
async def test_members_may_neither_begin_nor_stop_it(playground, registry):
    await say(playground, "/models", chat="moderators")
    listed = await heard(playground, "Версии модели", "moderators")
    look = "👀 Как идёт проверка"
    said = await press(playground, listed, look, "anna", "moderators")
    assert "операторы бота" in said["text"]
    await press(playground, listed, look, "admin", "moderators")
    shown = await heard(playground, "проверяется рядом", "moderators")
    said = await press(playground, shown, STOP, "anna", "moderators")
    assert "операторы бота" in said["text"]
    assert registry.pointer().shadow == "second"


async def test_a_second_trial_waits_for_the_end_of_the_first(playground, registry):
    await say(playground, "/models")
    listed = await heard(playground, "Версии модели")
    tries = [row[1]["callback_data"] for row in listed["reply_markup"]["inline_keyboard"]]
    for data in tries:
        await playground.press(ADMIN, listed["message_id"], data, "admin")
    await heard(playground, "Проверяю second")
    await heard(playground, "Уже проверяется другая версия")
    assert registry.pointer().shadow == "second"


async def test_without_a_worker_no_trial_begins(app, playground, registry, monkeypatch):
    await say(playground, "/models")
    listed = await heard(playground, "Версии модели")
    monkeypatch.setattr(model_desk, "PATIENCE_SECONDS", 0.2)
    monkeypatch.setattr("core.models._enqueue", lambda queue, order: None)
    await press(playground, listed, "👀")
    await heard(playground, "Ни один воркер не ответил")
    assert rows(app.storage, "SELECT count(*) FROM shadows") == [(0,)]
    assert registry.pointer().shadow == ""
