"""The checkpoint that training starts from, and the version that it ends as."""

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from tokenizers import Tokenizer
from transformers import AutoConfig, AutoModelForSequenceClassification, AutoTokenizer
from transformers.modeling_utils import PreTrainedModel
from transformers.utils import logging

from ml import manifest as manifests
from ml.checkpoint import WEIGHTS
from ml.errors import CheckpointError
from ml.registry import Registry
from ml.tokenization import TextTokenizer, load_tokenizer

_TOKENIZER_FILES = ("tokenizer_config.json", "special_tokens_map.json", "vocab.txt")


@dataclass(frozen=True, slots=True)
class Base:
    """A model with the head that the tasks need."""

    name: str
    version: str | None  # its manifest's, when it is a version of ours
    model: PreTrainedModel
    tokenizer: TextTokenizer
    files: Mapping[str, bytes]  # the tokenizer's, by name

    @property
    def pad_id(self) -> int:
        """The id that fills a row."""
        return self.tokenizer.pad_id


def open_base(name: str, tasks: Mapping[str, Sequence[str]], registry: str | None = None) -> Base:
    """Load a directory, a version of `registry` or a hub name.

    Its head is fresh, or its own where the labels agree. Raises CheckpointError when it can't be
    had.
    """
    quiet()
    labels = [label for task in tasks.values() for label in task]
    directory = _directory(name, registry)
    name = str(directory)
    version = manifests.read(directory).version if (directory / manifests.FILE).exists() else None
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
        files = _tokenizer_files(directory) if directory.is_dir() else _hub_tokenizer_files(name)
    except (OSError, ValueError) as error:
        first = str(error).strip().splitlines()[0]
        raise CheckpointError(
            f"{name} can't be loaded as a checkpoint: {first}; give a directory with config.json, "
            "model.safetensors and tokenizer.json, or a hub name where the hub can be reached"
        ) from None
    tokenizer = TextTokenizer(Tokenizer.from_str(files["tokenizer.json"].decode()))
    return Base(directory.name if directory.is_dir() else name, version, model, tokenizer, files)


def _directory(name: str, registry: str | None) -> Path:
    """Return where a checkpoint lies; for a name on the hub a path that does not exist."""
    if registry is None or Path(name).is_dir():
        return Path(name)
    versions = Registry(registry)
    return versions.path(name) if name in versions.versions() else Path(name)


def quiet() -> None:
    """Keep transformers' progress bars and warnings off the terminal."""
    logging.set_verbosity_error()  # type: ignore[no-untyped-call]
    logging.disable_progress_bar()  # type: ignore[no-untyped-call]


def _hub_tokenizer_files(name: str) -> dict[str, bytes]:
    with tempfile.TemporaryDirectory(prefix="nastroi-base-") as directory:
        AutoTokenizer.from_pretrained(name).save_pretrained(directory)
        return _tokenizer_files(Path(directory))


def _tokenizer_files(directory: Path) -> dict[str, bytes]:
    """Read what AutoTokenizer needs; an older checkpoint gets the tokenizer.json that it lacks."""
    paths = [directory / name for name in _TOKENIZER_FILES]
    files = {path.name: path.read_bytes() for path in paths if path.exists()}
    files["tokenizer.json"] = load_tokenizer(directory).to_str().encode()
    return files


def save_version(base: Base, manifest: manifests.Manifest, directory: Path) -> None:
    """Write a checkpoint in transformers' format, weights in fp16, with tokenizer and papers."""
    half = {name: tensor.half() for name, tensor in base.model.state_dict().items()}
    base.model.save_pretrained(directory, state_dict=half)
    (directory / WEIGHTS).chmod(0o644)  # safetensors makes it private; workers may be other users
    for name, content in base.files.items():
        (directory / name).write_bytes(content)
    manifests.write(manifest, directory)
