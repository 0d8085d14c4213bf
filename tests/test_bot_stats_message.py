"""The words of /stats: short, in both languages, whatever was found."""

from dataclasses import replace

import pytest

from bot.labelling.agreement import Agreement
from bot.liveness import Liveness
from bot.stats.intervals import Estimate
from bot.stats.message import MOST_COMMUNITIES, StatsMessage
from bot.stats.overview import CommunityView, Overview, Speed, TaskView
from bot.stats.picture import MOST_CONFUSIONS, MOST_CURVES, stats_picture
from bot.stats.statistics import Drift, Quality
from bot.words import Words

SURE = Estimate(0.8, 0.75, 0.84)
QUALITY = Quality(300, 0.8, SURE, SURE, {("ok", "ok"): 0.8, ("spam", "ok"): 0.2}, (), 0.04)
NOBODY = Agreement(0, 0, None, None)
SILENCE = Speed(0, {})
QUIET = Liveness(0, [], 0)
LANGUAGES = ("ru", "en")


def overview(tasks=(), speed=SILENCE, communities=()):
    return Overview(list(tasks), speed, [], None, list(communities), 90)


def task(name="spam", drift=None):
    return TaskView(name, QUALITY, QUALITY, drift, NOBODY)


def say(seen, titles=("Двор",), language="ru"):
    return StatsMessage(Words("ru"), language).text(titles, seen, QUIET)


def drift(index):
    now = {"positive": 0.2, "negative": 0.8}
    return Drift(index, now, {"positive": 0.6, "negative": 0.4})


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_task_that_nobody_thought_of_is_told_by_its_own_name(language):
    text = say(overview([task("<spam>")]), language=language)
    assert "<b>&lt;spam&gt;</b>" in text.lower()
    assert "80" in text


def test_what_labels_do_not_speak_for_is_told():
    assert "о 80 % потока, об остальном меток нет" in say(overview([task()]))


@pytest.mark.parametrize(
    ("index", "said"),
    [
        (0.05, "не изменился <i>(PSI 0,05)</i>"),
        (0.2, "немного изменился <i>(PSI 0,2)</i>: негативно 40 → 80 %, позитивно 60 → 20 %"),
        (0.4, "⚠️ Поток за неделю сильно изменился"),
    ],
)
def test_drift_is_told_by_how_much_changed(index, said):
    assert said in say(overview([task(drift=drift(index))]))


def few(labels):
    return replace(QUALITY, labels=labels)


@pytest.mark.parametrize(
    ("language", "more"), [("ru", "нужна ещё 1 метка"), ("en", "1 more label is needed")]
)
def test_thirty_labels_judge_a_model_and_one_less_does_not(language, more):
    unsure, surer = (
        say(overview([TaskView("spam", few(29), few(labels), None, NOBODY)]), language=language)
        for labels in (29, 30)
    )
    assert (unsure.count(more), "ECE" in unsure, "75–84" in unsure) == (1, False, False)
    assert (surer.count(more), "ECE" in surer, "75–84" in surer) == (1, True, True)


def test_no_reliability_is_drawn_of_a_few_labels():
    seen = overview([TaskView("spam", None, few(2), None, NOBODY)])
    picture = stats_picture(Words("ru"), "ru", ["Двор"], seen)
    assert picture.curves == []
    assert [one.note for one in picture.confusions] == ["2 метки, мало"]


def test_times_come_in_units_that_people_read():
    speed = Speed(1200, {"total": (3.24, 85.4, 2345.0)})
    table = say(overview(speed=speed)).partition("<pre>")[2].partition("</pre>")[0]
    figures = table.splitlines()[1].replace(" ", " ")
    assert figures.split() == ["всего", "3,2", "мс", "85", "мс", "2,3", "с"]
    assert max(map(len, table.splitlines())) <= 32


def test_messages_a_second_are_those_of_the_last_minute():
    assert "Сейчас: 1,5 сообщ./с" in say(overview())


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_most_there_can_be_fits_a_message(language):
    speed = Speed(10**9, {"total": (1e7, 1e7, 1e7)})
    view = CommunityView("«" * 300, {"sentiment": (SURE, 10**6), "toxicity": (SURE, 3)}, speed)
    seen = overview([task("sentiment", drift(1)), task("toxicity", drift(1))], speed, [view] * 90)
    text = say(seen, titles=["«" * 300] * 90, language=language)
    assert len(text) < 4096
    assert str(90 - MOST_COMMUNITIES) in text.rpartition("…")[2]


def test_a_picture_has_room_for_two_confusions_and_three_curves():
    seen = overview([task(name) for name in ("sentiment", "toxicity", "spam", "ads")])
    picture = stats_picture(Words("ru"), "ru", ["Двор"], seen)
    assert [one.title for one in picture.confusions] == ["Настроение", "Токсичность"]
    assert len(picture.confusions) == MOST_CONFUSIONS
    assert len(picture.curves) == MOST_CURVES
    assert picture.confusions[0].shares == [[0.8, 0.0], [0.2, 0.0]]
