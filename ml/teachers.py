"""Those whose probabilities a student learns beside the labels (distillation; Hinton et al., 2015).

A teacher that is made here judges each labelled text by a copy of itself that has not seen it, so
that a wrong label is not merely repeated.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from ml.calibration import class_probabilities
from ml.classifier import Classifier
from ml.data import LABELS
from ml.errors import MlError
from ml.examples import ABSENT, Soft
from ml.probabilities import task_columns
from ml.text import fingerprint

Tasks = Mapping[str, list[str]]
PARTS = 5  # that TF-IDF is cross-fitted in


@dataclass(frozen=True, slots=True)
class Lesson:
    """What there is to teach on: texts with their `targets` (texts, tasks), ABSENT where unknown.

    A text without any label is judged for all tasks; one with labels only for theirs. `weights`
    (texts,) say how much each counts.
    """

    texts: list[str]
    targets: NDArray[np.int64]
    weights: NDArray[np.float64]
    tasks: Tasks

    @property
    def labelled(self) -> NDArray[np.bool_]:
        """Which texts have a label, (texts,)."""
        return np.asarray((self.targets != ABSENT).any(axis=1))

    def blank(self) -> Soft:
        """Return (texts, outputs) of NaN to fill."""
        outputs = sum(map(len, self.tasks.values()))
        return np.full((len(self.texts), outputs), np.nan, np.float32)

    def parts(self, count: int) -> NDArray[np.int64]:
        """Deal the texts into parts by their folded words, so that copies share one, (texts,)."""
        numbers: dict[str, int] = {}
        found = [numbers.setdefault(fingerprint(text), len(numbers)) for text in self.texts]
        return np.random.default_rng(count).permutation(len(numbers))[found] % count

    def only(self, kept: NDArray[np.bool_]) -> "Lesson":
        """Return the texts that are marked in `kept`, (texts,)."""
        texts = [text for text, keep in zip(self.texts, kept.tolist(), strict=True) if keep]
        return Lesson(texts, self.targets[kept], self.weights[kept], self.tasks)

    def only_for_their_tasks(self, soft: Soft) -> Soft:
        """Return `soft` without what is said of a labelled text's other tasks."""
        kept = soft.copy()
        for place, (_, columns) in enumerate(task_columns(self.tasks)):
            other = self.labelled & (self.targets[:, place] == ABSENT)
            kept[other, columns] = np.nan
        return kept


class Teacher(Protocol):
    """One that can say what it thinks of texts."""

    name: str

    def judge(self, lesson: Lesson) -> Soft:
        """Return (texts, outputs), NaN for tasks that it does not know."""
        ...


class TfidfTeacher:
    """TF-IDF with logistic regression, fitted on the lesson's own labels."""

    name = "tfidf"

    def judge(self, lesson: Lesson) -> Soft:
        """Return the probabilities of classifiers that have not seen the text."""
        from ml.tfidf import TfidfClassifier

        soft, parts = lesson.blank(), lesson.parts(PARTS)
        texts = np.array(lesson.texts, object)
        for place, (task, columns) in enumerate(task_columns(lesson.tasks)):
            labels, classes = lesson.targets[:, place], len(LABELS[task])
            known = labels != ABSENT
            for part in range(PARTS):
                seen, judged = known & (parts != part), (parts == part)
                fitted = TfidfClassifier().fit(
                    texts[seen].tolist(), labels[seen].tolist(), classes, lesson.weights[seen]
                )
                found = fitted.probabilities(texts[judged].tolist())
                soft[judged, columns] = found[:, 1:] if len(lesson.tasks[task]) == 1 else found
        return soft


class VersionTeacher:
    """A model version that stands already: a larger one, or the champion."""

    def __init__(self, directory: Path) -> None:
        self.name = directory.name
        self._classifier = Classifier.load(directory)

    def judge(self, lesson: Lesson) -> Soft:
        """Return its calibrated probabilities for the tasks that it shares with the lesson."""
        theirs = dict(task_columns(self._classifier.tasks))
        shared = [task for task in lesson.tasks if task in theirs]
        if not shared:
            raise MlError(
                f"the teacher {self.name} knows {', '.join(theirs)}, but the data is labelled for "
                f"{', '.join(lesson.tasks)}; give another --teacher"
            )
        logits, soft = self._classifier.logits(lesson.texts), lesson.blank()
        for task, columns in task_columns(lesson.tasks):
            if task in shared:
                found = self._probabilities(logits[:, theirs[task]], task, lesson.tasks[task])
                soft[:, columns] = found
        return soft

    def _probabilities(
        self, logits: NDArray[np.float64], task: str, labels: Sequence[str]
    ) -> NDArray[np.float64]:
        found = class_probabilities(logits, self._classifier.temperature(task))
        if len(labels) == 1:
            return found[:, 1:]
        return found[:, [self._classifier.tasks[task].index(label) for label in labels]]


class EnsembleTeacher:
    """Models like the student, each trained on all parts of the lesson but one."""

    def __init__(self, count: int, fit: Callable[[Lesson, str, int], Callable[[list[str]], Soft]]):
        """`fit` trains one on a lesson, under a name and with a seed, and returns what judges."""
        if count < 2:
            raise MlError("--teacher ensemble:N: at least 2 are needed, or a text has no judge")
        self.name, self._count, self._fit = f"ensemble:{count}", count, fit

    def judge(self, lesson: Lesson) -> Soft:
        """Return the one that has not seen a labelled text; for others the mean of all."""
        parts, labelled, soft = lesson.parts(self._count), lesson.labelled, lesson.blank()
        free = np.zeros((int((~labelled).sum()), soft.shape[1]), np.float32)
        texts = np.array(lesson.texts, object)
        for part in range(self._count):
            seen, judged = labelled & (parts != part), labelled & (parts == part)
            name = f"member-{part}-of-{self._count}"
            judge = self._fit(lesson.only(seen), name, part)
            soft[judged] = judge(texts[judged].tolist())
            free += judge(texts[~labelled].tolist()) / self._count
        soft[~labelled] = free
        return soft


def consensus(teachers: Sequence[Teacher], lesson: Lesson) -> Soft:
    """Return the mean of what the teachers say, each task by those who know it."""
    said = np.stack([teacher.judge(lesson) for teacher in teachers])
    heard = ~np.isnan(said)
    total = np.where(heard, said, 0).sum(axis=0)
    mean = np.where(heard.any(axis=0), total / np.maximum(heard.sum(axis=0), 1), np.nan)
    return lesson.only_for_their_tasks(mean.astype(np.float32))
