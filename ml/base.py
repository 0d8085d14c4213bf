"""The checkpoint that training starts from, and the version that it ends as."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from huggingface_hub.utils import logging as hub_logging
from safetensors import SafetensorError
from tokenizers import Tokenizer
from transformers import AutoModelForSequenceClassification
from transformers.modeling_utils import PreTrainedModel
from transformers.utils import logging

from ml import manifest as manifests
from ml.checkpoint import WEIGHTS, require_weights
from ml.errors import CheckpointError, MlError
from ml.heads import name_outputs
from ml.hub import find_checkpoint
from ml.named_model import CHAMPION, model_path
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
    """Load a directory, a version of `registry` (or its champion) or a hub name.

    Its head keeps what it knows of the labels that the checkpoint names too; the rest is fresh.
    Raises CheckpointError when it can't be had.
    """
    quiet()
    found = _found(name, registry)
    directory = found if found else find_checkpoint(name)
    version = manifests.read(directory).version if (directory / manifests.FILE).exists() else None
    model, files = _model(directory), _tokenizer_files(directory)
    name_outputs(model, [label for task in tasks.values() for label in task])
    tokenizer = TextTokenizer(Tokenizer.from_str(files["tokenizer.json"].decode()))
    return Base(directory.name if found else name, version, model, tokenizer, files)


def _found(name: str, registry: str | None) -> Path | None:
    """Return the directory that lies here under a name, or None for one on the hub."""
    if Path(name).is_dir():
        return Path(name)
    versions = Registry(registry) if registry else None
    if versions and (name == CHAMPION or name in versions.versions()):
        return model_path(name, versions)
    return None


def _model(directory: Path) -> PreTrainedModel:
    """Load a checkpoint with the outputs that it has itself."""
    if not any(directory.glob("model-*.safetensors")):  # a large one comes in pieces
        require_weights(directory)
    try:
        model, loading = AutoModelForSequenceClassification.from_pretrained(
            directory,
            use_safetensors=True,
            dtype=torch.float32,
            attn_implementation="eager",  # in bf16 on a processor the fastest one
            output_loading_info=True,
        )
    except (OSError, ValueError, RuntimeError, SafetensorError) as error:
        why = " ".join(str(error).split())[:300]
        if (
            "ignore_mismatched_sizes" in why
        ):  # transformers' words point at a table that isn't shown
            why = "its weights have other shapes than config.json says"
        raise CheckpointError(
            f"{directory} can't be loaded as a checkpoint: {why}; give a directory with "
            "config.json, model.safetensors and tokenizer.json that belong together"
        ) from None
    encoder = f"{model.base_model_prefix}."
    lacking = [key for key in loading["missing_keys"] if key.startswith(encoder)]
    if lacking := sorted(key for key in lacking if "pooler" not in key):
        raise CheckpointError(
            f"{directory}: its weights lack {lacking[0]} and {len(lacking) - 1} more that "
            "config.json promises; give a checkpoint whose files belong together"
        )
    found: PreTrainedModel = model
    return found


def quiet() -> None:
    """Keep transformers' and the hub's progress bars and warnings off the terminal."""
    logging.set_verbosity_error()  # type: ignore[no-untyped-call]
    logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    hub_logging.set_verbosity_error()  # type: ignore[no-untyped-call]


def _tokenizer_files(directory: Path) -> dict[str, bytes]:
    """Read what AutoTokenizer needs; an older checkpoint gets the tokenizer.json that it lacks."""
    paths = [directory / name for name in _TOKENIZER_FILES]
    files = {path.name: path.read_bytes() for path in paths if path.exists()}
    files["tokenizer.json"] = load_tokenizer(directory).to_str().encode()
    return files


def save_version(base: Base, manifest: manifests.Manifest, directory: Path) -> None:
    """Write a checkpoint in transformers' format, weights in fp16, with tokenizer and papers.

    Raises MlError, and writes nothing, where a weight is no finite number.
    """
    half = {name: tensor.half() for name, tensor in base.model.state_dict().items()}
    if not all(bool(tensor.isfinite().all()) for tensor in half.values()):
        raise MlError("the weights are no longer finite numbers; train again with a lower --lr")
    base.model.save_pretrained(directory, state_dict=half)
    (directory / WEIGHTS).chmod(0o644)  # safetensors makes it private; workers may be other users
    for name, content in base.files.items():
        (directory / name).write_bytes(content)
    manifests.write(manifest, directory)
