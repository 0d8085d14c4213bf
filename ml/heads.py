"""The last layer of a classifier: which of its outputs is which label."""

from collections.abc import Sequence

import torch
from torch import nn
from transformers.modeling_utils import PreTrainedModel

_DEVIATION = 0.02  # of a fresh output's weights; BERT's own


def name_outputs(model: PreTrainedModel, labels: Sequence[str]) -> None:
    """Give a model these outputs, in this order.

    What its config.json names alike, however in case and wherever it stands, keeps its weights.
    """
    before = _labels(model)
    if before != list(labels):
        *_, place = (name for name, part in model.named_modules() if isinstance(part, nn.Linear))
        model.set_submodule(place, _rearranged(model.get_submodule(place), before, labels))
    model.num_labels = len(labels)  # type: ignore[assignment]
    model.config.id2label = dict(enumerate(labels))
    model.config.label2id = {label: index for index, label in enumerate(labels)}


def _labels(model: PreTrainedModel) -> list[str]:
    named = sorted((model.config.id2label or {}).items(), key=lambda item: int(item[0]))
    return [str(label).strip().casefold() for _, label in named]


def _rearranged(old: nn.Module, before: Sequence[str], labels: Sequence[str]) -> nn.Linear:
    if not isinstance(old, nn.Linear):
        raise TypeError(f"{type(old).__name__} is no layer of outputs")
    new = nn.Linear(old.in_features, len(labels))
    nn.init.normal_(new.weight, std=_DEVIATION)
    nn.init.zeros_(new.bias)
    known = [label for label in labels if label in before]
    rows, theirs = [list(labels).index(one) for one in known], [before.index(one) for one in known]
    with torch.no_grad():
        new.weight[rows] = old.weight[theirs]
        new.bias[rows] = old.bias[theirs]
    return new
