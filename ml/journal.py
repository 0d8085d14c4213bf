"""The unfinished work of a long command, kept beside its result so that it can go on.

Each entry is one safetensors file, written beside and renamed: a reader finds it whole.
"""

import hashlib
import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file

from ml.files import writing

Tensors = dict[str, torch.Tensor]


class Journal:
    """The entries of one command; those of a command with other inputs are forgotten."""

    def __init__(self, directory: Path, inputs: Mapping[str, Any]) -> None:
        self._directory = directory
        identity = hashlib.sha256(json.dumps(inputs, sort_keys=True, default=str).encode())
        stamp = directory / "inputs.sha256"
        if not stamp.exists() or stamp.read_text() != identity.hexdigest():
            self.forget()
            with writing(directory):
                directory.mkdir(parents=True)
                stamp.write_text(identity.hexdigest())

    def save(self, entry: str, tensors: Tensors, facts: Mapping[str, Any]) -> None:
        """Write an entry over what it held before. Raises MlError where it can't be written."""
        path = self._path(entry)
        part = path.with_suffix(".part")
        whole = {name: tensor.detach().cpu().contiguous() for name, tensor in tensors.items()}
        with writing(path):
            save_file(whole, part, {"facts": json.dumps(facts)})
            part.replace(path)

    def load(self, entry: str) -> tuple[Tensors, dict[str, Any]] | None:
        """Return what was saved, or None where there is no such entry."""
        path = self._path(entry)
        if not path.exists():
            return None
        try:
            with safe_open(path, framework="pt") as file:
                facts = json.loads(file.metadata()["facts"])
                return {name: file.get_tensor(name) for name in file.keys()}, facts  # noqa: SIM118
        except (SafetensorError, OSError):
            return None  # what can't be read is made again

    def forget(self) -> None:
        """Remove all entries: the result is written, or the inputs are others."""
        shutil.rmtree(self._directory, ignore_errors=True)

    def _path(self, entry: str) -> Path:
        return self._directory / f"{entry}.safetensors"
