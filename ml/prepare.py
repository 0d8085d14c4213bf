"""Makes a clean data set of labelled texts: `python -m ml.prepare`.

CSV, TSV or JSON lines with text and label, or text and stars, go in; a normalised CSV without
copies comes out, with a report. `--split` writes train, validation and test: the texts that it
tests are those that `ml.train` would test in the same file, and near-duplicates stay together.
"""

import argparse
import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from ml.commands import run_command
from ml.data import LABELS, Shares, Table, read_table
from ml.download import DATASETS, download
from ml.errors import MlError
from ml.files import whole_directory, write_whole, writing
from ml.inventory import inventory, printed
from ml.preparation import Prepared, Recipe, csv_bytes, prepare

_STUDY = "9:1"


def parse_shares(argument: str) -> Shares:
    """Read TRAIN:TEST or TRAIN:VALIDATION:TEST, in any unit."""
    try:
        numbers = [float(number) for number in argument.split(":")]
    except ValueError:
        numbers = []
    if len(numbers) not in (2, 3) or not all(0 < number < 1e9 for number in numbers):
        raise argparse.ArgumentTypeError(
            f"{argument!r} is no split; give train:test or train:validation:test, such as {_STUDY}"
        )
    percents = [100 * number / sum(numbers) for number in numbers]
    return Shares(test=percents[-1], validation=percents[1] if len(numbers) == 3 else 0.0)


def write(prepared: Prepared, out: Path) -> None:
    """Write one file, or a directory with a file a part; whole or not at all. Raises MlError."""
    if "all" in prepared.parts:
        _write_file(out, _content(prepared.parts["all"]))
        return
    with whole_directory(out) as directory:
        for name, part in prepared.parts.items():
            (directory / f"{name}.csv").write_bytes(_content(part))


def _write_file(path: Path, content: bytes) -> None:
    if not path.exists() or path.is_file():
        write_whole(path, content)
        return
    with writing(path):  # /dev/stdout and the like: not to be renamed over
        path.write_bytes(content)


def _content(table: Table) -> bytes:
    return csv_bytes(table, LABELS[table.task])


def require_place(data: Path, out: Path, split: bool) -> None:
    """Raise MlError before any work where the output can't go to `out`."""
    if out.exists() and data.exists() and out.samefile(data):
        raise MlError(f"{out} is the file that is read; give --out another name")
    if not split and out.is_dir():
        raise MlError(f"{out} is a directory; give --out a file, or --split")
    if split and out.exists():
        if not out.is_dir():
            raise MlError(f"{out} is a file; --split writes a directory, give --out another name")
        ours = {f"{name}.csv" for name in Shares().parts}
        if others := sorted(path.name for path in out.iterdir() if path.name not in ours):
            raise MlError(f"{out} holds other files ({others[0]}); give --out a new directory")


def _prepare(options: argparse.Namespace) -> None:
    require_place(options.data, options.out, options.split is not None)
    recipe = Recipe(
        lemmatise=options.lemmatize,
        mask_stop_words=options.mask_stopwords,
        balance=options.balance,
        seed=options.seed,
        shares=options.split,
        partial=options.partial,
    )
    prepared = prepare(read_table(options.data, options.task), recipe)
    report = inventory(prepared)
    in_json = json.dumps(report, ensure_ascii=False, indent=2)
    write(prepared, options.out)
    if options.report:
        _write_file(options.report, (in_json + "\n").encode())
    print(in_json if options.json else printed(report))


def _download(options: argparse.Namespace) -> None:
    if options.out.exists() and not options.out.is_dir():
        raise MlError(f"{options.out} is a file; --download needs a directory as --out")
    dataset = DATASETS[options.download]
    if options.mirror:
        dataset = replace(dataset, url=options.mirror)
    path = download(dataset, options.out)
    print(f"{path}: {dataset.rows:,} rows; next: python -m ml.prepare --data {path} --out FILE")


def parser() -> argparse.ArgumentParser:
    """Describe the command line."""
    described = argparse.ArgumentParser(prog="python -m ml.prepare", description=__doc__)
    source = described.add_mutually_exclusive_group(required=True)
    source.add_argument("--data", type=Path, metavar="FILE", help="CSV, TSV, JSONL")
    source.add_argument("--download", choices=list(DATASETS), help="fetch a public data set")
    described.add_argument("--mirror", metavar="URL", help="where else --download finds the file")
    described.add_argument(
        "--out", type=Path, required=True, help="a CSV; with --split or --download a directory"
    )
    described.add_argument("--task", choices=list(LABELS), help="by default the labels say")
    described.add_argument("--lemmatize", action="store_true", help="dictionary forms (pymorphy3)")
    described.add_argument(
        "--mask-stopwords",
        action="store_true",
        help="one [MASK] for each run of stop words; negations stay. Compact what you score too",
    )
    described.add_argument(
        "--balance", action="store_true", help="as many rows of each class, drawn by --seed"
    )
    described.add_argument("--seed", type=int, default=1)
    described.add_argument(
        "--split",
        type=parse_shares,
        nargs="?",
        const=parse_shares(_STUDY),
        metavar="TRAIN[:VALIDATION]:TEST",
        help=f"write train.csv, test.csv ...; by default {_STUDY}",
    )
    described.add_argument(
        "--partial", action="store_true", help="let classes be empty: other files bring them"
    )
    described.add_argument("--report", type=Path, metavar="FILE", help="write the report as JSON")
    described.add_argument("--json", action="store_true", help="print the report as JSON")
    return described


def main(argv: Sequence[str] | None = None) -> None:
    """Run the command line."""
    options = parser().parse_args(argv)
    if options.download:
        _download(options)
    else:
        _prepare(options)


if __name__ == "__main__":
    run_command(main)
