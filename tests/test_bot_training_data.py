"""What a training learns from: one word a person, most of them agreeing, on texts still there."""

import time

import pytest
from bot_parts import rows
from training_parts import a_label

from bot.intake import sort_updates
from bot.storage import chats, labels, messages, training_data, training_proposals, trainings
from bot.storage.training_data import find_chats, majority, select
from bot.storage.training_proposals import Proposal, count_new
from bot.storage.trainings import NewTraining

pytest_plugins = ["bot_fixtures"]

GROUP = -1004000


def write(storage, number, text, kind="supergroup", chat_id=GROUP):
    """Store a message; return its key."""
    chat = {"id": chat_id, "type": kind, "title": "Двор"}
    user = {"id": 7, "is_bot": False, "first_name": "Анна"}
    body = {"message_id": number, "date": 1_700_000_000, "chat": chat, "from": user, "text": text}
    batch = sort_updates([{"update_id": number, "message": body}], time.time()).to_score
    messages.save(storage.connection, batch)
    return f"{chat_id}:{number}:0"


def label(storage, key, chosen, who=7, task="sentiment"):
    labels.append(storage.connection, a_label(key, chosen, who, task))


def chosen(storage):
    found = select(storage.connection).labelled
    return {(one.text, one.task): one.label for one in found}


def order(storage, name="t", last_label=0, keys=("k:1:0",)):
    new = NewTraining(name, 1, 1, "ru", 2, last_label, keys, time.time())
    trainings.begin(storage.connection, new)


def test_the_majority_decides_and_a_tie_is_left_out(storage):
    first, second = write(storage, 1, "Ну и ну"), write(storage, 2, "Вот это да")
    for who, word in enumerate(("negative", "positive", "negative")):
        label(storage, first, word, who)
    for who, word in enumerate(("negative", "positive")):
        label(storage, second, word, who)
    assert chosen(storage) == {("Ну и ну", "sentiment"): "negative"}


def test_a_persons_latest_word_counts_and_a_withdrawn_one_does_not(storage):
    first, second = write(storage, 1, "Ну и ну"), write(storage, 2, "Вот это да")
    label(storage, first, "negative")
    label(storage, first, "positive")
    label(storage, second, "negative")
    labels.withdraw(storage.connection, (second, "sentiment", 7), 7, 1.0)
    assert chosen(storage) == {("Ну и ну", "sentiment"): "positive"}


def test_a_text_written_twice_is_learnt_once_and_each_persons_newest_word_counts(storage):
    first, again = write(storage, 1, "Ну и ну"), write(storage, 2, "ну  и НУ")
    label(storage, first, "negative", who=1)
    label(storage, first, "negative", who=2)
    label(storage, again, "positive", who=1)
    label(storage, again, "positive", who=3)
    data = select(storage.connection)
    assert [(one.text, one.label) for one in data.labelled] == [("ну  и НУ", "positive")]
    assert set(data.keys) == {first, again}


def test_each_task_is_learnt_by_itself(storage):
    key = write(storage, 1, "Сам дурак")
    label(storage, key, "negative")
    label(storage, key, "toxic", task="toxicity")
    assert chosen(storage) == {
        ("Сам дурак", "sentiment"): "negative",
        ("Сам дурак", "toxicity"): "toxic",
    }


def test_a_text_that_was_edited_since_is_not_learnt_with_the_old_label(storage):
    key = write(storage, 1, "Ну и ну")
    label(storage, key, "negative")
    storage.connection.execute("UPDATE messages SET text = 'Ура', state = 5")
    assert chosen(storage) == {}


def test_unlabelled_texts_are_recent_distinct_and_nobodys_private_talk(storage):
    label(storage, write(storage, 1, "Размечено"), "neutral")
    for number, text in enumerate(("Первый", "ПЕРВЫЙ ", "Второй"), 2):
        write(storage, number, text)
    write(storage, 9, "Личное", kind="private", chat_id=7)
    data = select(storage.connection)
    assert data.unlabelled == ("Второй", "ПЕРВЫЙ ")
    assert data.keys == (f"{GROUP}:1:0", f"{GROUP}:4:0", f"{GROUP}:3:0")


def test_the_number_of_unlabelled_texts_is_bounded(storage, monkeypatch):
    monkeypatch.setattr(training_data, "MOST_UNLABELLED", 2)
    for number in range(1, 6):
        write(storage, number, f"Текст {number}")
    assert select(storage.connection).unlabelled == ("Текст 5", "Текст 4")


@pytest.mark.parametrize(
    ("given", "agreed"),
    [(["a"], "a"), (["a", "b", "a"], "a"), (["a", "b"], None), (["a", "b", "c"], None)],
)
def test_a_majority_is_what_was_said_most_often(given, agreed):
    assert majority(given) == agreed


def test_texts_are_traced_back_to_their_chats(storage):
    keys = [write(storage, 1, "Раз"), write(storage, 1, "Раз", chat_id=-5, kind="group")]
    write(storage, 2, "Два")
    assert find_chats(storage.connection, keys, ["Раз", "Два"]) == {"Раз": {GROUP, -5}}


def test_a_text_that_came_back_shortened_is_still_known(storage):
    key = write(storage, 1, "Очень  долго " * 50)
    shortened = ("Очень долго " * 50)[:300]
    assert find_chats(storage.connection, [key], [shortened]) == {shortened: {GROUP}}


def test_a_training_is_ordered_ended_and_shown_once(storage):
    order(storage)
    order(storage)
    trainings.end(storage.connection, "t", "kept", "ours-1", 2.0)
    trainings.end(storage.connection, "t", "failed", None, 3.0)
    trainings.drop(storage.connection, "t")
    (found,) = trainings.find_to_show(storage.connection)
    assert (found.state, found.outcome, found.version) == ("ended", "kept", "ours-1")
    assert rows(storage, "SELECT version, key FROM training_sources") == [("ours-1", "k:1:0")]
    trainings.mark_shown(storage.connection, "t")
    assert trainings.find_to_show(storage.connection) == []


def test_a_failed_training_leaves_its_labels_new(storage):
    for name, outcome in (("a", "promoted"), ("b", "failed")):
        order(storage, name, last_label={"a": 3, "b": 8}[name])
        trainings.end(storage.connection, name, outcome, None, 2.0)
    assert trainings.find_last_label(storage.connection) == 3


def test_new_labels_are_counted_by_chat_and_text(storage):
    first, other = write(storage, 1, "Раз"), write(storage, 1, "Два", chat_id=-5, kind="group")
    label(storage, first, "negative", who=1)
    label(storage, first, "negative", who=2)
    label(storage, other, "negative")
    assert count_new(storage.connection, 0) == {GROUP: 1, -5: 1}
    assert count_new(storage.connection, 2) == {-5: 1}


def test_a_proposal_is_made_once_between_two_trainings(storage):
    for labels_now in (50, 60):
        training_proposals.propose(storage.connection, Proposal(-5, 0, labels_now), 1.0)
    (waiting,) = training_proposals.find_unsent(storage.connection, 0)
    assert waiting.labels == 50
    training_proposals.note_message(storage.connection, waiting, 12)
    training_proposals.propose(storage.connection, Proposal(-5, 0, 70), 1.0)
    assert training_proposals.find_unsent(storage.connection, 0) == []


def test_a_training_follows_its_chat_to_a_new_id(storage):
    new = NewTraining("t", 1, -5, "ru", 2, 0, (), time.time())
    trainings.begin(storage.connection, new)
    chats.move(storage.connection, -5, -1005, 1.0)
    assert trainings.find_to_show(storage.connection)[0].chat_id == -1005
