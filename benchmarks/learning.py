"""How fast a model learns a community from its labels, asked by the /label queue or at random.

`python -m benchmarks.learning --data community.csv --champion DIR --reviews reviews.csv --json`
reveals labels in steps, retrains after each as /retrain does (from the given champion, the texts
not yet asked about as the community's unlabelled ones), and measures on the fifth that is held
out. The queue asks as `bot.labelling.questions` orders it, by what the model of the step before
says.
"""

import argparse
import contextlib
import csv
import itertools
import json
import os
import random
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.machine import describe_machine
from bot.labelling.questions import Candidate, rank
from ml import charts, gate
from ml.classifier import Classifier
from ml.data import LABELS, Table, read_table
from ml.retraining import HOLDOUT, Inputs, Recipe, Retraining, probabilities_of

STRATEGIES = ("queue", "random")
MOST_REVIEWS = 1_300


def reveal(
    strategy: str, pool: Table, asked: Sequence[int], model: Classifier, count: int
) -> list[int]:
    """Choose the next texts to ask about, as indices into the pool."""
    left = [i for i in range(len(pool.texts)) if i not in set(asked)]
    if strategy == "random":
        return random.Random(len(asked)).sample(left, min(count, len(left)))
    scores = model.predict([pool.texts[i] for i in left])
    candidates = {
        str(i): Candidate(str(i), pool.texts[i], 0, said, "")
        for i, said in zip(left, scores, strict=True)
    }
    chosen: list[int] = []
    for turn in range(min(count, len(left))):
        rest = list(candidates.values())
        questions = rank(rest, turn, f"{len(asked)}-{turn}", {0: 0.85})
        found = next(q for q in questions if q.task == pool.task)
        chosen.append(int(candidates.pop(found.candidate.key).key))
    return chosen


class Trial:
    """One fold: what is held out, what may be asked about, and the reviews."""

    def __init__(self, options: argparse.Namespace, fold: int) -> None:
        self._options, self._fold = options, fold
        table = read_table(options.data)
        self._held = table.only("test", fold, HOLDOUT)
        self.pool = table.only("train", fold, HOLDOUT).apart_from([self._held])
        reviews = read_table(options.reviews).only("test")
        self._reviews = reviews.take(range(min(MOST_REVIEWS, len(reviews.texts))))

    def curve(self, strategy: str) -> Iterator[dict[str, float]]:
        """Yield what is measured after each step."""
        model, asked = Classifier.load(self._options.champion), list[int]()
        yield self._measured(model, 0)
        with tempfile.TemporaryDirectory(prefix="nastroi-learning-") as folder:
            for number in range(10**6):
                new = reveal(strategy, self.pool, asked, model, self._options.step)
                if not new:
                    return
                asked += new
                model = self._retrained(asked, Path(folder) / str(number))
                yield self._measured(model, len(asked))

    def _retrained(self, asked: Sequence[int], folder: Path) -> Classifier:
        folder.mkdir()
        shown = self.pool.take(list(asked))
        labelled, unlabelled = folder / "community.csv", folder / "unlabelled.txt"
        _write(labelled, (self._held, shown))
        rest = [self.pool.texts[i] for i in range(len(self.pool.texts)) if i not in set(asked)]
        unlabelled.write_text("".join(" ".join(text.split()) + "\n" for text in rest))
        inputs = Inputs(self._options.champion, [labelled], unlabelled if rest else None)
        training = Retraining(inputs, Recipe(fold=self._fold), lambda *told: None)
        with open(os.devnull, "w") as nowhere, contextlib.redirect_stderr(nowhere):  # noqa: PTH123
            training.train(folder / "challenger", "challenger")
        return Classifier.load(folder / "challenger")

    def _measured(self, model: Classifier, labels: int) -> dict[str, float]:
        held, reviews = (_figures(model, table) for table in (self._held, self._reviews))
        return {
            "labels": labels,
            "macro_f1": held.macro_f1,
            "reviews_accuracy": reviews.accuracy,
        }


def _figures(model: Classifier, table: Table) -> gate.Figures:
    said = probabilities_of(model, table)
    truth = np.array(table.labels, np.int64)
    judged = gate.Judged("", table.task, LABELS[table.task], truth, said, said)
    return gate.figures(judged, said)


def _write(path: Path, tables: Sequence[Table]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["text", "label"])
        for table in tables:
            names = LABELS[table.task]
            writer.writerows(
                (text, names[label]) for text, label in zip(table.texts, table.labels, strict=True)
            )


def mean_curve(curves: Sequence[Sequence[Mapping[str, float]]]) -> list[dict[str, float]]:
    """Average the folds' curves step by step; the folds' last steps may differ in size."""
    return [
        {name: float(np.mean([step[name] for step in steps])) for name in steps[0]}
        for steps in zip(*curves, strict=False)
    ]


def labels_needed(curve: Sequence[Mapping[str, float]], wanted: float) -> float | None:
    """Return how many labels first reach a macro-F1, between steps in proportion; None if none."""
    for before, after in itertools.pairwise(curve):
        if after["macro_f1"] >= wanted:
            gain = after["macro_f1"] - before["macro_f1"]
            share = (wanted - before["macro_f1"]) / gain if gain > 0 else 0.0
            return before["labels"] + max(share, 0.0) * (after["labels"] - before["labels"])
    return None


def draw(curves: Mapping[str, Sequence[Mapping[str, float]]], path: Path) -> None:
    """Draw both curves."""
    figure, (axes,) = charts.new_figure(size=(6.4, 4.4))
    for marker, (name, curve) in zip(charts.MARKERS, curves.items(), strict=False):
        axes.plot(
            [step["labels"] for step in curve],
            [step["macro_f1"] for step in curve],
            marker=marker,
            label="the /label queue" if name == "queue" else "at random",
        )
    axes.set(xlabel="labels", ylabel="macro-F1 on held-out posts", title="What labels teach")
    axes.legend(loc="lower right", frameon=False)
    charts.save_png(figure, path)


def measure(options: argparse.Namespace) -> dict[str, Any]:
    """Run all folds and strategies."""
    curves: dict[str, list[list[dict[str, float]]]] = {name: [] for name in STRATEGIES}
    for fold in options.folds:
        trial = Trial(options, fold)
        for strategy in STRATEGIES:
            curves[strategy].append(list(trial.curve(strategy)))
            print(f"fold {fold}, {strategy}: {curves[strategy][-1][-1]}", flush=True)
    means = {name: mean_curve(found) for name, found in curves.items()}
    wanted = means["random"][-1]["macro_f1"]
    needed = {name: labels_needed(curve, wanted) for name, curve in means.items()}
    return {
        "machine": describe_machine(),
        "folds": len(options.folds),
        "curves": means,
        "labels_for_randoms_last_macro_f1": needed,
    }


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.learning", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="the community's labelled posts")
    parser.add_argument("--champion", type=Path, required=True, help="a model that knows reviews")
    parser.add_argument("--reviews", type=Path, required=True)
    parser.add_argument("--step", type=int, default=50)
    parser.add_argument("--folds", type=int, nargs="+", default=[0, 1, 2, 3, 4])
    parser.add_argument("--chart", type=Path)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    found = measure(options)
    if options.chart:
        draw(found["curves"], options.chart)
    if options.json:
        print(json.dumps(found, indent=2))
        return
    for name, curve in found["curves"].items():
        print(name, *(f"{step['labels']:.0f}: {step['macro_f1']:.3f}" for step in curve))


if __name__ == "__main__":
    main()
