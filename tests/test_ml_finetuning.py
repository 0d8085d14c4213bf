"""The training loop: it goes on after a stop, survives a lack of memory, and mixes its targets."""

import math
from pathlib import Path

import numpy as np
import pytest
import torch
from ml_fixtures import (
    TASKS,
    sentences,
    small_config,
    write_csv,
    write_tokenizer_files,
    write_version,
)
from torch import nn
from transformers import BertForSequenceClassification

from ml import train
from ml.classifier import Classifier
from ml.devices import Device, find_device
from ml.errors import MlError
from ml.examples import ABSENT, Examples, class_weights
from ml.finetuning import FineTuning, Schedule
from ml.journal import Journal
from ml.task_loss import Targets, TaskLoss
from ml.tokenization import TextTokenizer, load_tokenizer

ONE = {"sentiment": TASKS["sentiment"]}


@pytest.fixture(scope="module")
def examples(tmp_path_factory: pytest.TempPathFactory) -> Examples:
    folder = tmp_path_factory.mktemp("tokenizer")
    write_tokenizer_files(folder)
    texts = [text for label in ONE["sentiment"] for text in sentences(label, 40)]
    encoded = TextTokenizer(load_tokenizer(folder)).encode(texts)
    return Examples(encoded, np.repeat([0, 1, 2], 40)[:, None], np.ones(120))


def run_of(examples: Examples, model: nn.Module | None = None) -> FineTuning:
    """Build a small run that is the same each time."""
    torch.manual_seed(0)
    model = model or BertForSequenceClassification(small_config(ONE["sentiment"], 400))
    schedule = Schedule(epochs=2, learning_rate=1e-3, batch_tokens=256)
    return FineTuning(model, ONE, class_weights(examples, ONE), schedule, Device())


def test_run_that_was_stopped_ends_where_an_undisturbed_one_does(
    examples: Examples, tmp_path: Path
) -> None:
    whole, first, second = run_of(examples), run_of(examples), run_of(examples)
    torch.manual_seed(1)
    assert list(whole.epochs(examples, 0, seed=1)) == [1, 2]
    journal = Journal(tmp_path / "unfinished", {})
    torch.manual_seed(1)
    next(first.epochs(examples, 0, 1, (journal, "run")))  # stopped after its first epoch
    assert list(second.epochs(examples, 0, 1, (journal, "run"))) == [1, 2]
    for one, other in zip(whole.averaged.parameters(), second.averaged.parameters(), strict=True):
        torch.testing.assert_close(one, other)


class CrampedModel(nn.Module):
    """A model on a device that holds few texts at a time, as a small GPU does."""

    def __init__(self, texts: int) -> None:
        super().__init__()
        self.inner = BertForSequenceClassification(small_config(ONE["sentiment"], 400))
        self.texts = texts

    def forward(self, **fed: torch.Tensor) -> object:
        if len(fed["input_ids"]) > self.texts:
            raise torch.OutOfMemoryError("out of memory")
        return self.inner(**fed)


def test_batches_are_halved_until_they_fit_into_memory(
    examples: Examples, capsys: pytest.CaptureFixture[str]
) -> None:
    run = run_of(examples, CrampedModel(texts=7))
    assert list(run.epochs(examples, 0, seed=1)) == [1, 2]
    assert "learned in 4 pieces" in capsys.readouterr().out


def test_memory_for_not_even_one_text_ends_in_one_line(examples: Examples) -> None:
    with pytest.raises(MlError, match="even with one text"):
        list(run_of(examples, CrampedModel(texts=0)).epochs(examples, 0, seed=1))


def test_error_that_is_not_about_memory_is_not_hidden(examples: Examples) -> None:
    broken = Examples([[10_000]] * 120, examples.targets, examples.weights)
    with pytest.raises(IndexError):
        list(run_of(examples).epochs(broken, 0, seed=1))


def test_target_is_a_mixture_of_smoothed_label_and_teacher() -> None:
    loss = TaskLoss(ONE, [torch.ones(3)], smoothing=0.3, teacher_share=0.25)
    logits = torch.tensor([[0.0, 1.0, 2.0]])
    soft = torch.tensor([[0.2, 0.2, 0.6]])
    wanted = 0.75 * torch.tensor([0.8, 0.1, 0.1]) + 0.25 * soft[0]
    expected = -(wanted * torch.log_softmax(logits[0], 0)).sum()
    torch.testing.assert_close(loss.total(logits, Targets(torch.tensor([[0]]), soft)), expected)


def test_text_without_label_and_teacher_costs_nothing() -> None:
    loss = TaskLoss(TASKS, [torch.ones(3), torch.ones(2)], smoothing=0.0, teacher_share=0.5)
    nothing = Targets(torch.full((2, 2), ABSENT), torch.full((2, 4), math.nan))
    assert loss.total(torch.randn(2, 4), nothing).item() == 0.0


def test_seeds_are_averaged_into_one_version(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_version(tmp_path / "base")
    mood = write_csv(tmp_path / "mood.csv", TASKS["sentiment"], each=100)
    arguments = ["--base", str(tmp_path / "base"), "--data", str(mood), "--lr", "3e-3"]
    out = ["--out", str(tmp_path / "v1"), "--threads", "1", "--epochs", "3"]
    train.main([*arguments, *out, "--seeds", "1", "2"])
    assert "mean" in capsys.readouterr().out
    assert Classifier.load(tmp_path / "v1", device="cpu").tasks == ONE
    assert sorted(p.name for p in tmp_path.iterdir()) == ["base", "mood.csv", "v1"]


def test_journal_of_other_inputs_is_forgotten(tmp_path: Path) -> None:
    Journal(tmp_path / "j", {"lr": 1}).save("entry", {"a": torch.ones(2)}, {"score": 0.5})
    found = Journal(tmp_path / "j", {"lr": 1}).load("entry")
    assert found is not None
    assert found[1] == {"score": 0.5}
    assert Journal(tmp_path / "j", {"lr": 2}).load("entry") is None


def test_gpu_that_is_not_there_is_named() -> None:
    if torch.cuda.is_available():
        pytest.skip("there is a GPU")
    with pytest.raises(MlError, match="finds no GPU"):
        find_device("cuda")


def test_loss_that_is_no_number_ends_in_one_line(examples: Examples) -> None:
    run = run_of(examples)
    with torch.no_grad():
        run.model.classifier.bias[0] = math.nan  # type: ignore[union-attr, index]
    with pytest.raises(MlError, match="no longer a finite number; give a lower --lr"):
        list(run.epochs(examples, 0, seed=1))
