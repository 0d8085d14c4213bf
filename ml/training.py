"""One training command: data, teachers, students, calibration, and the version that comes out."""

import argparse
import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from ml import manifest as manifests
from ml.base import Base, open_base, save_version
from ml.calibration import fit_shift, fit_temperature
from ml.checkpoint import WEIGHTS
from ml.contents import digest
from ml.data import TASKS, Table, require_classes
from ml.devices import Device, find_device
from ml.examples import ABSENT, Examples, Soft, class_weights, targets_of
from ml.files import require_replaceable, whole_directory
from ml.finetuning import FineTuning, Schedule, predict
from ml.journal import Journal, Tensors
from ml.measured import Measured
from ml.probabilities import probabilities, task_columns
from ml.sources import load_source, parse_source, read_unlabelled
from ml.teachers import Lesson, Teacher, consensus
from ml.temperature import UNCHANGED, Temperature
from ml.text import fingerprint


def tasks_of(tables: Sequence[Table]) -> dict[str, list[str]]:
    """Return the tasks that the tables label; each needs two classes over all tables."""
    tasks = {task: TASKS[task] for task in TASKS if any(table.task == task for table in tables)}
    for task in tasks:
        parts = [table for table in tables if table.task == task]
        labels = [label for table in parts for label in table.labels]
        require_classes(replace(parts[0], labels=labels))
    return tasks


class Data:
    """The tables of a command and the parts that it makes of them."""

    def __init__(self, options: argparse.Namespace) -> None:
        self._options = options
        self.sources = [parse_source(argument) for argument in options.data]
        self.tables = [load_source(source) for source in self.sources]
        self.tasks = tasks_of(self.tables)
        self.unlabelled = read_unlabelled(options.unlabelled, options.seeds[0])

    def held_out(self, part: str) -> list[Table]:
        """Return one part of every table."""
        return [table.only(part, self._options.fold) for table in self.tables]

    @cached_property
    def trained_on(self) -> list[Table]:
        """The rows to learn from; none has a near-duplicate that is tested or validated."""
        held = self.held_out("validation")
        if not self._options.learn_test:
            held += self.held_out("test")
        return [table.apart_from(held) for table in self.tables]

    @cached_property
    def lesson(self) -> Lesson:
        """The rows to learn from, and after them the texts without labels."""
        texts = [text for table in self.trained_on for text in table.texts]
        free = self._free()
        targets = targets_of(self.trained_on, list(self.tasks))
        blank = np.full((len(free), len(self.tasks)), ABSENT)
        pairs = zip(self.sources, self.trained_on, strict=True)
        weights = [np.full(len(table.texts), source.weight) for source, table in pairs]
        return Lesson(
            [*texts, *free],
            np.concatenate([targets, blank]),
            np.concatenate([*weights, np.ones(len(free))]),
            self.tasks,
        )

    def _free(self) -> list[str]:
        """Return the texts without labels, less those that are held out."""
        held = [table for part in ("validation", "test") for table in self.held_out(part)]
        known = {fingerprint(text) for table in held for text in table.texts}
        return [text for text in self.unlabelled if fingerprint(text) not in known]


class Training:
    """One training command, which goes on where an earlier start of it stopped."""

    def __init__(self, options: argparse.Namespace) -> None:
        require_replaceable(options.out)
        self.options = options
        self.data = Data(options)
        self.tasks = self.data.tasks
        self.device: Device = find_device(options.device, fp32=options.fp32)
        self.base = self._opened(options.seeds[0])
        self.schedule = Schedule(
            options.epochs,
            options.lr,
            smoothing=options.smoothing,
            teacher_share=options.teacher_share,
        )
        self.journal = Journal(self._workplace, self._inputs())

    @property
    def _workplace(self) -> Path:
        out: Path = self.options.out
        return out.with_name(f".{out.name}.unfinished")

    def _inputs(self) -> dict[str, Any]:
        """Name all that the result depends on: another start with the same goes on."""
        passing = ("out", "threads", "registry")
        kept = {k: v for k, v in vars(self.options).items() if k not in passing}
        total = sum(float(p.detach().double().abs().sum()) for p in self.base.model.parameters())
        unlabelled = hashlib.sha256("\n".join(self.data.unlabelled).encode()).hexdigest()
        return kept | {
            "data": [table.sha256 for table in self.data.tables],
            "unlabelled_texts": unlabelled,
            "teachers": [_weights_digest(name) for name in self.options.teacher],
            "weights": total,
        }

    def run(self, teachers: Sequence[Teacher]) -> None:
        """Ask the teachers, train a student for every seed, and write the best version."""
        soft = self._taught(teachers) if teachers else None
        states = [self._student(seed, soft) for seed in self.options.seeds]
        self.base.model.load_state_dict(self._best(states))
        self._write([teacher.name for teacher in teachers])
        self.journal.forget()

    def _taught(self, teachers: Sequence[Teacher]) -> Soft:
        found = self.journal.load("teachers")
        if found:
            return np.asarray(found[0]["soft"].numpy())
        soft = consensus(teachers, self.data.lesson)
        self.journal.save("teachers", {"soft": torch.from_numpy(soft)}, {})
        return soft

    def fit_member(self, lesson: Lesson, name: str, seed: int) -> Callable[[list[str]], Soft]:
        """Train one model of an ensemble of teachers; returns what judges texts.

        `name` is for what is kept of it until the command ends.
        """
        base = self._opened(seed)
        encoded = base.tokenizer.encode(lesson.texts)
        examples = Examples(encoded, lesson.targets, lesson.weights)
        run = self._fine_tuning(base, examples)
        for _ in run.epochs(examples, base.pad_id, seed, (self.journal, name)):
            pass
        return lambda texts: self._judged(run.averaged, texts)

    def _judged(self, model: nn.Module, texts: list[str]) -> Soft:
        logits = self._logits(model, texts)
        columns = task_columns(self.tasks)
        parts = [probabilities(logits[:, place]) for _, place in columns]
        return np.hstack(parts).astype(np.float32)

    def _student(self, seed: int, soft: Soft | None) -> Tensors:
        """Train with one seed; returns the averaged weights of the best epoch."""
        base = self._opened(seed)
        lesson = self.data.lesson
        encoded = base.tokenizer.encode(lesson.texts)
        examples = Examples(encoded, lesson.targets, lesson.weights, soft)
        run, best = self._fine_tuning(base, examples), f"best-{seed}"
        for epoch in run.epochs(examples, base.pad_id, seed, (self.journal, f"student-{seed}")):
            score = self._selection_score(run.averaged)
            print(f"seed {seed}, epoch {epoch}: validation macro-F1 {score:.4f}", flush=True)
            before = self.journal.load(best)
            if before is None or score >= before[1]["score"]:
                self.journal.save(best, run.averaged.state_dict(), {"score": score})
        found = self.journal.load(best)
        return found[0] if found else dict(run.averaged.state_dict())

    def _fine_tuning(self, base: Base, examples: Examples) -> FineTuning:
        weights = class_weights(examples, self.tasks)
        return FineTuning(base.model, self.tasks, weights, self.schedule, self.device)

    def _opened(self, seed: int) -> Base:
        torch.manual_seed(seed)
        return open_base(self.options.base, self.tasks, self.options.registry)

    def _best(self, states: Sequence[Tensors]) -> Mapping[str, Tensor]:
        """Return the students' mean weights, or the best student where the mean is worse.

        Wortsman et al., Model soups, 2022: students of one base lie close enough to be averaged.
        """
        if len(states) == 1:
            return states[0]
        mean = {name: torch.stack([s[name].float() for s in states]).mean(0) for name in states[0]}
        candidates = [mean, *states]
        scores = [self._score_of(state) for state in candidates]
        names = ["mean", *(f"seed {seed}" for seed in self.options.seeds)]
        pairs = ", ".join(f"{n} {s:.4f}" for n, s in zip(names, scores, strict=True))
        print(f"validation macro-F1: {pairs}", flush=True)
        return candidates[int(np.argmax(scores))]

    def _score_of(self, state: Mapping[str, Tensor]) -> float:
        self.base.model.load_state_dict(state)
        return self._selection_score(self.base.model)

    def _logits(self, model: nn.Module, texts: list[str]) -> NDArray[np.float64]:
        outputs = sum(map(len, self.tasks.values()))
        return predict(model, self.base.tokenizer.encode(texts), self.base.pad_id, outputs)

    def measure(self, model: nn.Module, part: str) -> list[Measured]:
        """Score one part of every table that has at least two labels in it."""
        columns = dict(task_columns(self.tasks))
        return [
            Measured(table, np.array(table.labels), self._logits(model, table.texts)[:, place])
            for table in self.data.held_out(part)
            if len(set(table.labels)) > 1 and (place := columns[table.task])
        ]

    def _selection_score(self, model: nn.Module) -> float:
        """Return validation macro-F1, a mean over files weighted by the roots of their rows."""
        parts = self.measure(model, "validation")
        if not parts:
            return 0.0
        scores = [part.macro_f1() for part in parts]
        sizes = np.sqrt([len(part.truth) for part in parts])
        return float(np.average(scores, weights=sizes))

    def _shift_heads(self) -> None:
        """Take from each yes-or-no task's bias what its validation texts say is too much."""
        columns, head = dict(task_columns(self.tasks)), self.base.model.classifier
        for task, (logits, truth) in self._validated().items():
            if len(self.tasks[task]) == 1 and isinstance(head, nn.Linear):
                with torch.no_grad():
                    head.bias[columns[task]] -= fit_shift(logits, truth)

    def _temperatures(self) -> dict[str, Temperature]:
        validated = self._validated().items()
        return {task: fit_temperature(logits, truth) for task, (logits, truth) in validated}

    def _validated(self) -> dict[str, tuple[NDArray[np.float64], NDArray[np.int64]]]:
        """Return each task's logits and truth over the validation parts of all its tables."""
        validation = self.measure(self.base.model, "validation")
        found = {}
        for task in self.tasks:
            parts = [part for part in validation if part.table.task == task]
            if parts:
                logits = np.concatenate([part.logits for part in parts])
                found[task] = logits, np.concatenate([part.truth for part in parts])
        return found

    def _write(self, teachers: list[str]) -> None:
        self._shift_heads()
        temperatures, figures = self._temperatures(), {}
        if not self.options.learn_test:
            figures = {
                part.table.path.name: part.figures(temperatures.get(part.table.task, UNCHANGED))
                for part in self.measure(self.base.model, "test")
            }
        manifest = self._manifest(temperatures, figures, teachers)
        with whole_directory(self.options.out) as directory:
            save_version(self.base, manifest, directory)
        for name, row in figures.items():
            print(f"held out, {name}: {row}")

    def _manifest(
        self, temperatures: dict[str, Temperature], figures: dict[str, Any], teachers: list[str]
    ) -> manifests.Manifest:
        options, data = self.options, self.data
        files = [
            manifests.DataFile(table.path.name, table.sha256, len(table.texts), source.weight)
            for table, source in zip(data.tables, data.sources, strict=True)
        ]
        recipe = {
            "epochs": options.epochs,
            "learning_rate": options.lr,
            "seeds": options.seeds,
            "teachers": teachers,
            "unlabelled": len(data.unlabelled),
            "learn_test": options.learn_test,
        }
        return manifests.Manifest(
            name=options.name or options.out.name,
            version=options.out.name,
            tasks=self.tasks,
            temperatures=temperatures,
            metrics={"test": figures, "fold": options.fold},
            data=files,
            parent=self.base.version,
            base=self.base.name,
            seed=options.seeds[0],
            created_at=manifests.now(),
            recipe=recipe,
        )


def _weights_digest(teacher: str) -> str | None:
    """Tell a teacher's directory from what may lie there at another start."""
    weights = Path(teacher) / WEIGHTS
    return digest(weights).sha256 if weights.is_file() else None
