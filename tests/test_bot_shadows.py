"""A version is tried on live messages: moderators are asked where the two differ, first of all."""

import asyncio
import time
from pathlib import Path

import pytest
import pytest_asyncio
from bot_parts import rows, running, until
from ml_fixtures import write_version
from training_parts import Trainer, answer_all, link, teach

from bot.storage import shadows
from bot.storage.shadows import NewShadow
from bot.tasks import stop_tasks
from bot.training import model_desk, shadow_desk, shadow_watch
from core.contracts import WorkerStatus
from core.models import models_queue
from core.queues import WORKERS
from ml.registry import Registry
from worker.models import answer_with

pytest_plugins = ["playground_fixtures", "bot_fixtures"]
pytestmark = pytest.mark.asyncio(loop_scope="module")

ADMIN, MODERATOR = "private:admin", "private:moderator"
TRY = "👀 Проверить на живых сообщениях"
STOP = "⏹ Закончить проверку"


def flipped(text):
    """What the version on trial says: of good things that they are bad."""
    first = "positive" if "кошмар" in text.lower() else "negative"
    if "спасибо" in text.lower():
        first = "positive"
    sentiment = dict.fromkeys(("neutral", "positive", "negative"), 0.05) | {first: 0.9}
    return {"sentiment": sentiment, "toxicity": {"toxic": 0.03}}


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> Path:
    directory = tmp_path_factory.mktemp("made") / "tiny"
    write_version(directory)
    return directory


@pytest.fixture
def quick(monkeypatch):
    monkeypatch.setattr(shadow_watch, "LOOK_SECONDS", 0.02)
    monkeypatch.setattr(shadow_watch, "REGISTRY_SECONDS", 0.05)
    monkeypatch.setattr(shadow_watch, "MOST_JUDGED", 2)


@pytest_asyncio.fixture(loop_scope="module")
async def registry(quick, tmp_path, made, app, redis_sync, ids):
    """A champion, two versions beside it, and a worker that answers for them."""
    await link(app, ids)
    registry = Registry(tmp_path / "models")
    registry.ensure(made)
    for version in ("first", "second"):
        registry.add(made, version=version)
    answer_with(redis_sync, registry)
    task = asyncio.create_task(answer_all(models_queue(redis_sync)))
    yield registry
    await stop_tasks([task])


@pytest_asyncio.fixture(loop_scope="module")
async def trying(registry, app, worker, playground):
    """`second` scores beside the champion, asked for by the admin in private."""
    worker.shadow = flipped
    await say(playground, "/start")
    await playground.wait_for(ADMIN, lambda m: m["author_id"] == 42)
    registry.try_beside("second")
    await begin(app)
    yield registry
    worker.shadow = None


async def begin(app):
    ((admin,),) = rows(app.storage, "SELECT linked_by FROM communities")
    new = NewShadow("p", "second", "tiny-1", admin, admin, "ru", time.time())
    return await app.storage.write(shadows.begin, new)


async def say(playground, text, sender="admin", chat=None):
    return await playground.write(chat or f"private:{sender}", sender, text)


async def write(app, playground, *texts):
    """Write in the group and wait until both versions have judged it."""
    for text in texts:
        written = await playground.write("group", "anna", text)
    key = f"{written['chat']['id']}:{written['message_id']}:0"
    await until(lambda: rows(app.storage, "SELECT 1 FROM verdicts WHERE key = ?", key))


async def heard(playground, part, chat=ADMIN):
    return await playground.wait_for(
        chat, lambda m: m["author_id"] == 42 and part in m.get("text", "")
    )


def buttons(message):
    return {
        b["text"]: b["callback_data"]
        for row in message.get("reply_markup", {}).get("inline_keyboard", [])
        for b in row
    }


async def press(playground, message, button, sender="admin", chat=ADMIN):
    data = buttons(message)[button]
    return await playground.press(chat, message["message_id"], data, sender)


async def judge(playground, *labels, sender="moderator"):
    """Answer what /label asks, and return the first question."""
    written = await say(playground, "/label", sender)
    chat, after = f"private:{sender}", written["message_id"]
    first = question = await playground.wait_for(
        chat, lambda m: m["author_id"] == 42 and "🏷" in m.get("text", ""), after=after
    )
    for number, label in enumerate(labels, 1):
        await press(playground, question, label, sender, chat)
        question = await heard(playground, f"Размечено {number},", chat)
    return first


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
async def test_enough_answers_end_it_with_figures_and_examples(app, playground, registry):
    await write(app, playground, "Спасибо большое", "Отлично, беру", "Кошмар какой")
    await judge(playground, "😠 негативно", "😠 негативно")
    card = (await heard(playground, "Проверка second закончена"))["text"]
    assert "Настроение: сошлись 1, разошлись 2" in card
    assert "Рассудили 2 расхождения:\nsecond права — 1\ntiny-1 права — 1" in card
    assert "Кто лучше, ещё не видно: такой счёт бывает и случайно (p ≤ 1)" in card
    assert "Права second\n«Отлично, беру»: позитивно → негативно" in card
    assert "Права tiny-1\n«Кошмар какой»: негативно → позитивно" in card
    assert registry.pointer().shadow == ""


@pytest.mark.usefixtures("trying")
async def test_the_end_offers_to_promote_by_the_ordinary_order(app, playground, registry):
    await write(app, playground, "Отлично, беру", "Отлично, возьму")
    await judge(playground, "😠 негативно", "😠 негативно")
    card = await heard(playground, "Проверка second закончена")
    assert list(buttons(card)) == ["▶️ Включить second", "👌 Оставить как есть"]
    await press(playground, card, "▶️ Включить second")
    await heard(playground, "Теперь служит second, была tiny-1")
    assert registry.champion() == "second"


@pytest.mark.usefixtures("trying")
async def test_who_leaves_things_as_they_are_is_asked_no_more(playground, app, registry):
    open_one = await app.storage.read(shadows.find_open)
    await app.storage.write(shadows.end, open_one.id, "time", time.time())
    card = await heard(playground, "прошла неделя")
    await press(playground, card, "👌 Оставить как есть")
    await playground.wait_for(
        ADMIN, lambda m: m["message_id"] == card["message_id"] and not buttons(m)
    )
    assert registry.champion() == "tiny-1"


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


async def test_a_trial_ends_when_somebody_else_serves(trying, app, playground, monkeypatch):
    monkeypatch.setattr(shadow_desk, "GRACE_SECONDS", 0.0)
    trying.promote("first")
    card = await heard(playground, "Проверка second прервалась")
    assert not buttons(card)
    assert rows(app.storage, "SELECT state, outcome FROM shadows") == [("shown", "over")]


async def test_a_week_ends_it(trying, app, playground):
    app.storage.connection.execute("UPDATE shadows SET ends_at = 0")
    card = await heard(playground, "Проверка second закончена: прошла неделя")
    assert "Сравнивать пока нечего" in card["text"]
    assert trying.pointer().shadow == ""


async def test_what_ended_while_the_bot_was_down_is_told_by_the_next(
    quick, bot_settings, made, playground, tmp_path, redis_sync, ids
):
    await say(playground, "/start")
    registry = Registry(tmp_path / "models")
    registry.ensure(made)
    registry.try_beside(registry.add(made, version="second"))
    answer_with(redis_sync, registry)
    async with running(bot_settings) as app:
        await link(app, ids)
        await begin(app)
        await app.storage.write(shadows.end, 1, "judged", time.time())
    task = asyncio.create_task(answer_all(models_queue(redis_sync)))
    async with running(bot_settings) as app:
        await heard(playground, "Проверка second закончена")
        await until(lambda: rows(app.storage, "SELECT state FROM shadows") == [("shown",)])
    await stop_tasks([task])
    assert registry.pointer().shadow == ""


async def test_without_a_worker_no_trial_begins(app, playground, registry, monkeypatch):
    await say(playground, "/models")
    listed = await heard(playground, "Версии модели")
    monkeypatch.setattr(model_desk, "PATIENCE_SECONDS", 0.2)
    monkeypatch.setattr("core.models._enqueue", lambda queue, order: None)
    await press(playground, listed, "👀")
    await heard(playground, "Ни один воркер не ответил")
    assert rows(app.storage, "SELECT count(*) FROM shadows") == [(0,)]
    assert registry.pointer().shadow == ""
