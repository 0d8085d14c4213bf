"""The bot proposes a training to the moderators once enough labels have come, and only once."""

import time
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
import pytest_asyncio
from bot_parts import rows
from training_parts import Trainer, link, teach

from bot.communities.community import Community
from bot.storage import communities
from bot.storage.communities import By
from bot.storage.rollups import day_of
from bot.training.proposals import Proposer, by_moderators_chat

pytest_plugins = ["playground_fixtures", "bot_fixtures"]
pytestmark = pytest.mark.asyncio(loop_scope="module")

MODERATORS = "moderators"


@pytest_asyncio.fixture(loop_scope="module")
async def taught(app, playground, ids):
    """A linked community with two labels."""
    await link(app, ids)
    for text in ("Кошмар, а не доставка", "Ну такое"):
        await teach(app, playground, text, chosen="negative")


async def proposals(playground):
    found = await playground.messages(MODERATORS)
    return [message for message in found if "Обучить модель?" in message.get("text", "")]


def proposer(app, after_labels):
    return Proposer(app.bot, app.storage, app.words, after_labels)


async def press(playground, message, place, sender="admin"):
    data = message["reply_markup"]["inline_keyboard"][place][0]["callback_data"]
    return await playground.press(MODERATORS, message["message_id"], data, sender)


@pytest.mark.usefixtures("taught")
async def test_enough_labels_make_one_proposal(app, playground):
    await proposer(app, 3).look()
    assert await proposals(playground) == []
    for _ in range(2):
        await proposer(app, 2).look()
    (message,) = await proposals(playground)
    assert "прибавилось 2 размеченных текста" in message["text"]


@pytest.mark.usefixtures("taught")
async def test_nobody_is_woken_by_a_proposal(app, playground, ids):
    by = By(ids["admin"], 1.0)
    hour = datetime.now(ZoneInfo("Europe/Moscow")).hour
    for name, value in (("quiet_from", hour), ("quiet_to", (hour + 2) % 24)):
        await app.storage.write(communities.save_setting, ids["group"], (name, value), by)
    await proposer(app, 2).look()
    assert await proposals(playground) == []


@pytest.mark.usefixtures("taught")
async def test_nothing_is_proposed_where_that_is_turned_off(app, playground):
    await proposer(app, 0).look()
    assert await proposals(playground) == []


def predicted(connection, chat_id, days_ago, label):
    """Have 200 texts of a day taken for a label."""
    row = (chat_id, day_of(time.time()) - days_ago, "tiny-1", "sentiment", label, 9, 200)
    connection.execute("INSERT INTO prediction_counts VALUES (?, ?, ?, ?, ?, ?, ?)", row)


@pytest.mark.usefixtures("taught")
async def test_fewer_labels_do_where_the_traffic_has_drifted(app, playground, ids):
    await app.storage.write(predicted, ids["group"], 14, "positive")
    await proposer(app, 10).look()
    assert await proposals(playground) == []
    await app.storage.write(predicted, ids["group"], 1, "negative")
    await proposer(app, 10).look()
    (message,) = await proposals(playground)
    assert "поток сильно изменился" in message["text"]


@pytest.mark.usefixtures("taught")
async def test_a_press_begins_the_training_and_takes_the_buttons_away(
    app, playground, redis_sync, ids
):
    trainer = Trainer(redis_sync)
    await proposer(app, 2).look()
    (message,) = await proposals(playground)
    assert (await press(playground, message, 0))["text"] == "Начинаю"
    assert (await trainer.take()).chat_id == ids[MODERATORS]
    (message,) = await proposals(playground)
    assert "reply_markup" not in message


@pytest.mark.usefixtures("taught")
async def test_a_proposal_can_be_put_off_but_not_by_anyone(app, playground):
    await proposer(app, 2).look()
    (message,) = await proposals(playground)
    assert "операторы бота" in (await press(playground, message, 1, "anna"))["text"]
    assert "/retrain" in (await press(playground, message, 1))["text"]
    assert "reply_markup" not in (await proposals(playground))[0]
    assert rows(app.storage, "SELECT count(*) FROM trainings") == [(0,)]


@pytest.mark.usefixtures("taught")
async def test_a_press_without_a_trainer_says_what_to_do_and_may_be_repeated(app, playground):
    await proposer(app, 2).look()
    (message,) = await proposals(playground)
    assert (await press(playground, message, 0))["text"] == "Не получилось"
    await playground.wait_for(MODERATORS, lambda m: "учить некому" in m.get("text", ""))
    assert "reply_markup" in (await proposals(playground))[0]


async def test_a_moderators_chat_adds_up_its_communities():
    linked = [Community(-1, moderators_chat=-9), Community(-2, moderators_chat=-9), Community(-3)]
    assert by_moderators_chat(linked, {-1: 20, -2: 30, -3: 99}) == {-9: 50}
