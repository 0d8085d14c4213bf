"""A trial ends: enough is judged, a week has passed, somebody else serves; and its figures come."""

import asyncio
import time

import pytest
from bot_parts import rows, running, until
from shadow_parts import ADMIN, begin, buttons, heard, judge, press, say, write
from training_parts import answer_all, link

from bot.storage import communities, shadows
from bot.tasks import stop_tasks
from bot.training import shadow_desk
from core.models import models_queue
from ml.registry import Registry
from worker.models import answer_with

pytest_plugins = ["playground_fixtures", "bot_fixtures", "shadow_fixtures"]
pytestmark = pytest.mark.asyncio(loop_scope="module")


async def change(app, column, value):
    """Change the trial under way."""
    update = f"UPDATE shadows SET {column} = ?"
    await app.storage.write(lambda connection: connection.execute(update, (value,)))


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


async def test_moderators_are_shown_the_words_of_their_own_communities_alone(
    app, playground, trying
):
    staff = {"moderator": "creator", "nastroi_bot": "administrator"}
    for handle in ("shop", "shopkeepers"):
        await playground.add_chat(handle, handle, type="group", members=staff | {"anna": "member"})
    ids = {one["handle"]: one["id"] for one in (await playground.state())["chats"]}
    linked = (ids["shop"], ids["shopkeepers"], 1, 1.0)
    await app.storage.write(communities.link, *linked)
    await change(app, "chat_id", ids["moderators"])
    await write(app, playground, "Отлично, беру")
    await write(app, playground, "Отлично, ещё возьму", chat="shop")
    await judge(playground, "😠 негативно", "😠 негативно")
    card = (await heard(playground, "Проверка second закончена", "moderators"))["text"]
    assert "second права — 2" in card
    assert "Отлично, беру" in card
    assert "ещё возьму" not in card


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


async def test_a_trial_ends_when_somebody_else_serves(trying, app, playground, monkeypatch):
    monkeypatch.setattr(shadow_desk, "GRACE_SECONDS", 0.0)
    trying.promote("first")
    card = await heard(playground, "Проверка second прервалась")
    assert not buttons(card)
    ends = "SELECT 1 FROM shadows WHERE state = 'shown' AND outcome = 'over'"
    await until(lambda: rows(app.storage, ends))


async def test_a_week_ends_it(trying, app, playground):
    await change(app, "ends_at", 0)
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
