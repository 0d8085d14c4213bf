"""Where a base model lies: in a directory, or on the hub under a name, from which it is fetched."""

import re
from pathlib import Path

from ml.errors import CheckpointError

# `owner/name`, and not a path that someone mistyped.
_HUB_NAME = re.compile(r"[A-Za-z0-9][\w.-]*/[\w.-]+")
# Weights as safetensors only: a pickle could run code.
_FILES = ["config.json", "manifest.json", "*.safetensors", "tokenizer*", "vocab.txt", "special*"]


def find_checkpoint(name_or_dir: str) -> Path:
    """Return a checkpoint's directory, downloaded (once) where a hub name is given.

    Raises CheckpointError when there is neither.
    """
    if Path(name_or_dir).is_dir():
        return Path(name_or_dir)
    if not _HUB_NAME.fullmatch(name_or_dir):
        raise CheckpointError(
            f"there is no directory {name_or_dir}; give one with config.json, model.safetensors "
            "and tokenizer.json, or a name on the hub (owner/name)"
        )
    return _download(name_or_dir)


def _download(name: str) -> Path:
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HfHubHTTPError

    try:
        return Path(snapshot_download(name, allow_patterns=_FILES))
    except (OSError, ValueError, HfHubHTTPError) as error:
        first = str(error).strip().splitlines()[0]
        raise CheckpointError(
            f"{name} is no directory here and can't be had from the hub ({first}); "
            "check the name and the network, or download it and give its directory"
        ) from None
