"""The words of trainings and versions: whole sentences that fit into a Telegram message."""

import re

import pytest
from training_parts import figures, sentiment_change

from bot.storage.trainings import Training
from bot.training.cards import TrainPress, progress_text, result_buttons, result_text
from bot.training.model_cards import models_buttons, models_text
from bot.words import Words
from core.models import ModelsAnswer, ModelVersion, SetFigures
from core.training import ChangedExample, Reason, TaskChange, TrainingProgress, TrainingResult

WORDS = Words("ru")
TRAINING = Training("t", 1, 1, "ru", 312, "open", None, None, None, 0.0)


def progress(share, seconds_left=None, is_ending=False):
    now = TrainingProgress(
        id="t", stage="training", share=share, seconds_left=seconds_left, updated_at=0
    )
    return progress_text(WORDS, "ru", TRAINING, now, is_ending).splitlines()


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (None, "Учу"),
        (20, "Учу · осталось меньше минуты"),
        (61, "Учу · осталась примерно 1 минута"),
        (300, "Учу · осталось примерно 5 минут"),
    ],
)
def test_the_time_left_is_said_roughly_or_not_at_all(seconds, said):
    assert progress(0.5, seconds)[-1] == said


def test_the_bar_is_full_only_at_the_end():
    assert progress(0.0)[1] == "<code>░░░░░░░░░░ 0 %</code>"
    assert progress(0.57)[1] == "<code>██████░░░░ 57 %</code>"
    assert progress(1.0)[1] == "<code>██████████ 100 %</code>"


def test_one_that_is_being_stopped_says_so():
    assert progress(0.5, 100, is_ending=True)[-1].startswith("Останавливаю")


@pytest.mark.parametrize(
    ("stage", "resumed", "said"),
    [
        ("interrupted", 0, "Обучение прервалось. Продолжу с сохранённого места"),
        ("interrupted", 1, "Обучение прервалось. Продолжу с сохранённого места"),
        ("training", 1, "Учу дальше: обучение прерывалось и продолжается"),
        ("judging", 1, "Сверяю с прежней"),
    ],
)
def test_one_that_was_broken_off_says_that_it_goes_on(stage, resumed, said):
    now = TrainingProgress(id="t", stage=stage, share=0.5, updated_at=0, resumed=resumed)
    assert progress_text(WORDS, "ru", TRAINING, now, False).splitlines()[-1].startswith(said)


def test_one_that_died_again_and_again_says_how_often():
    reason = Reason(code="kept-crashing", numbers={"times": 3})
    result = TrainingResult(id="t", outcome="failed", reasons=(reason,))
    assert "Обучение обрывалось 3 раза подряд" in result_text(WORDS, "ru", result)


def test_the_longest_card_is_one_message():
    example = ChangedExample(
        text="<&>" * 400, task="sentiment", truth="neutral", before="neutral", after="positive"
    )
    result = TrainingResult(
        id="t",
        outcome="failed",
        reasons=(Reason(code="crashed", names={"error": "x" * 1000}),) * 3,
        changes=(sentiment_change(0.5, 0.6),) * 20,
        better=(example,) * 50,
        worse=(example,) * 50,
    )
    text = result_text(WORDS, "ru", result)
    assert len(re.sub(r"<[^>]+>", "", text).replace("&lt;", "<").replace("&amp;", "&")) < 4096


def test_a_task_that_the_old_model_did_not_know_is_a_new_skill():
    change = TaskChange(task="toxicity", on="base.csv", before=None, after=figures(0.9))
    result = TrainingResult(id="t", outcome="promoted", version="b", changes=(change,))
    text = result_text(WORDS, "ru", result)
    assert "<b>Токсичность</b> · base, 40 текстов" in text
    assert "новое умение: верно 90" in text
    assert result_buttons(WORDS, "ru", result) is None


def test_versions_show_their_figures_by_set_and_task():
    row = {"n": 62, "accuracy": 0.7, "macro_f1": 0.66}
    shown = (SetFigures(on="community", task="toxicity", **row), SetFigures(on="a.csv", **row))
    answer = ModelsAnswer(
        id="1", champion="b", count=9, versions=(ModelVersion(name="b", figures=shown),)
    )
    text = models_text(WORDS, "ru", answer)
    assert "ваши метки, токсичность: верно 70\xa0%, macro-F1 0,66 (62 текста)" in text
    assert "\na: верно 70" in text
    assert "… и ещё 8, постарше" in text
    assert models_buttons(WORDS, "ru", answer) is None


def test_a_button_fits_into_telegrams_64_bytes():
    assert len(TrainPress(act="cancel", training="own-0123456789").pack().encode()) <= 64
