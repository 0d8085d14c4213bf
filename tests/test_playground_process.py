"""`python -m playground` as its operator meets it: starting, a taken port, stopping."""

import asyncio
import signal
import socket
import sys
from pathlib import Path

import pytest
from aiohttp import ClientSession

from playground.client import Playground
from playground.server import serve, unused_message_id

PROJECT = Path(__file__).parent.parent


async def start(port):
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "playground", "--port", str(port)),
        cwd=PROJECT,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )


@pytest.fixture
def taken():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener.getsockname()[1]


async def test_a_taken_port_is_one_readable_line(taken):
    process = await start(taken)
    _, errors = await asyncio.wait_for(process.communicate(), 20)
    lines = errors.decode().splitlines()
    assert process.returncode == 1
    assert len(lines) == 1
    assert str(taken) in lines[0]
    assert "PLAYGROUND_PORT" in lines[0]


async def test_a_stop_ends_long_polls_and_event_streams_at_once():
    process = await start(0)
    line = (await asyncio.wait_for(process.stderr.readline(), 20)).decode()
    url = line.split()[-1]
    async with ClientSession() as session, session.get(f"{url}/control/events") as stream:
        poll = asyncio.create_task(
            session.get(f"{url}/bot42:playground/getUpdates", params={"timeout": "50"})
        )
        await stream.content.readuntil(b"data: {}\n\n")
        await asyncio.sleep(0.1)
        process.send_signal(signal.SIGTERM)
        await asyncio.wait_for(process.communicate(), 5)
        assert process.returncode == 0
        assert await (await poll).json() == {"ok": True, "result": []}


async def test_message_ids_go_on_where_earlier_runs_cannot_have_been() -> None:
    earliest = unused_message_id()
    async with serve() as server, Playground(server.url) as playground:
        first = (await playground.write("group", "anna", "Снова я"))["message_id"]
        await playground.reset()
        second = (await playground.write("group", "anna", "И снова"))["message_id"]
    assert earliest < first < second
