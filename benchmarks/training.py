"""Our fine-tuning against transformers' Trainer with its default settings, on the same work."""

import contextlib
import importlib.util
import itertools
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import torch
from transformers import (
    AutoModelForSequenceClassification,
    AutoTokenizer,
    Trainer,
    TrainingArguments,
)

from benchmarks.texts import write_texts
from benchmarks.turns import in_turns, medians
from ml.devices import find_device
from ml.examples import Examples, shuffled_batches
from ml.finetuning import FineTuning, Schedule
from ml.tokenization import TextTokenizer, load_tokenizer

TEXTS, LABELS = 1_024, 3
GOAL = 3.0  # times the Trainer's tokens a second
TASKS = {"sentiment": ["neutral", "positive", "negative"], "toxicity": ["toxic"]}


@dataclass(frozen=True, slots=True)
class Lesson:
    """One epoch's work, for both: texts, a label each, and how many texts a step takes."""

    directory: Path
    texts: list[str]
    labels: list[int]
    batch: int


def compare(directory: Path, rounds: int) -> dict[str, Any]:
    """Return both trainers' real tokens a second, padding left out, an epoch a turn."""
    if importlib.util.find_spec("accelerate") is None:
        return {"left_out": "the Trainer needs a package more: pip install accelerate"}
    texts = list(itertools.islice(write_texts(), TEXTS))
    labels = np.random.default_rng(0).integers(0, LABELS, TEXTS)
    examples = _examples(directory, texts, labels)
    steps = len(shuffled_batches(examples, Schedule().batch_tokens, np.random.default_rng(0)))
    lesson = Lesson(directory, texts, labels.tolist(), round(TEXTS / steps))
    rivals: dict[str, Callable[[Lesson], object]] = {
        "ours": lambda lesson: _ours(lesson, examples),
        "trainer": _theirs,
    }
    with contextlib.redirect_stdout(sys.stderr):
        taken = medians(in_turns(rivals, [lesson], rounds, warm_ups=1))
    tokens = sum(map(len, examples.encoded))
    return {
        "tokens_per_second": {name: round(1_000 * tokens / ms) for name, ms in taken.items()},
        "times_faster": round(taken["trainer"] / taken["ours"], 2),
        "goal": GOAL,
        "texts": TEXTS,
        "batch": lesson.batch,
        "accelerate": version("accelerate"),
    }


def _examples(directory: Path, texts: list[str], labels: np.ndarray[Any, Any]) -> Examples:
    encoded = TextTokenizer(load_tokenizer(directory)).encode(texts)
    toxic = labels == LABELS - 1
    targets = np.stack([labels, toxic.astype(np.int64)], axis=1)
    return Examples(encoded, targets, np.ones(len(texts)))


def _model(directory: Path) -> Any:
    return AutoModelForSequenceClassification.from_pretrained(directory, dtype=torch.float32)


def _ours(lesson: Lesson, examples: Examples) -> None:
    weights = [np.ones(LABELS), np.ones(2)]
    run = FineTuning(_model(lesson.directory), TASKS, weights, Schedule(epochs=1), find_device())
    for _ in run.epochs(examples, pad_id=0, seed=0):
        pass


def _theirs(lesson: Lesson) -> None:
    tokenizer = AutoTokenizer.from_pretrained(lesson.directory)
    rows = [
        {**tokenizer(text), "labels": label}
        for text, label in zip(lesson.texts, lesson.labels, strict=True)
    ]
    with tempfile.TemporaryDirectory(prefix="nastroi-trainer-") as output:
        settings = TrainingArguments(
            output_dir=output,
            num_train_epochs=1,
            per_device_train_batch_size=lesson.batch,
            use_cpu=True,
            save_strategy="no",
            report_to=[],
            disable_tqdm=True,
        )
        model = _model(lesson.directory)
        Trainer(model, settings, train_dataset=rows, processing_class=tokenizer).train()
