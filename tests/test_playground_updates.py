"""getUpdates: true offsets, long polls, kinds asked for, a day's memory, one reader at a time."""

import asyncio

import pytest

pytest_plugins = ["playground_fixtures"]
pytestmark = pytest.mark.asyncio(loop_scope="module")


async def write_three(playground):
    await playground.write_many(
        {"chat": "group", "sender": "anna", "text": word} for word in ("раз", "два", "три")
    )


def texts(updates):
    return [update["message"]["text"] for update in updates]


async def test_updates_come_again_until_an_offset_confirms_them(playground, telegram):
    await write_three(playground)
    first = await telegram("getUpdates")
    assert await telegram("getUpdates") == first
    rest = await telegram("getUpdates", offset=first[1]["update_id"])
    assert texts(rest) == ["два", "три"]
    assert texts(await telegram("getUpdates")) == ["два", "три"]


async def test_update_ids_follow_each_other(playground, telegram):
    await write_three(playground)
    numbers = [update["update_id"] for update in await telegram("getUpdates")]
    assert numbers == list(range(numbers[0], numbers[0] + 3))


async def test_negative_offset_keeps_only_the_latest(playground, telegram):
    await write_three(playground)
    assert texts(await telegram("getUpdates", offset=-1)) == ["три"]
    assert texts(await telegram("getUpdates")) == ["три"]


async def test_limit_bounds_one_answer(playground, telegram):
    await write_three(playground)
    assert texts(await telegram("getUpdates", limit=2)) == ["раз", "два"]
    await playground.write_many(
        {"chat": "group", "sender": "anna", "text": str(number)} for number in range(150)
    )
    assert len(await telegram("getUpdates", limit=1000)) == 100


async def test_long_poll_answers_as_soon_as_something_is_written(playground, telegram):
    poll = asyncio.create_task(telegram("getUpdates", timeout=30))
    await asyncio.sleep(0.05)
    await playground.write("group", "anna", "привет")
    assert texts(await asyncio.wait_for(poll, 5)) == ["привет"]


async def test_long_poll_ends_empty_after_its_timeout(telegram):
    assert await asyncio.wait_for(telegram("getUpdates", timeout=1), 5) == []


async def test_second_reader_ends_the_first_ones_long_poll(playground, telegram):
    first = asyncio.create_task(telegram.answer("getUpdates", timeout=30))
    await asyncio.sleep(0.05)
    second = asyncio.create_task(telegram("getUpdates", timeout=30))
    refused = await asyncio.wait_for(first, 5)
    assert refused["error_code"] == 409
    assert refused["description"].startswith("Conflict: terminated by other getUpdates request")
    await playground.write("group", "anna", "привет")
    assert texts(await asyncio.wait_for(second, 5)) == ["привет"]


async def test_reactions_come_only_when_named(playground, telegram):
    message = await playground.write("group", "anna", "привет")
    await telegram.updates()
    await playground.react("group", message["message_id"], "👍", "oleg")
    assert await telegram("getUpdates", allowed_updates=["message", "message_reaction"]) == []
    await playground.react("group", message["message_id"], "🔥", "oleg")
    [update] = await telegram("getUpdates")
    assert update["message_reaction"]["old_reaction"] == [{"type": "emoji", "emoji": "👍"}]
    assert update["message_reaction"]["new_reaction"] == [{"type": "emoji", "emoji": "🔥"}]


async def test_kinds_not_named_are_left_out_until_others_are_named(playground, telegram):
    await telegram("getUpdates", allowed_updates=["callback_query"])
    await playground.write("group", "anna", "не дойдёт")
    assert await telegram("getUpdates") == []
    await telegram("getUpdates", allowed_updates=[])
    await playground.write("group", "anna", "дойдёт")
    assert texts(await telegram("getUpdates")) == ["дойдёт"]


async def test_updates_are_forgotten_after_a_day(playground, telegram):
    await playground.write("group", "anna", "старое")
    await playground.set(advance_seconds=23 * 3600)
    await playground.write("group", "anna", "новое")
    await playground.set(advance_seconds=2 * 3600)
    assert texts(await telegram("getUpdates")) == ["новое"]


async def test_edits_come_as_edited_messages_with_their_date(playground, telegram):
    message = await playground.write("group", "anna", "привет")
    await playground.edit("group", message["message_id"], "пока", "anna")
    edited = (await telegram("getUpdates"))[1]["edited_message"]
    assert (edited["text"], edited["message_id"]) == ("пока", message["message_id"])
    assert edited["edit_date"] >= edited["date"]


async def test_handovers_note_the_first_time_only(playground, telegram):
    await playground.set(handovers=True)
    message = await playground.write("group", "anna", "привет")
    await telegram("getUpdates")
    await telegram("getUpdates")
    [(chat_id, message_id, edit_date, at)] = await playground.handovers()
    assert (chat_id, message_id, edit_date) == (message["chat"]["id"], message["message_id"], 0)
    assert at >= message["date"]
    assert await playground.handovers(since=1) == []


async def test_updates_numbered_anew_reach_a_bot_that_remembers_higher_ids(playground, telegram):
    await playground.write("group", "anna", "до недели тишины")
    [before] = await telegram("getUpdates")
    await playground.set(next_update_id=7)
    await playground.write("group", "anna", "после")
    [after] = await telegram("getUpdates", offset=before["update_id"] + 1)
    assert (after["update_id"], after["message"]["text"]) == (7, "после")
    assert await telegram("getUpdates", offset=8) == []


async def test_a_page_of_updates_survives_a_reset_without_numbers_going_back(playground, telegram):
    await playground.write("group", "anna", "до")
    [before] = await telegram.updates()
    await playground.reset()
    await playground.write("group", "anna", "после")
    [after] = await telegram("getUpdates", offset=before["update_id"] + 1)
    assert after["update_id"] == before["update_id"] + 1
