"""Fine-tunes a checkpoint on labelled texts and writes a model version: `python -m ml.train`.

The same command goes on where an earlier start of it stopped.
"""

import argparse
import os
from collections.abc import Sequence
from pathlib import Path

import torch

from ml.allocator import keep_freed_memory
from ml.commands import positive, run_command, share, whole_number
from ml.named_model import model_path
from ml.registry import Registry, default_url
from ml.teachers import EnsembleTeacher, Teacher, TfidfTeacher, VersionTeacher
from ml.training import Training


def teacher_of(argument: str, training: Training) -> Teacher:
    """Read tfidf, ensemble:N, or a model version's directory or name."""
    if argument == "tfidf":
        return TfidfTeacher()
    kind, _, count = argument.partition(":")
    if kind == "ensemble" and count.isdigit():
        return EnsembleTeacher(int(count), training.fit_member)
    return VersionTeacher(model_path(argument, Registry(training.options.registry)))


def parser() -> argparse.ArgumentParser:
    """Describe the command line."""
    described = argparse.ArgumentParser(prog="python -m ml.train", description=__doc__)
    add = described.add_argument
    add("--base", required=True, help="a checkpoint: directory, version or name on the hub")
    add(
        "--data",
        nargs="+",
        required=True,
        metavar="FILE[=LABEL][:WEIGHT]",
        help="text and label; =LABEL gives all its rows one label",
    )
    add("--out", type=Path, required=True)
    add("--name", help="the model's name; by default the directory's")
    add("--registry", default=default_url(), help="where versions are looked up")
    add("--epochs", type=whole_number, default=3)
    add("--lr", type=positive, default=4e-4)
    add("--smoothing", type=share, default=0.05, help="of labels, which may be wrong")
    add("--seeds", type=int, nargs="+", default=[1], help="several: their weights are averaged")
    add(
        "--teacher",
        nargs="+",
        default=[],
        metavar="TEACHER",
        help="tfidf, ensemble:N (N models like the student), or a model's directory or version",
    )
    add("--teacher-share", type=share, default=0.5, help="of a target, beside the label")
    add(
        "--unlabelled",
        nargs="+",
        default=[],
        metavar="FILE[:COUNT]",
        help="texts that only the teachers judge, one a line",
    )
    add("--fold", type=int, default=0, choices=range(10), help="which tenth is kept for the test")
    add(
        "--learn-test",
        action="store_true",
        help="learn from the test tenth too, once the recipe has been measured without it",
    )
    add("--device", choices=("auto", "cpu", "cuda"), default="auto")
    add("--threads", type=whole_number, default=os.cpu_count())
    add("--fp32", action="store_true", help="even where the device multiplies in bf16")
    return described


def main(argv: Sequence[str] | None = None) -> None:
    """Run the command line."""
    options = parser().parse_args(argv)
    if options.unlabelled and not options.teacher:
        parser().error("--unlabelled texts are judged by teachers: give --teacher too")
    torch.set_num_threads(options.threads)
    keep_freed_memory()
    training = Training(options)
    training.run([teacher_of(argument, training) for argument in options.teacher])


if __name__ == "__main__":
    run_command(main)
