"""Reads a checkpoint's weights with numpy alone; safetensors only, never pickle."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError, safe_open

from ml.errors import CheckpointError

WEIGHTS = "model.safetensors"
_PREFIXES = ("bert.", "classifier.")


def load_weights(directory: Path) -> dict[str, NDArray[np.float32]]:
    """Return a BERT classifier's tensors as float32, by name."""
    path = directory / WEIGHTS
    if not path.exists():
        raise CheckpointError(f"{path} is missing; save the model as safetensors, not as .bin")
    try:
        with safe_open(path, framework="numpy") as file:
            names = [name for name in file.keys() if name.startswith(_PREFIXES)]  # noqa: SIM118
            return {
                name: tensor.astype(np.float32)
                for name in names
                if (tensor := file.get_tensor(name)).dtype.kind == "f"
            }
    except (SafetensorError, OSError, TypeError) as error:
        raise CheckpointError(f"{path} can't be read: {error}") from None
