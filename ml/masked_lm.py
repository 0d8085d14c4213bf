"""A BERT masked-language model written for speed on a processor: packed rows, logits only where
words were hidden. Its weights are those of transformers' BertForMaskedLM, and are saved as such.
"""

import math
from collections.abc import Sequence
from typing import cast

import torch
import torch.nn.functional as F  # noqa: N812 - torch's own habit
from torch import Tensor
from transformers import BertConfig, BertForMaskedLM, BertModel
from transformers.models.bert.modeling_bert import BertLayer, BertSelfAttention

FAR = -30_000.0  # added to an attention score that must not count; bf16 holds it


def new_model(vocab_size: int, max_tokens: int) -> BertForMaskedLM:
    """Build a randomly initialised model of ruBERT-tiny's shape."""
    config = BertConfig(
        vocab_size=vocab_size,
        hidden_size=312,
        num_hidden_layers=3,
        num_attention_heads=12,
        intermediate_size=600,
        max_position_embeddings=max_tokens,
        type_vocab_size=2,
        pad_token_id=0,
    )
    return BertForMaskedLM(config)


def attention_bias(segments: Tensor, dtype: torch.dtype) -> Tensor:
    """Return (batch, 1, width, width): 0 within a document, FAR across documents."""
    apart = segments[:, None, :, None] != segments[:, None, None, :]
    return torch.zeros(apart.shape, dtype=dtype).masked_fill_(apart, FAR)


def encode(bert: BertModel, ids: Tensor, positions: Tensor, bias: Tensor) -> Tensor:
    """Run the encoder over packed rows; returns (batch, width, hidden)."""
    embeddings = bert.embeddings
    hidden: Tensor = embeddings.word_embeddings(ids) + embeddings.position_embeddings(positions)
    hidden = embeddings.LayerNorm(hidden + embeddings.token_type_embeddings.weight[0])
    hidden = hidden.to(bias.dtype)
    heads = bert.config.num_attention_heads
    for layer in cast(Sequence[BertLayer], bert.encoder.layer):
        hidden = _layer(layer, hidden, bias, heads)
    return hidden


def _layer(layer: BertLayer, hidden: Tensor, bias: Tensor, heads: int) -> Tensor:
    attended = _attend(cast(BertSelfAttention, layer.attention.self), hidden, bias, heads)
    output = layer.attention.output
    hidden = output.LayerNorm(hidden + output.dense(attended))
    widened = F.gelu(layer.intermediate.dense(hidden))
    narrowed: Tensor = layer.output.LayerNorm(hidden + layer.output.dense(widened))
    return narrowed


def _attend(attention: BertSelfAttention, hidden: Tensor, bias: Tensor, heads: int) -> Tensor:
    batch, width, size = hidden.shape
    parts = (attention.query, attention.key, attention.value)
    weight = torch.cat([part.weight for part in parts])
    shift = torch.cat([part.bias for part in parts])
    joined = F.linear(hidden, weight, shift).view(batch, width, 3, heads, size // heads)
    query, key, value = joined.permute(2, 0, 3, 1, 4)  # each (batch, heads, width, head size)
    scores = query @ key.transpose(-1, -2) * (1 / math.sqrt(size // heads)) + bias
    mixed: Tensor = torch.softmax(scores, dim=-1).to(value.dtype) @ value
    return mixed.transpose(1, 2).reshape(batch, width, size)


def logits(model: BertForMaskedLM, hidden: Tensor, where: Tensor) -> Tensor:
    """Return (places, vocabulary) for the flat places `where`."""
    head = model.cls.predictions
    chosen = head.transform(hidden.reshape(-1, hidden.shape[-1])[where])
    return F.linear(chosen, model.bert.embeddings.word_embeddings.weight, head.bias)


def loss(model: BertForMaskedLM, hidden: Tensor, where: Tensor, targets: Tensor) -> Tensor:
    """Return the mean cross-entropy of the hidden pieces (natural logarithm)."""
    mean: Tensor = F.cross_entropy(logits(model, hidden, where).float(), targets)
    return mean
