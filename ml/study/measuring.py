"""Measures a row of the comparison, or a cell of its grid, as far as the weights allow.

`ml.compare` runs each in a process of its own.
"""

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
from transformers import AutoConfig, AutoModelForSequenceClassification, BertConfig

from ml import manifest as manifests
from ml import metrics
from ml.allocator import keep_freed_memory
from ml.base import open_base, quiet
from ml.errors import CheckpointError, MlError
from ml.hub import find_checkpoint
from ml.manifest import SENTIMENT
from ml.study.contenders import (
    PLAIN_OUTPUTS,
    Contender,
    GpuContender,
    LexiconContender,
    NetworkContender,
    Outputs,
    ServedContender,
)
from ml.study.recurrent import RecurrentClassifier, RecurrentShape
from ml.study.row import NO_WEIGHTS, Cell, Entry, Labelled, Quality, Row, Terms, Trained
from ml.study.speed import Speed, measure_speed
from ml.study.systems import BILSTM, LEXICON, LSTM, RUBERT_TINY, SCRATCH, TFIDF, Shape
from ml.study.training import Course, estimate_training, fit_network, fit_tfidf
from ml.tokenization import TextTokenizer, load_tokenizer

_LSTM_EPOCHS = 2  # for each of a pretrained network's: it starts from random weights


@dataclass(frozen=True, slots=True)
class _Prepared:
    """A contender, and what its row says beside the figures; `judged` where it has learned."""

    contender: Contender
    weights: str
    training: Trained | None = None
    training_note: str = ""
    judged: bool = True
    quality_note: str = ""


def measure_row(entry: Entry, terms: Terms) -> Row:
    """Prepare a system, train it where it can be, judge it and time it."""
    _settle(terms)
    prepared = _prepared(entry, terms)
    contender = prepared.contender
    quality = judge(contender, terms.test) if prepared.judged else None
    parameters, disk_bytes = contender.parameters, contender.disk_bytes
    cpu = measure_speed(contender.probabilities, terms.test.texts, terms.budget)
    network = contender if isinstance(contender, NetworkContender) else None
    gpu, gpu_engine = _on_gpu(network, terms)
    return Row(
        name=entry.name,
        kind=entry.kind,
        weights=prepared.weights,
        engine=contender.engine,
        parameters=parameters,
        disk_bytes=disk_bytes,
        disk_note=contender.disk_note,
        sentence_tokens=network.sentence_tokens if network else None,
        cpu=cpu,
        gpu=gpu,
        gpu_engine=gpu_engine,
        training=prepared.training,
        training_note=prepared.training_note,
        quality=quality,
        quality_note=prepared.quality_note,
        published=entry.published,
        measured_at=manifests.now(),
    )


def measure_cell(entry: Entry, terms: Terms, asked: int) -> Cell:
    """Train on at most `asked` texts for the terms' epochs and judge."""
    _settle(terms)
    data = terms.train.first(asked)
    if entry.kind == TFIDF:
        contender, training = fit_tfidf(data)
        return Cell(entry.name, asked, training, judge(contender, terms.test))
    network = _trainable(entry, terms)
    training = fit_network(network, data, Course(terms.epochs, terms.seed))
    return Cell(entry.name, asked, training, judge(network, terms.test))


def judge(contender: Contender, test: Labelled) -> Quality:
    """Measure a contender on the test texts."""
    truth, found = np.array(test.labels), contender.probabilities(test.texts)
    predicted = found.argmax(axis=1)
    return Quality(
        texts=len(truth),
        accuracy=metrics.accuracy(truth, predicted),
        accuracy_interval=metrics.interval(truth, predicted, metrics.accuracy),
        macro_f1=metrics.macro_f1(truth, predicted),
        macro_f1_interval=metrics.interval(truth, predicted, metrics.macro_f1),
        loss=metrics.log_loss(truth, found),
    )


def _settle(terms: Terms) -> None:
    torch.set_num_threads(terms.threads)
    torch.manual_seed(terms.seed)
    keep_freed_memory()
    quiet()


def _prepared(entry: Entry, terms: Terms) -> _Prepared:
    if entry.kind == LEXICON:
        return _Prepared(LexiconContender(), "written by hand", training_note="learns nothing")
    if entry.kind == TFIDF:
        contender, training = fit_tfidf(terms.train)
        return _Prepared(contender, "trained here", training)
    if entry.kind in (LSTM, BILSTM, SCRATCH):
        network = _trainable(entry, terms)
        rounds = 1 if entry.kind == SCRATCH else _LSTM_EPOCHS
        course = Course(terms.epochs * rounds, terms.seed)
        return _Prepared(network, "trained here", fit_network(network, terms.train, course))
    return _transformer(entry, terms)


def _trainable(entry: Entry, terms: Terms) -> NetworkContender:
    """Return a fresh network with a plain sentiment head: from scratch, or from a checkpoint."""
    if entry.kind in (LSTM, BILSTM):
        pieces = load_tokenizer(terms.tokenizer).get_vocab_size()
        shape = RecurrentShape(pieces, len(SENTIMENT), both_ways=entry.kind == BILSTM)
        tokenizer = TextTokenizer(load_tokenizer(terms.tokenizer))
        return NetworkContender(RecurrentClassifier(shape), tokenizer, PLAIN_OUTPUTS, None)
    if entry.kind == SCRATCH:
        pieces = load_tokenizer(terms.tokenizer).get_vocab_size()
        return _random_network(replace(RUBERT_TINY, vocabulary=pieces), None, terms)
    return _opened(_found(entry), PLAIN_OUTPUTS)


def _transformer(entry: Entry, terms: Terms) -> _Prepared:
    try:
        directory = _found(entry)
    except CheckpointError as error:
        if entry.shape is None:
            raise
        return _without_weights(entry, None, terms, str(error))
    if not list(directory.glob("model*.safetensors")):
        reason = f"{directory.name} has no model.safetensors"
        return _without_weights(entry, directory, terms, reason)
    if entry.served:
        return _Prepared(
            ServedContender(directory, terms.threads), _origin(entry), training_note="as is"
        )
    outputs = _own_outputs(directory)
    if outputs is not None and not terms.finetune:
        note = f"as is: {_experience(directory)}"
        return _Prepared(_opened(directory, outputs), _origin(entry), training_note=note)
    network = _opened(directory, PLAIN_OUTPUTS)
    training = fit_network(network, terms.train, Course(terms.epochs, terms.seed))
    return _Prepared(network, f"{_origin(entry)}, fine-tuned here", training)


def _found(entry: Entry) -> Path:
    """Return the checkpoint's directory. Raises CheckpointError in fewer words than the hub's."""
    try:
        return find_checkpoint(str(entry.weights))
    except CheckpointError:
        raise CheckpointError(
            f"{entry.weights} is neither a directory here nor to be had from the hub"
        ) from None


def _origin(entry: Entry) -> str:
    """Say where weights come from, without the machine's paths."""
    named = str(entry.weights)
    return f"directory {Path(named).name}" if Path(named).is_dir() else f"hub, {named}"


def _own_outputs(directory: Path) -> Outputs | None:
    """Return what a checkpoint's own head says, or None where it has no sentiment head."""
    try:
        manifest = manifests.read(directory)
    except CheckpointError:
        return None
    if sorted(manifest.tasks.get("sentiment", ())) != sorted(SENTIMENT):
        return None
    return Outputs(manifest.tasks, manifest.temperature("sentiment"))


def _experience(directory: Path) -> str:
    names = list(dict.fromkeys(file.name for file in manifests.read(directory).data))
    return f"it learned from the train parts of {', '.join(names)}" if names else "its own head"


def _opened(directory: Path, outputs: Outputs) -> NetworkContender:
    base = open_base(str(directory), outputs.tasks)
    return NetworkContender(base.model, base.tokenizer, outputs, directory)


def _without_weights(entry: Entry, directory: Path | None, terms: Terms, reason: str) -> _Prepared:
    """Build the architecture with random weights: enough for its size and speed."""
    network = _random_network(entry.shape or RUBERT_TINY, directory, terms)
    estimate, note = None, NO_WEIGHTS
    try:
        estimate = estimate_training(network, terms.train, Course(terms.epochs, terms.seed))
    except (MlError, MemoryError, RuntimeError) as error:
        note = f"{NO_WEIGHTS}; {str(error).splitlines()[0][:120]}"
    return _Prepared(network, f"{NO_WEIGHTS}: {reason}", estimate, note, False, NO_WEIGHTS)


def _random_network(shape: Shape, directory: Path | None, terms: Terms) -> NetworkContender:
    """Build a network by a directory's config.json, or else by its shape."""
    if directory is not None and (directory / "config.json").exists():
        config = AutoConfig.from_pretrained(directory, num_labels=len(SENTIMENT))
    else:
        config = _bert_config(shape)
    config._attn_implementation = "eager"  # as `open_base` has it
    try:
        tokenizer = load_tokenizer(directory or terms.tokenizer)
    except CheckpointError:
        tokenizer = load_tokenizer(terms.tokenizer)
    model = AutoModelForSequenceClassification.from_config(config)  # type: ignore[no-untyped-call]
    return NetworkContender(model, TextTokenizer(tokenizer), PLAIN_OUTPUTS, None)


def _bert_config(shape: Shape) -> BertConfig:
    return BertConfig(
        vocab_size=shape.vocabulary,
        hidden_size=shape.hidden,
        num_hidden_layers=shape.layers,
        num_attention_heads=shape.heads,
        intermediate_size=shape.feed_forward,
        id2label=dict(enumerate(SENTIMENT)),
        label2id={label: index for index, label in enumerate(SENTIMENT)},
    )


def _on_gpu(network: NetworkContender | None, terms: Terms) -> tuple[Speed | None, str | None]:
    if network is None or not torch.cuda.is_available():
        return None, None
    scorer = GpuContender(network)
    return measure_speed(scorer.probabilities, terms.test.texts, terms.budget), scorer.engine
