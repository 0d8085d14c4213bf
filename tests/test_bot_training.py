"""/retrain as those meet it who run the model: ordered, followed, stopped, told, and by whom."""

import pytest
import pytest_asyncio
from bot_parts import rows, running, until
from training_parts import Trainer, link, sentiment_change, teach

from bot.training.desk import Asked, TrainingDesk
from core.training import CANCELLED, CURRENT, HOLDER, ChangedExample, Reason

pytest_plugins = ["playground_fixtures", "bot_fixtures"]
pytestmark = pytest.mark.asyncio(loop_scope="module")

ADMIN = "private:admin"


@pytest.fixture
def trainer(redis_sync):
    return Trainer(redis_sync)


@pytest_asyncio.fixture(loop_scope="module")
async def taught(app, playground, ids):
    """A community that is linked, with two labels."""
    await link(app, ids)
    await teach(app, playground, "Кошмар, а не доставка", chosen="negative")
    await teach(app, playground, "Ну такое, честно говоря", chosen="negative")


async def say(playground, text, sender="admin", chat=None):
    return await playground.write(chat or f"private:{sender}", sender, text)


async def heard(playground, part, chat=ADMIN):
    """Wait until the bot's message holds a part of text."""
    return await playground.wait_for(
        chat, lambda m: m["author_id"] == 42 and part in m.get("text", m.get("caption", ""))
    )


def buttons(message):
    return [b for row in message["reply_markup"]["inline_keyboard"] for b in row]


async def press(playground, message, data, sender="admin", chat=ADMIN):
    return await playground.press(chat, message["message_id"], data, sender)


@pytest.mark.usefixtures("taught")
async def test_an_order_carries_labels_and_recent_texts(playground, trainer, ids):
    await playground.write("group", "oleg", "Кто-нибудь видел курьера?")
    await say(playground, "/retrain")
    order = await trainer.take()
    assert {one.text: (one.task, one.label) for one in order.labelled} == {
        "Кошмар, а не доставка": ("sentiment", "negative"),
        "Ну такое, честно говоря": ("sentiment", "negative"),
    }
    assert "Кошмар, а не доставка" not in order.unlabelled
    assert (order.chat_id, order.asked_by) == (ids["admin"], ids["admin"])


@pytest.mark.usefixtures("taught")
async def test_progress_is_one_message_that_is_edited(playground, trainer):
    await say(playground, "/retrain")
    order = await trainer.take()
    first = await heard(playground, "Жду своей очереди")
    assert "на 2 размеченных текстах" in first["text"]
    trainer.say(order, "training", 0.42, 130)
    later = await heard(playground, "Учу · осталось примерно 2 минуты")
    assert later["message_id"] == first["message_id"]
    assert "████░░░░░░ 42 %" in later["text"]


@pytest.mark.usefixtures("taught")
async def test_a_promotion_is_told_with_figures_examples_and_a_picture(playground, trainer):
    await say(playground, "/retrain")
    order = await trainer.take()
    better = ChangedExample(
        text="Ну такое, честно говоря",
        task="sentiment",
        truth="negative",
        before="neutral",
        after="negative",
    )
    trainer.end(
        order,
        "promoted",
        version="ours-1",
        champion="tiny-1",
        reasons=(
            Reason(code="better", numbers={"before": 0.5, "after": 0.7, "p": 0.01, "texts": 40}),
        ),
        changes=(sentiment_change(0.5, 0.7),),
        better=(better,),
    )
    card = await heard(playground, "Модель стала лучше и уже служит")
    for part in ("ours-1", "40 отложенных текстах", "0,50 → 0,70", "Верно: 50\xa0% → 70\xa0%"):
        assert part in card["text"]
    assert "«Ну такое, честно говоря»: нейтрально → негативно" in card["text"]
    assert [b["text"] for b in buttons(card)] == ["↩️ Вернуть tiny-1"]
    assert (await heard(playground, "было → стало"))["photo"]


@pytest.mark.usefixtures("taught")
async def test_what_was_kept_says_why_and_what_it_learnt_from_is_noted(app, playground, trainer):
    await say(playground, "/retrain")
    order = await trainer.take()
    fell = Reason(
        code="recall-fell",
        numbers={"before": 0.8, "after": 0.4},
        names={"label": "negative", "task": "sentiment"},
    )
    trainer.end(
        order, "kept", version="ours-2", champion="tiny-1", reasons=(fell, Reason(code="new-code"))
    )
    card = await heard(playground, "Прежняя модель остаётся")
    assert "Хуже находит «негативно»: 80\xa0% → 40\xa0%" in card["text"]
    assert "new-code" in card["text"]
    assert [b["text"] for b in buttons(card)] == [
        "👀 Проверить на живых сообщениях",
        "▶️ Всё равно включить ours-2",
    ]
    sources = "SELECT count(*) FROM training_sources WHERE version = 'ours-2'"
    assert rows(app.storage, sources) == [(len(order.labelled) + len(order.unlabelled),)]


@pytest.mark.usefixtures("taught")
async def test_a_training_can_be_stopped(app, playground, trainer):
    await say(playground, "/retrain")
    order = await trainer.take()
    message = await heard(playground, "Жду своей очереди")
    said = await press(playground, message, buttons(message)[0]["callback_data"])
    assert said["text"] == "Останавливаю"
    assert await app.connection.exists(CANCELLED + order.id)
    assert "reply_markup" not in await heard(playground, "Останавливаю")
    trainer.end(order, "cancelled")
    await heard(playground, "Обучение остановлено")


@pytest.mark.usefixtures("taught")
async def test_one_that_nobody_has_taken_up_stops_at_once(playground, trainer):
    await say(playground, "/retrain")
    message = await heard(playground, "Жду своей очереди")
    await press(playground, message, buttons(message)[0]["callback_data"])
    await heard(playground, "Обучение остановлено")
    assert trainer.queue.job_ids == []


@pytest.mark.usefixtures("taught")
async def test_one_that_is_over_can_neither_be_stopped_nor_ordered_again(app, trainer, ids):
    desk = TrainingDesk(app.storage, app.connection, app.wakes)
    asked = Asked("once", ids["admin"], ids["admin"], "ru")
    await desk.order(asked)
    await desk.order(asked)
    trainer.end(await trainer.take(), "failed")
    await until(lambda: rows(app.storage, "SELECT 1 FROM trainings WHERE state = 'shown'"))
    assert not await desk.cancel("once")
    await desk.order(asked)
    assert trainer.queue.job_ids == []


@pytest.mark.usefixtures("taught")
async def test_a_second_one_waits_for_the_first_and_a_third_may_begin(playground, trainer):
    await say(playground, "/retrain")
    order = await trainer.take()
    await say(playground, "/retrain")
    await heard(playground, "Одно обучение уже идёт")
    trainer.end(order, "failed", reasons=(Reason(code="nothing-new", numbers={"labels": 2}),))
    await heard(playground, "новых меток не было")
    await say(playground, "/retrain")
    assert (await trainer.take()).id != order.id


@pytest.mark.usefixtures("worker")
async def test_a_restarted_bot_takes_the_message_up(bot_settings, playground, trainer, ids):
    async with running(bot_settings) as app:
        await link(app, ids)
        await teach(app, playground, "Кошмар, а не доставка", chosen="negative")
        await say(playground, "/retrain")
        order = await trainer.take()
        first = await heard(playground, "Жду своей очереди")
        await until(lambda: rows(app.storage, "SELECT 1 FROM trainings WHERE message_id > 0"))
    trainer.say(order, "judging", 0.9, 5)
    async with running(bot_settings):
        later = await heard(playground, "осталось меньше минуты")
        assert later["message_id"] == first["message_id"]
        trainer.end(order, "failed")
        await heard(playground, "Обучить не получилось")


@pytest.mark.usefixtures("taught")
async def test_one_whose_trainer_is_away_says_so_and_can_be_called_off(
    app, playground, trainer, redis_sync
):
    await say(playground, "/retrain")
    order = await trainer.take()
    trainer.say(order, "training", 0.42, 130)
    redis_sync.delete(HOLDER)
    message = await heard(playground, "Обучение прервалось. Продолжу с сохранённого места")
    await press(playground, message, buttons(message)[0]["callback_data"])
    await heard(playground, "Обучение остановлено")
    assert not redis_sync.exists(CURRENT)


@pytest.mark.usefixtures("taught")
async def test_a_trainer_that_vanishes_ends_the_training(app, playground, trainer):
    await say(playground, "/retrain")
    await trainer.take()
    await heard(playground, "Жду своей очереди")
    await app.connection.delete(CURRENT)
    await app.storage.write(lambda c: c.execute("UPDATE trainings SET ordered_at = 1"))
    card = await heard(playground, "Обучить не получилось")
    assert "Обучающий процесс пропал" in card["text"]


@pytest.mark.usefixtures("taught")
async def test_a_progress_message_that_was_deleted_is_not_missed(playground, trainer, log_lines):
    await say(playground, "/retrain")
    order = await trainer.take()
    message = await heard(playground, "Жду своей очереди")
    await playground.delete(ADMIN, message["message_id"], "admin")
    for share in (0.3, 0.6):
        trainer.say(order, "training", share, 100)
        await until(lambda: [line for line in log_lines if "can't show a training" in line])
    trainer.end(order, "kept", champion="tiny-1")
    await heard(playground, "Новой модели не вышло")
    assert sum("can't show a training" in line for line in log_lines) == 1


@pytest.mark.usefixtures("taught")
async def test_without_a_trainer_one_is_told_what_to_do(playground):
    await say(playground, "/retrain")
    answer = await heard(playground, "учить некому")
    assert "python -m worker" in answer["text"]


async def test_without_labels_there_is_nothing_to_learn(app, playground, trainer, ids):
    await link(app, ids)
    await say(playground, "/retrain")
    assert "/label" in (await heard(playground, "Учить пока не на чем"))["text"]


@pytest.mark.usefixtures("taught")
async def test_members_may_not_train_and_are_told_who_may(playground, trainer):
    await say(playground, "/retrain", "anna")
    await heard(playground, "операторы бота", "private:anna")
    assert trainer.queue.job_ids == []


@pytest.mark.usefixtures("taught")
async def test_the_moderators_chat_hears_the_command_and_the_group_does_not(
    app, playground, trainer, ids
):
    await say(playground, "/retrain", chat="group")
    await say(playground, "/retrain", chat="moderators")
    order = await trainer.take()
    assert order.chat_id == ids["moderators"]
    await heard(playground, "Жду своей очереди", "moderators")
    assert rows(app.storage, "SELECT count(*) FROM trainings") == [(1,)]


@pytest.mark.usefixtures("taught")
async def test_no_community_sees_anothers_words(app, playground, trainer, ids):
    stranger = await teach(
        app, playground, "Тайна другого канала", chosen="positive", chat="channel"
    )
    await say(playground, "/retrain", chat="moderators")
    order = await trainer.take()
    assert stranger.rpartition(":")[0] in str(rows(app.storage, "SELECT keys FROM trainings"))
    examples = [
        ChangedExample(text=one.text, task="sentiment", truth="x", before="x", after="y")
        for one in order.labelled
    ]
    trainer.end(order, "kept", version="v", champion="tiny-1", worse=tuple(examples))
    card = await heard(playground, "Прежняя модель остаётся", "moderators")
    assert "Кошмар, а не доставка" in card["text"]
    assert "Тайна" not in card["text"]
