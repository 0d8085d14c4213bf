"""What a threshold would have done: counted as verdicts are saved, beside what people said."""

import pytest
from bot_parts import rows, verdict_on
from sqlite_utils import Database

from bot.intake import sort_updates
from bot.storage import chats, labels, messages, verdicts, whatif
from bot.storage.labels import Label
from bot.storage.whatif import Alarm, Outcome
from core.contracts import Text
from migrations.step_006_communities import COUNT_EARLIER

pytest_plugins = ["bot_fixtures"]

GROUP, OTHER = -4000, -5000
TOXIC = Alarm("toxicity", "toxic")
NOW = 20_000 * 86400.0
WEEK = 7 * 86400


@pytest.fixture
def connection(storage):
    return storage.connection


def say(connection, number, toxic, chat_id=GROUP, at=NOW):
    """Store a message and the verdict on it; returns the verdict's key."""
    chat = {"id": chat_id, "type": "group", "title": "Двор"}
    user = {"id": 7, "is_bot": False, "first_name": "Анна"}
    message = {"message_id": number, "date": 1, "chat": chat, "from": user, "text": "раз"}
    batch = sort_updates([{"update_id": number, "message": message}], at).to_score
    (text,) = messages.save(connection, batch)
    scores = {"toxicity": {"toxic": toxic}, "sentiment": {"negative": 0.9, "neutral": 0.1}}
    verdicts.save(connection, [verdict_on(text, scores)], at)
    return text.key


def call(connection, key, chosen, who=7, pressed_at=NOW + 1):
    label = Label(f"{key}{who}", pressed_at, who, "card", key, "toxicity", "tiny", "toxic", chosen)
    labels.append(connection, label)


def outcomes(connection, chat_id=GROUP, since=NOW - WEEK):
    return whatif.outcomes(connection, chat_id, TOXIC, since)


def test_a_threshold_counts_what_reached_it(connection):
    for number, toxic in enumerate((0.3, 0.8499, 0.85, 0.97), 1):
        say(connection, number, toxic)
    cards = {percent: outcomes(connection)[percent].cards for percent in (50, 84, 85, 86, 98)}
    assert cards == {50: 3, 84: 3, 85: 2, 86: 1, 98: 0}


def test_what_was_labelled_otherwise_is_wrong_once(connection):
    wrong, right = say(connection, 1, 0.9), say(connection, 2, 0.9)
    for who in (7, 8):
        call(connection, wrong, "ok", who)
    call(connection, right, "toxic")
    assert outcomes(connection)[85] == Outcome(cards=2, wrong=1)
    assert outcomes(connection)[95] == Outcome(cards=0, wrong=0)


def test_a_withdrawn_label_no_longer_counts(connection):
    key = say(connection, 1, 0.9)
    call(connection, key, "ok")
    labels.withdraw(connection, (key, "toxicity", 7), 7, NOW + 2)
    assert outcomes(connection)[85].wrong == 0


def test_nothing_of_another_community_or_week_counts(connection):
    for number, (chat_id, at) in enumerate([(OTHER, NOW), (GROUP, NOW - 9 * 86400)], 1):
        call(connection, say(connection, number, 0.9, chat_id, at), "ok")
    assert outcomes(connection)[85] == Outcome(cards=0, wrong=0)


def test_a_verdict_that_comes_twice_counts_once(connection):
    key = say(connection, 1, 0.9)
    again = Text(key=key, text="раз", received_at=NOW)
    verdicts.save(connection, [verdict_on(again, {"toxicity": {"toxic": 0.9}})], NOW)
    assert outcomes(connection)[50].cards == 1


def test_a_group_that_moves_keeps_its_counts(connection):
    say(connection, 1, 0.9)
    say(connection, 2, 0.9, OTHER)
    for _ in range(2):
        chats.move(connection, GROUP, OTHER, NOW)
    assert outcomes(connection, OTHER)[85].cards == 2
    assert outcomes(connection)[85].cards == 0


def test_an_earlier_database_is_counted_as_later_ones_are(storage):
    for number, toxic in enumerate((0.4, 0.57, 0.8499, 0.85), 1):
        say(storage.connection, number, toxic)
    counted = "SELECT * FROM score_counts ORDER BY chat_id, task, label, day, percent"
    before = rows(storage, counted)
    storage.connection.execute("DELETE FROM score_counts")
    Database(storage.connection).execute(COUNT_EARLIER)
    assert rows(storage, counted) == before


def test_another_checkpoints_labels_do_no_harm(connection):
    say(connection, 1, 0.9)
    assert whatif.outcomes(connection, GROUP, Alarm("spam", "spam"), 0.0)[50] == Outcome(0, 0)
