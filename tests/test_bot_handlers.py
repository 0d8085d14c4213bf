"""Commands and memberships, and the stream that carries them to their handlers."""

import asyncio
import json

import pytest
import pytest_asyncio
import redis
from aiogram import Dispatcher
from bot_parts import rows, running, until

from bot.app import build_bot
from bot.handled import HANDLED
from bot.tasks import stop_tasks
from bot.updates import MOST_DELIVERIES, MOST_WAITING_IN_A_CHAT, UpdateConsumer
from core.connections import connect_async
from core.contracts import WorkerStatus
from core.queues import BOT, DEAD, UPDATES, WORKERS, create_groups

pytest_plugins = ["playground_fixtures", "bot_fixtures"]
pytestmark = pytest.mark.asyncio(loop_scope="module")

ANNA = "private:anna"


@pytest_asyncio.fixture(loop_scope="module")
async def queue(redis_url):
    connection = connect_async(redis_url)
    await create_groups(connection)
    yield connection
    await connection.aclose()
    await connection.connection_pool.disconnect()


async def ask(playground, text):
    written = await playground.write(ANNA, "anna", text)
    answer = await playground.wait_for(
        ANNA, lambda m: m["author_id"] == 42, after=written["message_id"]
    )
    return answer["text"].splitlines()


async def test_ping_of_an_idle_bot_without_workers_says_so(bot_settings, playground):
    async with running(bot_settings):
        lines = await ask(playground, "/ping")
    assert lines[1:] == [
        "Очередь пуста",
        "⚠️ Ни один воркер не отвечает, тексты ждут: запустите python -m worker",
        "Модель ещё ничего не читала",
        "Все тексты прочитались",
    ]


async def test_ping_tells_queue_workers_model_latency_and_dead_letters(app, playground, queue):
    await ask(playground, "Кошмар")
    status = WorkerStatus(name="w1", model="tiny-1", device="cpu", engine="onnx int8", pid=7)
    await queue.set(WORKERS + "w1", status.model_dump_json(), ex=10)
    await queue.xadd(DEAD, {"key": "1:1:0"})
    lines = await ask(playground, "/ping")
    assert lines[1:3] == ["Очередь пуста", "Работает 1 воркер: tiny-1 на cpu (onnx int8)"]
    assert lines[3].startswith("Последний ответ модели tiny-1 — за ")
    assert lines[4] == "1 текст прочитать не удалось"


async def test_ping_counts_what_waits(bot_settings, playground):
    async with running(bot_settings):
        await playground.write_many(
            [{"chat": "group", "sender": "oleg", "text": str(n)} for n in range(3)]
        )
        assert "В очереди 3 текста" in await ask(playground, "/ping")


@pytest_asyncio.fixture(loop_scope="module")
async def consumer(bot_settings, storage, queue):
    """A consumer whose dispatcher notes what it was fed, and how to run it."""
    bot, dispatcher = build_bot(bot_settings, storage), Dispatcher(disable_fsm=True)
    consumer = UpdateConsumer(bot, dispatcher, queue)
    yield consumer, dispatcher
    await bot.session.close()


def press(number, chat_id):
    chat = {"id": chat_id, "type": "private"}
    user = {"id": chat_id, "is_bot": False, "first_name": "Анна"}
    message = {"message_id": 1, "date": 1, "chat": chat, "text": "раз"}
    query = {"id": str(number), "from": user, "chat_instance": "1", "data": "x"}
    return {"update_id": number, "callback_query": query | {"message": message}}


def command(number, chat_id, **fields):
    chat = {"id": chat_id, "type": "private"}
    message = {"message_id": number, "date": 1, "chat": chat, "text": "/help"} | fields
    return {"update_id": number, "message": message}


async def put(queue, *updates):
    for update in updates:
        await queue.xadd(UPDATES, {"update": json.dumps(update)})


async def run_until(consumer, condition):
    task = asyncio.create_task(consumer.run())
    await until(condition)
    await stop_tasks([task])


async def settled(queue):
    async with asyncio.timeout(5):
        while await queue.xlen(UPDATES):
            await asyncio.sleep(0.01)


async def test_a_chats_updates_stay_in_order_while_another_chat_goes_ahead(consumer, queue):
    reader, dispatcher = consumer
    handled = []

    @dispatcher.callback_query()
    async def note(query):
        await asyncio.sleep(0.2 if query.id == "1" else 0)
        handled.append(query.id)

    await put(queue, press(1, 7), press(2, 7), press(3, 8))
    await run_until(reader, lambda: len(handled) == 3)
    assert handled == ["3", "1", "2"]


async def test_a_chat_that_floods_neither_stalls_others_nor_loses_a_press(
    consumer, queue, log_lines
):
    reader, dispatcher = consumer
    handled, release = [], asyncio.Event()

    @dispatcher.message()
    @dispatcher.callback_query()
    async def note(event, event_update):
        handled.append(event_update.update_id)
        release.set() if handled[-1] == 999 else await release.wait()

    flood = [command(number, 7) for number in range(300)]
    await put(queue, *flood, press(500, 7), command(501, 7, migrate_to_chat_id=9), command(999, 8))
    await run_until(reader, lambda: len(handled) > MOST_WAITING_IN_A_CHAT + 2)
    assert handled == [0, 999, *range(1, MOST_WAITING_IN_A_CHAT), 500, 501]
    assert sum("is dropped" in line for line in log_lines) == 1


async def test_a_press_outlives_a_failure_of_the_database(app, playground, log_lines):
    await ask(playground, "Кошмар")
    rename = "ALTER TABLE {} RENAME TO {}".format
    await app.storage.write(lambda connection: connection.execute(rename("labels", "away")))
    answer = (await playground.messages(ANNA))[-1]
    await playground.press(ANNA, answer["message_id"], "label1:1:0", "anna", wait=0)
    await until(lambda: [line for line in log_lines if "fails, trying on" in line])
    await app.storage.write(lambda connection: connection.execute(rename("away", "labels")))
    await until(lambda: rows(app.storage, "SELECT chosen FROM labels") == [("negative",)])


async def test_commands_outlive_an_outage_of_telegram_in_their_order(app, playground, log_lines):
    failing = {"every": 1, "error_code": 502, "methods": ["sendMessage"]}
    await playground.set(failures=failing)
    written = [await playground.write(ANNA, "anna", text) for text in ("/start", "/nope")]
    await until(lambda: [line for line in log_lines if "fails, trying on" in line])
    await playground.set(failures={"every": 0})
    answered = {"after": written[-1]["message_id"]}
    await playground.wait_for(ANNA, lambda m: "не знаю" in m["text"], **answered)
    texts = [m["text"] for m in await playground.messages(ANNA) if m["author_id"] == 42]
    assert ["Настрой" in texts[-2], "не знаю" in texts[-1]] == [True, True]


async def test_an_outage_that_lasts_gives_the_update_up(consumer, queue, log_lines, monkeypatch):
    monkeypatch.setattr("bot.updates.OUTAGE_SECONDS", 0.0)
    reader, dispatcher = consumer
    handled = []

    @dispatcher.callback_query()
    async def fail_the_first(query):
        handled.append(query.id)
        if query.id == "1":
            raise redis.ConnectionError

    await put(queue, press(1, 7), press(2, 7))
    await run_until(reader, lambda: "2" in handled)
    assert sum("update 1 is given up" in line for line in log_lines) == 1


async def test_a_handler_that_fails_is_logged_and_the_next_update_handled(
    app, playground, log_lines, queue
):
    await ask(playground, "Кошмар")
    break_it = "UPDATE verdicts SET scores = 'no JSON'"
    await app.storage.write(lambda connection: connection.execute(break_it))
    answer = (await playground.messages(ANNA))[-1]
    await playground.press(ANNA, answer["message_id"], "label1:1:0", "anna", wait=0)
    await until(lambda: [line for line in log_lines if "handling update" in line])
    assert "Настрой" in str(await ask(playground, "/start"))
    await settled(queue)


async def test_what_was_being_handled_at_a_crash_comes_again(consumer, queue):
    reader, dispatcher = consumer
    handled = []
    dispatcher.callback_query.register(lambda query: handled.append(query.id))
    await put(queue, press(1, 7))
    await queue.xreadgroup(BOT, "bot", {UPDATES: ">"})
    await run_until(reader, lambda: handled == ["1"])


async def test_an_update_that_is_taken_in_twice_is_handled_once(consumer, queue):
    reader, dispatcher = consumer
    handled = []
    dispatcher.callback_query.register(lambda query: handled.append(query.id))
    await put(queue, press(1, 7), press(1, 7), press(2, 7))
    await run_until(reader, lambda: "2" in handled)
    await put(queue, press(1, 7), press(3, 7))
    await run_until(reader, lambda: "3" in handled)
    assert handled == ["1", "2", "3"]


async def test_a_second_copy_of_a_flood_does_not_stand_in_for_the_first(consumer, queue):
    reader, dispatcher = consumer
    handled, release = [], asyncio.Event()

    @dispatcher.message()
    async def note(message):
        handled.append(message.message_id)
        release.set() if message.chat.id == 8 else await release.wait()

    flood = [command(number, 7) for number in range(MOST_WAITING_IN_A_CHAT)]
    await put(queue, *flood, *flood, command(999, 8))
    await run_until(reader, lambda: len(handled) > MOST_WAITING_IN_A_CHAT)
    assert sorted(handled) == [*range(MOST_WAITING_IN_A_CHAT), 999]


async def test_a_press_waits_out_what_keeps_redis_from_saying_whether_it_is_known(
    consumer, queue, log_lines, monkeypatch
):
    monkeypatch.setattr("bot.updates.OUTAGE_SECONDS", 0.0)
    reader, dispatcher = consumer
    handled = []
    dispatcher.callback_query.register(lambda query: handled.append(query.id))
    await queue.set(HANDLED, "no list of anything")
    await put(queue, press(1, 7))
    task = asyncio.create_task(reader.run())
    await until(lambda: [line for line in log_lines if "fails, trying on" in line])
    await queue.delete(HANDLED)
    await until(lambda: handled == ["1"])
    await stop_tasks([task])


async def test_what_a_broken_connection_swallowed_comes_again(consumer, queue):
    reader, dispatcher = consumer
    handled = []
    dispatcher.callback_query.register(lambda query: handled.append(query.id))
    task = asyncio.create_task(reader.run())
    await asyncio.sleep(0.1)
    async with queue.pipeline(transaction=True) as pipe:
        pipe.xadd(UPDATES, {"update": json.dumps(press(1, 7))})
        # Delivered to the bot, as far as Redis knows, and never read by it.
        pipe.xreadgroup(BOT, "bot", {UPDATES: ">"})
        await pipe.execute()
    await queue.client_kill_filter(_type="normal", skipme=True)
    await until(lambda: handled == ["1"])
    await stop_tasks([task])


async def test_an_update_that_crashes_the_bot_again_and_again_is_dropped(
    consumer, queue, log_lines
):
    reader, dispatcher = consumer
    handled = []
    dispatcher.callback_query.register(lambda query: handled.append(query.id))
    await put(queue, press(1, 7))
    await queue.xreadgroup(BOT, "bot", {UPDATES: ">"})
    for _ in range(MOST_DELIVERIES - 1):
        await queue.xreadgroup(BOT, "bot", {UPDATES: "0"})
    await put(queue, press(2, 7))
    await run_until(reader, lambda: handled)
    assert handled == ["2"]
    assert [line for line in log_lines if "is dropped" in line]


async def test_nonsense_in_the_stream_is_passed_over(consumer, queue):
    reader, dispatcher = consumer
    handled = []
    dispatcher.callback_query.register(lambda query: handled.append(query.id))
    await put(queue, [], {"update_id": 1, "callback_query": {"id": {}}}, press(2, 7))
    await run_until(reader, lambda: handled == ["2"])


async def test_a_slow_handler_never_holds_up_the_intake(app, playground, worker):
    held = {"every": 1, "error_code": 429, "retry_after": 1, "methods": ["sendMessage"]}
    await playground.set(failures=held)
    for _ in range(3):
        await playground.write(ANNA, "anna", "/help")
    await playground.write("group", "oleg", "Кошмар")
    await until(app.storage.scored_messages)
    assert [m for m in await playground.messages(ANNA) if m["author_id"] == 42] == []
    await playground.set(failures={"every": 0})
