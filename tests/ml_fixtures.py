"""A tokenizer and checkpoints small enough to be made anew in every test run."""

import csv
import random
import shutil
from collections.abc import Sequence
from pathlib import Path

import torch
from transformers import BertConfig, BertForSequenceClassification

from ml import manifest as manifests
from ml.base import quiet
from ml.manifest import Manifest
from ml.registry import Registry
from ml.temperature import Temperature
from ml.wordpiece import train_tokenizer, write_tokenizer

TASKS = {"sentiment": ["neutral", "positive", "negative"], "toxicity": ["toxic"]}
WORDS = {
    "negative": ["плохо", "ужас", "брак", "кошмар", "верните деньги", "😡"],
    "neutral": ["завтра", "в шесть", "размер", "вопрос", "сколько стоит", "ок"],
    "positive": ["отлично", "спасибо", "красота", "супер", "люблю", "❤️"],
    "toxic": ["дурак", "тупица", "идиот", "урод", "заткнись", "мразь"],
    "ok": ["привет", "добрый день", "увидимся", "хорошо", "понял", "да"],
}


def sentences(label: str, count: int, seed: int = 0) -> list[str]:
    """Make up distinct texts of one label."""
    chance = random.Random(f"{label}{seed}")
    return [" ".join([*chance.choices(WORDS[label], k=4), str(n)]) for n in range(count)]


def write_csv(path: Path, labels: Sequence[str], each: int = 60) -> Path:
    """Write a labelled file with `each` rows of every label."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["text", "label"])
        writer.writerows((t, label) for label in labels for t in sentences(label, each))
    return path


def small_config(labels: Sequence[str], vocab_size: int) -> BertConfig:
    """Describe two narrow layers."""
    return BertConfig(
        vocab_size=vocab_size,
        hidden_size=48,
        num_hidden_layers=2,
        num_attention_heads=4,
        intermediate_size=64,
        max_position_embeddings=128,
        id2label=dict(enumerate(labels)),
        label2id={label: index for index, label in enumerate(labels)},
    )


def write_tokenizer_files(directory: Path) -> int:
    """Train and save a tokenizer; return the size of its vocabulary."""
    directory.mkdir(parents=True, exist_ok=True)
    texts = [text for label in WORDS for text in sentences(label, 30)]
    tokenizer = train_tokenizer(texts, 400)
    write_tokenizer(tokenizer, directory, 128)
    return int(tokenizer.get_vocab_size())


def write_checkpoint(directory: Path, labels: Sequence[str]) -> BertForSequenceClassification:
    """Save a random checkpoint as the hub would hold it: no manifest."""
    quiet()
    vocabulary = write_tokenizer_files(directory)
    torch.manual_seed(0)
    model = BertForSequenceClassification(small_config(labels, vocabulary))
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.mul_(3.0)  # random weights are small: spread the probabilities
    model.save_pretrained(directory)
    return model.eval()


def write_version(directory: Path, version: str = "tiny-1") -> BertForSequenceClassification:
    """Save a random checkpoint with both tasks and its manifest."""
    model = write_checkpoint(directory, [label for labels in TASKS.values() for label in labels])
    temperatures = {"sentiment": Temperature.constant(1.3), "toxicity": Temperature.constant(0.8)}
    manifest = Manifest("tiny", version, TASKS, temperatures, created_at=manifests.now())
    manifests.write(manifest, directory)
    return model


def another_base(shipped: Path, folder: Path) -> Path:
    """Copy a version under the same name, with other weights."""
    directory = shutil.copytree(shipped, folder / "another")
    weights = (directory / "model.safetensors").read_bytes()
    (directory / "model.safetensors").write_bytes(weights[:-1] + bytes([weights[-1] ^ 1]))
    return directory


def taught(registry: Registry, shipped: Path, *versions: str) -> None:
    """Let the shipped model serve first, then each version after the other."""
    registry.ensure(shipped)
    for version in versions:
        registry.promote(registry.add(shipped, version))
