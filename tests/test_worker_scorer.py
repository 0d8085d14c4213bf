"""The scorer beside a model that fails: a failure stays with the text that causes it."""

from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest
import redis

from core.contracts import Text, Verdict
from core.queues import DEAD, TEXTS, VERDICTS
from ml.classifier import Classifier
from worker.champion import Champion
from worker.scorer import ModelBrokenError, Scorer
from worker.shadow import Shadow
from worker.texts import TextStream


class FragileClassifier:
    """Fault injection: a model that can't bear one word."""

    version = "fragile"

    def predict(self, texts: list[str]) -> list[dict[str, dict[str, float]]]:
        if any("бомба" in text for text in texts):
            raise RuntimeError("out of memory")
        return [{"sentiment": {"neutral": 1.0}} for _ in texts]


class BrokenClassifier(FragileClassifier):
    """Fault injection: a model whose GPU is gone."""

    def predict(self, texts: list[str]) -> list[dict[str, dict[str, float]]]:
        raise RuntimeError("device-side assert")


class SenselessClassifier(FragileClassifier):
    """Fault injection: a model that answers with no number."""

    def predict(self, texts: list[str]) -> list[dict[str, dict[str, float]]]:
        return [{"sentiment": {"neutral": float("nan")}} for _ in texts]


def scorer_with(classifier: FragileClassifier, connection: redis.Redis) -> Scorer:
    champion = cast("Champion", SimpleNamespace(classifier=classifier))
    nobody = Shadow(lambda version: Classifier.load(Path(version)))
    return Scorer(TextStream(connection, consumer="w"), champion, 64, nobody)


@pytest.fixture
def scorer(redis_sync: redis.Redis) -> Scorer:
    return scorer_with(FragileClassifier(), redis_sync)


def put(connection: redis.Redis, *texts: str) -> None:
    for number, text in enumerate(texts):
        made = Text(key=f"1:{number}:0", text=text, received_at=0)
        connection.xadd(TEXTS, {"text": made.model_dump_json()})


def test_a_text_that_makes_the_model_fail_does_not_take_its_batch_along(
    scorer: Scorer, redis_sync: redis.Redis
) -> None:
    put(redis_sync, "раз", "бомба", "три")
    assert scorer.drain() == 3
    rows = [fields[b"verdict"] for _, fields in redis_sync.xrange(VERDICTS)]
    verdicts = [Verdict.model_validate_json(row) for row in rows]
    assert {v.key: bool(v.scores) for v in verdicts} == {
        "1:0:0": True,
        "1:1:0": False,
        "1:2:0": True,
    }
    ((_, letter),) = redis_sync.xrange(DEAD)
    assert letter[b"reason"] == b"the model raised RuntimeError"


def test_a_drain_ends_when_nothing_waits(scorer: Scorer) -> None:
    assert scorer.drain() == 0


def test_a_drain_that_shall_stop_takes_nothing_more(
    scorer: Scorer, redis_sync: redis.Redis
) -> None:
    put(redis_sync, "раз", "два")
    scorer.stop_requested = True
    assert scorer.drain() == 0
    assert redis_sync.xlen(TEXTS) == 2


@pytest.mark.parametrize("classifier", [BrokenClassifier(), SenselessClassifier()])
def test_a_broken_model_buries_nothing(
    classifier: FragileClassifier, redis_sync: redis.Redis
) -> None:
    put(redis_sync, "раз", "два")
    scorer = scorer_with(classifier, redis_sync)
    with pytest.raises(ModelBrokenError):
        scorer.drain()
    assert scorer.broken
    assert [redis_sync.xlen(DEAD), redis_sync.xlen(TEXTS)] == [0, 2]
