"""Runs a checkpoint on a GPU with torch, in bfloat16."""

from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors import SafetensorError
from transformers import AutoModelForSequenceClassification

from ml.errors import CheckpointError

NAME = "torch bf16"


class TorchEngine:
    """A transformers model on one GPU."""

    name = NAME
    pool = None  # one rectangle fills a GPU

    def __init__(self, model: torch.nn.Module, device: str) -> None:
        self.device = device
        self._model = model.to(device=device, dtype=torch.bfloat16).eval()

    def logits(self, ids: NDArray[np.int32], mask: NDArray[np.int32]) -> NDArray[np.float32]:
        """Score one rectangle: (texts, tokens) -> (texts, outputs)."""
        fed = {
            "input_ids": torch.from_numpy(ids).long().to(self.device),
            "attention_mask": torch.from_numpy(mask).long().to(self.device),
        }
        with torch.inference_mode():
            scores: NDArray[np.float32] = self._model(**fed).logits.float().cpu().numpy()
        return scores


def cuda_works() -> bool:
    """Say whether torch can use a GPU."""
    return torch.cuda.is_available()


def load(directory: Path, device: str = "cuda") -> TorchEngine:
    """Load a checkpoint of any architecture that transformers knows. Raises CheckpointError."""
    try:
        model = AutoModelForSequenceClassification.from_pretrained(directory, use_safetensors=True)
    except (OSError, ValueError, SafetensorError) as error:
        raise CheckpointError(f"{directory} can't be loaded: {error}".splitlines()[0]) from None
    return TorchEngine(model, device)
