"""A version on trial: it scores beside the champion and is never in its way."""

import itertools
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
import redis
from bot_parts import score
from loguru import logger
from ml_fixtures import write_version

from core.contracts import Text, Verdict
from core.queues import DEAD, TEXTS, VERDICTS
from ml.classifier import Classifier
from ml.registry import Registry
from worker import champion as champions
from worker import shadow as shadows
from worker import texts as streams
from worker.attempts import ATTEMPTS, MOST_AT_ONCE, Attempts, LeftAloneError
from worker.champion import Champion
from worker.scorer import Scorer
from worker.shadow import Shadow
from worker.texts import TextStream


class Stub:
    """Fault injection: a classifier that does what a test says."""

    def __init__(self, version: str, predict: Callable[[list[str]], Any]) -> None:
        self.version, self.predict = version, predict


def fine(texts: list[str]) -> Any:
    return [score(text) for text in texts]


def nan(texts: list[str]) -> Any:
    return [{"sentiment": {"neutral": float("nan")}} for _ in texts]


def too_few(texts: list[str]) -> Any:
    return []


def killed(texts: list[str]) -> Any:
    raise KeyboardInterrupt


def broken(texts: list[str]) -> Any:
    raise RuntimeError("out of memory")


def until(condition: Callable[[], Any]) -> Any:
    deadline = time.monotonic() + 8
    while not (found := condition()):
        assert time.monotonic() < deadline
        time.sleep(0.01)
    return found


def trying(predict: Callable[[list[str]], Any]) -> Shadow:
    shadow = Shadow(lambda version: cast("Classifier", Stub(version, predict)))
    shadow.follow("tried")
    until(lambda: shadow.version)
    return shadow


def scorer_with(connection: redis.Redis, shadow: Shadow, batch_size: int = 64) -> Scorer:
    champion = cast("Champion", SimpleNamespace(classifier=Stub("serving", fine)))
    return Scorer(TextStream(connection, "w"), champion, batch_size, shadow)


numbers = itertools.count()


def put(connection: redis.Redis, *texts: str, chat: str = "1") -> None:
    for text in texts:
        made = Text(key=f"{chat}:{next(numbers)}:0", text=text, received_at=0)
        connection.xadd(TEXTS, {"text": made.model_dump_json()})


def verdicts(connection: redis.Redis) -> list[Verdict]:
    rows = [fields[b"verdict"] for _, fields in connection.xrange(VERDICTS)]
    return [Verdict.model_validate_json(row) for row in rows]


@pytest.fixture
def log_lines() -> Iterator[list[str]]:
    lines: list[str] = []
    sink = logger.add(lambda line: lines.append(str(line)), level="WARNING", format="{message}")
    yield lines
    logger.remove(sink)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("made") / "tiny"
    write_version(directory)
    return directory


@pytest.fixture
def registry(tmp_path: Path, made: Path) -> Registry:
    """A champion, and a version that could be tried."""
    registry = Registry(tmp_path / "models")
    registry.ensure(made)
    registry.add(made, version="other")
    return registry


@pytest.fixture
def shadow(registry: Registry) -> Shadow:
    return Shadow(lambda version: Classifier.load(registry.path(version)))


@pytest.fixture
def served(
    registry: Registry, shadow: Shadow, redis_sync: redis.Redis, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Scorer]:
    """A scorer that follows the registry."""
    monkeypatch.setattr(champions, "POLL_SECONDS", 0.01)
    champion = Champion(registry, lambda name: Classifier.load(registry.path(name)), shadow)
    yield Scorer(TextStream(redis_sync, "w"), champion, 64, shadow)
    champion.close()


def test_both_score_what_comes_and_the_champion_speaks(
    served: Scorer, registry: Registry, redis_sync: redis.Redis
) -> None:
    registry.try_beside("other")
    until(lambda: served.trying == "other")
    put(redis_sync, "отлично", "ужас")
    served.drain()
    found = verdicts(redis_sync)
    assert [(one.model, one.shadow_model) for one in found] == 2 * [("tiny-1", "other")]
    assert all(one.shadow == one.scores and one.scores["sentiment"] for one in found)


def test_with_nobody_on_trial_a_verdict_is_what_it_always_was(
    served: Scorer, redis_sync: redis.Redis
) -> None:
    put(redis_sync, "отлично")
    served.drain()
    ((_, fields),) = redis_sync.xrange(VERDICTS)
    assert b"shadow" not in fields[b"verdict"]


def test_an_ended_trial_is_let_go_of(
    served: Scorer, registry: Registry, redis_sync: redis.Redis
) -> None:
    registry.try_beside("other")
    until(lambda: served.trying)
    registry.end_trial("other")
    until(lambda: not served.trying)
    put(redis_sync, "отлично")
    served.drain()
    assert [one.shadow_model for one in verdicts(redis_sync)] == [""]


def test_who_was_tried_and_then_promoted_is_tried_no_more(
    served: Scorer, registry: Registry, redis_sync: redis.Redis
) -> None:
    registry.try_beside("other")
    until(lambda: served.trying)
    registry.promote("other")
    until(lambda: not served.trying)
    put(redis_sync, "отлично")
    served.drain()
    assert [(one.model, one.shadow_model) for one in verdicts(redis_sync)] == [("other", "")]


def test_a_version_whose_files_are_broken_is_complained_of_once(
    served: Scorer, registry: Registry, redis_sync: redis.Redis, log_lines: list[str]
) -> None:
    (registry.root / "other" / "config.json").write_text("{")
    registry.try_beside("other")
    until(lambda: any("other cannot be loaded to be tried" in line for line in log_lines))
    put(redis_sync, "отлично")
    served.drain()
    assert [(one.model, one.shadow_model) for one in verdicts(redis_sync)] == [("tiny-1", "")]
    assert sum("other" in line for line in log_lines) == 1


def test_a_version_that_is_gone_is_not_missed(
    served: Scorer, registry: Registry, redis_sync: redis.Redis, log_lines: list[str]
) -> None:
    registry.try_beside("other")
    shutil.rmtree(registry.root / "other")
    until(
        lambda: any("cannot be loaded to be tried" in line for line in log_lines) or served.trying
    )
    put(redis_sync, "отлично")
    served.drain()
    assert [one.model for one in verdicts(redis_sync)] == ["tiny-1"]


@pytest.mark.parametrize("predict", [broken, nan, too_few])
def test_whatever_a_trial_does_the_champion_is_heard(
    predict: Callable[[list[str]], Any], redis_sync: redis.Redis, log_lines: list[str]
) -> None:
    scorer = scorer_with(redis_sync, trying(predict))
    for text in ("раз", "два"):
        put(redis_sync, text)
        scorer.drain()
    found = verdicts(redis_sync)
    assert [(one.model, one.shadow_model) for one in found] == 2 * [("serving", "")]
    assert redis_sync.xlen(DEAD) == 0
    assert sum("which is tried, fails" in line for line in log_lines) == 1


def test_a_trial_that_keeps_texts_waiting_rests(
    redis_sync: redis.Redis, monkeypatch: pytest.MonkeyPatch, log_lines: list[str]
) -> None:
    monkeypatch.setattr(shadows, "SLOWEST_SECONDS", -1.0)
    scorer = scorer_with(redis_sync, trying(fine))
    for text in ("раз", "два"):
        put(redis_sync, text)
        scorer.drain()
    assert [one.shadow_model for one in verdicts(redis_sync)] == ["tried", ""]
    assert log_lines == ["tried, which is tried, is too slow to be tried often\n"]


def test_where_texts_wait_none_waits_for_the_trial(redis_sync: redis.Redis) -> None:
    scorer = scorer_with(redis_sync, trying(fine), batch_size=3)
    put(redis_sync, "раз", "два", "три", "и ещё один")
    scorer.drain()
    assert [one.shadow_model for one in verdicts(redis_sync)] == ["", "", "", "tried"]


def test_reviews_are_not_tried_on(redis_sync: redis.Redis) -> None:
    scorer = scorer_with(redis_sync, trying(fine))
    put(redis_sync, "отзыв", chat="r1")
    put(redis_sync, "сообщение")
    scorer.drain()
    assert [one.shadow_model for one in verdicts(redis_sync)] == ["", "tried"]


def test_what_a_killed_worker_left_is_scored_without_the_trial(
    redis_sync: redis.Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(streams, "ABANDONED_AFTER_MS", 1)
    put(redis_sync, *("раз", "два", "три"))
    with pytest.raises(KeyboardInterrupt):
        scorer_with(redis_sync, trying(killed)).drain()
    assert verdicts(redis_sync) == []
    time.sleep(0.01)
    assert scorer_with(redis_sync, trying(killed)).drain() == 3
    assert [bool(one.scores) for one in verdicts(redis_sync)] == [True, True, True]
    assert redis_sync.xlen(DEAD) == 0


def test_a_version_that_was_loaded_too_late_is_nobody(redis_sync: redis.Redis) -> None:
    shadow = Shadow(lambda version: cast("Classifier", Stub(version, time.sleep(0.05) or fine)))
    shadow.follow("first")
    shadow.follow("second")
    until(lambda: shadow.follow("second") or shadow.version)
    assert shadow.version == "second"


def test_a_version_that_kills_whoever_loads_it_is_left_alone(redis_sync: redis.Redis) -> None:
    attempts = Attempts(redis_sync)
    redis_sync.set(ATTEMPTS + "deadly", MOST_AT_ONCE)
    with pytest.raises(LeftAloneError), attempts.one("deadly"):
        pytest.fail("it was loaded")
    with attempts.one("harmless"):
        assert redis_sync.get(ATTEMPTS + "harmless") == b"1"
    assert redis_sync.get(ATTEMPTS + "harmless") == b"0"
