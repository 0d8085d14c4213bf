"""The worker as a process: scores what waits, follows the champion, stops when asked, survives."""

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis
import redis.asyncio
from s3_server import BUCKET, KEYS, make_bucket, s3_server

from core.connections import connect, wait_for_redis
from core.contracts import Text, Verdict, WorkerStatus
from core.embedded_redis import server_command
from core.models import ModelsOrder, ask_models, models_queue
from core.queues import SCORERS, TEXTS, VERDICTS, WORKERS, put_texts, score_queue
from core.settings import PROJECT, Settings
from ml.registry import Registry

ODD_TEXTS = {
    "empty": "",
    "blank": " \n\t\u3000",
    "zero width": "\u200b\u200d\ufeff",
    "control": "\x00\x07\x1b",
    "emoji": "😡😡😡",
    "longest": "ы" * 4096,
    "arabic": "مرحبا بالعالم",
    "chinese": "你好，世界",
    "broken": "при\ud83dвет",
    "zalgo": "п̷р̷и̷в̷е̷т̷",
}


def start_worker(settings: Settings, **knobs: str) -> "subprocess.Popen[bytes]":
    environment = {
        **os.environ,
        "PYTHONPATH": str(PROJECT),
        "VAR_DIR": str(settings.var_dir),
        "REDIS_URL": settings.redis_address,
        "DEVICE": "cpu",
        "THREADS": "1",
        **knobs,
    }
    with log_of(settings).open("ab") as log:
        return subprocess.Popen([sys.executable, "-m", "worker"], env=environment, stderr=log)


def log_of(settings: Settings) -> Path:
    return settings.var_dir.parent / "worker.log"


@pytest.fixture
def worker(settings: Settings) -> Iterator["subprocess.Popen[bytes]"]:
    process = start_worker(settings)
    wait_until_ready(settings.redis_address)
    yield process
    process.kill()
    process.wait()


def wait_until_ready(address: str) -> WorkerStatus:
    with connect(address) as connection:
        for _ in range(600):
            for key in connection.scan_iter(f"{WORKERS}*"):
                return WorkerStatus.model_validate_json(connection.get(key) or b"")
            time.sleep(0.05)
    raise TimeoutError("the worker did not announce itself")


def wait_for_status(address: str, shadow: str) -> WorkerStatus:
    """Wait until the worker says that it tries a version, or none."""
    for _ in range(200):
        status = wait_until_ready(address)
        if status.shadow == shadow:
            return status
        time.sleep(0.05)
    raise TimeoutError(f"the worker does not say that it tries {shadow!r}")


def wait_for_verdicts(address: str, count: int) -> dict[str, Verdict]:
    with connect(address) as connection:
        for _ in range(400):
            rows = connection.xrange(VERDICTS)
            if len(rows) >= count:
                break
            time.sleep(0.05)
    found = [Verdict.model_validate_json(fields[b"verdict"]) for _, fields in rows]
    return {verdict.key: verdict for verdict in found}


def wait_for_line(settings: Settings, wanted: str) -> None:
    for _ in range(200):
        if wanted in log_of(settings).read_text():
            return
        time.sleep(0.05)
    raise TimeoutError(f"the worker did not say {wanted!r}")


def put(address: str, texts: list[str], first: int = 1) -> None:
    made = [Text(key=f"1:{n}:0", text=t, received_at=0) for n, t in enumerate(texts, first)]

    async def put_them() -> None:
        async with redis.asyncio.Redis.from_url(address) as connection:
            with connect(address) as wakes:
                await put_texts(connection, score_queue(wakes), made)

    asyncio.run(put_them())


@pytest.mark.usefixtures("worker")
def test_odd_texts_get_a_verdict_each(settings: Settings) -> None:
    put(settings.redis_address, list(ODD_TEXTS.values()))
    verdicts = wait_for_verdicts(settings.redis_address, len(ODD_TEXTS))
    scores = {name: verdicts[f"1:{n}:0"].scores for n, name in enumerate(ODD_TEXTS, 1)}
    assert [name for name, score in scores.items() if not score] == [
        "empty",
        "blank",
        "zero width",
        "control",
    ]
    assert sum(scores["emoji"]["sentiment"].values()) == pytest.approx(1, abs=0.01)


def test_a_cpu_worker_never_loads_torch(
    settings: Settings, worker: "subprocess.Popen[bytes]"
) -> None:
    put(settings.redis_address, ["Спасибо, всё пришло вовремя"])
    wait_for_verdicts(settings.redis_address, 1)
    loaded = Path(f"/proc/{worker.pid}/maps").read_text()
    assert "onnxruntime" in loaded
    assert "libtorch" not in loaded


@pytest.mark.usefixtures("worker")
def test_the_watchdog_finds_texts_that_nobody_was_woken_for(
    settings: Settings, redis_sync: redis.Redis
) -> None:
    text = Text(key="1:1:0", text="Забытый текст", received_at=0)
    redis_sync.xadd(TEXTS, {"text": text.model_dump_json()})
    assert wait_for_verdicts(settings.redis_address, 1)["1:1:0"].scores


@pytest.mark.usefixtures("worker")
def test_a_queue_that_was_wiped_is_made_again(settings: Settings, redis_sync: redis.Redis) -> None:
    redis_sync.delete(TEXTS)
    put(settings.redis_address, ["Снова здесь"])
    verdicts = wait_for_verdicts(settings.redis_address, 1)
    assert verdicts["1:1:0"].scores


def test_what_a_dead_worker_left_is_scored_and_what_killed_it_is_buried(
    settings: Settings, redis_sync: redis.Redis
) -> None:
    redis_sync.xgroup_create(TEXTS, SCORERS, id="0", mkstream=True)
    for n in (1, 2):
        text = Text(key=f"1:{n}:0", text="Текст покойного", received_at=0)
        redis_sync.xadd(TEXTS, {"text": text.model_dump_json()})
    (_, entries), *_ = redis_sync.xreadgroup(SCORERS, "dead", {TEXTS: ">"})
    killer = entries[0][0]
    redis_sync.xclaim(TEXTS, SCORERS, "dead", 0, [killer], retrycount=3)
    process = start_worker(settings)
    verdicts = wait_for_verdicts(settings.redis_address, 2)
    process.kill()
    process.wait()
    assert verdicts["1:1:0"].scores == {}
    assert verdicts["1:2:0"].scores
    assert redis_sync.xlen(TEXTS) == 0


@pytest.mark.usefixtures("worker")
def test_a_promoted_version_serves_without_a_restart(settings: Settings) -> None:
    registry = Registry(settings.models_dir)
    first = registry.champion()
    registry.promote(registry.add(registry.path(first), version="second"))
    for n in range(1, 100):
        put(settings.redis_address, ["Кто это говорит?"], first=n)
        verdicts = wait_for_verdicts(settings.redis_address, n)
        if verdicts[f"1:{n}:0"].model == "second":
            break
        time.sleep(0.1)
    assert [verdicts["1:1:0"].model, verdicts[f"1:{n}:0"].model] == [first, "second"]


@pytest.mark.usefixtures("worker")
async def test_a_worker_that_scores_rolls_back_when_it_is_told_to(
    settings: Settings, redis_sync: redis.Redis, redis_async: redis.asyncio.Redis
) -> None:
    registry = Registry(settings.models_dir)
    first = registry.champion()
    registry.promote(registry.add(registry.path(first), version="second"))
    await asyncio.to_thread(wait_for_line, settings, "a new champion serves model=second")
    await asyncio.to_thread(put, settings.redis_address, ["Кто это говорит?"] * 200)
    order = ModelsOrder(id="1", verb="rollback")
    answered = await ask_models(redis_async, models_queue(redis_sync), order, 5)
    assert (answered.champion, answered.refusal) == (first, None)
    await asyncio.to_thread(wait_for_line, settings, f"a new champion serves model={first}")


@pytest.mark.usefixtures("worker")
def test_a_version_is_tried_beside_the_champion_while_a_worker_runs(settings: Settings) -> None:
    registry = Registry(settings.models_dir)
    first = registry.champion()
    registry.try_beside(registry.add(registry.path(first), version="second"))
    wait_for_line(settings, "a version is tried beside the champion model=second")
    put(settings.redis_address, ["Кто это говорит?"])
    found = wait_for_verdicts(settings.redis_address, 1)["1:1:0"]
    assert (found.model, found.shadow_model) == (first, "second")
    assert found.shadow == found.scores
    assert wait_for_status(settings.redis_address, "second").model == first
    registry.end_trial("second")
    assert wait_for_status(settings.redis_address, "").model == first


@contextlib.contextmanager
def worker_on_s3(settings: Settings, endpoint: str, url: str) -> Iterator[Registry]:
    """Run a worker that follows a bucket; yield the registry there, seen from another host."""
    process = start_worker(settings, MODELS_URL=url, AWS_ENDPOINT_URL=endpoint, **KEYS)
    try:
        wait_until_ready(settings.redis_address)
        access = {"endpoint_url": endpoint, "key": "key", "secret": "secret"}
        yield Registry(url, cache_dir=settings.var_dir / "other", storage_options=access)
    finally:
        process.kill()
        process.wait()


def test_a_worker_follows_a_bucket_there_and_back(settings: Settings) -> None:
    with s3_server() as endpoint:
        make_bucket(endpoint)
        with worker_on_s3(settings, endpoint, f"s3://{BUCKET}/followed") as registry:
            first = registry.champion()
            registry.promote(registry.add(registry.path(first), version="second"))
            wait_for_line(settings, "a new champion serves model=second")
            registry.rollback()
            wait_for_line(settings, f"a new champion serves model={first}")
            put(settings.redis_address, ["Кто это говорит?"])
            verdicts = wait_for_verdicts(settings.redis_address, 1)
    assert verdicts["1:1:0"].model == first
    assert log_of(settings).read_text().count("\n") == 3


def test_a_bucket_that_goes_away_is_one_line_and_the_model_serves_on(settings: Settings) -> None:
    with contextlib.ExitStack() as later:
        with s3_server() as endpoint:
            make_bucket(endpoint)
            registry = later.enter_context(worker_on_s3(settings, endpoint, f"s3://{BUCKET}/lost"))
            model = registry.champion()
        wait_for_line(settings, "no champion to follow, the old one serves")
        put(settings.redis_address, ["Жив?"])
        assert wait_for_verdicts(settings.redis_address, 1)["1:1:0"].model == model
        with s3_server(int(endpoint.rpartition(":")[2])):
            wait_for_line(settings, "the champion can be followed again")
    assert log_of(settings).read_text().count("no champion to follow") == 1


@pytest.mark.usefixtures("worker")
def test_a_champion_that_cannot_be_loaded_leaves_the_old_one_serving(
    settings: Settings,
) -> None:
    registry = Registry(settings.models_dir)
    first = registry.champion()
    registry.add(registry.path(first), version="broken")
    (registry.path("broken") / "tokenizer.json").write_text("{}")
    registry.promote("broken")
    wait_for_line(settings, "champion broken cannot be loaded")
    put(settings.redis_address, ["Жив?"])
    verdicts = wait_for_verdicts(settings.redis_address, 1)
    assert verdicts["1:1:0"].model == first


def test_a_stop_loses_nothing(
    settings: Settings, worker: "subprocess.Popen[bytes]", redis_sync: redis.Redis
) -> None:
    put(settings.redis_address, [f"Сообщение номер {n}" for n in range(2000)])
    wait_for_verdicts(settings.redis_address, 1)
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(10) == 0
    scored, waiting = redis_sync.xlen(VERDICTS), redis_sync.xlen(TEXTS)
    assert scored + waiting == 2000
    assert redis_sync.xpending(TEXTS, SCORERS)["pending"] == 0


def test_the_worker_outlives_its_redis(tmp_path: Path) -> None:
    settings = Settings(var_dir=tmp_path)
    settings.redis_dir.mkdir(parents=True)
    address = settings.redis_address
    server = subprocess.Popen(server_command(settings))
    wait_for_redis(connect(address), address)
    worker = start_worker(settings)
    wait_until_ready(address)
    server.kill()
    server.wait()
    server = subprocess.Popen(server_command(settings))
    wait_for_redis(connect(address), address)
    put(address, ["Redis вернулся"])
    verdicts = wait_for_verdicts(address, 1)
    for process in (worker, server):
        process.kill()
        process.wait()
    assert verdicts["1:1:0"].scores


@pytest.mark.parametrize("base_model", ["empty", "no/such/place", "nobody/has-this-model"])
def test_a_base_model_that_cannot_be_had_is_one_line(
    settings: Settings, tmp_path: Path, base_model: str
) -> None:
    (tmp_path / "empty").mkdir()
    process = start_worker(settings, BASE_MODEL=base_model, HF_HUB_OFFLINE="1")
    assert process.wait(30) == 1
    complaint = log_of(settings).read_text()
    assert base_model in complaint
    assert complaint.count("\n") == 1
