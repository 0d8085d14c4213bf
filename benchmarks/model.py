"""How fast the model scores and learns: `python -m benchmarks.model`.

Our classifier against transformers' pipeline on the same weights, then what its time goes into,
then our fine-tuning against transformers' Trainer. Rivals run in this process on as many threads,
turn by turn: what disturbs one disturbs both. The pipeline gets float32 weights, its fastest on a
CPU: in the checkpoint's own fp16 it is far slower.
"""

import argparse
import itertools
import json
import os
import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import torch
from transformers import pipeline
from transformers.utils import logging

from benchmarks import serving, training
from benchmarks.machine import describe_machine
from benchmarks.texts import write_texts
from benchmarks.turns import in_turns
from ml.allocator import keep_freed_memory
from ml.classifier import Classifier

SHIPPED = Path(__file__).parent.parent / "models" / "nastroi-tiny"
BATCH = 64
ONE_TEXT_GOAL, BULK_GOAL = 4.0, 3.0  # times faster than the pipeline

Scorer = Callable[[list[str]], object]


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


@dataclass(frozen=True, slots=True)
class Plan:
    """What to measure, and for how long."""

    directory: Path
    threads: int
    rounds: int  # batches; four times as many single texts
    training_rounds: int  # epochs of each trainer


def measure(plan: Plan) -> dict[str, Any]:
    """Take all figures on a CPU."""
    torch.set_num_threads(plan.threads)
    keep_freed_memory()
    logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    texts = list(itertools.islice(write_texts(), serving.BULK))
    ours = Classifier.load(plan.directory, device="cpu", threads=plan.threads)
    ours.warm()
    run = (plan.threads, plan.rounds)
    return {
        **against_pipeline(ours, plan, texts),
        "product_rate": serving.product_share(ours, plan.directory, texts, run),
        "tokenizer_share": serving.tokenizer_share(ours, plan.directory, texts, plan.rounds),
        "by_batch": serving.texts_per_second(ours, texts, max(plan.rounds // 4, 1)),
        **(
            {"training": training.compare(plan.directory, plan.training_rounds)}
            if plan.training_rounds
            else {}
        ),
        "engine": ours.engine,
        "model": ours.version,
        "threads": plan.threads,
        "machine": describe_machine(),
        "versions": {name: version(name) for name in ("onnxruntime", "torch", "transformers")},
    }


def against_pipeline(ours: Classifier, plan: Plan, texts: list[str]) -> dict[str, Any]:
    """Compare on single texts and on batches of 64."""
    theirs = pipeline(
        "text-classification",
        model=str(plan.directory),
        device="cpu",
        dtype=torch.float32,
        top_k=None,
    )
    scorers: dict[str, Scorer] = {
        "ours": ours.predict,
        "pipeline": lambda batch: theirs(batch, batch_size=len(batch)),
    }
    batches = [texts[start : start + BATCH] for start in range(0, len(texts), BATCH)]
    one = in_turns(scorers, [[text] for text in texts], 4 * plan.rounds)
    bulk = in_turns(scorers, batches, plan.rounds)
    return {
        "one_text": summary(one, 1, ONE_TEXT_GOAL),
        "batch_of_64": summary(bulk, BATCH, BULK_GOAL),
    }


def main(argv: Sequence[str] | None = None) -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.model", description=__doc__)
    parser.add_argument("--model", type=Path, default=SHIPPED)
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--rounds", type=int, default=40, help="batches; four times as many texts")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--training-rounds", type=int, default=3, help="epochs; 0: no training")
    options = parser.parse_args(argv)
    result = measure(Plan(options.model, options.threads, options.rounds, options.training_rounds))
    print(json.dumps(result, indent=None if options.json else 2, ensure_ascii=False))


if __name__ == "__main__":
    main()
