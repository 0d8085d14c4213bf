"""The texts that a comparison learns from and judges on, and the terms that all rows share."""

import argparse
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from ml.data import Table, read_table, require_classes
from ml.errors import DataError
from ml.study.row import Labelled, Terms


def terms_of(options: argparse.Namespace) -> Terms:
    """Read the files of `ml.compare`'s options. Raises DataError."""
    learned = [_read(path) for path in options.data]
    judged = [_read(path) for path in options.test]
    known = {path.resolve() for path in options.data}
    test = [
        table.only("test") if table.path.resolve() in known else table
        for table in (judged or learned)
    ]
    train = [table.only("train").apart_from(test) for table in learned]
    # No row learns from more texts than the grid's widest cell asks for.
    widest = max(options.train_rows)
    return Terms(
        train=_shuffled(train, options.seed, min(widest, options.rows or widest)),
        test=_shuffled(test, options.seed, options.rows),
        tokenizer=options.tokenizer,
        epochs=max(options.epochs),
        threads=options.threads,
        seed=options.seed,
        finetune=options.finetune,
    )


def _read(path: Path) -> Table:
    table = read_table(path)
    if table.task != "sentiment":
        raise DataError(f"{path}: its labels are those of {table.task}; this compares sentiment")
    return table


def _shuffled(tables: Sequence[Table], seed: int, limit: int | None) -> Labelled:
    """Return all tables' rows in one random order; the first n are then a fair sample."""
    texts = [text for table in tables for text in table.texts]
    labels = [label for table in tables for label in table.labels]
    require_classes(Table(tables[0].path, "sentiment", texts, labels))
    order = np.random.default_rng(seed).permutation(len(texts))[:limit].tolist()
    return Labelled([texts[i] for i in order], [labels[i] for i in order])
