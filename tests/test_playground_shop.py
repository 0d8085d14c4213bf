"""The playground's shop over HTTP, as a visitor meets it, and the reader."""

import asyncio
import re
from pathlib import Path

import pytest
import redis
from aiohttp import ClientSession
from reader_parts import order, parts, reader_process, wait_for_end, wait_for_reader

from playground.server import Server

pytest_plugins = ["playground_fixtures"]
pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_every_page_that_the_shop_lists_is_there(server: Server) -> None:
    async with ClientSession(server.url) as session:
        front = await (await session.get("/shop")).text()
        listed = re.findall(r'href="(/shop/[^"]*)"', front)
        statuses = [(await session.get(path)).status for path in listed]
    assert len(statuses) > 3
    assert set(statuses) == {200}


async def test_what_the_shop_does_not_have_is_not_found(server: Server) -> None:
    async with ClientSession(server.url) as session:
        assert (await session.get("/shop/moon")).status == 404
        assert (await session.get("/shop/jacket?page=moon")).status == 200


async def test_a_page_keeps_the_type_that_it_was_given(server: Server) -> None:
    async with ClientSession(server.url) as session:
        old = await session.get("/shop/app")
        new = await session.get("/shop/cafe")
    assert old.headers["Content-Type"] == "text/html"
    assert new.headers["Content-Type"] == "text/html; charset=utf-8"


async def test_the_reader_reads_the_shop_and_its_channel(
    server: Server, redis_sync: redis.Redis, redis_url: str, tmp_path: Path
) -> None:
    def read_both() -> None:
        with reader_process(redis_url, server.url.removeprefix("http://"), tmp_path):
            wait_for_reader(redis_sync)
            order(redis_sync, f"{server.url}/shop/parka", "parka")
            order(redis_sync, f"{server.url}/shop/s/lavka_u_doma", "channel", kind="channel")
            wait_for_end(redis_sync, "channel")

    await asyncio.to_thread(read_both)
    assert sum(len(part.reviews) for part in parts(redis_sync, "parka")) == 500
    assert parts(redis_sync, "channel")[0].posts[0].text
    assert wait_for_end(redis_sync, "channel").source == "preview"
