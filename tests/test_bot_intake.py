"""What the bot takes in, over real HTTP, and that nothing that fails on the way loses any of it."""

import base64
from contextlib import asynccontextmanager

import pytest
import pytest_asyncio
from bot_parts import a_worker, rows, running, until, until_confirmed, verdict_on

from bot.intake import Intake
from bot.polling import GetRawUpdates
from bot.storage import messages
from bot.sweep import Sweep
from bot.verdicts import save_and_plan
from core.connections import connect, connect_async
from core.contracts import Text
from core.queues import DONE, TEXTS, VERDICTS, create_groups, score_queue

pytest_plugins = ["playground_fixtures", "bot_fixtures"]
pytestmark = pytest.mark.asyncio(loop_scope="module")


def update(number, text="Привет"):
    chat = {"id": -100500, "type": "supergroup", "title": "Двор"}
    user = {"id": 7, "is_bot": False, "first_name": "Анна"}
    message = {"message_id": number, "date": 1_700_000_000, "chat": chat, "from": user}
    return {"update_id": number, "message": message | {"text": text}}


def stored(app):
    return rows(app.storage, "SELECT text, thread_id, sender_id FROM messages ORDER BY rowid")


def scored(app, count):
    """A condition: so many messages have their verdict."""
    return lambda: len(app.storage.scored_messages()) == count and app.storage.scored_messages()


@asynccontextmanager
async def a_connection(redis_url):
    connection = connect_async(redis_url)
    await create_groups(connection)
    yield connection
    await connection.aclose()
    await connection.connection_pool.disconnect()


@pytest_asyncio.fixture(loop_scope="module")
async def queue(redis_url):
    async with a_connection(redis_url) as connection:
        yield connection


@pytest.fixture
def wakes(redis_url):
    with connect(redis_url) as connection:
        yield score_queue(connection)


async def test_groups_are_read_silently(app, playground):
    await playground.write("group", "oleg", "Кошмар, воды нет")
    (message,) = await until(scored(app, 1))
    assert message.label == "negative"
    written = await playground.messages("group")
    assert not [m for m in written if m["author_id"] == 42]
    assert rows(app.storage, "SELECT * FROM actions") == []


async def test_a_channel_post_counts_once_and_comments_know_their_thread(app, playground):
    post = await playground.post_channel("Привезли хлеб")
    comment = await playground.comment(post["message_id"], "dasha", "Ура")
    await until(scored(app, 2))
    assert stored(app) == [
        ("Привезли хлеб", None, post["chat"]["id"]),
        ("Ура", comment["message_thread_id"], comment["from"]["id"]),
    ]


async def test_an_album_is_one_album_and_each_caption_a_text(app, playground, picture):
    photo = {"data": base64.b64encode(picture).decode()}
    for caption in ("Первый", "", "Кошмар"):
        await playground.write("group", "anna", caption, photo=photo, media_group_id="77")
    await until(scored(app, 2))
    albums = rows(app.storage, "SELECT text, album FROM messages ORDER BY message_id")
    assert albums == [("Первый", "77"), ("Кошмар", "77")]


async def test_an_edit_in_a_group_is_scored_again(app, playground, worker):
    written = await playground.write("group", "oleg", "Кошмар")
    await until(scored(app, 1))
    await playground.edit("group", written["message_id"], "Спасибо", "oleg")
    before, after = await until(scored(app, 2))
    assert (before.text, after.text, after.label) == (None, "Спасибо", "positive")


async def test_a_caption_that_is_taken_away_is_forgotten(app, playground, picture):
    photo = {"data": base64.b64encode(picture).decode()}
    written = await playground.write("group", "anna", "Кошмар", photo=photo)
    await until(scored(app, 1))
    await playground.edit("group", written["message_id"], "", "anna")
    _, after = await until(scored(app, 2))
    assert (after.text, after.label) == ("", None)


async def test_a_supergroup_keeps_its_groups_messages(app, playground):
    await playground.write("moderators", "admin", "Кошмар")
    await until(scored(app, 1))
    supergroup = await playground.migrate("moderators")
    await playground.write("moderators", "admin", "Спасибо")
    await until(scored(app, 2))
    moved = "SELECT count(*) FROM messages WHERE chat_id = ?"
    await until(lambda: rows(app.storage, moved, supergroup["id"]) == [(2,)])


async def test_what_comes_while_the_bot_is_down_is_read_when_it_is_back(
    bot_settings, worker, playground
):
    async with running(bot_settings) as app:
        await playground.write("group", "oleg", "раз")
        await until(scored(app, 1))
    await playground.write("group", "oleg", "два")
    async with running(bot_settings) as app:
        await until(scored(app, 2))
        assert [text.text for text in worker.read] == ["раз", "два"]


async def test_what_is_stored_is_confirmed(app, playground, telegram):
    await playground.write("group", "oleg", "раз")
    await until_confirmed(telegram)
    assert rows(app.storage, "SELECT text FROM messages") == [("раз",)]


async def test_telegram_may_count_updates_from_anywhere(app, playground, worker):
    await playground.write("group", "oleg", "раз")
    await until(scored(app, 1))
    await playground.set(next_update_id=1000)
    for count, text in enumerate(("два", "три"), 2):
        await playground.write("group", "oleg", text)
        await until(scored(app, count))
    assert [text.text for text in worker.read] == ["раз", "два", "три"]


async def test_updates_that_were_stored_but_not_confirmed_have_one_effect(storage, queue, wakes):
    first, second = (Intake(storage, queue, wakes) for _ in range(2))
    await first.store([update(1), update(2)], 1.0)
    # Killed here, between storing and the offset: the next start sees the same updates.
    await second.store([update(1), update(2)], 2.0)
    assert rows(storage, "SELECT count(*), min(received_at) FROM messages") == [(2, 1.0)]
    entries = await queue.xrange(TEXTS)
    found = {Text.model_validate_json(fields[b"text"]).key for _, fields in entries}
    assert found == {"-100500:1:0", "-100500:2:0"}


async def test_an_unreadable_update_does_not_stop_the_next(app, playground, server):
    broken = {"message_id": 1, "date": "?", "chat": {"id": 5, "type": "private"}, "text": "ой"}
    server.world.bots[42].queue.put("message", broken, server.world.clock.now(), 5)
    await playground.write("group", "oleg", "раз")
    (message,) = await until(scored(app, 1))
    assert message.text == "раз"


async def test_the_offset_stays_while_redis_is_away(fragile, playground, telegram):
    settings, redis_switch = fragile
    async with running(settings) as app:
        redis_switch.off()
        written = await playground.write("group", "oleg", "раз")
        await until(lambda: rows(app.storage, "SELECT 1 FROM messages"))
    (waiting,) = await telegram("getUpdates")
    assert waiting["message"]["message_id"] == written["message_id"]


async def test_the_bot_recovers_when_redis_is_back(fragile, playground, log_lines):
    settings, redis_switch = fragile
    async with running(settings) as app:
        redis_switch.off()
        await playground.write("group", "oleg", "раз")
        await until(lambda: any("storing updates fails" in line for line in log_lines))
        redis_switch.on()
        async with a_worker(settings.redis_address):
            await until(scored(app, 1))
    assert sum("storing updates fails" in line for line in log_lines) == 1


async def test_polling_asks_for_what_telegram_sends_only_on_request():
    kinds = GetRawUpdates().allowed_updates
    assert {"chat_member", "message_reaction", "my_chat_member", "callback_query"} <= set(kinds)


async def forgotten(storage, queue, wakes):
    """Store a message whose text Redis then loses, and return the sweep that should find it."""
    await Intake(storage, queue, wakes).store([update(1)], 1.0)
    await queue.flushall()
    await create_groups(queue)
    return Sweep(storage, queue, wakes)


async def test_a_text_that_redis_lost_is_put_again(storage, queue, wakes):
    sweep = await forgotten(storage, queue, wakes)
    await queue.set(DONE + "-100500:1:0", 1)
    assert await sweep.put_forgotten(received_before=2.0) == 1
    assert await queue.xlen(TEXTS) == 1
    assert not await queue.exists(DONE + "-100500:1:0")


async def test_a_lost_text_is_found_though_others_are_on_their_way(storage, queue, wakes):
    sweep = await forgotten(storage, queue, wakes)
    await Intake(storage, queue, wakes).store([update(2)], 100.0)
    assert await sweep.put_forgotten(received_before=200.0) == 1
    last = Text.model_validate_json((await queue.xrevrange(TEXTS, count=1))[0][1][b"text"])
    assert last.key == "-100500:1:0"


async def test_a_text_that_waits_its_turn_is_not_put_twice(storage, queue, wakes):
    await Intake(storage, queue, wakes).store([update(1), update(2)], 1.0)
    assert await Sweep(storage, queue, wakes).put_forgotten(received_before=9e9) == 0


async def test_a_text_that_was_put_again_is_left_to_wait(storage, queue, wakes):
    sweep = await forgotten(storage, queue, wakes)
    await Intake(storage, queue, wakes).store([update(2)], 100.0)
    assert await sweep.put_forgotten(received_before=200.0) == 1
    assert await sweep.put_forgotten(received_before=200.0) == 0


async def test_a_verdict_that_is_not_saved_yet_keeps_its_text_from_being_put(storage, queue, wakes):
    sweep = await forgotten(storage, queue, wakes)
    (text,) = messages.find_forgotten(storage.connection, 2.0, 10)
    await queue.xadd(VERDICTS, {"verdict": "nonsense"})
    await queue.xadd(VERDICTS, {"verdict": verdict_on(text, {}).model_dump_json()})
    assert await sweep.put_forgotten(received_before=2.0) == 0


async def test_a_redis_that_dies_twice_is_filled_twice(storage, fragile):
    settings, redis_switch = fragile
    async with a_connection(settings.redis_address) as queue:
        with connect(settings.redis_address) as wakes:
            sweep = await forgotten(storage, queue, score_queue(wakes))
            assert await sweep.put_forgotten(received_before=2.0) == 1
            await queue.delete(TEXTS)
            redis_switch.off()
            redis_switch.on()
            await queue.connection_pool.disconnect()
            assert await sweep.put_forgotten(received_before=2.0) == 1


async def test_the_sweep_leaves_fresh_and_settled_texts_alone(storage, queue, wakes):
    sweep = await forgotten(storage, queue, wakes)
    assert await sweep.put_forgotten(received_before=0.5) == 0
    (text,) = messages.find_forgotten(storage.connection, 2.0, 10)
    # Empty scores: what the worker says of a text that ended among the dead letters.
    await storage.write(save_and_plan, [verdict_on(text, {})], 3.0)
    assert await sweep.put_forgotten(received_before=9e9) == 0


async def test_redis_that_comes_back_empty_is_filled_again(bot_settings, playground, queue):
    async with running(bot_settings) as app:
        await playground.write("group", "oleg", "раз")
        await until(lambda: rows(app.storage, "SELECT 1 FROM messages"))
        await queue.flushall()
        async with a_worker(bot_settings.redis_address):
            await until(scored(app, 1))
