"""Trials in the file: what two versions say is counted once, what they differ on is judged once."""

import sqlite3

import pytest
from bot_parts import rows, verdict_on

from bot.intake import sort_updates
from bot.storage import (
    chats,
    communities,
    forgetting,
    labelling,
    labels,
    messages,
    shadow_counting,
    shadow_differences,
    shadows,
    statistics,
    verdicts,
)
from bot.storage.database import Storage
from bot.storage.forgetting import Forgetting
from bot.storage.labels import Label
from bot.storage.shadows import NewShadow
from bot.training import trial
from bot.training.sign_test import sign_test
from bot.training.trial import Figures, Tally

pytest_plugins = ["bot_fixtures"]

HERE, OTHER, MODERATORS, MOVED = -4000, -7, -50, -1004000
ANNA, JUDGE, SECOND_JUDGE = 7, 8, 9
NOW = 1_700_000_000.0
GOOD = {"negative": 0.1, "neutral": 0.1, "positive": 0.8}
BAD = {"negative": 0.8, "neutral": 0.1, "positive": 0.1}


@pytest.fixture
def trying(storage: Storage) -> Storage:
    """A trial of `second` beside `tiny-1`; two communities, each with its moderators."""
    for number, chat_id in enumerate((HERE, OTHER)):
        communities.link(storage.connection, chat_id, MODERATORS - number, by=1, at=1.0)
    assert begin(storage)
    return storage


def begin(storage, press="p", version="second"):
    new = NewShadow(press, version, "tiny-1", 1, MODERATORS, "ru", NOW)
    return shadows.begin(storage.connection, new)


def say(storage, number, *, before=BAD, after=GOOD, chat_id=HERE, text=None, **fields):
    """Have Anna write a text, which two versions judge; returns its key."""
    chat = {"id": chat_id, "type": "group", "title": f"Двор {chat_id}"}
    user = {"id": ANNA, "is_bot": False, "first_name": "Анна"}
    body = {"message_id": number, "date": 1, "chat": chat, "from": user}
    body["text"] = text or f"Текст {number}"
    batch = sort_updates([{"update_id": number, "message": body}], NOW)
    (stored,) = messages.save(storage.connection, batch.to_score)
    shadow = {"shadow": {"sentiment": after}, "shadow_model": "second"} | fields
    verdict = verdict_on(stored, {"sentiment": before}).model_copy(update=shadow)
    verdicts.save(storage.connection, [verdict, verdict], NOW)
    verdicts.save(storage.connection, [verdict], NOW)
    return verdict.key


def judge(storage, key, chosen, who=JUDGE, source="label queue"):
    row = Label(f"{key}{who}{source}", NOW, who, source, key, "sentiment", "tiny-1", "", chosen)
    labels.append(storage.connection, row)


def tally(storage):
    (one,) = shadow_differences.measure(storage.connection, 1).tallies
    return one


def questions(storage, who=JUDGE, chat_ids=(HERE, OTHER)):
    found = shadow_differences.find_questions(storage.connection, who, chat_ids)
    return sorted(one.candidate.key for one in found)


def test_what_both_say_is_counted_once_and_what_they_differ_on_is_kept(trying):
    say(trying, 1, after=BAD)
    key = say(trying, 2)
    assert tally(trying) == Tally("sentiment", agreed=1, differed=1)
    assert questions(trying) == [key]


def test_without_a_trial_nothing_is_counted_or_kept(storage):
    communities.link(storage.connection, HERE, MODERATORS, by=1, at=1.0)
    say(storage, 1)
    assert questions(storage) == []
    assert rows(storage, "SELECT count(*) FROM shadow_counts") == [(0,)]


@pytest.mark.parametrize(
    "fields", [{"shadow_model": "third"}, {"model": "another"}, {"shadow": {}, "shadow_model": ""}]
)
def test_verdicts_of_other_versions_are_not_this_trials(trying, fields):
    say(trying, 1, **fields)
    assert shadow_differences.measure(trying.connection, 1) == Figures()


def test_messages_that_nobody_moderates_are_left_alone(trying):
    say(trying, 1, chat_id=-99)
    assert shadow_differences.measure(trying.connection, 1) == Figures()


def test_a_task_that_has_other_labels_in_the_other_version_is_not_compared(trying):
    say(trying, 1, after={"negative": 0.2, "positive": 0.8})
    assert shadow_differences.measure(trying.connection, 1) == Figures()


def test_toxicity_is_compared_by_the_communitys_threshold(trying):
    setting = ("toxic_threshold", 0.6)
    communities.save_setting(trying.connection, HERE, setting, communities.By(1, NOW))
    for number, (before, after) in enumerate([(0.5, 0.59), (0.59, 0.61), (0.7, 0.9)]):
        said = {"scores": {"toxicity": {"toxic": before}}, "shadow": {"toxicity": {"toxic": after}}}
        say(trying, number + 1, **said)
    assert tally(trying) == Tally("toxicity", agreed=2, differed=1)


def test_copies_of_a_text_are_one_question(trying):
    for number in (1, 2):
        say(trying, number, text="Ну такое" + "!" * number)
    assert tally(trying).differed == 2
    assert len(questions(trying)) == 1


def test_of_one_community_so_many_are_kept_and_others_have_room(trying, monkeypatch):
    monkeypatch.setattr(shadow_counting, "MOST_OF_CHAT", 2)
    for number in range(1, 5):
        say(trying, number)
    elsewhere = say(trying, 5, chat_id=OTHER)
    assert len(questions(trying)) == 3
    assert questions(trying, chat_ids=[OTHER]) == [elsewhere]


def test_who_wrote_it_and_who_was_asked_is_not_asked(trying):
    say(trying, 1)
    assert questions(trying, who=ANNA) == []
    found = shadow_differences.find_questions(trying.connection, JUDGE, [HERE])
    assert labelling.ask(trying.connection, JUDGE, found, NOW).question.reason == "shadow"
    assert questions(trying) == []
    assert len(questions(trying, who=SECOND_JUDGE)) == 1


def test_what_one_has_judged_nobody_else_is_asked(trying):
    key = say(trying, 1)
    judge(trying, key, "positive")
    assert questions(trying, who=SECOND_JUDGE) == []


def test_each_answer_counts_for_one_of_the_two_or_for_neither(trying):
    keys = [say(trying, number) for number in range(1, 5)]
    for key, chosen in zip(keys, ("positive", "positive", "negative", "neutral"), strict=True):
        judge(trying, key, chosen)
    found = tally(trying)
    assert (found.challenger, found.champion, found.neither, found.judged) == (2, 1, 1, 4)


def test_a_press_on_a_card_which_shows_what_the_champion_says_judges_nothing(trying):
    key = say(trying, 1)
    judge(trying, key, "negative", source="card")
    assert tally(trying).judged == 0
    assert questions(trying, who=SECOND_JUDGE) == [key]


def test_a_label_that_is_withdrawn_or_disputed_judges_nothing(trying):
    key = say(trying, 1)
    judge(trying, key, "negative")
    judge(trying, key, "positive", who=SECOND_JUDGE)
    assert tally(trying).judged == 0
    labels.withdraw(trying.connection, (key, "sentiment", JUDGE), JUDGE, NOW)
    assert tally(trying).challenger == 1


def test_what_is_forgotten_is_neither_asked_about_nor_counted(trying):
    key = say(trying, 1)
    judge(trying, key, "positive")
    order = Forgetting("f", ANNA, ANNA, None, NOW)
    forgetting.begin(trying.connection, order)
    forgetting.forget_texts(trying.connection, order)
    assert rows(trying, "SELECT count(*) FROM shadow_differences") == [(0,)]
    assert tally(trying) == Tally("sentiment", agreed=0, differed=1)


def test_a_text_that_was_kept_long_enough_is_not_asked_about(trying):
    say(trying, 1)
    trying.connection.execute("UPDATE messages SET text = NULL")
    assert questions(trying) == []


def test_a_group_that_moves_takes_its_questions_along_and_where_the_end_is_told(trying):
    key = say(trying, 1)
    for _ in range(2):
        chats.move(trying.connection, HERE, MOVED, NOW)
        chats.move(trying.connection, MODERATORS, MOVED - 1, NOW)
    assert questions(trying, chat_ids=[MOVED]) == [key]
    judge(trying, key, "positive")
    (example,) = shadow_differences.find_examples(trying.connection, 1, {MOVED})
    assert (example.text, example.chat_id, example.message_id) == ("Текст 1", MOVED, 0)
    assert shadows.find_open(trying.connection).chat_id == MOVED - 1


def test_examples_are_shown_only_from_chats_that_may_be_seen(trying):
    for number, chat_id in enumerate((HERE, OTHER), 1):
        judge(trying, say(trying, number, chat_id=chat_id), "positive")
    seen = shadow_differences.find_examples(trying.connection, 1, {OTHER})
    assert [one.text for one in seen] == ["Текст 2"]
    assert len(shadow_differences.find_examples(trying.connection, 1, None)) == 2


def test_one_version_at_a_time_is_tried_and_a_press_counts_once(trying):
    assert begin(trying, "p").id == begin(trying, "pressed again").id == 1
    assert begin(trying, "another", "third") is None


def test_an_end_stays_what_it_was_and_the_next_trial_may_begin(trying):
    judge(trying, say(trying, 1), "positive")
    for outcome in ("judged", "stopped"):
        shadows.end(trying.connection, 1, outcome, NOW)
    (ended,) = shadows.find_ended(trying.connection)
    assert (ended.outcome, ended.figures.challenger) == ("judged", 1)
    assert begin(trying, "another", "third").id == 2
    shadows.mark_shown(trying.connection, 1)
    assert shadows.find_ended(trying.connection) == []
    assert rows(trying, "SELECT count(*) FROM shadow_differences") == [(0,)]


def test_a_trial_only_moves_forward(trying):
    shadows.end(trying.connection, 1, "time", NOW)
    with pytest.raises(sqlite3.IntegrityError, match="only moves forward"):
        trying.connection.execute("UPDATE shadows SET state = 'open'")


def test_texts_chosen_because_versions_differ_say_nothing_of_how_often_the_model_is_right(trying):
    key = say(trying, 1)
    judge(trying, key, "positive")
    today = statistics.day_of(NOW)
    assert len(statistics.find_judged(trying.connection, [HERE], today)) == 1
    found = shadow_differences.find_questions(trying.connection, SECOND_JUDGE, [HERE])
    assert found == []
    trying.connection.execute("DELETE FROM labels")
    found = shadow_differences.find_questions(trying.connection, JUDGE, [HERE])
    labelling.ask(trying.connection, JUDGE, found, NOW)
    judge(trying, key, "positive")
    assert statistics.find_judged(trying.connection, [HERE], today) == []


@pytest.mark.parametrize(
    ("first", "second", "p"),
    [(0, 0, 1.0), (5, 5, 1.0), (8, 2, 0.109375), (9, 1, 0.021484375), (1, 9, 0.021484375)],
)
def test_the_sign_test_is_exact(first, second, p):
    assert sign_test(first, second) == pytest.approx(p)


def test_figures_survive_the_file():
    figures = Figures((Tally("sentiment", 4, 3, 2, 1, 0), Tally("toxicity", 9, 0)))
    assert trial.from_text(trial.to_text(figures)) == figures
