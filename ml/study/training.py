"""Trains the comparison's networks, or reckons how long that would take from a few real steps."""

import statistics
import time
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ml.batching import width_for
from ml.devices import find_device
from ml.errors import MlError
from ml.examples import Examples, class_weights
from ml.finetuning import FineTuning, Schedule
from ml.manifest import SENTIMENT
from ml.study.contenders import PLAIN_OUTPUTS, NetworkContender, TfidfContender
from ml.study.curves import Curve
from ml.study.machine import available_bytes
from ml.study.recurrent import RecurrentClassifier
from ml.study.row import Labelled, Trained
from ml.tfidf import TfidfClassifier

# Weights, their average, gradients, two moments, in float32, and the matrices again in bfloat16.
_TRAINING_BYTES_A_PARAMETER = 22
_STEPS_TIMED = 3  # the first only warms up
_GIGABYTE = 1 << 30
_LEARNING_RATES = ((400, 4e-4), (800, 5e-5))  # up to so many channels; wider networks diverge
_RATE_OF_THE_WIDEST, _RATE_OF_AN_LSTM = 2e-5, 2e-3


@dataclass(frozen=True, slots=True)
class Course:
    """How long to learn, and the seed of the batches' order."""

    epochs: int
    seed: int = 1


def fit_network(network: NetworkContender, data: Labelled, course: Course) -> Trained:
    """Fine-tune a network with a plain sentiment head; it ends with the averaged weights."""
    started = time.perf_counter()
    examples = _examples(network, data)
    run = _run(network, examples, course.epochs)
    curve = Curve(run.model, examples, len(SENTIMENT))
    for _ in run.epochs(examples, network.tokenizer.pad_id, course.seed):
        pass
    curve.close()
    network.model.load_state_dict(run.averaged.state_dict())
    network.model.to("cpu").eval()
    seconds = time.perf_counter() - started
    return Trained(seconds, len(data.texts), course.epochs, False, curve.losses, curve.accuracies)


def fit_tfidf(data: Labelled) -> tuple[TfidfContender, Trained]:
    """Fit TF-IDF and its regression; it has no epochs, so 0 stands for them."""
    started = time.perf_counter()
    fitted = TfidfClassifier().fit(data.texts, data.labels, len(SENTIMENT))
    return TfidfContender(fitted), Trained(time.perf_counter() - started, len(data.texts), 0)


def estimate_training(network: NetworkContender, data: Labelled, course: Course) -> Trained:
    """Time a few steps of the real recipe and reckon the whole from its tokens, padding included.

    Raises MlError where the memory would not do.
    """
    _require_memory(network.parameters)
    examples = _examples(network, data)
    widths = np.array([width_for(len(ids)) for ids in examples.encoded])
    batch = _usual_batch(examples, widths)
    run = _run(network, batch, _STEPS_TIMED)  # one batch is one epoch, so each yield is a step
    steps = run.epochs(batch, network.tokenizer.pad_id, course.seed)
    marks = [time.perf_counter() for _ in steps]
    network.model.to("cpu").eval()
    step = statistics.median(np.diff(marks).tolist())
    tokens = sum(width_for(len(ids)) for ids in batch.encoded)
    seconds = step / tokens * float(widths.sum()) * course.epochs
    return Trained(seconds, len(data.texts), course.epochs, estimated=True)


def _examples(network: NetworkContender, data: Labelled) -> Examples:
    targets = np.array(data.labels, np.int64)[:, None]
    return Examples(network.tokenizer.encode(data.texts), targets, np.ones(len(data.texts)))


def _usual_batch(examples: Examples, widths: NDArray[np.int64]) -> Examples:
    """Return one full batch of the width that most tokens stand in."""
    found, counts = np.unique(widths, return_counts=True)
    width = int(found[(found * counts).argmax()])
    kept = np.flatnonzero(widths == width)[: max(1, Schedule().batch_tokens // width)]
    encoded = [examples.encoded[place] for place in kept]
    return Examples(encoded, examples.targets[kept], np.ones(len(kept)))


def _run(network: NetworkContender, examples: Examples, epochs: int) -> FineTuning:
    # An LSTM's many small products gain nothing from bfloat16, and its states lose by it.
    device = find_device(fp32=isinstance(network.model, RecurrentClassifier))
    schedule = Schedule(epochs, learning_rate(network))
    tasks = PLAIN_OUTPUTS.tasks
    return FineTuning(network.model, tasks, class_weights(examples, tasks), schedule, device)


def learning_rate(network: NetworkContender) -> float:
    """Return the peak rate that suits a network's kind and width."""
    if isinstance(network.model, RecurrentClassifier):
        return _RATE_OF_AN_LSTM
    hidden = int(network.model.config.hidden_size)  # type: ignore[union-attr, arg-type]
    return next((rate for widest, rate in _LEARNING_RATES if hidden <= widest), _RATE_OF_THE_WIDEST)


def _require_memory(parameters: int) -> None:
    needed, free = parameters * _TRAINING_BYTES_A_PARAMETER + _GIGABYTE, available_bytes()
    if free is not None and free < needed:
        raise MlError(
            f"training needs about {needed / _GIGABYTE:.0f} GB, {free / _GIGABYTE:.0f} are free"
        )
