"""Pretrains a ruBERT-tiny-shaped model on raw text: `python -m ml.pretrain`.

Masked-language modelling with whole words hidden. The same command goes on where the last one
stopped; its result is the checkpoint directory under `--out`.
"""

import argparse
import hashlib
from collections.abc import Sequence
from pathlib import Path
from shutil import copyfile

import numpy as np
import torch
from tokenizers import Tokenizer

from ml.allocator import keep_freed_memory
from ml.checkpoint import WEIGHTS
from ml.commands import positive, run_command, whole_number
from ml.devices import find_device
from ml.errors import CheckpointError, DataError
from ml.files import writing
from ml.packing import Ids
from ml.pretraining import MAX_TOKENS, Pretraining, Recipe
from ml.sources import plain_lines
from ml.wordpiece import train_tokenizer

_CHUNK = 10_000  # lines tokenised at a time
_LARGEST_VOCABULARY = 40_000


def read_lines(paths: Sequence[Path]) -> list[str]:
    """Read the lines of plain or gzipped text, and the texts of labelled files.

    Raises DataError.
    """
    lines = [line for path in paths for line in plain_lines(path)]
    if not lines:
        raise DataError("the texts are empty; give files with one text a line")
    return lines


def adopt_tokenizer(checkpoint: Path, out: Path) -> None:
    """Let a run speak the vocabulary of the checkpoint that it goes on from.

    Raises CheckpointError.
    """
    if not (checkpoint / "tokenizer.json").exists() or not (checkpoint / WEIGHTS).exists():
        raise CheckpointError(
            f"{checkpoint} is no checkpoint of ml.pretrain; give the directory `checkpoint` that "
            "an earlier run wrote under its --out"
        )
    copyfile(checkpoint / "tokenizer.json", out / "tokenizer.json")


def tokenizer_of(lines: Sequence[str], vocab_size: int, out: Path) -> Tokenizer:
    """Train the tokenizer, or read the one that this run began with."""
    path = out / "tokenizer.json"
    if not path.exists():
        part = path.with_suffix(".part")
        train_tokenizer(lines, vocab_size).save(str(part))
        part.replace(path)
    return Tokenizer.from_file(str(path))


def documents_of(lines: Sequence[str], tokenizer: Tokenizer, out: Path) -> list[Ids]:
    """Tokenise, or read what an earlier start of this run tokenised."""
    digest = hashlib.sha256(tokenizer.to_str().encode())
    for line in lines:
        digest.update(line.encode())
    cache = out / f"tokens-{digest.hexdigest()[:16]}.npz"
    if not cache.exists():
        documents = tokenised(tokenizer, lines)
        part = cache.with_suffix(".part.npz")
        lengths = [len(document) for document in documents]
        with writing(cache):
            np.savez(part, ids=np.concatenate(documents), lengths=np.array(lengths))
            part.replace(cache)
    with np.load(cache) as stored:
        return np.split(stored["ids"], np.cumsum(stored["lengths"])[:-1])


def tokenised(tokenizer: Tokenizer, lines: Sequence[str]) -> list[Ids]:
    """Encode each line as [CLS] pieces [SEP], at most MAX_TOKENS of them."""
    tokenizer.enable_truncation(MAX_TOKENS)
    documents: list[Ids] = []
    for start in range(0, len(lines), _CHUNK):
        encoded = tokenizer.encode_batch_fast(lines[start : start + _CHUNK])
        documents += [np.array(item.ids, np.uint16) for item in encoded]
    tokenizer.no_truncation()
    return documents


def _vocabulary(argument: str) -> int:
    """Read a vocabulary's size; the counts of pairs at the start are its square."""
    if (size := whole_number(argument)) > _LARGEST_VOCABULARY:
        raise argparse.ArgumentTypeError(f"{size:,} is more than {_LARGEST_VOCABULARY:,}")
    return size


def parser() -> argparse.ArgumentParser:
    """Describe the command line."""
    described = argparse.ArgumentParser(prog="python -m ml.pretrain", description=__doc__)
    described.add_argument(
        "--text",
        type=Path,
        nargs="+",
        required=True,
        help="files with one text a line, .gz too; labelled .csv",
    )
    described.add_argument("--out", type=Path, required=True)
    described.add_argument(
        "--replace-with",
        type=Path,
        metavar="CHECKPOINT",
        help="go on from this checkpoint, finding the words that it replaced (ELECTRA)",
    )
    described.add_argument(
        "--vocab-size", type=_vocabulary, default=12_000, help="pieces, at most 40,000"
    )
    described.add_argument("--minutes", type=positive, default=80.0, help="the time budget")
    described.add_argument("--lr", type=positive, default=1.5e-3)
    described.add_argument("--seed", type=int, default=1)
    described.add_argument("--threads", type=whole_number, default=1)
    described.add_argument(
        "--fp32", action="store_true", help="even where the processor multiplies in bf16"
    )
    return described


def main(argv: Sequence[str] | None = None) -> None:
    """Run the command line."""
    options = parser().parse_args(argv)
    torch.set_num_threads(options.threads)
    keep_freed_memory()
    lines = read_lines(options.text)
    with writing(options.out):
        options.out.mkdir(parents=True, exist_ok=True)
    if options.replace_with:
        adopt_tokenizer(options.replace_with, options.out)
    tokenizer = tokenizer_of(lines, options.vocab_size, options.out)
    documents = documents_of(lines, tokenizer, options.out)
    bf16 = find_device("cpu", fp32=options.fp32).bf16
    recipe = Recipe(options.minutes, options.lr, options.seed, bf16)
    run = Pretraining(options.out, tokenizer, recipe, options.replace_with)
    run.begin(documents)
    tokens = sum(map(len, documents))
    print(
        f"{len(documents):,} texts, {tokens:,} tokens, from step {run.progress.steps}", flush=True
    )
    run.run(documents)


if __name__ == "__main__":
    run_command(main)
