"""Counts of verdicts: each once, whatever comes twice or moves, and what /stats reads of them."""

import asyncio
import dataclasses
import sqlite3
import time
from contextlib import closing

import pytest
from bot_parts import rows, verdict_on

from bot.intake import sort_updates
from bot.storage import chats, labels, messages, rollups, statistics, verdicts
from bot.storage.database import Storage
from bot.storage.labels import Label
from core.contracts import Verdict

pytest_plugins = ["bot_fixtures"]

OLD, NEW, OTHER = -4000, -1004000, -7
NOW = 1_700_000_000.0
TODAY = rollups.day_of(NOW)
SENTIMENT = {"sentiment": {"negative": 0.85, "neutral": 0.1, "positive": 0.05}}


def save(storage, number=1, chat_id=OLD, received_at=NOW, **fields):
    """Store a message with its verdict and return the verdict's key."""
    chat = {"id": chat_id, "type": "group", "title": f"Двор {chat_id}"}
    user = {"id": 7, "is_bot": False, "first_name": "Анна"}
    body = {"message_id": number, "date": 1, "chat": chat, "from": user, "text": "Кошмар"}
    batch = sort_updates([{"update_id": number, "message": body}], received_at)
    (text,) = messages.save(storage.connection, batch.to_score)
    verdict = verdict_on(text, SENTIMENT).model_copy(
        update={"read_at": received_at + 0.1, "scored_at": received_at + 0.12} | fields
    )
    verdicts.save(storage.connection, [verdict, verdict], received_at + 0.2)
    return verdict


def label(storage, verdict, who=7, chosen="negative", pressed_at=NOW + 60):
    press = f"{verdict.key}/{who}/{chosen}"
    shown = (verdict.model, "negative", chosen)
    row = Label(press, pressed_at, who, "card", verdict.key, "sentiment", *shown)
    labels.append(storage.connection, row)


def gather(storage, *chat_ids):
    return statistics.gather(storage.connection, chat_ids or (OLD,), NOW)


def test_a_verdict_that_comes_again_is_counted_once(storage):
    verdict = save(storage)
    verdicts.save(storage.connection, [verdict], NOW + 9)
    recent = gather(storage).recent
    assert recent.predictions == [(OLD, TODAY, "sentiment", "negative", 8, 1)]
    assert {one.stage: one.texts for one in recent.latencies} == dict.fromkeys(
        ("waiting", "scoring", "total"), 1
    )


def test_a_group_that_moves_brings_its_counts_beside_the_supergroups(storage):
    save(storage)
    save(storage, 2, NEW)
    for _ in range(2):
        chats.move(storage.connection, OLD, NEW, NOW)
    assert gather(storage, OLD).recent.predictions == []
    (found,) = gather(storage, NEW).recent.predictions
    assert found.texts == 2


def forget_counts(path):
    """Take a database back to before there were counts."""
    with closing(sqlite3.connect(path)) as connection:
        for table in ("latency_counts", "prediction_counts", "model_starts"):
            connection.execute(f"DROP TABLE {table}")
        connection.execute("DROP INDEX labels_by_time")
        connection.execute("DELETE FROM _sqlite_migrations WHERE name = 'rollups'")
        connection.commit()


def test_what_was_stored_before_there_were_counts_is_counted(settings):
    with closing(Storage.open(settings.database_path)) as storage:
        for number in range(5):
            save(storage, number, received_at=NOW + 86400 * (number - 4))
        storage.connection.commit()
        counted = gather(storage)
    forget_counts(settings.database_path)
    with closing(Storage.open(settings.database_path)) as storage:
        assert gather(storage) == counted


def test_labels_stand_beside_what_the_model_said(storage):
    verdict = save(storage)
    label(storage, verdict, chosen="neutral")
    (judged,) = gather(storage).recent.judged
    assert (judged.truth, judged.said.label, judged.said.tenth) == ("neutral", "negative", 8)
    assert (judged.model, judged.chat_id, judged.day) == ("tiny-1", OLD, TODAY)


def test_what_people_differ_on_or_took_back_is_no_truth(storage):
    disputed, withdrawn, changed = (save(storage, number) for number in (1, 2, 3))
    label(storage, disputed, 7, "negative")
    label(storage, disputed, 8, "neutral")
    label(storage, withdrawn)
    labels.withdraw(storage.connection, (withdrawn.key, "sentiment", 7), 7, NOW)
    label(storage, changed, chosen="neutral")
    label(storage, changed, chosen="positive")
    assert [one.truth for one in gather(storage).recent.judged] == ["positive"]


def test_nothing_of_one_community_shows_in_another(storage):
    label(storage, save(storage, 1, OTHER))
    facts = gather(storage, OLD)
    assert facts.recent.judged == facts.recent.predictions == facts.days == []
    assert facts.present.counts.predictions == []
    assert gather(storage, OTHER).titles == {OTHER: "Двор -7"}


def test_texts_before_the_five_weeks_are_left_out(storage):
    label(storage, save(storage, received_at=NOW - 36 * 86400))
    facts = gather(storage)
    assert facts.recent.judged == facts.recent.predictions == []
    assert len(facts.present.counts.judged) == 1


def test_the_present_model_is_that_of_the_last_verdict(storage):
    label(storage, save(storage, 1, model="tiny-1"))
    label(storage, save(storage, 2, received_at=NOW + 5, model="tiny-2"))
    present = gather(storage).present
    assert (present.name, present.since) == ("tiny-2", NOW + 5.2)
    assert [one.model for one in present.counts.judged] == ["tiny-2"]
    assert sum(one.texts for one in present.counts.predictions) == 1


def test_the_last_minute_is_counted(storage):
    save(storage, 1, received_at=NOW - 61)
    save(storage, 2, received_at=NOW - 59)
    assert gather(storage).received_in_minute == 1


@pytest.mark.parametrize(
    ("query", "values"),
    [
        (statistics.LABELLED, {"chats": "[1]", "since": 1, "limit": 1}),
        (statistics.RECEIVED, (1, "[1]")),
        *(
            (
                query,
                {"chats": "[1]", "first": 1, "week": 1, "month": 1, "model": None, "stage": "x"},
            )
            for query in (rollups.LATENCIES, rollups.DAYS, rollups.PREDICTIONS)
        ),
    ],
)
def test_no_query_goes_through_all_messages(storage, query, values):
    found = storage.connection.execute(f"EXPLAIN QUERY PLAN {query}", values).fetchall()
    plan = " ".join(row[3] for row in found).replace("SCAN json_each", "")
    assert "SCAN" not in plan


async def test_a_long_read_sees_one_state_while_others_write(storage):
    def look(connection):
        before = count(connection)
        time.sleep(0.3)
        return before, count(connection)

    def count(connection):
        return connection.execute("SELECT count(*) FROM people").fetchone()[0]

    reading = asyncio.create_task(storage.read_at_length(look))
    await asyncio.sleep(0.1)
    await storage.write(
        lambda connection: connection.execute("INSERT INTO people VALUES (1, 'ru', 1)")
    )
    assert not reading.done()
    assert await reading == (0, 0)
    assert await storage.read_at_length(count) == 1


async def test_a_long_read_may_not_write(storage):
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        await storage.read_at_length(lambda c: c.execute("DELETE FROM people"))


async def test_closing_breaks_a_long_read_off(settings):
    endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i FROM n) SELECT max(i) FROM n"
    storage = Storage.open(settings.database_path)
    reading = asyncio.create_task(storage.read_at_length(lambda c: c.execute(endless).fetchone()))
    await asyncio.sleep(0.2)
    await asyncio.to_thread(storage.close)
    with pytest.raises(sqlite3.OperationalError, match="interrupted"):
        await reading


def test_a_verdict_without_a_message_is_no_traffic(storage):
    stray = Verdict(
        key="-1:1:0", scores=SENTIMENT, model="m", received_at=1, read_at=1, scored_at=1
    )
    verdicts.save(storage.connection, [stray], 2.0)
    assert rows(storage, "SELECT * FROM latency_counts") == []
    assert dataclasses.asdict(gather(storage))["present"]["name"] == "m"
