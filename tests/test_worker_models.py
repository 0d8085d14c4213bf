"""Orders to the registry: carried out once, refused with a reason, answered with what is there."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
import redis
from ml_fixtures import TASKS, write_version
from rq import SimpleWorker

from core.jobs import AllowedJob
from core.models import (
    MODELS_JOB,
    ModelsAnswer,
    ModelsOrder,
    Verb,
    ask_models,
    find_answer,
    models_queue,
)
from core.training import TaskChange, TaskFigures
from ml import manifest as manifests
from ml.registry import Registry
from worker.models import answer, answer_with, carry_out
from worker.papers import note_figures

FIGURES = {"n": 50, "accuracy": 0.7, "macro_f1": 0.66, "ece": 0.05, "macro_f1_interval": [0.5, 0.8]}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("made") / "tiny"
    write_version(directory)
    papers = replace(manifests.read(directory), metrics={"test": {"community.csv": FIGURES}})
    manifests.write(papers, directory)
    return directory


@pytest.fixture
def registry(tmp_path: Path, made: Path) -> Registry:
    """A base model, and two versions made after it; the second serves, after the first did."""
    registry = Registry(tmp_path / "models")
    registry.ensure(made)
    for version in ("first", "second"):
        registry.promote(registry.add(made, version=version))
    return registry


def told(registry: Registry, verb: Verb, version: str = "") -> ModelsAnswer:
    return carry_out(registry, ModelsOrder(id="1", verb=verb, version=version))


def refusal(answer: ModelsAnswer) -> str:
    assert answer.refusal
    return answer.refusal.code


def test_the_versions_are_listed_newest_first_with_their_figures(registry: Registry) -> None:
    listed = told(registry, "list")
    assert [version.name for version in listed.versions] == ["second", "first", "tiny-1"]
    assert [version.is_base for version in listed.versions] == [False, False, True]
    (figures,) = listed.versions[0].figures
    assert (figures.on, figures.n, figures.macro_f1) == ("community.csv", 50, 0.66)
    assert (listed.champion, listed.predecessor, listed.count) == ("second", "first", 3)


def test_what_a_training_found_out_is_listed_by_set_and_task(
    registry: Registry, made: Path, tmp_path: Path
) -> None:
    challenger = Path(shutil.copytree(made, tmp_path / "challenger"))
    after = TaskFigures(n=62, accuracy=0.71234, macro_f1=0.66, ece=0.05)
    changes = [TaskChange(task=t, on="community", before=None, after=after) for t in TASKS]
    note_figures(challenger, changes)
    registry.add(challenger, version="own")
    newest = told(registry, "list").versions[0]
    assert [(one.on, one.task, one.n, one.accuracy) for one in newest.figures] == [
        ("community", "sentiment", 62, 0.7123),
        ("community", "toxicity", 62, 0.7123),
    ]


def test_of_many_versions_the_newest_are_listed_and_those_that_matter(
    registry: Registry, made: Path
) -> None:
    for number in range(9):
        registry.add(made, version=f"later-{number}")
    listed = told(registry, "list")
    assert [version.name for version in listed.versions][:2] == ["later-8", "later-7"]
    assert {"second", "first"} < {version.name for version in listed.versions}
    assert "tiny-1" not in {version.name for version in listed.versions}
    assert listed.count == 12


def test_a_promotion_moves_the_pointer(registry: Registry) -> None:
    after = told(registry, "promote", "tiny-1")
    assert after.refusal is None
    assert (after.champion, after.replaced) == ("tiny-1", "second")
    assert registry.champion() == "tiny-1"


def test_a_rollback_goes_back_one_at_a_time_until_none_is_left(registry: Registry) -> None:
    assert [told(registry, "rollback").champion for _ in range(2)] == ["first", "tiny-1"]
    last = told(registry, "rollback")
    assert refusal(last) == "nothing-before"
    assert last.champion == registry.champion() == "tiny-1"


def test_a_version_can_be_deleted_unless_it_serves_or_is_the_base(registry: Registry) -> None:
    assert [v.name for v in told(registry, "delete", "first").versions] == ["second", "tiny-1"]
    assert refusal(told(registry, "delete", "second")) == "version-serves"
    assert refusal(told(registry, "delete", "tiny-1")) == "version-is-base"
    assert registry.versions() == ["tiny-1", "second"]


def test_one_version_at_a_time_is_tried_until_somebody_else_serves(registry: Registry) -> None:
    assert told(registry, "try", "first").shadow == "first"
    assert told(registry, "try", "first").refusal is None
    assert refusal(told(registry, "try", "tiny-1")) == "another-is-tried"
    assert told(registry, "promote", "tiny-1").shadow == ""


def test_a_trial_is_ended_by_the_name_of_who_is_tried(registry: Registry) -> None:
    told(registry, "try", "first")
    assert told(registry, "end-trial", "second").shadow == "first"
    assert told(registry, "end-trial", "first").shadow == ""
    assert told(registry, "end-trial", "first").refusal is None


def test_who_serves_cannot_be_tried_and_who_is_tried_can_be_deleted(registry: Registry) -> None:
    assert refusal(told(registry, "try", "second")) == "version-serves-already"
    told(registry, "try", "first")
    after = told(registry, "delete", "first")
    assert (after.refusal, after.shadow) == (None, "")


def test_who_is_tried_is_listed_however_old(registry: Registry, made: Path) -> None:
    told(registry, "try", "tiny-1")
    for number in range(9):
        registry.add(made, version=f"later-{number}")
    assert "tiny-1" in {version.name for version in told(registry, "list").versions}


def test_unknown_versions_are_refused_by_name(registry: Registry) -> None:
    for verb in ("promote", "delete", "try"):
        refused = told(registry, verb, "../etc")  # type: ignore[arg-type]
        assert refused.refusal
        assert (refused.refusal.code, refused.refusal.names) == (
            "version-unknown",
            {"version": "../etc"},
        )


def test_a_registry_that_cannot_be_read_is_a_refusal(registry: Registry) -> None:
    (registry.root / "champion").write_text("{broken")
    refused = told(registry, "rollback")
    assert refusal(refused) == "registry-failed"
    assert "champion is broken" in (refused.refusal.names["error"] if refused.refusal else "")


def test_an_order_that_comes_twice_is_carried_out_once(
    registry: Registry, redis_sync: redis.Redis
) -> None:
    answer_with(redis_sync, registry)
    order = ModelsOrder(id="again", verb="rollback").model_dump_json()
    for _ in range(2):
        answer(order)
    assert registry.champion() == "first"


async def test_who_asks_gets_the_answer_of_a_worker(
    registry: Registry, redis_sync: redis.Redis, redis_async: redis.asyncio.Redis
) -> None:
    answer_with(redis_sync, registry)
    queue = models_queue(redis_sync)
    queue.enqueue_call(
        MODELS_JOB, (ModelsOrder(id="7", verb="rollback").model_dump_json(),), job_id="models-7"
    )
    worker = SimpleWorker([queue], connection=redis_sync, job_class=AllowedJob, serializer="json")
    worker.work(burst=True, logging_level="WARNING")
    found = await ask_models(redis_async, queue, ModelsOrder(id="7", verb="rollback"), 2)
    assert found == find_answer(redis_sync, "7")
    assert found.champion == registry.champion() == "first"
