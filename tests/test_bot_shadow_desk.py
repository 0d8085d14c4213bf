"""Trials asked for and called off: saved before they are ordered, and in step with the registry."""

import asyncio
import time
from pathlib import Path

import pytest
import pytest_asyncio
from bot_parts import rows
from ml_fixtures import write_version
from training_parts import answer_all

from bot.storage import shadows
from bot.storage.shadows import NewShadow
from bot.tasks import stop_tasks
from bot.training import shadow_desk
from bot.training.desk import Asked
from bot.training.model_desk import ModelDesk, UnknownDigestError
from bot.training.model_presses import version_digest
from bot.training.shadow_desk import ShadowDesk, TrialRefusedError
from core.models import models_queue
from ml.registry import Registry
from worker.models import answer_with

pytest_plugins = ["bot_fixtures"]


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> Path:
    directory = tmp_path_factory.mktemp("made") / "tiny"
    write_version(directory)
    return directory


@pytest_asyncio.fixture
async def registry(tmp_path, made, redis_sync):
    """A champion, two versions beside it, and a worker that answers for them."""
    registry = Registry(tmp_path / "models")
    registry.ensure(made)
    for version in ("first", "second"):
        registry.add(made, version=version)
    answer_with(redis_sync, registry)
    task = asyncio.create_task(answer_all(models_queue(redis_sync)))
    yield registry
    await stop_tasks([task])


@pytest.fixture
def desk(storage, redis_async, redis_sync, monkeypatch) -> ShadowDesk:
    monkeypatch.setattr(shadow_desk, "GRACE_SECONDS", 0.0)
    return ShadowDesk(storage, ModelDesk(redis_async, redis_sync))


def asked(press):
    return Asked(press, 1, -50, "ru")


async def start(desk, press, version):
    return await desk.start(asked(press), version_digest(version))


async def test_a_trial_that_was_saved_but_not_ordered_is_ordered_when_its_press_comes_again(
    desk, registry, storage
):
    new = NewShadow("p", "second", "tiny-1", 1, -50, "ru", time.time())
    await storage.write(shadows.begin, new)
    assert registry.pointer().shadow == ""
    assert (await start(desk, "p", "second")).id == 1
    assert registry.pointer().shadow == "second"


async def test_a_press_that_comes_again_after_the_end_begins_nothing(desk, registry, storage):
    await start(desk, "p", "second")
    assert await desk.stop("q", 1)
    await desk.end_in_registry("second")
    assert (await start(desk, "p", "second")).state == "ended"
    assert registry.pointer().shadow == ""


async def test_what_the_registry_refuses_is_not_kept(desk, registry, storage):
    registry.try_beside("first")
    with pytest.raises(TrialRefusedError, match="another-is-tried"):
        await start(desk, "p", "second")
    with pytest.raises(TrialRefusedError, match="version-serves-already"):
        await start(desk, "q", "tiny-1")
    with pytest.raises(UnknownDigestError):
        await start(desk, "r", "third")
    assert rows(storage, "SELECT count(*) FROM shadows") == [(0,)]


async def test_after_a_promotion_the_next_trial_may_begin_at_once(desk, registry, storage):
    await start(desk, "p", "second")
    registry.promote("second")
    assert (await start(desk, "q", "first")).champion == "second"
    found = rows(storage, "SELECT version, state, outcome FROM shadows ORDER BY id")
    assert found == [("second", "ended", "over"), ("first", "open", None)]


async def test_a_deleted_version_is_tried_no_more(desk, registry, storage):
    await start(desk, "p", "second")
    registry.delete("second")
    await desk.follow_registry()
    assert rows(storage, "SELECT state, outcome FROM shadows") == [("ended", "over")]


async def test_a_trial_that_goes_on_is_left_alone(desk, registry, storage):
    await start(desk, "p", "second")
    await desk.follow_registry()
    assert (await desk.look()).shadow.state == "open"


async def test_an_old_button_stops_no_later_trial(desk, registry, storage):
    await start(desk, "p", "second")
    assert not await desk.stop("q", 7)
    assert registry.pointer().shadow == "second"


async def test_a_trial_that_only_the_registry_knows_of_can_be_ended(desk, registry):
    registry.try_beside("second")
    assert await desk.stop("q", 0)
    assert registry.pointer().shadow == ""
    assert not await desk.stop("r", 0)
