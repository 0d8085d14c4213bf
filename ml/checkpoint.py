"""Reads a checkpoint's weights with numpy alone; safetensors only, never pickle."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError, safe_open

from ml.errors import CheckpointError

WEIGHTS = "model.safetensors"
# What torch pickles into: loading such a file can run any code that it holds.
PICKLES = (".bin", ".pt", ".pth", ".ckpt", ".pkl", ".pickle")
_PREFIXES = ("bert.", "classifier.")


def require_weights(directory: Path) -> None:
    """Raise CheckpointError where a checkpoint has no weights that are safe to load."""
    if (directory / WEIGHTS).is_file():
        return
    pickled = sorted(path.name for path in directory.glob("*") if path.suffix in PICKLES)
    if not pickled:
        raise CheckpointError(
            f"{directory / WEIGHTS} is missing; save the model as safetensors "
            "(transformers' save_pretrained does)"
        )
    raise CheckpointError(
        f"{directory} has its weights as a pickle ({', '.join(pickled)}), which can run code when "
        f"it is loaded, and no {WEIGHTS}; if you trust its source, save it again with "
        "transformers: from_pretrained(DIR).save_pretrained(DIR)"
    )


def load_weights(directory: Path) -> dict[str, NDArray[np.float32]]:
    """Return a BERT classifier's tensors as float32, by name."""
    require_weights(directory)
    path = directory / WEIGHTS
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
