"""The SQLite file: the latest state wins, nothing goes backwards, chats move, texts are dropped."""

import csv
import sqlite3
from contextlib import closing

import pytest
from bot_parts import rows, verdict_on

from bot.intake import sort_updates
from bot.retention import purge, purge_dead_letters
from bot.storage import actions, chats, judged, labels, messages, verdicts
from bot.storage.__main__ import main as storage_main
from bot.storage.actions import Outcome, Plan
from bot.storage.database import Storage
from bot.storage.labels import Label
from core.contracts import Text
from core.errors import SetupError
from core.queues import DEAD
from migrations.schema import TRANSACTIONAL

pytest_plugins = ["bot_fixtures"]

OLD, NEW = -4000, -1004000
SENTIMENT = {"sentiment": {"negative": 0.8, "neutral": 0.1, "positive": 0.1}}


def update(number=1, text="раз", kind="message", chat_id=OLD, **fields):
    chat = {"id": chat_id, "type": "group", "title": "Двор"}
    user = {"id": 7, "is_bot": False, "first_name": "Анна"}
    body = {"message_id": 5, "date": 1_700_000_000, "chat": chat, "from": user, "text": text}
    return {"update_id": number, kind: body | fields}


def edit(number, text, edited_at):
    return update(number, text, "edited_message", edit_date=edited_at)


def save(storage, *updates, received_at=1000.0):
    """Store updates and return the texts that need a verdict."""
    batch = sort_updates(updates, received_at).to_score
    return messages.save(storage.connection, batch)


def keys(texts):
    return [(text.key.rpartition(":")[2], text.text) for text in texts]


def label(key, press="p1", chosen="positive"):
    return Label(press, 1.0, 7, "private answer", key, "sentiment", "tiny-1", "negative", chosen)


def plan_answer(storage, key):
    actions.plan(storage.connection, [Plan("answer", key, OLD, ("why",))], 1.0)
    return rows(storage, "SELECT max(id) FROM actions")[0][0]


def settle(storage, text, scores=SENTIMENT):
    verdicts.save(storage.connection, [verdict_on(text, scores)], 2000.0)


def test_migrations_run_once_and_the_log_is_written_ahead(settings):
    for _ in range(2):
        with closing(Storage.open(settings.database_path)) as storage:
            steps = rows(storage, "SELECT count(*) FROM _sqlite_migrations")
            assert rows(storage, "PRAGMA journal_mode") == [("wal",)]
    assert steps == [(1 + len(TRANSACTIONAL),)]


def test_a_message_that_comes_twice_is_one_row_and_one_key(storage):
    assert save(storage, update()) == save(storage, update())
    assert rows(storage, "SELECT count(*) FROM messages") == [(1,)]


def test_a_scored_message_that_comes_again_needs_no_second_verdict(storage):
    (text,) = save(storage, update())
    settle(storage, text)
    assert save(storage, update()) == []


def test_the_latest_edit_wins_whatever_the_order(storage):
    assert keys(save(storage, edit(3, "три", 300))) == [("300", "три")]
    assert keys(save(storage, update(1, "раз"), edit(2, "два", 200))) == [("300", "три")]


def test_two_edits_within_one_second_are_two_states(storage):
    save(storage, update(1))
    assert keys(save(storage, edit(2, "два", 200))) == [("200", "два")]
    assert keys(save(storage, edit(3, "три", 200))) == [("201", "три")]
    assert keys(save(storage, edit(2, "два", 200), edit(3, "три", 200))) == [("201", "три")]


def test_an_edit_that_leaves_the_text_is_not_scored_again(storage):
    (text,) = save(storage, update())
    settle(storage, text)
    assert save(storage, edit(2, "раз", 200)) == []


def test_an_edit_of_a_message_that_never_had_a_text_makes_no_row(storage):
    assert save(storage, edit(1, "", 200)) == []
    assert rows(storage, "SELECT * FROM messages") == []


def test_an_edit_into_a_command_leaves_no_text_to_score(storage):
    save(storage, update())
    assert keys(save(storage, edit(2, "/start", 200))) == [("200", "")]


def test_a_number_that_is_used_again_is_another_message(storage):
    (text,) = save(storage, update())
    settle(storage, text)
    assert keys(save(storage, update(1, "раз", date=1_700_099_999))) == [("1", "раз")]


def test_a_verdict_is_stored_once_and_the_first_one_stays(storage):
    (text,) = save(storage, update())
    settle(storage, text)
    settle(storage, text, {})
    (scored,) = storage.scored_messages()
    assert (scored.text, scored.label, scored.probability) == ("раз", "negative", 0.8)
    assert (scored.received_at, scored.saved_at) == (1000.0, 2000.0)


def test_a_verdict_on_an_older_state_leaves_the_newer_one_waiting(storage):
    (old,) = save(storage, update())
    (new,) = save(storage, edit(2, "два", 200))
    settle(storage, old)
    assert messages.find_forgotten(storage.connection, 9e9, 10) == [new]
    assert [m.text for m in storage.scored_messages()] == [None]


def test_scored_messages_can_be_asked_for_one_chat(storage):
    for text in save(storage, update(), update(2, chat_id=-9)):
        settle(storage, text)
    assert [m.key for m in storage.scored_messages(-9)] == ["-9:5:0"]


@pytest.mark.parametrize("after_the_supergroup_spoke", [False, True])
def test_a_group_that_moves_takes_everything_along(storage, after_the_supergroup_spoke):
    (text,) = save(storage, update())
    plan_answer(storage, text.key)
    if after_the_supergroup_spoke:
        save(storage, update(2, chat_id=NEW))
    for _ in range(2):
        chats.move(storage.connection, OLD, NEW, 5.0)
    for table in ("messages", "actions"):
        assert rows(storage, f"SELECT DISTINCT chat_id FROM {table}") == [(NEW,)]
    assert rows(storage, "SELECT id, first_seen_at FROM chats") == [(NEW, 1000.0)]


def test_keys_stay_when_a_group_moves_and_late_messages_follow(storage):
    (text,) = save(storage, update())
    chats.move(storage.connection, OLD, NEW, 5.0)
    save(storage, update(), update(2, message_id=6))
    settle(storage, text)
    assert rows(storage, "SELECT id, chat_id FROM messages") == [
        (f"{OLD}:5", NEW),
        (f"{OLD}:6", NEW),
    ]
    assert [m.key for m in storage.scored_messages(NEW)] == [f"{OLD}:5:0"]
    assert rows(storage, "SELECT id FROM chats") == [(NEW,)]


def test_an_action_never_goes_back(storage):
    action = plan_answer(storage, "1:1:0")
    actions.start(storage.connection, action, 2.0)
    actions.finish(storage.connection, action, Outcome("done"), 3.0)
    with pytest.raises(sqlite3.IntegrityError, match="only moves forward"):
        storage.connection.execute("UPDATE actions SET state = 'planned'")


def test_an_action_of_one_kind_is_planned_once_a_verdict(storage):
    assert plan_answer(storage, "1:1:0") == plan_answer(storage, "1:1:0")


def test_the_ledger_is_only_appended_to(storage):
    labels.append(storage.connection, label("1:1:0"))
    with pytest.raises(sqlite3.IntegrityError, match="only appended"):
        storage.connection.execute("UPDATE labels SET chosen = 'neutral'")


def test_a_press_that_is_handled_again_after_another_one_changes_nothing(storage):
    first, second = label("1:1:0", "p1", "positive"), label("1:1:0", "p2", "neutral")
    for one in (first, second, first):
        labels.append(storage.connection, one)
    assert labels.find_latest(storage.connection, "1:1:0", "sentiment", 7) == "neutral"


async def test_old_texts_are_dropped_unless_a_label_needs_them(storage):
    both = save(storage, update(), update(2, "два", message_id=6), update(3, "три", message_id=7))
    labels.append(storage.connection, label(both[0].key))
    save(storage, update(4, "новое", message_id=8), received_at=3000.0)
    storage.connection.commit()
    assert await purge(storage, received_before=2000.0) == 2
    assert rows(storage, "SELECT text FROM messages") == [("раз",), (None,), (None,), ("новое",)]


async def test_a_failed_write_stores_nothing(storage):
    def work(connection):
        connection.execute("INSERT INTO people (id, first_seen_at) VALUES (1, 1)")
        connection.execute("INSERT INTO nowhere VALUES (1)")

    with pytest.raises(sqlite3.OperationalError):
        await storage.write(work)
    assert rows(storage, "SELECT * FROM people") == []


@pytest.fixture
def shell(settings, monkeypatch):
    """Run `python -m bot.storage` on the test's folder."""
    monkeypatch.setenv("VAR_DIR", str(settings.var_dir))
    return lambda *arguments: storage_main([str(argument) for argument in arguments])


async def test_labels_are_exported_with_their_texts(storage, shell, tmp_path):
    (text,) = await storage.write(messages.save, sort_updates([update()], 1.0).to_score)
    for press, chosen in (("p1", "positive"), ("p2", "neutral")):
        await storage.write(labels.append, label(text.key, press, chosen))
    shell("export", tmp_path / "labels.csv")
    with (tmp_path / "labels.csv").open(encoding="utf-8") as file:
        (row,) = csv.DictReader(file)
    assert (row["text"], row["label"], row["shown"]) == ("раз", "neutral", "negative")


async def test_a_backup_holds_what_the_database_holds(storage, shell, tmp_path):
    await storage.write(messages.save, sort_updates([update()], 1.0).to_score)
    shell("backup", tmp_path / "copy.db")
    with closing(Storage.open(tmp_path / "copy.db", read_only=True)) as copy:
        assert rows(copy, "SELECT text FROM messages") == [("раз",)]
    with pytest.raises(SetupError, match="exists already"):
        shell("backup", tmp_path / "copy.db")


def test_exporting_without_a_database_says_so(shell, tmp_path):
    with pytest.raises(SetupError, match="there is no database"):
        shell("export", tmp_path / "labels.csv")


def test_a_backup_into_a_folder_that_is_missing_says_so(storage, shell, tmp_path):
    with pytest.raises(SetupError, match="there is no folder"):
        shell("backup", tmp_path / "missing" / "copy.db")


@pytest.mark.parametrize("command", ["export", "backup"])
def test_a_damaged_database_is_one_readable_line(settings, shell, tmp_path, command):
    settings.database_path.parent.mkdir(parents=True, exist_ok=True)
    settings.database_path.write_bytes(b"not a database, by any means" * 50)
    with pytest.raises(SetupError, match="file is not a database"):
        shell(command, tmp_path / "out")


def test_exporting_an_empty_database_says_so(settings, shell, tmp_path):
    settings.database_path.parent.mkdir(parents=True, exist_ok=True)
    settings.database_path.touch()
    with pytest.raises(SetupError, match="no such table"):
        shell("export", tmp_path / "labels.csv")


def test_a_file_that_is_no_database_is_one_readable_line(tmp_path):
    path = tmp_path / "nastroi.db"
    path.write_bytes(b"not a database, by any means" * 50)
    with pytest.raises(SetupError, match="can't open the database"):
        Storage.open(path)


@pytest.mark.parametrize(
    ("query", "values"),
    [
        (messages.TO_SCORE, ("[]",)),
        (messages.FORGOTTEN_BY_REDIS, (1, 1)),
        (judged.FIND, ("[]",)),
        (actions.IS_LATEST, (1,)),
        (actions.EARLIER_ANSWER, (1,)),
    ],
)
def test_what_runs_all_the_time_never_goes_through_all_messages(storage, query, values):
    plan = " ".join(row[3] for row in rows(storage, f"EXPLAIN QUERY PLAN {query}", *values))
    assert "SCAN" not in plan.replace("SCAN json_each", "")


def test_a_text_for_the_worker_keeps_the_time_it_came(storage):
    (text,) = save(storage, update(), received_at=1234.5)
    assert text == Text(key=f"{OLD}:5:0", text="раз", received_at=1234.5)


async def test_old_dead_letters_go_too(redis_async):
    for second in (1000, 2000):
        await redis_async.xadd(DEAD, {"text": "слова"}, id=f"{second}000-0")
    await purge_dead_letters(redis_async, buried_before=1500)
    assert [entry_id for entry_id, _ in await redis_async.xrange(DEAD)] == [b"2000000-0"]
