"""Our classifier against transformers' pipeline on the same weights: `python -m benchmarks.model`.

Both run in this process on as many threads, turn by turn: what disturbs one disturbs both. The
pipeline gets float32 weights, its fastest on a CPU: in the checkpoint's own fp16 it is far slower.
"""

import argparse
import itertools
import json
import os
import statistics
import time
from collections.abc import Callable, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

import torch
from transformers import pipeline
from transformers.utils import logging

from benchmarks.machine import describe_machine
from benchmarks.texts import write_texts
from ml.allocator import keep_freed_memory
from ml.classifier import Classifier

SHIPPED = Path(__file__).parent.parent / "models" / "nastroi-tiny"
BATCH = 64
ONE_TEXT_GOAL, BULK_GOAL = 4.0, 3.0  # times faster than the pipeline


Scorer = Callable[[list[str]], object]


def in_turns(
    scorers: dict[str, Scorer], batches: Sequence[list[str]], rounds: int
) -> dict[str, list[float]]:
    """Give each round's batch to every scorer and return the milliseconds that each took."""
    for score in scorers.values():
        for _ in range(3):
            score(batches[0])
    taken: dict[str, list[float]] = {name: [] for name in scorers}
    for number in range(rounds):
        for name, score in scorers.items():
            started = time.perf_counter()
            score(batches[number % len(batches)])
            taken[name].append(1_000 * (time.perf_counter() - started))
    return taken


def summary(taken: dict[str, list[float]], texts: int, goal: float) -> dict[str, Any]:
    """Return medians in milliseconds a text, and how many times faster ours is."""
    medians = {name: statistics.median(values) / texts for name, values in taken.items()}
    ninth = {name: sorted(values)[int(len(values) * 0.9)] / texts for name, values in taken.items()}
    return {
        "ms_per_text": {name: round(value, 4) for name, value in medians.items()},
        "ms_per_text_p90": {name: round(value, 4) for name, value in ninth.items()},
        "times_faster": round(medians["pipeline"] / medians["ours"], 2),
        "goal": goal,
    }


def measure(directory: Path, threads: int, rounds: int) -> dict[str, Any]:
    """Compare on single texts and on batches of 64 on a CPU."""
    torch.set_num_threads(threads)
    keep_freed_memory()
    logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    texts = list(itertools.islice(write_texts(), 4 * BATCH))
    batches = [texts[start : start + BATCH] for start in range(0, len(texts), BATCH)]
    ours = Classifier.load(directory, device="cpu", threads=threads)
    theirs = pipeline(
        "text-classification", model=str(directory), device="cpu", dtype=torch.float32, top_k=None
    )
    ours.warm()
    scorers: dict[str, Scorer] = {
        "ours": ours.predict,
        "pipeline": lambda batch: theirs(batch, batch_size=len(batch)),
    }
    one = in_turns(scorers, [[text] for text in texts], 4 * rounds)
    bulk = in_turns(scorers, batches, rounds)
    return {
        "one_text": summary(one, 1, ONE_TEXT_GOAL),
        "batch_of_64": summary(bulk, BATCH, BULK_GOAL),
        "engine": ours.engine,
        "model": ours.version,
        "threads": threads,
        "machine": describe_machine(),
        "versions": {name: version(name) for name in ("onnxruntime", "torch", "transformers")},
    }


def main(argv: Sequence[str] | None = None) -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.model", description=__doc__)
    parser.add_argument("--model", type=Path, default=SHIPPED)
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--rounds", type=int, default=40, help="batches; four times as many texts")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(argv)
    result = measure(options.model, options.threads, options.rounds)
    print(json.dumps(result, indent=None if options.json else 2, ensure_ascii=False))


if __name__ == "__main__":
    main()
