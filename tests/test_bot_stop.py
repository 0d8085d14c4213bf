"""An ordinary stop: what is in hand is finished, the rest is left, and nothing is done twice."""

import asyncio
import os
import signal
import sys
from contextlib import suppress

import pytest
import pytest_asyncio
from aiohttp import ClientSession, web
from bot_parts import rows, running, until
from loguru import logger

from bot.updates import MOST_DELIVERIES
from core.queues import UPDATES
from core.settings import PROJECT

pytest_plugins = ["playground_fixtures", "bot_fixtures"]
pytestmark = pytest.mark.asyncio(loop_scope="module")

ANNA = "private:anna"
HELP = "/help"


class Slow:
    """Passes calls on to the playground, and keeps back what it answers to those that send."""

    def __init__(self, url):
        self.url = url
        self.answers = asyncio.Event()
        self.answers.set()

    async def pass_on(self, request):
        body, headers = await request.read(), {"Content-Type": request.content_type}
        if "boundary" in request.headers.get("Content-Type", ""):
            headers = {"Content-Type": request.headers["Content-Type"]}
        async with (
            ClientSession() as session,
            session.post(f"{self.url}{request.path}", data=body, headers=headers) as answer,
        ):
            said, status = await answer.read(), answer.status
        if request.path.endswith("/sendMessage"):
            await self.answers.wait()
        return web.Response(body=said, status=status, content_type="application/json")


@pytest_asyncio.fixture(loop_scope="module")
async def slow(playground):
    """A Telegram whose answers to what is sent wait for `slow.answers`."""
    made, app = Slow(playground.url), web.Application()
    app.router.add_post("/{path:.*}", made.pass_on)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    made.port = runner.addresses[0][1]
    yield made
    made.answers.set()
    await runner.cleanup()


@pytest.fixture
def through(bot_settings, slow):
    """Settings that lead to the playground by way of `slow`."""
    return bot_settings.model_copy(update={"playground_port": slow.port})


@pytest.fixture
def patient(monkeypatch):
    """Time enough for whatever is in hand: a stop that waits for nothing must not need it."""
    monkeypatch.setattr("bot.tasks.FINISH_SECONDS", 600.0)
    monkeypatch.setattr("bot.tasks.QUEUE_SECONDS", 600.0)


@pytest.fixture
def hurried(monkeypatch):
    """No time for anything."""
    monkeypatch.setattr("bot.tasks.FINISH_SECONDS", 0.2)
    monkeypatch.setattr("bot.tasks.QUEUE_SECONDS", 0.1)


async def answers(playground):
    return [m for m in await playground.messages(ANNA) if m["author_id"] == 42]


async def answered(playground, count=1):
    async with asyncio.timeout(60):
        while len(found := await answers(playground)) < count:
            await asyncio.sleep(0.01)
    return found


async def release_soon(event):
    await asyncio.sleep(0.3)
    event.set()


def hold_writes(storage):
    """Let writes wait for the second of these events; the first is set once one does."""
    write, reached, release = storage.write, asyncio.Event(), asyncio.Event()

    async def held(*args, **kwargs):
        reached.set()
        await release.wait()
        return await write(*args, **kwargs)

    storage.write = held
    return reached, release


async def test_a_command_in_hand_at_a_stop_is_answered_once_over_two_starts(
    through, slow, playground, patient, redis_sync
):
    slow.answers.clear()
    async with running(through):
        await playground.write(ANNA, "anna", HELP)
        await answered(playground)
        late = asyncio.create_task(release_soon(slow.answers))
    await late
    assert redis_sync.xlen(UPDATES) == 0
    async with running(through):
        await playground.write(ANNA, "anna", HELP)
        assert len(await answered(playground, 2)) == 2


async def test_what_waits_behind_it_is_left_to_the_next_start(
    through, slow, playground, patient, redis_sync
):
    slow.answers.clear()
    async with running(through):
        for _ in range(3):
            await playground.write(ANNA, "anna", HELP)
        await answered(playground)
        await until(lambda: redis_sync.xlen(UPDATES) == 3)
        late = asyncio.create_task(release_soon(slow.answers))
    await late
    assert len(await answers(playground)) == 1
    async with running(through):
        await answered(playground, 3)
        await until(lambda: redis_sync.xlen(UPDATES) == 0)
    assert len(await answers(playground)) == 3


async def test_an_answer_to_a_text_in_hand_at_a_stop_comes_once(
    through, slow, worker, playground, patient
):
    slow.answers.clear()
    async with running(through) as app:
        await playground.write(ANNA, "anna", "Кошмар")
        await answered(playground)
        late = asyncio.create_task(release_soon(slow.answers))
    await late
    async with running(through) as app:
        assert rows(app.storage, "SELECT state FROM actions") == [("done",)]
    assert len(await answers(playground)) == 1


async def test_what_is_being_stored_at_a_stop_is_stored_and_confirmed(
    bot_settings, playground, telegram, patient
):
    async with running(bot_settings) as app:
        reached, release = hold_writes(app.storage)
        await playground.write("group", "oleg", "Кошмар")
        await reached.wait()
        late = asyncio.create_task(release_soon(release))
    await late
    assert (await telegram("getWebhookInfo"))["pending_update_count"] == 0


async def test_an_outage_holds_up_no_stop_and_the_next_start_answers(
    bot_settings, playground, patient, log_lines
):
    failing = {"every": 1, "error_code": 502, "methods": ["sendMessage"]}
    await playground.set(failures=failing)
    async with running(bot_settings):
        await playground.write(ANNA, "anna", HELP)
        await until(lambda: [line for line in log_lines if "fails, trying on" in line])
    await playground.set(failures={"every": 0})
    async with running(bot_settings):
        assert len(await answered(playground)) == 1


async def test_a_wait_that_telegram_asks_for_holds_up_a_stop_no_longer_than_the_deadline(
    bot_settings, playground, hurried, log_lines
):
    held = {"every": 1, "error_code": 429, "retry_after": 600, "methods": ["sendMessage"]}
    await playground.set(failures=held)
    async with running(bot_settings):
        await playground.write(ANNA, "anna", HELP)
        await until(lambda: [line for line in log_lines if "to wait for 600 s" in line])
    await playground.set(failures={"every": 0})
    async with running(bot_settings):
        assert len(await answered(playground)) == 1


async def test_a_stop_is_no_crash_however_often_a_command_waits_through_one(
    bot_settings, playground, hurried, log_lines
):
    held = {"every": 1, "error_code": 429, "retry_after": 600, "methods": ["sendMessage"]}
    await playground.set(failures=held)
    await playground.write(ANNA, "anna", HELP)
    for number in range(MOST_DELIVERIES + 1):
        async with running(bot_settings):
            await until(lambda number=number: sum("600 s" in line for line in log_lines) > number)
    await playground.set(failures={"every": 0})
    async with running(bot_settings):
        assert len(await answered(playground)) == 1


async def test_an_idle_bot_stops_at_once(bot_settings, playground, patient):
    async with asyncio.timeout(60):
        async with running(bot_settings):
            logger.info("idle")


@pytest_asyncio.fixture(loop_scope="module")
async def process(through, slow, playground, tmp_path):
    """A bot as a process of its own, in the middle of an answer."""
    slow.answers.clear()
    knobs = {"VAR_DIR": str(through.var_dir), "REDIS_URL": through.redis_url}
    knobs |= {"PYTHONPATH": str(PROJECT), "PLAYGROUND_PORT": str(slow.port)}
    command = (sys.executable, "-m", "bot")
    started = await asyncio.create_subprocess_exec(
        *command, cwd=tmp_path, env=os.environ | knobs, stderr=asyncio.subprocess.PIPE
    )
    await playground.write(ANNA, "anna", HELP)
    await answered(playground)
    yield started
    if started.returncode is None:
        started.kill()
    await started.communicate()


async def test_sigterm_waits_for_the_answer_that_is_under_way(process, slow):
    process.send_signal(signal.SIGTERM)
    await release_soon(slow.answers)
    await process.communicate()
    assert process.returncode == 0


async def test_a_second_signal_ends_the_bot_there_and_then(process):
    process.send_signal(signal.SIGINT)
    while process.returncode is None:
        await asyncio.sleep(0.1)
        with suppress(ProcessLookupError):
            process.send_signal(signal.SIGINT)
    assert process.returncode == -signal.SIGINT
