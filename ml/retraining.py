"""Retrains the champion on a community's labels without forgetting what it knew; no bot needed.

A part of the labels is held out by the hash of their texts, near-duplicates together, and judges
challenger and champion in `ml.gate`.
"""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import torch

from ml import manifest as manifests
from ml.base import Base, open_base, save_version
from ml.calibration import class_probabilities, fit_temperature
from ml.classifier import Classifier
from ml.data import TASKS, Shares, Table, read_table
from ml.devices import find_device
from ml.errors import DataError, TooFewLabelsError
from ml.examples import ABSENT, Examples, Soft, class_weights, targets_of
from ml.files import whole_directory
from ml.finetuning import FineTuning, Schedule, predict
from ml.gate import COMMUNITY, Judged
from ml.journal import Journal
from ml.metrics import Floats
from ml.probabilities import task_columns
from ml.sources import plain_lines
from ml.teachers import Lesson, VersionTeacher
from ml.temperature import Temperature
from ml.text import fingerprint

HOLDOUT = Shares(test=20.0, validation=0.0)
LEAST_LABELS = 20
# What is shown beside the labels so that nothing is forgotten: rows of the base data, and texts
# of the community that the champion has judged.
MOST_BASE_ROWS = 3_000
MOST_UNLABELLED = 1_500
MOST_JUDGED = 1_500  # of each base set's test part, in the gate


@dataclass(frozen=True, slots=True)
class Inputs:
    """Files and directories; labelled files are `text,label` of one task each."""

    champion: Path
    labelled: Sequence[Path]
    unlabelled: Path | None = None
    base_data: Path | None = None
    """A directory with the CSVs that the base model was trained on, where they are at hand."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """How the labels are learned."""

    epochs: int = 4
    learning_rate: float = 2e-4
    label_weight: float = 3.0
    """How often an epoch shows a label, where the rest is shown once."""
    fold: int = 0
    """Which fifth of the labels is held out."""
    seed: int = 1
    threads: int = 1
    device: str = "cpu"


OnProgress = Callable[[str, float, float | None], None]
"""Told the stage, the share of the whole that is done, the seconds left; may raise Cancelled."""


class Retraining:
    """One challenger in the making."""

    def __init__(self, inputs: Inputs, recipe: Recipe, on_progress: OnProgress) -> None:
        """Read the files. Raises DataError for too few labels, CheckpointError for no champion."""
        self._inputs, self._recipe, self._tell = inputs, recipe, on_progress
        self._manifest = manifests.read(inputs.champion)
        self.tasks = {task: TASKS[task] for task in self._manifest.tasks if task in TASKS}
        if {task: list(labels) for task, labels in self._manifest.tasks.items()} != self.tasks:
            raise DataError(
                f"{inputs.champion}: its outputs are in another order than ml.train's; fine-tune "
                "it once with python -m ml.train, and promote that"
            )
        self.community = [
            table
            for table in map(read_table, inputs.labelled)
            if table.task in self.tasks and len(table.texts)
        ]
        count = sum(len(table.texts) for table in self.community)
        if count < LEAST_LABELS:
            raise TooFewLabelsError(count, LEAST_LABELS)

    @cached_property
    def base(self) -> list[Table]:
        """The base data, of the tasks that the champion has."""
        directory = self._inputs.base_data
        paths = sorted(directory.glob("*.csv")) if directory else []
        return [table for table in map(read_table, paths) if table.task in self.tasks]

    @cached_property
    def held_out(self) -> list[Table]:
        """The community's labels that nobody is trained on."""
        return [table.only("test", self._recipe.fold, HOLDOUT) for table in self.community]

    @cached_property
    def learned(self) -> list[Table]:
        """The community's labels to learn from."""
        return [table.apart_from(self.held_out) for table in self.community]

    def train(self, out: Path, version: str, workplace: Path | None = None) -> None:
        """Train the challenger and write it, whole or not at all. Raises Cancelled and MlError.

        With a directory to leave checkpoints in, goes on where an earlier start of the same
        training stopped.
        """
        recipe = self._recipe
        torch.set_num_threads(recipe.threads)
        torch.manual_seed(recipe.seed)
        self._tell("preparing", 0.0, None)
        base = open_base(str(self._inputs.champion), self.tasks)
        lesson, soft = self._lesson()
        examples = Examples(
            base.tokenizer.encode(lesson.texts), lesson.targets, lesson.weights, soft
        )
        device = find_device(recipe.device)
        schedule = Schedule(recipe.epochs, recipe.learning_rate)
        weights = class_weights(examples, self.tasks)
        run = FineTuning(base.model, self.tasks, weights, schedule, device)
        run.on_step = lambda share, left: self._tell("training", 0.05 + 0.85 * share, left)
        journal = (Journal(workplace, self._identity()), "student") if workplace else None
        for _ in run.epochs(examples, base.pad_id, recipe.seed, journal):
            pass
        base.model.load_state_dict(run.averaged.state_dict())
        self._tell("judging", 0.9, None)
        manifest = self._papers(version, lesson, self._temperatures(run, base))
        with whole_directory(out) as directory:
            save_version(base, manifest, directory)

    def _identity(self) -> dict[str, Any]:
        """Name all that the weights depend on: a checkpoint of another training is not gone on."""
        unlabelled = self._inputs.unlabelled
        recipe = self._recipe
        return {
            "champion": [self._manifest.version, self._manifest.created_at],
            "tables": [table.sha256 for table in (*self.community, *self.base)],
            "unlabelled": _sha256(unlabelled) if unlabelled else "",
            "recipe": {**asdict(recipe), "threads": None},
        }

    def judge(self, challenger: Path) -> list[Judged]:
        """Let champion and challenger judge what was held out, and the base data's test parts."""
        before = Classifier.load(self._inputs.champion, threads=self._recipe.threads)
        after = Classifier.load(challenger, threads=self._recipe.threads)
        sets = [(COMMUNITY, table) for table in self.held_out if table.texts]
        for table in self.base:
            test = self._drawn(table.only("test"), MOST_JUDGED).apart_from(self.learned)
            if test.texts:
                sets.append((table.path.stem, test))
        return [
            Judged(
                on=name,
                task=table.task,
                labels=list(table.classes),
                truth=np.array(table.labels, np.int64),
                before=probabilities_of(before, table),
                after=probabilities_of(after, table),
                texts=table.texts,
            )
            for name, table in sets
        ]

    def _lesson(self) -> tuple[Lesson, Soft]:
        """Return what is learned: labels, base rows, and texts that the champion has judged."""
        free = self._free
        tables, tasks = [*self.learned, *self._base_learned], list(self.tasks)
        own = sum(len(table.texts) for table in self.learned)
        texts = [text for table in tables for text in table.texts]
        targets = np.concatenate(
            [targets_of(tables, tasks), np.full((len(free), len(tasks)), ABSENT)]
        )
        weights = np.ones(len(texts) + len(free))
        weights[:own] = self._recipe.label_weight
        lesson = Lesson([*texts, *free], targets, weights, self.tasks)
        soft = VersionTeacher(self._inputs.champion).judge(lesson)
        # Where people have spoken for a task, the champion is not asked; for the others it is.
        for place, (_, columns) in enumerate(task_columns(self.tasks)):
            labelled = np.flatnonzero(lesson.targets[:own, place] != ABSENT)
            soft[labelled, columns] = np.nan
        return lesson, soft

    @cached_property
    def _base_learned(self) -> list[Table]:
        """The rows of the base data to learn from, each file's by its share of all."""
        parts = [table.only("train").apart_from(self.held_out) for table in self.base]
        share = MOST_BASE_ROWS / max(sum(len(part.texts) for part in parts), 1)
        return [self._drawn(part, max(1, round(share * len(part.texts)))) for part in parts]

    def _drawn(self, table: Table, most: int) -> Table:
        random = np.random.default_rng(self._recipe.seed)
        count = min(most, len(table.texts))
        return table.take(sorted(random.permutation(len(table.texts))[:count].tolist()))

    @cached_property
    def _free(self) -> list[str]:
        """Return texts of the community without labels, none of them held out."""
        path = self._inputs.unlabelled
        if path is None:
            return []
        known = {fingerprint(text) for table in self.community for text in table.texts}
        texts = [text for text in plain_lines(path) if fingerprint(text) not in known]
        random = np.random.default_rng(self._recipe.seed)
        return [texts[i] for i in sorted(random.permutation(len(texts))[:MOST_UNLABELLED])]

    def _temperatures(self, run: FineTuning, base: Base) -> dict[str, Temperature]:
        """Fit them on the base data's validation parts; without these the champion's stay."""
        found = dict(self._manifest.temperatures)
        columns = dict(task_columns(self.tasks))
        outputs = sum(map(len, self.tasks.values()))
        for task in self.tasks:
            parts = [t.only("validation") for t in self.base if t.task == task]
            texts = [text for part in parts for text in part.texts]
            truth = np.array([label for part in parts for label in part.labels], np.int64)
            if len(set(truth.tolist())) > 1:
                encoded = base.tokenizer.encode(texts)
                logits = predict(run.averaged, encoded, base.pad_id, outputs)
                found[task] = fit_temperature(logits[:, columns[task]], truth)
        return found

    def _papers(
        self, version: str, lesson: Lesson, temperatures: dict[str, Temperature]
    ) -> manifests.Manifest:
        recipe = self._recipe
        files = [
            manifests.DataFile(table.path.name, table.sha256, len(part.texts), recipe.label_weight)
            for table, part in zip(self.community, self.learned, strict=True)
        ]
        files += [
            manifests.DataFile(table.path.name, table.sha256, len(table.texts))
            for table in self._base_learned
        ]
        if self._inputs.unlabelled and self._free:
            files.append(_data_file(self._inputs.unlabelled, len(self._free)))
        return replace(
            self._manifest,
            version=version,
            temperatures=temperatures,
            metrics={},
            data=files,
            parent=self._manifest.version,
            base=self._manifest.version,
            seed=recipe.seed,
            created_at=manifests.now(),
            recipe={
                "epochs": recipe.epochs,
                "learning_rate": recipe.learning_rate,
                "label_weight": recipe.label_weight,
                "held_out": [len(table.texts) for table in self.held_out],
                "texts": len(lesson.texts),
                "judged_by_champion": int((~lesson.labelled).sum()),
            },
        )


def _data_file(path: Path, rows: int) -> manifests.DataFile:
    return manifests.DataFile(path.name, _sha256(path), rows)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def probabilities_of(classifier: Classifier, table: Table) -> Floats:
    """Return a classifier's calibrated probabilities for a table's own task, (texts, classes)."""
    columns = dict(task_columns(classifier.tasks))[table.task]
    logits = classifier.logits(table.texts)[:, columns]
    return class_probabilities(logits, classifier.temperature(table.task))
