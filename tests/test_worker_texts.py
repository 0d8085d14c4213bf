"""The worker's end of the queue: each verdict once, whatever dies in between."""

import time

import pytest
import redis

from core.contracts import Text, Verdict
from core.queues import DEAD, SCORERS, TEXTS, VERDICTS
from worker.texts import Entry, TextStream


@pytest.fixture
def stream(redis_sync: redis.Redis, monkeypatch: pytest.MonkeyPatch) -> TextStream:
    monkeypatch.setattr("worker.texts.ABANDONED_AFTER_MS", 20)
    stream = TextStream(redis_sync, consumer="first")
    stream.create_group()
    return stream


@pytest.fixture
def second(redis_sync: redis.Redis, stream: TextStream) -> TextStream:
    return TextStream(redis_sync, consumer="second")


def put(connection: redis.Redis, *keys: str) -> None:
    for key in keys:
        text = Text(key=key, text="текст", received_at=1)
        connection.xadd(TEXTS, {"text": text.model_dump_json()})


def verdict_of(entry: Entry) -> Verdict:
    scores = {"sentiment": {"neutral": 1.0}}
    return Verdict(
        key=entry.text.key, scores=scores, model="m", received_at=1, read_at=2, scored_at=3
    )


def keys_of_verdicts(connection: redis.Redis) -> list[str]:
    rows = connection.xrange(VERDICTS)
    return [Verdict.model_validate_json(fields[b"verdict"]).key for _, fields in rows]


def test_a_committed_text_leaves_nothing_behind(
    stream: TextStream, redis_sync: redis.Redis
) -> None:
    put(redis_sync, "1:1:0", "1:2:0")
    entries = stream.read(10, block_ms=1)
    stream.commit(entries, [verdict_of(entry) for entry in entries])
    assert keys_of_verdicts(redis_sync) == ["1:1:0", "1:2:0"]
    assert redis_sync.xlen(TEXTS) == 0
    assert redis_sync.xpending(TEXTS, SCORERS)["pending"] == 0


def test_a_text_put_twice_gets_one_verdict(stream: TextStream, redis_sync: redis.Redis) -> None:
    put(redis_sync, "1:1:0", "1:1:0")
    for entry in stream.read(10, block_ms=1):
        stream.commit([entry], [verdict_of(entry)])
    assert keys_of_verdicts(redis_sync) == ["1:1:0"]
    assert redis_sync.xlen(TEXTS) == 0


def test_two_workers_with_the_same_text_commit_it_once(
    stream: TextStream, second: TextStream, redis_sync: redis.Redis
) -> None:
    put(redis_sync, "1:1:0")
    (slow,) = stream.read(1, block_ms=1)
    time.sleep(0.03)
    (quick,) = second.take_over(slow.id)
    second.commit([quick], [verdict_of(quick)])
    stream.commit([slow], [verdict_of(slow)])
    assert keys_of_verdicts(redis_sync) == ["1:1:0"]


def test_a_text_in_work_is_not_abandoned(redis_sync: redis.Redis) -> None:
    stream = TextStream(redis_sync, consumer="first")
    stream.create_group()
    put(redis_sync, "1:1:0")
    stream.read(1, block_ms=1)
    assert stream.abandoned(10) == []


def test_deliveries_are_counted_across_dead_workers(
    stream: TextStream, second: TextStream, redis_sync: redis.Redis
) -> None:
    put(redis_sync, "1:1:0")
    stream.read(1, block_ms=1)
    for expected in (1, 2, 3):
        time.sleep(0.03)
        ((entry_id, deliveries),) = second.abandoned(10)
        assert deliveries == expected
        second.take_over(entry_id)


def test_a_buried_text_is_kept_with_its_reason_and_nobody_waits(
    stream: TextStream, redis_sync: redis.Redis
) -> None:
    put(redis_sync, "1:1:0")
    (entry,) = stream.read(1, block_ms=1)
    stream.bury(entry, "its worker died 3 times", "m")
    ((_, letter),) = redis_sync.xrange(DEAD)
    assert letter[b"key"] == b"1:1:0"
    assert letter[b"reason"] == b"its worker died 3 times"
    assert keys_of_verdicts(redis_sync) == ["1:1:0"]
    assert redis_sync.xlen(TEXTS) == 0


@pytest.mark.parametrize("fields", [{"text": "{}"}, {"other": "1"}, {"text": b"\xff\x00"}])
def test_an_entry_that_is_no_text_does_not_hold_up_the_rest(
    stream: TextStream, redis_sync: redis.Redis, fields: dict[str, str]
) -> None:
    redis_sync.xadd(TEXTS, fields)
    put(redis_sync, "1:1:0")
    assert [entry.text.key for entry in stream.read(10, block_ms=1)] == ["1:1:0"]
    assert redis_sync.xlen(DEAD) == 1
    assert redis_sync.xlen(TEXTS) == 1


def test_a_text_deleted_behind_a_dead_worker_s_back_holds_nobody_up(
    stream: TextStream, second: TextStream, redis_sync: redis.Redis
) -> None:
    put(redis_sync, "1:1:0")
    (entry,) = stream.read(1, block_ms=1)
    redis_sync.xdel(TEXTS, entry.id)
    time.sleep(0.03)
    assert second.take_over(entry.id) == []
    assert second.abandoned(10) == []


def test_a_worker_that_ends_leaves_no_name_behind(
    stream: TextStream, redis_sync: redis.Redis
) -> None:
    put(redis_sync, "1:1:0")
    entries = stream.read(10, block_ms=1)
    stream.leave()
    assert len(redis_sync.xinfo_consumers(TEXTS, SCORERS)) == 1  # it still holds a text
    stream.commit(entries, [verdict_of(entry) for entry in entries])
    stream.leave()
    assert redis_sync.xinfo_consumers(TEXTS, SCORERS) == []
