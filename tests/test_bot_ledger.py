"""The ledger of labels: what is in force, what is withdrawn, and on which texts."""

import sqlite3

import pytest
from bot_parts import rows

from bot.intake import sort_updates
from bot.labelling.agreement import Pair
from bot.retention import purge
from bot.storage import labelling, labels, messages, training_sources
from bot.storage.labels import Label

pytest_plugins = ["bot_fixtures"]

ANNA, OLEG = 7, 8
KEY = "-1:5:0"
SENTIMENT = "sentiment"


def written(storage, text="раз", message_id=5, **fields):
    """Store a message of a group as the intake does, and return its key."""
    chat = {"id": -1, "type": "group", "title": "Двор"}
    user = {"id": 9, "is_bot": False, "first_name": "Даша"}
    body = {"message_id": message_id, "date": 1, "chat": chat, "from": user, "text": text} | fields
    kind = "edited_message" if fields else "message"
    batch = sort_updates([{"update_id": 1 + len(fields), kind: body}], 1.0)
    return messages.save(storage.connection, batch.to_score)[0].key


def give(storage, press, who, chosen, key=KEY):
    label = Label(press, 1.0, who, "card", key, SENTIMENT, "tiny-1", "negative", chosen)
    labels.append(storage.connection, label)


def in_force(storage, limit=10):
    found = labels.in_force(storage.connection, limit)
    return [(one.text, one.who, one.label, one.chat_id) for one in found]


def test_each_persons_latest_label_is_in_force_the_newest_first(storage):
    written(storage)
    give(storage, "p1", ANNA, "positive")
    give(storage, "p2", OLEG, "neutral")
    give(storage, "p3", ANNA, "negative")
    assert in_force(storage) == [("раз", ANNA, "negative", -1), ("раз", OLEG, "neutral", -1)]
    assert in_force(storage, limit=1) == [("раз", ANNA, "negative", -1)]


def test_a_label_on_an_earlier_state_of_a_text_is_on_no_text(storage):
    give(storage, "p1", ANNA, "positive", written(storage))
    written(storage, "два", edit_date=9)
    assert in_force(storage) == []


def test_a_withdrawn_label_is_kept_and_no_longer_in_force(storage):
    written(storage)
    give(storage, "p1", ANNA, "positive")
    give(storage, "p2", ANNA, "negative")
    withdrawn = [
        labels.withdraw(storage.connection, (KEY, SENTIMENT, ANNA), OLEG, 2.0) for _ in range(2)
    ]
    assert withdrawn == [True, False]
    assert in_force(storage) == []
    assert rows(storage, "SELECT count(*) FROM labels") == [(2,)]
    assert rows(storage, "SELECT who FROM label_withdrawals") == [(OLEG,)]


def test_after_a_withdrawal_the_same_label_can_be_given_anew(storage):
    written(storage)
    give(storage, "p1", ANNA, "positive")
    labels.withdraw(storage.connection, (KEY, SENTIMENT, ANNA), ANNA, 2.0)
    give(storage, "p1", ANNA, "positive")
    assert in_force(storage) == []
    give(storage, "p2", ANNA, "positive")
    assert in_force(storage) == [("раз", ANNA, "positive", -1)]


def test_a_withdrawal_stays_as_it_is(storage):
    written(storage)
    give(storage, "p1", ANNA, "positive")
    labels.withdraw(storage.connection, (KEY, SENTIMENT, ANNA), ANNA, 2.0)
    with pytest.raises(sqlite3.IntegrityError, match="append another label"):
        storage.connection.execute("UPDATE label_withdrawals SET who = 1")


def test_the_newest_labels_are_found_without_going_through_all(storage):
    plan = " ".join(row[3] for row in rows(storage, f"EXPLAIN QUERY PLAN {labels.NEWEST}", 1))
    assert "TEMP B-TREE" not in plan
    assert "SEARCH later" in plan


def conflicts(storage):
    return rows(storage, "SELECT key, task FROM label_conflicts")


def test_a_text_is_disputed_until_one_label_has_a_majority(storage):
    written(storage)
    give(storage, "p1", ANNA, "positive")
    assert conflicts(storage) == []
    give(storage, "p2", OLEG, "neutral")
    assert conflicts(storage) == [(KEY, SENTIMENT)]
    assert [one.is_disputed for one in labels.in_force(storage.connection, 9)] == [True, True]
    give(storage, "p3", 9, "neutral")
    assert conflicts(storage) == []


def test_a_withdrawal_ends_a_conflict(storage):
    written(storage)
    give(storage, "p1", ANNA, "positive")
    give(storage, "p2", OLEG, "neutral")
    labels.withdraw(storage.connection, (KEY, SENTIMENT, ANNA), ANNA, 2.0)
    assert conflicts(storage) == []


def test_pairs_are_what_two_people_said_of_one_text_of_the_chats(storage):
    written(storage)
    give(storage, "p1", OLEG, "positive")
    give(storage, "p2", ANNA, "neutral")
    found = labels.find_pairs(storage.connection, SENTIMENT, [-1], 9)
    assert found == [Pair(ANNA, OLEG, "neutral", "positive")]
    assert labels.find_pairs(storage.connection, SENTIMENT, [-2], 9) == []


def test_versions_are_found_by_the_texts_that_they_learnt_from(storage):
    for version, keys in (("v2", [KEY]), ("v1", [KEY, "-1:6:0"]), ("v2", [KEY])):
        training_sources.note_trained(storage.connection, version, keys)
    assert training_sources.find_versions(storage.connection, "-1:5") == ["v1", "v2"]
    assert training_sources.find_versions(storage.connection, "-1:6") == ["v1"]


def test_pages_hold_all_labels_with_texts_once(storage):
    for number in range(5):
        key = written(storage, f"раз {number}", message_id=number + 1)
        give(storage, f"p{number}", ANNA, "positive", key)
    give(storage, "p9", ANNA, "positive", "-1:99:0")
    before, found = labels.NEWEST_PAGE, []
    while before is not None:
        page, before = labels.page(storage.connection, before, 2)
        found.append([one.text for one in page])
    assert found == [["раз 4"], ["раз 3", "раз 2"], ["раз 1", "раз 0"], []]


@pytest.mark.parametrize(
    "query", [labelling.CANDIDATES, labelling.CONFLICTS, labelling.FIND_OPEN, labelling.TURN]
)
def test_a_question_is_found_without_going_through_all_messages_or_labels(storage, query):
    values = {"chat_id": 1, "who": 1, "window": 1, "chat_ids": "[]", "limit": 1}
    named = values if ":who" in query else (1,)
    plan = [row[3] for row in storage.connection.execute(f"EXPLAIN QUERY PLAN {query}", named)]
    assert not [step for step in plan if "TEMP B-TREE" in step]
    assert {step for step in plan if step.startswith("SCAN")} <= {
        "SCAN m",  # the newest ones of a chat, as many as the window holds
        "SCAN l USING INDEX label_conflicts_by_age",
        "SCAN json_each VIRTUAL TABLE INDEX 1:",
    }


async def test_a_text_whose_label_was_withdrawn_is_dropped_in_time(storage):
    for number, who in ((1, ANNA), (2, OLEG)):
        give(storage, f"p{number}", who, "positive", written(storage, message_id=number))
    labels.withdraw(storage.connection, ("-1:1:0", SENTIMENT, ANNA), ANNA, 2.0)
    storage.connection.commit()
    assert await purge(storage, received_before=1000.0) == 1
    assert rows(storage, "SELECT text FROM messages ORDER BY message_id") == [(None,), ("раз",)]
