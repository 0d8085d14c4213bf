"""The checkpoint that training starts from, and the version that it ends as."""

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from transformers import AutoConfig, AutoModelForSequenceClassification, AutoTokenizer
from transformers.modeling_utils import PreTrainedModel
from transformers.utils import logging

from ml import manifest as manifests
from ml.errors import CheckpointError
from ml.tokenization import MAX_TOKENS, TextTokenizer, load_tokenizer
from ml.wordpiece import write_tokenizer


@dataclass(frozen=True, slots=True)
class Base:
    """A model with the head that the tasks need."""

    name: str
    version: str | None  # its manifest's, when it is a version of ours
    model: PreTrainedModel
    tokenizer: TextTokenizer
    files: tempfile.TemporaryDirectory[str]  # holds a copy of the tokenizer's files

    @property
    def pad_id(self) -> int:
        """The id that fills a row."""
        return self.tokenizer.pad_id


def open_base(name: str, tasks: Mapping[str, Sequence[str]]) -> Base:
    """Load a hub name or directory with a fresh head, or with its own where the labels agree.

    Raises CheckpointError when it can't be had.
    """
    quiet()
    labels = [label for task in tasks.values() for label in task]
    directory = Path(name)
    version = manifests.read(directory).version if (directory / manifests.FILE).exists() else None
    files = tempfile.TemporaryDirectory(prefix="nastroi-base-")
    try:
        config = AutoConfig.from_pretrained(name)
        config.id2label = dict(enumerate(labels))
        config.label2id = {label: index for index, label in enumerate(labels)}
        config._attn_implementation = "eager"  # in bf16 on a processor the fastest one
        model = AutoModelForSequenceClassification.from_pretrained(
            name,
            config=config,
            ignore_mismatched_sizes=True,
            use_safetensors=True,
            dtype=torch.float32,
        )
        _copy_tokenizer(name, Path(files.name))
    except (OSError, ValueError) as error:
        first = str(error).strip().splitlines()[0]
        raise CheckpointError(
            f"{name} can't be loaded as a checkpoint: {first}; give a directory with config.json, "
            "model.safetensors and tokenizer.json, or a hub name where the hub can be reached"
        ) from None
    return Base(name, version, model, TextTokenizer(Path(files.name)), files)


def quiet() -> None:
    """Keep transformers' progress bars and warnings off the terminal."""
    logging.set_verbosity_error()  # type: ignore[no-untyped-call]
    logging.disable_progress_bar()  # type: ignore[no-untyped-call]


def _copy_tokenizer(name: str, target: Path) -> None:
    directory = Path(name)
    if directory.is_dir():
        tokenizer = load_tokenizer(directory)
        write_tokenizer(tokenizer, target, MAX_TOKENS)
        return
    AutoTokenizer.from_pretrained(name).save_pretrained(target)


def save_version(base: Base, manifest: manifests.Manifest, directory: Path) -> None:
    """Write a checkpoint in transformers' format, weights in fp16, with tokenizer and papers."""
    half = {name: tensor.half() for name, tensor in base.model.state_dict().items()}
    base.model.save_pretrained(directory, state_dict=half)
    for path in Path(base.files.name).iterdir():
        (directory / path.name).write_bytes(path.read_bytes())
    manifests.write(manifest, directory)
