"""A registry with versions to try, a worker that answers for it, and a trial under way."""

import asyncio
from pathlib import Path

import pytest
import pytest_asyncio
from ml_fixtures import write_version
from shadow_parts import ADMIN, begin, flipped, say
from training_parts import answer_all, link

from bot.tasks import stop_tasks
from bot.training import shadow_watch
from core.models import models_queue
from ml.registry import Registry
from worker.models import answer_with


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> Path:
    directory = tmp_path_factory.mktemp("made") / "tiny"
    write_version(directory)
    return directory


@pytest.fixture
def quick(monkeypatch):
    monkeypatch.setattr(shadow_watch, "LOOK_SECONDS", 0.02)
    monkeypatch.setattr(shadow_watch, "REGISTRY_SECONDS", 0.05)
    monkeypatch.setattr(shadow_watch, "MOST_JUDGED", 2)


@pytest_asyncio.fixture(loop_scope="module")
async def registry(quick, tmp_path, made, app, redis_sync, ids):
    """A champion, two versions beside it, and a worker that answers for them."""
    await link(app, ids)
    registry = Registry(tmp_path / "models")
    registry.ensure(made)
    for version in ("first", "second"):
        registry.add(made, version=version)
    answer_with(redis_sync, registry)
    task = asyncio.create_task(answer_all(models_queue(redis_sync)))
    yield registry
    await stop_tasks([task])


@pytest_asyncio.fixture(loop_scope="module")
async def trying(registry, app, worker, playground):
    """`second` scores beside the champion, asked for by the admin in private."""
    worker.shadow = flipped
    await say(playground, "/start")
    await playground.wait_for(ADMIN, lambda m: m["author_id"] == 42)
    registry.try_beside("second")
    await begin(app)
    yield registry
    worker.shadow = None
