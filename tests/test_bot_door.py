"""`python -m bot` as an operator meets it: one readable line for each thing that is wrong."""

import asyncio
import os
import signal
import sys
import textwrap

import psutil
import pytest
import pytest_asyncio
from bot_parts import until, until_confirmed

from bot.app import build_app
from bot.serving import run_app
from bot.storage.database import Storage
from core.errors import SetupError
from core.settings import PROJECT

pytest_plugins = ["playground_fixtures", "bot_fixtures"]
pytestmark = pytest.mark.asyncio(loop_scope="module")

# Pydantic looks a few frames up for names, so that a script's top level is too shallow for it.
ALL_OF_AIOGRAM = """
    from bot.light_aiogram import load_aiogram
    load_aiogram()
    import aiogram.methods, aiogram.types
    from aiogram.methods import Response

    def named(module):
        return [getattr(module, name) for name in module.__all__]

    def build(model):
        model.__pydantic_validator__.title
        assert model.__pydantic_complete__, model

    def from_deep_down(frames):
        if frames:
            return from_deep_down(frames - 1)
        for method in named(aiogram.methods):
            if isinstance(getattr(method, "__api_method__", None), str):
                build(Response[method.__returning__])
        for model in named(aiogram.types):
            if hasattr(model, "__pydantic_validator__"):
                build(model)

    from_deep_down(5)
"""


class Door:
    """Starts `python -m bot` with settings in its environment."""

    def __init__(self, settings, folder):
        self.folder = folder
        self.environment = os.environ | {
            "PYTHONPATH": str(PROJECT),
            "VAR_DIR": str(settings.var_dir),
            "REDIS_URL": settings.redis_url,
            "PLAYGROUND_PORT": str(settings.playground_port),
        }

    async def open(self, *command, **knobs):
        return await asyncio.create_subprocess_exec(
            sys.executable,
            *(command or ("-m", "bot")),
            cwd=self.folder,
            env=self.environment | knobs,
            stderr=asyncio.subprocess.PIPE,
        )

    async def line(self, number, **knobs):
        """What the operator reads of a bot that can't start, in a folder of its own."""
        process = await self.open(**{"VAR_DIR": str(self.folder / str(number))} | knobs)
        _, errors = await asyncio.wait_for(process.communicate(), timeout=30)
        assert process.returncode == 1
        (line,) = [line for line in errors.decode().splitlines() if line.startswith("nastroi:")]
        assert "Traceback" not in errors.decode()
        return line


@pytest.fixture
def door(bot_settings, tmp_path):
    return Door(bot_settings, tmp_path)


@pytest_asyncio.fixture(loop_scope="module")
async def process(door, playground, worker, bot_settings):
    """A bot that has answered, as a process of its own."""
    started = await door.open()
    try:
        await playground.write("group", "oleg", "Кошмар")
        await until(lambda: worker.read, timeout_seconds=30)
        await until(lambda: scored(bot_settings), timeout_seconds=30)
        yield started
    finally:
        if started.returncode is None:
            started.kill()
        await started.communicate()


def scored(settings):
    storage = Storage.open(settings.database_path, read_only=True)
    try:
        return storage.scored_messages()
    finally:
        storage.close()


async def test_each_thing_that_is_wrong_is_one_readable_line(door, playground):
    # The playground knows no bot 77, as Telegram knows none whose token was revoked.
    wrong = {
        "the token in BOT_TOKEN is refused by Telegram; get one from @BotFather": {
            "BOT_TOKEN": f"77:{'x' * 35}",
            "TELEGRAM_API_URL": playground.url,
        },
        "BOT_TOKEN does not look like a token": {"BOT_TOKEN": "nonsense"},
        "no Redis answers at redis://127.0.0.1:1": {"REDIS_URL": "redis://127.0.0.1:1"},
        "can't be reached at http://127.0.0.1:1": {"PLAYGROUND_PORT": "1"},
        "SEND_PER_SECOND": {"SEND_PER_SECOND": "-1"},
    }
    lines = await asyncio.gather(*(door.line(n, **k) for n, k in enumerate(wrong.values())))
    for expected, line in zip(wrong, lines, strict=True):
        assert expected in line
    assert "xxx" not in "".join(lines)


@pytest_asyncio.fixture(loop_scope="module")
async def silent(bot_settings):
    """Settings that lead to a server that never answers, and whether it was asked."""
    asked, over = asyncio.Event(), asyncio.Event()

    async def listen(reader, writer):
        asked.set()
        await over.wait()
        writer.close()

    async with await asyncio.start_server(listen, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        yield bot_settings.model_copy(update={"playground_port": port}), asked
        over.set()


async def test_a_bot_that_waits_for_telegram_can_be_stopped(silent):
    settings, asked = silent
    stop = asyncio.Event()
    serving = asyncio.create_task(run_app(build_app(settings), stop))
    await asked.wait()
    stop.set()
    await asyncio.wait_for(serving, timeout=5)


async def test_a_telegram_that_never_answers_is_one_readable_line(silent, monkeypatch):
    monkeypatch.setattr("bot.checks.PATIENCE_SECONDS", 0.2)
    settings, _ = silent
    with pytest.raises(SetupError, match="can't be reached"):
        await asyncio.wait_for(run_app(build_app(settings), asyncio.Event()), timeout=5)


async def test_a_second_bot_on_the_same_database_is_refused(process, door, bot_settings):
    line = await door.line(1, VAR_DIR=str(bot_settings.var_dir))
    assert f"another bot runs on {bot_settings.var_dir}; stop it, or set VAR_DIR" in line


async def test_sigterm_ends_the_bot_in_good_order(process, telegram):
    await until_confirmed(telegram)
    process.send_signal(signal.SIGTERM)
    _, errors = await asyncio.wait_for(process.communicate(), timeout=10)
    assert process.returncode == 0
    assert "stopped" in errors.decode()
    assert "Traceback" not in errors.decode()


async def test_a_bot_that_is_killed_loses_nothing(process, door, playground, worker, bot_settings):
    texts = [f"Сообщение {n}" for n in range(200)]
    orders = [{"chat": "group", "sender": "oleg", "text": text} for text in texts]
    await playground.write_many(orders[:100])
    await until(lambda: len(worker.read) > 20)
    process.kill()
    await process.communicate()
    await playground.write_many(orders[100:])
    again = await door.open()
    await until(lambda: len(scored(bot_settings)) == 201, timeout_seconds=30)
    again.terminate()
    await again.communicate()
    assert sorted(m.text for m in scored(bot_settings)) == sorted([*texts, "Кошмар"])


async def test_a_running_bot_is_small(process):
    assert psutil.Process(process.pid).memory_info().rss < 200e6


async def test_all_of_aiogram_works_without_being_built_at_once(door):
    script = textwrap.dedent(ALL_OF_AIOGRAM)
    process = await door.open("-c", script)
    _, errors = await asyncio.wait_for(process.communicate(), timeout=60)
    assert process.returncode == 0, errors.decode()
