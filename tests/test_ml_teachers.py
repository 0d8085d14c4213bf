"""What teachers say of texts, and that a student listens to them."""

from pathlib import Path

import numpy as np
import pytest
from ml_fixtures import TASKS, sentences, write_checkpoint, write_csv

from ml import manifest as manifests
from ml import train
from ml.classifier import Classifier
from ml.errors import DataError, MlError
from ml.examples import ABSENT, Soft
from ml.teachers import EnsembleTeacher, Lesson, TfidfTeacher, VersionTeacher, consensus

MOODS = TASKS["sentiment"]


def lesson_of(each: int, free: int = 0) -> Lesson:
    """Make up labelled texts of both tasks, and free ones after them."""
    texts, rows = [], []
    for task, labels in (("sentiment", MOODS), ("toxicity", ["ok", "toxic"])):
        for index, label in enumerate(labels):
            texts += sentences(label, each)
            row = [index, ABSENT] if task == "sentiment" else [ABSENT, index]
            rows += [row] * each
    texts += sentences("negative", free, seed=1)
    targets = np.array([*rows, *[[ABSENT, ABSENT]] * free])
    return Lesson(texts, targets, np.ones(len(texts)), TASKS)


def test_tfidf_judges_by_words_and_each_text_by_one_that_has_not_seen_it() -> None:
    lesson = lesson_of(each=40)
    lesson.targets[0] = [1, ABSENT]  # a neutral text that somebody called positive
    soft = TfidfTeacher().judge(lesson)
    assert soft[0, :3].argmax() == 0
    right = soft[:120, :3].argmax(axis=1) == np.repeat([0, 1, 2], 40)
    assert right.mean() > 0.9
    np.testing.assert_allclose(soft[:, :3].sum(axis=1), 1, atol=1e-4)


def test_labelled_text_is_taught_only_its_own_task_and_a_free_one_all() -> None:
    soft = consensus([TfidfTeacher()], lesson_of(each=20, free=5))
    assert np.isnan(soft[:60, 3]).all()
    assert np.isnan(soft[60:100, :3]).all()
    assert not np.isnan(soft[100:]).any()


def test_copies_share_a_part_so_that_none_is_judged_by_one_that_saw_the_other() -> None:
    lesson = Lesson(
        ["Привет!", "другое", "привет"], np.zeros((3, 1)), np.ones(3), {"toxicity": ["toxic"]}
    )
    parts = lesson.parts(2)
    assert parts[0] == parts[2]


def test_ensemble_judges_a_text_by_the_one_that_has_not_seen_it() -> None:
    seen: list[set[str]] = []

    def fit(lesson: Lesson, _: str, seed: int):  # type: ignore[no-untyped-def]
        seen.append(set(lesson.texts))
        known = set(lesson.texts)

        def judge(texts: list[str]) -> Soft:
            assert not known & set(texts)
            return np.full((len(texts), 4), seed, np.float32)

        return judge

    soft = EnsembleTeacher(2, fit).judge(lesson_of(each=10, free=4))
    assert set(soft[:50].ravel()) == {0.0, 1.0}
    assert set(soft[50:].ravel()) == {0.5}
    assert len(seen[0] | seen[1]) == 50


def test_version_teaches_in_the_order_of_the_student_s_labels(tmp_path: Path) -> None:
    write_checkpoint(tmp_path / "hub", ["Positive", "NEGATIVE", "neutral"])
    soft = VersionTeacher(tmp_path / "hub").judge(lesson_of(each=3))
    said = Classifier.load(tmp_path / "hub", device="cpu").predict(lesson_of(each=3).texts)
    wanted = [[scores["sentiment"][label] for label in MOODS] for scores in said]
    np.testing.assert_allclose(soft[:, :3], wanted, atol=1e-5)
    assert np.isnan(soft[:, 3]).all()


def test_teacher_of_other_tasks_is_refused(tmp_path: Path) -> None:
    write_checkpoint(tmp_path / "hub", ["positive", "negative", "neutral"])
    lesson = Lesson(["а"], np.array([[1]]), np.ones(1), {"toxicity": ["toxic"]})
    with pytest.raises(MlError, match="give another --teacher"):
        VersionTeacher(tmp_path / "hub").judge(lesson)


def test_student_learns_from_teachers_what_no_label_says(tmp_path: Path) -> None:
    write_checkpoint(tmp_path / "base", ["a", "b"])
    mood = write_csv(tmp_path / "mood.csv", MOODS, each=120)
    free = tmp_path / "free.txt"
    free.write_text("\n".join(sentences("positive", 90, seed=2)), encoding="utf-8")
    options = ["--teacher", "tfidf", "ensemble:2", "--unlabelled", f"{free}:80", "--epochs", "9"]
    arguments = ["--base", str(tmp_path / "base"), "--data", str(mood), "--lr", "3e-3"]
    train.main([*arguments, *options, "--out", str(tmp_path / "v1"), "--threads", "1"])
    recipe = manifests.read(tmp_path / "v1").recipe
    assert recipe["teachers"] == ["tfidf", "ensemble:2"]
    assert recipe["unlabelled"] == 80
    said = Classifier.load(tmp_path / "v1", device="cpu").predict(sentences("positive", 9, seed=3))
    assert all(scores["sentiment"]["positive"] > 0.45 for scores in said)


def test_unlabelled_texts_without_a_teacher_are_refused(tmp_path: Path) -> None:
    arguments = ["--base", "b", "--data", "d.csv", "--out", str(tmp_path / "v")]
    with pytest.raises(SystemExit):
        train.main([*arguments, "--unlabelled", "free.txt"])


def test_members_of_two_ensembles_are_kept_apart() -> None:
    names: list[str] = []

    def fit(lesson: Lesson, name: str, _: int):  # type: ignore[no-untyped-def]
        names.append(name)
        return lambda texts: np.full((len(texts), 4), 0.5, np.float32)

    for count in (2, 3):
        EnsembleTeacher(count, fit).judge(lesson_of(each=4))
    assert len(set(names)) == 5


def test_tfidf_of_too_few_texts_is_one_line() -> None:
    with pytest.raises(DataError, match=r"can't learn from \d+ texts .*more labelled texts"):
        TfidfTeacher().judge(lesson_of(each=1))
