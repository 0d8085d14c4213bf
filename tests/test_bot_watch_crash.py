"""A bot that dies while a channel is read: the next start goes on, and nothing counts twice."""

import asyncio
import time
from contextlib import suppress

import pytest
from bot_parts import rows, running, until
from card_parts import link, stop_before_write
from rq import Worker as RqWorker

from bot.storage import watches
from bot.storage.communities import By
from bot.storage.watches import Asked
from core.jobs import AllowedJob
from core.reading import ChannelPost, ReadEnd, ReadOrder, ReadPart, put_part
from core.reading_orders import read_queue

pytest_plugins = ["playground_fixtures", "bot_fixtures"]
pytestmark = pytest.mark.asyncio(loop_scope="module")

# Hours of long ago are closed, and count nothing any more.
NOW = time.time()


@pytest.fixture
def reader(redis_sync, monkeypatch):
    """A queue that someone listens to; its jobs are left for the test to look at."""
    monkeypatch.setattr("bot.outside.watcher.LOOK_SECONDS", 0.02)
    queue = read_queue(redis_sync)
    worker = RqWorker([queue], connection=redis_sync, serializer="json", job_class=AllowedJob)
    worker.register_birth()
    yield queue
    worker.register_death()


async def answer(queue, timeout_seconds=8):
    """Find two posts, as a reader would, in all that was ordered."""
    await until(lambda: queue.job_ids, timeout_seconds)
    posts = tuple(ChannelPost(number=n, text="Привет", posted_at=NOW) for n in (5, 6))
    for job in queue.jobs:
        order = ReadOrder.model_validate_json(job.args[0])
        end = ReadEnd(outcome="read", title="Город")
        put_part(queue.connection, ReadPart(order_id=order.id, number=0, posts=posts, end=end))


# The reading is begun, its posts are saved, their verdicts are, and it is told.
@pytest.mark.parametrize("number", range(5))
async def test_a_reading_is_ended_once_and_told_of_whenever_the_bot_dies(
    bot_settings, worker, playground, ids, reader, number
):
    await playground.reset()
    await playground.set(limits={"enabled": False})
    await playground.write("private:admin", "admin", "/start")
    async with running(bot_settings, dies=True) as app:
        await link(app.storage, ids, "ask")
        asked = Asked(ids["group"], "gorod", ids["admin"])
        await app.storage.write(watches.watch, asked, By(ids["admin"], 1.0))
        stop_before_write(app.storage, number)
        with suppress(TimeoutError):
            await answer(reader, 0.3)
        await asyncio.sleep(0.2)
    async with running(bot_settings) as app:
        await answer(reader)
        await until(lambda: rows(app.storage, "SELECT 1 FROM watches WHERE told = 'read'"))
        await until(lambda: rows(app.storage, "SELECT sum(messages) FROM mood_hours") == [(2,)])
        assert rows(app.storage, "SELECT readings, fresh FROM watched_channels") == [(1, 2)]
        said = [m for m in await playground.messages("private:admin") if "читается" in str(m)]
        assert len(said) in (1, 2)
