"""/models and /rollback: what there is, who serves, and the way back, for who runs the model."""

import asyncio
from pathlib import Path

import pytest
import pytest_asyncio
from ml_fixtures import write_version
from rq.job import Job
from training_parts import Trainer, answer_all, link, teach

from bot.tasks import stop_tasks
from bot.training import model_desk
from bot.training.model_presses import ModelPress, version_digest
from core.models import models_queue
from ml.registry import Registry
from worker.models import answer_with

pytest_plugins = ["playground_fixtures", "bot_fixtures"]
pytestmark = pytest.mark.asyncio(loop_scope="module")

ADMIN = "private:admin"


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> Path:
    directory = tmp_path_factory.mktemp("made") / "tiny"
    write_version(directory)
    return directory


@pytest_asyncio.fixture(loop_scope="module")
async def registry(tmp_path, made, app, redis_sync, ids):
    """A base and two versions after it, the second of which serves; a worker that answers."""
    await link(app, ids)
    registry = Registry(tmp_path / "models")
    registry.ensure(made)
    for version in ("first", "second"):
        registry.promote(registry.add(made, version=version))
    answer_with(redis_sync, registry)
    task = asyncio.create_task(answer_all(models_queue(redis_sync)))
    yield registry
    await stop_tasks([task])


async def say(playground, text, sender="admin", chat=None):
    return await playground.write(chat or f"private:{sender}", sender, text)


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


@pytest.mark.usefixtures("registry")
async def test_the_versions_are_listed_with_what_can_be_done(playground):
    await say(playground, "/models")
    listed = await heard(playground, "Версии модели")
    lines = listed["text"].splitlines()
    assert lines[0].endswith("· 3")
    assert "✅ second — служит" in lines
    assert list(buttons(listed)) == ["▶️ first", "👀", "🗑", "▶️ tiny-1"]


async def test_a_button_promotes_and_the_list_shows_it(playground, registry):
    await say(playground, "/models")
    listed = await heard(playground, "Версии модели")
    assert (await press(playground, listed, "▶️ first"))["text"] == "Теперь служит она"
    again = await heard(playground, "✅ first — служит")
    assert again["message_id"] == listed["message_id"]
    assert registry.champion() == "first"


async def test_a_version_is_deleted_only_after_a_second_press(playground, registry):
    await say(playground, "/models")
    listed = await heard(playground, "Версии модели")
    await press(playground, listed, "🗑")
    assert "first" in registry.versions()
    asked = await playground.wait_for(ADMIN, lambda m: "Да, удалить first" in str(m))
    await press(playground, asked, "🗑 Да, удалить first")
    await heard(playground, "· 2")
    assert registry.versions() == ["tiny-1", "second"]


async def test_a_deletion_can_be_thought_better_of(playground, registry):
    await say(playground, "/models")
    await press(playground, await heard(playground, "Версии модели"), "🗑")
    asked = await playground.wait_for(ADMIN, lambda m: "Да, удалить first" in str(m))
    await press(playground, asked, "← Оставить")
    await playground.wait_for(ADMIN, lambda m: "▶️ first" in str(m))
    assert "first" in registry.versions()


async def test_rollback_goes_back_and_offers_the_way_forth(playground, registry):
    await say(playground, "/rollback")
    told = await heard(playground, "Снова служит first")
    assert registry.champion() == "first"
    await press(playground, told, "↩️ Вернуть second")
    await heard(playground, "Теперь служит second, была first")
    assert registry.champion() == "second"


async def test_there_is_an_end_to_going_back(playground, registry):
    for version in ("first", "tiny-1"):
        await say(playground, "/rollback")
        await heard(playground, f"Снова служит {version}")
    await say(playground, "/rollback")
    await heard(playground, "До tiny-1 никто не служил")
    assert registry.champion() == "tiny-1"


async def test_a_training_that_was_kept_can_be_promoted_from_its_card(
    app, playground, registry, redis_sync
):
    trainer = Trainer(redis_sync)
    await teach(app, playground, "Ну такое", chosen="negative")
    await say(playground, "/retrain")
    trainer.end(await trainer.take(), "kept", version="first", champion="second")
    card = await heard(playground, "Прежняя модель остаётся")
    await press(playground, card, "▶️ Всё равно включить first")
    await heard(playground, "Теперь служит first, была second")
    assert registry.champion() == "first"


async def test_a_button_of_a_version_that_is_gone_says_so(playground, registry):
    await say(playground, "/models")
    listed = await heard(playground, "Версии модели")
    registry.delete("first")
    assert (await press(playground, listed, "▶️ first"))["text"] == "Не получилось"
    await heard(playground, "Этой версии уже нет")


@pytest.mark.usefixtures("registry")
async def test_members_may_neither_look_nor_press(playground):
    await say(playground, "/models", "anna")
    await heard(playground, "операторы бота", "private:anna")
    await say(playground, "/models", chat="moderators")
    listed = await heard(playground, "Версии модели", "moderators")
    said = await press(playground, listed, "▶️ first", "anna", "moderators")
    assert "операторы бота" in said["text"]


async def test_without_a_worker_one_is_told(app, playground, ids, monkeypatch):
    monkeypatch.setattr(model_desk, "PATIENCE_SECONDS", 0.2)
    await link(app, ids)
    for command in ("/models", "/rollback"):
        await say(playground, command)
        await heard(playground, "Ни один воркер не ответил")


async def test_an_order_that_nobody_took_in_time_is_not_carried_out_later(
    app, playground, ids, redis_sync, monkeypatch
):
    monkeypatch.setattr(model_desk, "PATIENCE_SECONDS", 0.2)
    await link(app, ids)
    await say(playground, "/rollback")
    await heard(playground, "Ни один воркер не ответил")
    (job_id,) = models_queue(redis_sync).job_ids
    assert 0 < Job.fetch(job_id, redis_sync, serializer="json").get_ttl() <= 10  # type: ignore[operator]


async def test_the_longest_name_fits_into_a_button():
    press = ModelPress(act="promote", version=version_digest("м" * 100))
    assert len(press.pack().encode()) <= 64
