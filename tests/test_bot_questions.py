"""Which text a labeller is asked about next, and what is offered."""

from bot.fingerprints import fingerprint
from bot.labelling.questions import (
    Candidate,
    choices,
    margin,
    rank,
    said_by_model,
    wants_second_opinion,
)

CHAT = -1
THRESHOLDS = {CHAT: 0.85}


def candidate(key, negative=0.8, toxic=0.0):
    rest = (1 - negative) / 2
    sentiment = {"negative": negative, "neutral": rest, "positive": rest}
    return Candidate(key, key, CHAT, {"sentiment": sentiment, "toxicity": {"toxic": toxic}}, "m")


def keys(questions):
    return [question.candidate.key for question in questions]


def test_what_the_model_is_least_sure_of_comes_first():
    found = [candidate("sure", 0.98), candidate("unsure", 0.4), candidate("so-so", 0.6)]
    assert keys(rank(found, 0, "seed", THRESHOLDS)) == ["unsure", "so-so", "sure"]


def test_every_third_question_is_drawn_by_lot_and_the_same_lot_draws_the_same():
    found = [candidate(str(number), 0.5 + number / 100) for number in range(40)]
    drawn = rank(found, 2, "seed", THRESHOLDS)
    assert keys(drawn) != keys(rank(found, 1, "seed", THRESHOLDS))
    assert keys(drawn) == keys(rank(found, 5, "seed", THRESHOLDS))
    assert keys(drawn) != keys(rank(found, 5, "another", THRESHOLDS))
    reasons = [rank(found, turn, "seed", THRESHOLDS)[0].reason for turn in range(6)]
    assert reasons == ["uncertain", "uncertain", "random"] * 2


def test_toxicity_near_its_threshold_is_asked_about_now_and_then():
    found = [candidate("calm"), candidate("near", toxic=0.8), candidate("far", toxic=0.1)]
    tasks = [rank(found, turn, "s", THRESHOLDS)[0].task for turn in range(6)]
    assert tasks.count("toxicity") == 1
    first = rank(found, tasks.index("toxicity"), "s", THRESHOLDS)[0]
    assert (first.candidate.key, first.task) == ("near", "toxicity")


def test_a_text_without_scores_is_not_asked_about():
    empty = Candidate("empty", "?", CHAT, {}, "m")
    assert [rank([empty], turn, "s", THRESHOLDS) for turn in range(6)] == [[]] * 6


def test_second_opinions_are_asked_among_those_drawn_by_lot():
    assert [turn for turn in range(20) if wants_second_opinion(turn)] == [8, 17]


def test_the_margin_is_the_lead_of_the_likeliest_label():
    assert margin({"a": 0.5, "b": 0.5}) == 0
    assert margin({"a": 1.0}) == 1


def test_choices_stand_from_negative_to_positive_and_strange_labels_after():
    scores = {"sentiment": {"positive": 0.1, "skip": 0.1, "negative": 0.8}}
    assert choices("sentiment", scores) == ("negative", "positive", "skip")
    assert choices("sentiment", {}) == ("negative", "neutral", "positive")
    assert choices("toxicity", {}) == ("ok", "toxic")


def test_what_the_model_said_of_toxicity_goes_by_the_threshold():
    scores = candidate("x", toxic=0.7).scores
    assert said_by_model("toxicity", scores, 0.85) == "ok"
    assert said_by_model("toxicity", scores, 0.6) == "toxic"
    assert said_by_model("sentiment", scores, 0.6) == "negative"
    assert said_by_model("sentiment", {}, 0.6) == ""


def test_copies_share_a_fingerprint_whatever_their_case_and_marks():
    assert fingerprint("Всё  пропало!!!") == fingerprint("все пропало")
    assert fingerprint("Всё пропало") != fingerprint("Все пропали")
    assert fingerprint("😀") != fingerprint("😡")
