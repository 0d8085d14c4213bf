"""Outgoing calls: within Telegram's limits, fair between chats, repeated when Telegram asks."""

import asyncio
import base64
import time

import pytest
import pytest_asyncio
from aiogram.exceptions import TelegramBadRequest, TelegramForbiddenError, TelegramServerError
from aiogram.methods import SendMessage
from aiogram.types import ReplyParameters
from bot_parts import until

from bot.app import build_bot
from bot.lanes import Limits, Window
from bot.limiter import MOST_LANES, Limiter

pytest_plugins = ["playground_fixtures", "bot_fixtures"]
pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(loop_scope="module")
async def bot(bot_settings, storage):
    made = build_bot(bot_settings, storage)
    yield made
    await made.session.close()


@pytest_asyncio.fixture(loop_scope="module")
async def strict_bot(bot_settings, storage, playground):
    """A bot that knows Telegram's limits, at a Telegram that holds it to them."""
    limits = {
        "send_per_second": 30,
        "send_per_second_per_chat": 1,
        "send_per_minute_per_group": 20,
    }
    await playground.set(limits={"enabled": True, "chat_burst": 1})
    made = build_bot(bot_settings.model_copy(update=limits), storage)
    yield made
    await made.session.close()


@pytest_asyncio.fixture(loop_scope="module")
async def people(playground):
    """Ids of two people who have started the bot."""
    started = [
        await playground.write(f"private:{name}", name, "/start") for name in ("anna", "oleg")
    ]
    return [message["chat"]["id"] for message in started]


async def times_of(sends):
    """Make calls at once and return when each was answered, in seconds from now."""
    begun = time.monotonic()

    async def timed(send):
        await send
        return time.monotonic() - begun

    return await asyncio.gather(*map(timed, sends))


async def test_two_messages_to_one_chat_are_a_second_apart(strict_bot, people, log_lines):
    first, second = await times_of(strict_bot.send_message(people[0], "раз") for _ in range(2))
    assert second - first > 0.9
    assert not [line for line in log_lines if "asks" in line]


async def test_a_chat_that_floods_does_not_hold_up_another(strict_bot, people):
    anna, oleg = people
    flood = [asyncio.create_task(strict_bot.send_message(anna, f"{n}")) for n in range(200)]
    await asyncio.sleep(0.05)
    await strict_bot.send_message(oleg, "сразу")
    assert sum(task.done() for task in flood) <= 2
    for task in flood:
        task.cancel()
    await asyncio.wait(flood)


async def test_messages_to_one_chat_keep_their_order(bot, playground, people):
    await asyncio.gather(*(bot.send_message(people[0], str(n)) for n in range(20)))
    sent = [m["text"] for m in await playground.messages("private:anna") if m["author_id"] == 42]
    assert sent == [str(n) for n in range(20)]


async def test_a_chat_that_is_told_to_wait_waits_and_others_do_not(
    bot, playground, people, log_lines
):
    anna, oleg = people
    await playground.set(failures={"every": 1, "error_code": 429, "retry_after": 1})
    held = asyncio.create_task(times_of([bot.send_message(anna, "раз")]))
    await until(lambda: [line for line in log_lines if "sendMessage to wait for 1 s" in line])
    await playground.set(failures={"every": 0})
    await bot.send_message(oleg, "два")
    assert not held.done()
    assert (await held)[0] > 0.9


async def test_a_call_without_a_chat_that_is_told_to_wait_holds_everything(
    bot, playground, people, log_lines
):
    await playground.set(
        failures={"every": 1, "error_code": 429, "retry_after": 1, "methods": ["getMe"]}
    )
    held = asyncio.create_task(bot.get_me())
    await until(lambda: [line for line in log_lines if "getMe to wait for 1 s" in line])
    await playground.set(failures={"every": 0})
    (seconds,) = await times_of([bot.send_message(people[0], "раз")])
    assert seconds > 0.5
    await held


async def test_an_answer_to_a_press_is_not_held_up_by_a_flood(strict_bot, playground, people):
    flood = [asyncio.create_task(strict_bot.send_message(people[0], f"{n}")) for n in range(9)]
    await asyncio.sleep(0.05)
    me = await strict_bot.get_me()
    assert me.username == "nastroi_bot"
    assert sum(task.done() for task in flood) <= 2
    for task in flood:
        task.cancel()
    await asyncio.wait(flood)


async def test_what_can_be_repeated_is_repeated_and_a_message_is_not(bot, playground, people):
    await playground.set(failures={"every": 2, "error_code": 502, "methods": ["getMe"]})
    for _ in range(2):
        await bot.get_me()
    await playground.set(failures={"every": 1, "methods": ["sendMessage"]})
    with pytest.raises(TelegramServerError):
        await bot.send_message(people[0], "раз")


async def test_a_refusal_is_passed_on(bot, playground, people):
    await playground.block("private:anna")
    with pytest.raises(TelegramForbiddenError):
        await bot.send_message(people[0], "раз")


async def test_a_call_to_a_moved_group_reaches_the_supergroup(bot, playground, storage):
    chats = (await playground.state())["chats"]
    old_id = next(chat["id"] for chat in chats if chat["handle"] == "moderators")
    supergroup = await playground.migrate("moderators")
    for text in ("раз", "два"):
        sent = await bot.send_message(old_id, text)
        assert sent.chat.id == supergroup["id"]
    moves = storage.connection.execute("SELECT old_id, new_id FROM chat_moves").fetchall()
    assert moves == [(old_id, supergroup["id"])]


@pytest.mark.parametrize("is_known", [False, True])
async def test_an_edit_in_a_moved_group_changes_no_message_of_the_new_one(
    bot, playground, ids, is_known
):
    await playground.reset()
    supergroup = await playground.migrate("moderators")
    there = await bot.send_message(supergroup["id"], "раз")
    if is_known:
        await bot.send_message(ids["moderators"], "два")
    # The old group may have had a message of the same number.
    with pytest.raises(TelegramBadRequest, match="not found: its group has moved"):
        await bot.edit_message_text("да", chat_id=ids["moderators"], message_id=there.message_id)
    assert "раз" in [m.get("text") for m in await playground.messages("moderators")]


async def test_a_reply_in_a_moved_group_is_said_without_what_it_replied_to(bot, playground, ids):
    await playground.reset()
    asked = await playground.write("moderators", "moderator", "вопрос")
    supergroup = await playground.migrate("moderators")
    reply = ReplyParameters(message_id=asked["message_id"], chat_id=ids["moderators"])
    sent = await bot.send_message(ids["moderators"], "ответ", reply_parameters=reply)
    assert (sent.chat.id, sent.reply_to_message) == (supergroup["id"], None)


async def test_a_copy_out_of_a_moved_group_takes_nobody_else_there(
    bot, playground, ids, storage, picture
):
    await playground.reset()
    members = {"petrovich": "creator", "nastroi_bot": "administrator"}
    made = await playground.add_chat("small", "Подъезд", type="group", members=members)
    photo = {"data": base64.b64encode(picture).decode()}
    message = await playground.write("small", "petrovich", photo=photo)
    await playground.migrate("small")
    with pytest.raises(TelegramBadRequest):
        await bot.copy_message(ids["moderators"], made["id"], message["message_id"])
    assert storage.connection.execute("SELECT count(*) FROM chat_moves").fetchone() == (0,)


async def test_a_window_never_lets_more_through_than_it_says():
    window, taken = Window(rate=50, seconds=0.1), []
    for _ in range(12):
        await window.take()
        taken.append(time.monotonic())
    assert all(later - earlier >= 0.1 for earlier, later in zip(taken, taken[5:], strict=False))


async def test_lanes_of_idle_chats_are_forgotten():
    async def nobody_moves(old_id, new_id):
        raise AssertionError

    async def answer(bot, method):
        return method

    limiter = Limiter(Limits(1e6, 1e6, 10**6), nobody_moves)
    for chat_id in range(3 * MOST_LANES):
        await limiter(answer, None, SendMessage(chat_id=chat_id + 1, text="раз"))
    assert len(limiter._lanes) <= 2 * MOST_LANES
