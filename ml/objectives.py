"""What pretraining asks of the encoder: to name hidden words, or to find and mend replaced ones."""

from typing import Protocol

import numpy as np
import torch
import torch.nn.functional as F  # noqa: N812 - torch's own habit
from numpy.typing import NDArray
from torch import Tensor, nn
from transformers import BertForMaskedLM

from ml import masked_lm
from ml.packing import Ids, Masked, Masking, Rows, mask_words

REPLACED_WEIGHT = 20.0  # of finding replaced pieces, beside naming what stood there
GENERATOR_TEMPERATURE = 1.0


class Objective(Protocol):
    """A loss over packed rows."""

    @property
    def head(self) -> nn.Module:
        """What it learns besides the model."""
        ...

    def loss(self, model: BertForMaskedLM, rows: Rows, random: np.random.Generator) -> Tensor:
        """Return the mean loss of one batch."""
        ...


class HiddenWords:
    """Masked-language modelling with whole words hidden (Devlin et al., 2019)."""

    def __init__(self, masking: Masking) -> None:
        self.masking, self.head = masking, nn.Module()

    def loss(self, model: BertForMaskedLM, rows: Rows, random: np.random.Generator) -> Tensor:
        """Return the mean cross-entropy of the hidden pieces (natural logarithm)."""
        masked = mask_words(rows.ids, self.masking, random)
        hidden = _encoded(model, rows, masked.ids)
        return masked_lm.loss(model, hidden, _tensor(masked.where), _tensor(masked.targets))


class ReplacedWords:
    """Replaced-token detection (Clark et al., ELECTRA, 2020) with correction beside it.

    A frozen masked-language model fills hidden words with likely ones; the model says of every
    piece whether it was replaced, and names what stood where words had been hidden.
    """

    def __init__(self, masking: Masking, generator: BertForMaskedLM) -> None:
        self.masking = masking
        self.generator = generator.requires_grad_(False)
        width = generator.config.hidden_size
        self.head = nn.Sequential(nn.Linear(width, width), nn.GELU(), nn.Linear(width, 1))

    def loss(self, model: BertForMaskedLM, rows: Rows, random: np.random.Generator) -> Tensor:
        """Return detection's weighted binary cross-entropy plus correction's cross-entropy."""
        masked = mask_words(rows.ids, self.masking, random)
        filled = self.filled(rows, masked, random)
        hidden = _encoded(model, rows, filled)
        found = self.head(hidden).squeeze(-1).float()
        replaced, real = _tensor(filled != rows.ids), _tensor(rows.segments > 0)
        detection = F.binary_cross_entropy_with_logits(found[real], replaced[real].float())
        targets = _tensor(masked.targets)
        correction = masked_lm.loss(model, hidden, _tensor(masked.where), targets)
        return REPLACED_WEIGHT * detection + correction

    def filled(self, rows: Rows, masked: Masked, random: np.random.Generator) -> Ids:
        """Return the ids with the generator's draws where words were hidden."""
        with torch.inference_mode():
            hidden = _encoded(self.generator, rows, masked.ids)
            logits = masked_lm.logits(self.generator, hidden, _tensor(masked.where)).float()
            cumulated = torch.softmax(logits / GENERATOR_TEMPERATURE, dim=-1).cumsum(-1)
            lots = torch.from_numpy(random.random((len(masked.where), 1))).float()
            drawn = torch.searchsorted(cumulated, lots * cumulated[:, -1:]).squeeze(-1)
        filled = rows.ids.copy().reshape(-1)
        filled[masked.where] = drawn.clamp_max(logits.shape[-1] - 1).numpy()
        return filled.reshape(rows.ids.shape)


def _encoded(model: BertForMaskedLM, rows: Rows, ids: Ids) -> Tensor:
    bf16 = torch.is_autocast_enabled("cpu")
    dtype = torch.bfloat16 if bf16 else torch.float32
    bias = masked_lm.attention_bias(_tensor(rows.segments), dtype)
    return masked_lm.encode(model.bert, _tensor(ids), _tensor(rows.positions), bias)


def _tensor(array: NDArray[np.generic]) -> Tensor:
    return torch.from_numpy(array)
