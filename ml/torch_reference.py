"""What torch itself says of a checkpoint, in float32: what an exported graph must reproduce."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors import SafetensorError
from transformers import AutoModelForSequenceClassification

from ml.base import quiet
from ml.errors import CheckpointError
from ml.finetuning import predict


def torch_logits(
    directory: Path, encoded: Sequence[Sequence[int]], pad_id: int, outputs: int
) -> NDArray[np.float64]:
    """Return a checkpoint's own forward pass, (texts, outputs). Raises CheckpointError."""
    quiet()
    try:
        model = AutoModelForSequenceClassification.from_pretrained(
            directory, use_safetensors=True, dtype=torch.float32
        )
    except (OSError, ValueError, SafetensorError) as error:
        raise CheckpointError(f"{directory} can't be loaded: {error}".splitlines()[0]) from None
    return predict(model, encoded, pad_id, outputs)
