"""A training as a job: from an order in Redis to a promoted version, whatever happens between."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis
from ml_fixtures import sentences, write_version

from core.settings import PROJECT, Settings
from core.training import (
    CANCELLED,
    CURRENT,
    HOLDER,
    ORDER,
    PROGRESS,
    RESULT,
    LabelledText,
    TrainingOrder,
    TrainingProgress,
    TrainingResult,
    holder_of,
)
from core.training_attempts import enqueue, go_on_with_orphan
from core.training_orders import has_trainer, train_queue
from ml.registry import Registry
from worker import retraining
from worker.retraining import retrain

SENTIMENT = ("negative", "neutral", "positive")


@pytest.fixture
def champion(settings: Settings, tmp_path: Path) -> Registry:
    """A registry whose champion knows nothing yet."""
    write_version(tmp_path / "tiny-1")
    registry = Registry(settings.models_address)
    registry.ensure(tmp_path / "tiny-1")
    return registry


@pytest.fixture(autouse=True)
def surroundings(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VAR_DIR", str(settings.var_dir))
    monkeypatch.setenv("REDIS_URL", settings.redis_address)
    monkeypatch.setattr(retraining, "slowdown", lambda *_: 1.0)  # timing decides nothing here
    # A model this small learns little from the recipe that is right for the real one.
    recipe = retraining.Recipe
    monkeypatch.setattr(retraining, "Recipe", lambda **k: recipe(epochs=8, learning_rate=3e-3, **k))


def put(connection: redis.Redis, each: int = 60, number: str = "order-1") -> TrainingOrder:
    labelled = tuple(
        LabelledText(text=text, task="sentiment", label=label)
        for label in SENTIMENT
        for text in sentences(label, each)
    )
    order = TrainingOrder(id=number, labelled=labelled, seed=1, asked_by=7)
    connection.set(ORDER + order.id, order.model_dump_json())
    connection.set(CURRENT, order.id)
    connection.set(HOLDER, holder_of(order.id, 1), ex=300)
    return order


def result(connection: redis.Redis, number: str = "order-1") -> TrainingResult:
    return TrainingResult.model_validate_json(connection.get(RESULT + number) or b"")


def test_a_better_challenger_is_promoted_and_says_what_changed(
    redis_sync: redis.Redis, champion: Registry
) -> None:
    put(redis_sync)
    retrain("order-1")
    ended = result(redis_sync)
    assert (ended.outcome, champion.champion()) == ("promoted", ended.version)
    assert [reason.code for reason in ended.reasons] == ["better"]
    assert ended.changes[0].after.macro_f1 > 0.8
    assert ended.better
    assert ended.changes[0].after.confusion
    assert redis_sync.get(CURRENT) is None


def test_the_same_order_twice_trains_once(redis_sync: redis.Redis, champion: Registry) -> None:
    put(redis_sync)
    retrain("order-1")
    before = (champion.versions(), redis_sync.get(RESULT + "order-1"))
    retrain("order-1")
    assert (champion.versions(), redis_sync.get(RESULT + "order-1")) == before


def test_one_that_is_not_better_is_kept_beside_the_champion(
    redis_sync: redis.Redis, champion: Registry
) -> None:
    put(redis_sync, each=12)
    retrain("order-1")
    ended = result(redis_sync)
    assert (ended.outcome, champion.champion()) == ("kept", "tiny-1")
    assert ended.reasons[0].code == "too-few-held-out"
    assert ended.version in champion.versions()


def test_too_few_labels_fail_with_a_reason(redis_sync: redis.Redis, champion: Registry) -> None:
    put(redis_sync, each=3)
    retrain("order-1")
    ended = result(redis_sync)
    assert (ended.outcome, ended.reasons[0].code) == ("failed", "too-few-labels")
    assert champion.versions() == ["tiny-1"]


def test_a_cancelled_training_ends_and_leaves_no_version(
    redis_sync: redis.Redis, champion: Registry
) -> None:
    put(redis_sync)
    redis_sync.set(CANCELLED + "order-1", 1)
    retrain("order-1")
    assert result(redis_sync).outcome == "cancelled"
    assert champion.versions() == ["tiny-1"]
    assert redis_sync.get(CURRENT) is None


def test_a_training_is_cancelled_wherever_it_is(
    redis_sync: redis.Redis, champion: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(redis_sync)

    def cancelled_in_the_middle(*versions: object) -> float:
        redis_sync.set(CANCELLED + "order-1", 1)
        until(lambda: False, seconds=30)
        return 1.0

    monkeypatch.setattr(retraining, "slowdown", cancelled_in_the_middle)
    started = time.monotonic()
    retrain("order-1")
    assert result(redis_sync).outcome == "cancelled"
    assert time.monotonic() - started < 25
    assert champion.versions() == ["tiny-1"]


def test_a_training_whose_place_went_to_another_says_nothing(
    redis_sync: redis.Redis, champion: Registry
) -> None:
    put(redis_sync)
    redis_sync.set(CURRENT, "order-2")
    retrain("order-1")
    assert redis_sync.get(RESULT + "order-1") is None
    assert redis_sync.get(CURRENT) == b"order-2"
    assert champion.versions() == ["tiny-1"]


def test_whom_somebody_promoted_meanwhile_is_not_replaced(
    redis_sync: redis.Redis, champion: Registry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(redis_sync)
    write_version(tmp_path / "tiny-2", "tiny-2")

    def promoted_in_the_middle(*versions: object) -> float:
        champion.promote(champion.add(tmp_path / "tiny-2", "tiny-2"))
        return 1.0

    monkeypatch.setattr(retraining, "slowdown", promoted_in_the_middle)
    retrain("order-1")
    ended = result(redis_sync)
    assert (ended.outcome, champion.champion()) == ("kept", "tiny-2")
    assert [reason.code for reason in ended.reasons] == ["better", "champion-changed"]


def test_what_goes_wrong_is_told_apart_from_too_few_labels(
    redis_sync: redis.Redis, settings: Settings, champion: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(redis_sync)
    folder = settings.var_dir / "base"
    folder.mkdir(parents=True)
    (folder / "broken.csv").write_text("text,label\nнорм,so-so\n", encoding="utf-8")
    monkeypatch.setenv("BASE_DATA", str(folder))
    retrain("order-1")
    (reason,) = result(redis_sync).reasons
    assert reason.code == "crashed"
    assert "so-so" in reason.names["error"]


def test_one_that_was_judged_before_it_died_is_neither_trained_nor_judged_again(
    redis_sync: redis.Redis, champion: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(redis_sync)
    with monkeypatch.context() as patch:
        patch.setattr(retraining, "_published", lambda *_: sys.exit())
        with pytest.raises(SystemExit):
            retrain("order-1")
    redis_sync.delete(HOLDER)
    monkeypatch.setattr(retraining, "_challenge", None)
    retrain("order-1", 2)
    ended = result(redis_sync)
    assert (ended.outcome, champion.champion()) == ("promoted", "order-1")
    assert [reason.code for reason in ended.reasons] == ["better"]


def test_an_ended_training_leaves_no_text_on_the_disk(
    redis_sync: redis.Redis, champion: Registry, settings: Settings
) -> None:
    put(redis_sync, each=12)
    retrain("order-1")
    assert list((settings.var_dir / "trainings").iterdir()) == []


def now(connection: redis.Redis) -> TrainingProgress:
    found = connection.get(PROGRESS + "order-1")
    otherwise = TrainingProgress(id="order-1", stage="queued", updated_at=0)
    return TrainingProgress.model_validate_json(found) if found else otherwise


def stage(connection: redis.Redis) -> str:
    return now(connection).stage


def until(condition, seconds=120.0):
    deadline = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < deadline
        time.sleep(0.02)
    return found


def children(pid: int) -> list[int]:
    found = subprocess.run(["pgrep", "-P", str(pid)], capture_output=True, text=True)
    return [int(line) for line in found.stdout.split()]


@pytest.fixture
def trainer(
    redis_sync: redis.Redis, champion: Registry, tmp_path: Path
) -> Iterator[subprocess.Popen[bytes]]:
    """A trainer of its own process, in the middle of an order."""
    put(redis_sync, each=150)
    environment = os.environ | {"PYTHONPATH": str(PROJECT)}
    command = [sys.executable, "-m", "worker.trainer"]
    process = subprocess.Popen(command, env=environment, cwd=tmp_path)
    queue = train_queue(redis_sync)
    until(lambda: has_trainer(queue))
    enqueue(queue, "order-1")
    until(lambda: children(process.pid))
    yield process
    process.kill()
    process.wait(timeout=10)


def test_a_training_whose_process_is_killed_goes_on_from_its_checkpoint(
    redis_sync: redis.Redis, settings: Settings, champion: Registry, trainer
) -> None:
    checkpoint = settings.var_dir / "trainings/order-1/unfinished/student.safetensors"
    until(checkpoint.exists)
    os.kill(children(trainer.pid)[0], signal.SIGKILL)
    until(lambda: now(redis_sync).resumed)
    resumed = until(lambda: stage(redis_sync) != "interrupted" and share_of_steps(redis_sync))
    until(lambda: redis_sync.exists(RESULT + "order-1"))
    # A quarter of the steps stood in the checkpoint after the first of four epochs.
    assert resumed > 0.25
    ended = result(redis_sync)
    assert ended.outcome in ("promoted", "kept")
    assert sorted(champion.versions()) == ["order-1", "tiny-1"]


def share_of_steps(connection: redis.Redis) -> float:
    """The share of all steps that is done, 0 before the first."""
    return max(0.0, now(connection).share - 0.05) / 0.85


def test_a_trainer_that_is_stopped_leaves_its_training_to_the_next(
    redis_sync: redis.Redis, champion: Registry, trainer: subprocess.Popen[bytes]
) -> None:
    until(lambda: stage(redis_sync) == "preparing")
    (horse,) = children(trainer.pid)
    trainer.terminate()
    assert trainer.wait(timeout=20) == 0
    assert not Path(f"/proc/{horse}").exists()
    assert (stage(redis_sync), redis_sync.get(CURRENT)) == ("interrupted", b"order-1")
    assert train_queue(redis_sync).job_ids == ["order-1-2"]
    assert champion.versions() == ["tiny-1"]


def test_a_trainer_that_is_killed_leaves_nobody_training_and_the_next_one_goes_on(
    redis_sync: redis.Redis, champion: Registry, trainer: subprocess.Popen[bytes]
) -> None:
    until(lambda: stage(redis_sync) == "preparing")
    (horse,) = children(trainer.pid)
    trainer.kill()
    until(lambda: not Path(f"/proc/{horse}").exists())
    go_on_with_orphan(train_queue(redis_sync))
    assert train_queue(redis_sync).job_ids == ["order-1-2"]
    assert champion.versions() == ["tiny-1"]
