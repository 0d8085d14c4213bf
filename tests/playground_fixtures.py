"""A playground in this process, reached only over HTTP: as a bot, and as everyone else."""

import asyncio
import os
import struct
import zlib
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from aiohttp import ClientSession, FormData, web

from playground.client import Playground
from playground.server import Server, serve

TOKEN = "42:playground"
# One event loop a test file, so that a browser can outlive a test.
in_module_loop = pytest_asyncio.fixture(loop_scope="module")


class Telegram:
    """Calls Bot API methods by name, as any library would."""

    def __init__(self, session: ClientSession, url: str, token: str = TOKEN) -> None:
        self.session = session
        self.root = f"{url}/bot{token}"

    async def answer(self, method: str, **parameters: Any) -> dict[str, Any]:
        """Return the whole JSON answer, refusals too."""
        async with self.session.post(f"{self.root}/{method}", json=parameters) as response:
            answer = await response.json()
        assert response.status == answer.get("error_code", 200)
        return answer

    async def refusal(self, method: str, **parameters: Any) -> str:
        """Return the description of a call that must be refused."""
        answer = await self.answer(method, **parameters)
        assert answer["ok"] is False
        return answer["description"]

    async def __call__(self, method: str, **parameters: Any) -> Any:
        """Return the result of a call that must go well."""
        answer = await self.answer(method, **parameters)
        assert answer["ok"], answer
        return answer["result"]

    async def upload(self, method: str, files: dict[str, bytes], **parameters: str) -> Any:
        form = FormData()
        for name, data in files.items():
            form.add_field(name, data, filename=f"{name}.png")
        for name, value in parameters.items():
            form.add_field(name, value)
        async with self.session.post(f"{self.root}/{method}", data=form) as response:
            answer = await response.json()
        assert answer["ok"], answer
        return answer["result"]

    async def updates(self, **parameters: Any) -> list[dict[str, Any]]:
        """Fetch what waits and confirm it."""
        found = await self("getUpdates", **parameters)
        if found:
            await self("getUpdates", offset=found[-1]["update_id"] + 1)
        return found


@in_module_loop
async def server() -> AsyncIterator[Server]:
    async with serve() as running:
        yield running


@in_module_loop
async def playground(server: Server) -> AsyncIterator[Playground]:
    async with Playground(server.url) as client:
        await client.set(limits={"enabled": False})
        yield client


@in_module_loop
async def telegram(playground: Playground) -> AsyncIterator[Telegram]:
    async with ClientSession() as session:
        yield Telegram(session, playground.url)


@in_module_loop
async def anna(playground: Playground, telegram: Telegram) -> int:
    """The id of someone who has started the bot, whose start is fetched already."""
    message = await playground.write("private:anna", "anna", "/start")
    await telegram.updates()
    return message["chat"]["id"]


@in_module_loop
async def group(playground: Playground) -> int:
    """The id of the seed's group."""
    chats = (await playground.state())["chats"]
    return next(chat["id"] for chat in chats if chat["handle"] == "group")


@in_module_loop
async def ids(playground: Playground) -> dict[str, int]:
    """The seed's people and chats by handle."""
    state = await playground.state()
    return {one["handle"]: one["id"] for one in state["people"] + state["chats"]}


@pytest.fixture
def picture() -> bytes:
    """A PNG of 3 x 2 pixels."""
    return png(3, 2)


@pytest.fixture
def another() -> bytes:
    """A PNG of 4 x 3 pixels."""
    return png(4, 3)


def png(width: int, height: int) -> bytes:
    """A PNG of so many pixels, coloured by chance."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = zlib.compress((b"\0" + os.urandom(3 * width)) * height)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
    )


class Receiver:
    """A bot's webhook: remembers what came, answers as it is told."""

    def __init__(self) -> None:
        self.updates: list[dict[str, Any]] = []
        self.secrets: list[str | None] = []
        self.statuses: list[int] = []
        self.answer: dict[str, Any] | None = None
        self.arrived = asyncio.Event()

    async def take(self, request: web.Request) -> web.Response:
        self.secrets.append(request.headers.get("X-Telegram-Bot-Api-Secret-Token"))
        status = self.statuses.pop(0) if self.statuses else 200
        if status == 200:
            self.updates.append(await request.json())
            self.arrived.set()
        return web.json_response(self.answer, status=status)

    async def wait(self, count: int) -> None:
        async with asyncio.timeout(5):
            while len(self.updates) < count:
                self.arrived.clear()
                await self.arrived.wait()


@in_module_loop
async def receiver() -> AsyncIterator[Receiver]:
    made = Receiver()
    app = web.Application()
    app.router.add_post("/hook", made.take)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    made.url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"  # type: ignore[attr-defined]
    yield made
    await runner.cleanup()
