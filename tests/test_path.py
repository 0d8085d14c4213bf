"""A message's whole path, with every process and nothing in place of anything."""

import asyncio
from collections.abc import AsyncIterator

import pytest
import redis.asyncio

from bot.storage.database import Storage
from core.connections import connect_async
from core.contracts import text_key
from core.queues import TEXTS, UPDATES, VERDICTS
from playground.client import Playground
from stack.isolated import isolated_stack
from stack.stack import Stack
from stack.tour import take_tour

ANGRY = "Кошмар, заказ не пришёл, деньги не вернули"


@pytest.fixture
async def stack() -> AsyncIterator[Stack]:
    async with isolated_stack(print) as stack:
        yield stack


@pytest.fixture
async def playground(stack: Stack) -> AsyncIterator[Playground]:
    async with Playground(stack.settings.playground_url) as playground:
        yield playground


@pytest.fixture
async def queue(stack: Stack) -> AsyncIterator[redis.asyncio.Redis]:
    connection = connect_async(stack.settings.redis_address)
    yield connection
    await connection.aclose()
    await connection.connection_pool.disconnect()


async def wait_until_empty(queue: redis.asyncio.Redis) -> None:
    async with asyncio.timeout(5):
        while any([await queue.xlen(stream) for stream in (TEXTS, VERDICTS, UPDATES)]):
            await asyncio.sleep(0.02)


async def test_a_message_goes_through_all_eight_hops(
    stack: Stack, playground: Playground, queue: redis.asyncio.Redis
) -> None:
    written = await playground.write("private:anna", "anna", ANGRY)
    answer = await playground.wait_for(
        "private:anna", lambda m: "reply_markup" in m, after=written["message_id"]
    )
    button = answer["reply_markup"]["inline_keyboard"][0][0]
    assert await playground.press(
        "private:anna", answer["message_id"], button["callback_data"], "anna"
    )
    storage = Storage.open(stack.settings.database_path, read_only=True)
    (row,) = storage.scored_messages()
    assert row.key == text_key(written["chat"]["id"], written["message_id"])
    assert row.label == "negative"
    assert sum(row.scores["sentiment"].values()) == pytest.approx(1, abs=0.01)
    await wait_until_empty(queue)


async def test_the_tour_gets_every_verdict(
    stack: Stack, capsys: pytest.CaptureFixture[str]
) -> None:
    assert await take_tour(stack.settings)
    table = capsys.readouterr().out
    assert ANGRY in table
    assert "missing" not in table
