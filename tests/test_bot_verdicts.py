"""Verdicts are saved once, nothing that dies on the way loses one, and answers are resumed."""

import asyncio
import time

import pytest
import pytest_asyncio
from bot_parts import rows, running, score, until, verdict_on

from bot.communities.community import Community
from bot.intake import Intake
from bot.messages import Chat
from bot.policy import decide
from bot.storage import communities
from bot.verdicts import VerdictFollower, save_and_plan
from core.connections import connect, connect_async
from core.contracts import Text
from core.queues import BOT, TEXTS, VERDICTS, create_groups, score_queue

pytest_plugins = ["playground_fixtures", "bot_fixtures"]
pytestmark = pytest.mark.asyncio(loop_scope="module")

ANNA = 100003
TEXT = Text(key=f"{ANNA}:5:0", text="Кошмар", received_at=1.0)


def update(number=1, text="Кошмар", kind="message", **fields):
    chat = {"id": ANNA, "type": "private"}
    user = {"id": ANNA, "is_bot": False, "first_name": "Анна", "language_code": "ru"}
    message = {"message_id": 5, "date": int(time.time()), "chat": chat, "from": user}
    return {"update_id": number, kind: message | {"text": text} | fields}


@pytest_asyncio.fixture(loop_scope="module")
async def queue(redis_url):
    connection = connect_async(redis_url)
    await create_groups(connection)
    yield connection
    await connection.aclose()
    await connection.connection_pool.disconnect()


@pytest.fixture
def intake(storage, queue, redis_url):
    with connect(redis_url) as wakes:
        yield Intake(storage, queue, score_queue(wakes))


@pytest.fixture
def reader(storage, queue):
    return VerdictFollower(storage, queue, lambda: None)


async def commit(queue, text, scores=None):
    verdict = verdict_on(text, score(text.text) if scores is None else scores)
    await queue.xadd(VERDICTS, {"verdict": verdict.model_dump_json()})
    await queue.delete(TEXTS)


def saved(storage):
    return [message.key for message in storage.scored_messages()]


def states(storage):
    return [state for (state,) in rows(storage, "SELECT state FROM actions ORDER BY id")]


async def test_a_verdict_is_saved_planned_on_and_settled(intake, storage, queue, reader):
    await intake.store([update()], 1.0)
    await commit(queue, TEXT)
    for _ in range(2):
        await reader.take_some()
    assert saved(storage) == [TEXT.key]
    assert states(storage) == ["planned"]
    assert await queue.xlen(VERDICTS) == 0


async def test_a_verdict_that_comes_twice_has_one_effect(intake, storage, queue, reader):
    await intake.store([update()], 1.0)
    for _ in range(2):
        await commit(queue, TEXT)
    for _ in range(2):
        await reader.take_some()
    assert (saved(storage), states(storage)) == ([TEXT.key], ["planned"])


async def test_what_was_read_and_not_saved_is_read_again(intake, storage, queue, reader):
    await intake.store([update()], 1.0)
    await commit(queue, TEXT)
    # Killed here, between reading and saving.
    await queue.xreadgroup(BOT, "bot", {VERDICTS: ">"})
    await reader.take_some()
    assert saved(storage) == [TEXT.key]
    assert (await queue.xpending(VERDICTS, BOT))["pending"] == 0


async def test_nonsense_in_the_stream_stops_no_verdict(intake, storage, queue, reader, log_lines):
    await intake.store([update()], 1.0)
    await queue.xadd(VERDICTS, {"verdict": '{"key": "?"}'})
    await queue.xadd(VERDICTS, {"else": "x"})
    await commit(queue, TEXT)
    for _ in range(2):
        await reader.take_some()
    assert saved(storage) == [TEXT.key]
    assert sum("is not one" in line for line in log_lines) == 2


async def test_a_verdict_on_an_older_edit_plans_nothing(intake, storage, queue, reader):
    await intake.store([update()], 1.0)
    await intake.store([update(2, "Спасибо", "edited_message", edit_date=300)], 1.0)
    await commit(queue, TEXT)
    for _ in range(2):
        await reader.take_some()
    assert (saved(storage), states(storage)) == ([TEXT.key], [])


async def test_a_verdict_on_an_unknown_message_is_kept(storage, queue, reader):
    await commit(queue, TEXT)
    for _ in range(2):
        await reader.take_some()
    assert rows(storage, "SELECT key FROM verdicts") == [(TEXT.key,)]


async def test_an_answer_that_was_being_sent_at_a_crash_is_sent(
    intake, storage, queue, reader, bot_settings, playground
):
    await intake.store([update()], 1.0)
    await commit(queue, TEXT)
    for _ in range(2):
        await reader.take_some()
    await storage.write(lambda c: c.execute("UPDATE actions SET state = 'sending'"))
    await playground.write("private:anna", "anna", "/start")
    async with running(bot_settings):
        await playground.wait_for("private:anna", lambda m: "Негативно" in m.get("text", ""))
        await until(lambda: states(storage) == ["done"])


async def test_an_answer_waits_for_a_telegram_that_is_away(app, playground):
    await playground.set(failures={"every": 1, "error_code": 502, "methods": ["sendMessage"]})
    written = await playground.write("private:anna", "anna", "Кошмар")
    await until(lambda: states(app.storage) == ["sending"])
    await playground.set(failures={"every": 0})
    await playground.wait_for(
        "private:anna", lambda m: m["author_id"] == 42, after=written["message_id"]
    )
    await until(lambda: states(app.storage) == ["done"])


async def test_an_edit_that_overtakes_its_answer_is_answered_once(app, playground, worker):
    await playground.set(failures={"every": 1, "error_code": 502, "methods": ["sendMessage"]})
    written = await playground.write("private:anna", "anna", "Кошмар")
    await until(lambda: states(app.storage) == ["sending"])
    await playground.edit("private:anna", written["message_id"], "Спасибо", "anna")
    await until(lambda: len(states(app.storage)) == 2)
    await playground.set(failures={"every": 0})
    await until(lambda: states(app.storage) == ["done", "done"])
    answers = [m for m in await playground.messages("private:anna") if m["author_id"] == 42]
    assert ["Позитивно" in answer["text"] for answer in answers] == [True]


async def test_an_action_that_cannot_be_taken_fails_once(app, playground, storage):
    plan = (
        "INSERT INTO actions (kind, key, message, chat_id, state, reasons, planned_at, changed_at)"
        f" VALUES ('answer', '{ANNA}:5:0', '{ANNA}:5', {ANNA}, 'planned', '[]', 1, 1)"
    )
    message = (
        "INSERT INTO messages (id, chat_id, message_id, text, state, edited_at, update_id, sent_at,"
        f" received_at, waiting) VALUES ('{ANNA}:5', {ANNA}, 5, 'a', 0, 0, 1, 1, 1, 0)"
    )
    for statement in (message, plan):
        await storage.write(lambda c, sql: c.execute(sql), statement)
    await playground.write("private:anna", "anna", "Кошмар")
    await until(lambda: sorted(states(storage)) == ["done", "failed"])


@pytest.mark.parametrize("kind", ["group", "supergroup", "channel"])
async def test_communities_that_nobody_linked_are_read_silently(kind):
    chat = Chat(-1, kind, "Двор")
    assert decide(verdict_on(TEXT, score("Кошмар")), chat, Community(-1)).kind == "nothing"


async def test_a_private_text_without_words_is_answered_with_its_reason():
    decision = decide(verdict_on(TEXT, {}), Chat(1, "private", None), Community(1))
    assert (decision.kind, decision.reasons[-1].code) == ("answer", "nothing-to-score")


async def test_the_reader_stops_when_it_is_told(reader):
    task = asyncio.create_task(reader.run())
    await asyncio.sleep(0.05)
    task.cancel()
    await asyncio.wait([task], timeout=1)
    assert task.cancelled()


async def test_a_verdict_that_comes_again_opens_no_second_card(intake, storage):
    group = {"id": -100500, "type": "supergroup", "title": "Двор"}
    await intake.store([update(chat=group)], 1.0)
    communities.link(storage.connection, group["id"], -100600, by=1, at=1.0)
    mode, by = ("mode", "ask"), communities.By(1, 1.0)
    communities.save_setting(storage.connection, group["id"], mode, by)
    text = Text(key="-100500:5:0", text="Кошмар", received_at=1.0)
    verdict = verdict_on(text, {"toxicity": {"toxic": 0.99}})
    assert save_and_plan(storage.connection, [verdict], 2.0) == 1
    storage.connection.execute("UPDATE incidents SET state = 'settled', settled_by = 1")
    assert save_and_plan(storage.connection, [verdict], 3.0) == 0
    assert rows(storage, "SELECT state FROM incidents") == [("settled",)]
