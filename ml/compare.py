"""The study's comparison, for any list of models: `python -m ml.compare`.

Each row is measured in a process of its own and kept, so that Ctrl-C costs only the row at work.
"""

import argparse
import json
import os
from collections.abc import Sequence
from pathlib import Path

from ml.commands import run_command, whole_number
from ml.errors import MlError
from ml.files import whole_directory
from ml.named_model import SHIPPED
from ml.study.entries import merged, named_entry, study_entries
from ml.study.journal import Journal
from ml.study.result import Result
from ml.study.row import TRANSFORMER, Entry
from ml.study.run import Plan, StudyRun
from ml.study.systems import SCRATCH, TFIDF
from ml.study.texts import terms_of
from ml.tokenization import load_tokenizer

PAGE, FIGURES = "comparison.md", "comparison.json"


def compare(options: argparse.Namespace) -> Result:
    """Measure what the options ask for. Raises MlError where they, or the files, won't do."""
    from ml.study.machine import describe_machine

    _require_replaceable(options.out)
    grid = [named_entry(argument, options.weights) for argument in options.grid]
    plan = Plan(_chosen(options, grid), grid, options.train_rows, options.epochs)
    load_tokenizer(options.tokenizer)  # better said now than by every row that needs it
    terms = terms_of(options)
    journal = Journal(options.out.with_name(f".{options.out.name}-rows"))
    if options.fresh:
        journal.clear()
    run = StudyRun(plan, terms, journal)
    rows = run.rows()
    return Result(
        rows=rows,
        cells=run.cells(rows),
        failures=run.failures,
        data=sorted({path.name for path in (*options.data, *options.test)}),
        train_texts=len(terms.train.texts),
        test_texts=len(terms.test.texts),
        seed=terms.seed,
        machine=describe_machine(terms.threads),
    )


def _chosen(options: argparse.Namespace, grid: Sequence[Entry]) -> list[Entry]:
    entries = study_entries(options.weights) if options.preset == "study" else []
    more = [named_entry(argument, options.weights) for argument in options.models]
    # A base of the grid belongs into the table too: it is what our recipe makes of these texts.
    more += [entry for entry in grid if entry.kind in (TRANSFORMER, SCRATCH)]
    if not (found := merged(entries, more)):
        raise MlError("nothing to compare; give --preset study, or --models NAME=DIRECTORY …")
    return found


def _require_replaceable(out: Path) -> None:
    """Raise MlError where something stands that is no comparison: it must not be swept away."""
    if out.exists() and not (out / FIGURES).exists() and (out.is_file() or any(out.iterdir())):
        raise MlError(f"{out} exists and holds no comparison; give another --out")


def write(result: Result, out: Path) -> None:
    """Write page, figures and pictures, all or none."""
    from ml.study import figures, page

    with whole_directory(out) as directory:
        figures.draw(result, directory)
        (directory / PAGE).write_text(page.page(result), encoding="utf-8")
        text = json.dumps(result.as_json(), ensure_ascii=False, indent=1)
        (directory / FIGURES).write_text(text + "\n", encoding="utf-8")


def parser() -> argparse.ArgumentParser:
    """Describe the command line."""
    described = argparse.ArgumentParser(prog="python -m ml.compare", description=__doc__)
    add = described.add_argument
    add("--preset", choices=["study"], help="all systems of the study, and what it argues against")
    add(
        "--models",
        nargs="+",
        default=[],
        metavar="NAME=DIR_OR_HUB",
        help="more rows, or other weights for a row of the preset; also tfidf, lstm, bilstm, "
        "lexicon, scratch, or a name of the preset",
    )
    add("--weights", type=Path, metavar="DIR", help="has a folder named after each system")
    add("--data", type=Path, nargs="+", required=True, metavar="FILE", help="to learn from")
    add(
        "--test",
        type=Path,
        nargs="+",
        default=[],
        metavar="FILE",
        help="to judge on: all its rows, or its test part where it is among --data; by default "
        "the test part of --data",
    )
    add("--out", type=Path, required=True, help="the directory to write")
    add("--train-rows", type=whole_number, nargs="+", default=[3_000, 9_000, 27_000], metavar="N")
    add("--epochs", type=whole_number, nargs="+", default=[1, 2], metavar="N")
    add(
        "--grid",
        nargs="*",
        default=[SCRATCH, TFIDF],
        metavar="NAME=DIR_OR_HUB",
        help="which models learn from each number of texts for each number of epochs",
    )
    add(
        "--rows",
        type=whole_number,
        metavar="N",
        help="at most so many texts to learn from and to judge on",
    )
    add("--finetune", action="store_true", help="also what has a head for sentiment already")
    add("--tokenizer", type=Path, default=SHIPPED, help="for LSTMs and what has no weights")
    add("--threads", type=whole_number, default=os.cpu_count(), help="of the CPU; by default all")
    add("--seed", type=int, default=1)
    add("--fresh", action="store_true", help="forget the rows kept from an earlier run")
    add("--json", action="store_true", help="print the figures as one JSON object")
    return described


def main(argv: Sequence[str] | None = None) -> None:
    """Run the command line."""
    options = parser().parse_args(argv)
    result = compare(options)
    write(result, options.out)
    if options.json:
        print(json.dumps(result.as_json(), ensure_ascii=False))
    else:
        print(f"{options.out / PAGE}: {len(result.rows)} rows, {len(result.failures)} failures")


if __name__ == "__main__":
    run_command(main)
