"""An LSTM classifier, one way or both: what read texts before attention did.

It answers to a transformers model's call, so `ml.finetuning` trains it as it trains a BERT.
"""

from dataclasses import dataclass

import torch
from torch import Tensor, nn


@dataclass(frozen=True, slots=True)
class RecurrentShape:
    """How large the network is; `vocabulary` counts pieces, the rest channels."""

    vocabulary: int
    outputs: int
    embedding: int = 192
    hidden: int = 192
    both_ways: bool = False
    dropout: float = 0.3


@dataclass(frozen=True, slots=True)
class RecurrentOutput:
    """What transformers' models return, as far as it is read: (texts, outputs)."""

    logits: Tensor


class RecurrentClassifier(nn.Module):
    """Embeds pieces, reads them with an LSTM and judges by each channel's largest value.

    Hochreiter and Schmidhuber, Long Short-Term Memory, 1997; the way back reads the reversed text.
    """

    def __init__(self, shape: RecurrentShape) -> None:
        super().__init__()
        self.shape = shape
        self.embedding = nn.Embedding(shape.vocabulary, shape.embedding)
        self.forth = nn.LSTM(shape.embedding, shape.hidden, batch_first=True)
        if shape.both_ways:
            self.back = nn.LSTM(shape.embedding, shape.hidden, batch_first=True)
        self.dropout = nn.Dropout(shape.dropout)
        self.head = nn.Linear(shape.hidden * (2 if shape.both_ways else 1), shape.outputs)

    def forward(self, input_ids: Tensor, attention_mask: Tensor) -> RecurrentOutput:
        """Score a rectangle of texts, both arguments (texts, tokens), padded on the right."""
        embedded = self.dropout(self.embedding(input_ids))  # (texts, tokens, embedding)
        states = [self.forth(embedded)[0]]  # each (texts, tokens, hidden)
        if self.shape.both_ways:
            order = _reversed_places(attention_mask)[..., None]
            states.append(self.back(embedded.gather(1, order.expand_as(embedded)))[0])
        hidden = torch.cat(states, dim=-1)
        hidden = hidden.masked_fill(attention_mask[..., None] == 0, -torch.inf)
        return RecurrentOutput(self.head(self.dropout(hidden.amax(dim=1))))


def _reversed_places(mask: Tensor) -> Tensor:
    """Return for each place the one that stands there when a text is reversed, padding last."""
    width = mask.shape[1]
    return (mask.sum(dim=1, keepdim=True) - 1 - torch.arange(width, device=mask.device)) % width
