"""Packing, masking and a short real pretraining run that stops and goes on."""

import json
import signal
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ml_fixtures import WORDS, sentences, write_version
from tokenizers import Tokenizer
from transformers import AutoModelForMaskedLM

from ml import pretrain
from ml.errors import CheckpointError, DataError, MlError
from ml.objectives import ReplacedWords
from ml.packing import Masking, Shape, batches, mask_words, pack
from ml.pretraining import Pretraining, masking_of
from ml.wordpiece import train_tokenizer


@settings(deadline=None)
@given(st.lists(st.integers(1, 16), min_size=1, max_size=60))
def test_packing_keeps_every_document_whole_and_apart(lengths: list[int]) -> None:
    documents = [np.full(length, number) for number, length in enumerate(lengths, 1)]
    rows = pack(documents, width=16)
    found: list[list[int]] = []
    for ids, segments in zip(rows.ids, rows.segments, strict=True):
        found += [ids[segments == s].tolist() for s in range(1, segments.max() + 1)]
    assert sorted(found) == sorted(document.tolist() for document in documents)
    assert rows.ids.size <= 2 * sum(lengths) + 16


def test_positions_start_anew_in_each_document() -> None:
    rows = pack([np.array([5, 6, 7]), np.array([8, 9])], width=6)
    assert rows.positions.tolist() == [[0, 1, 2, 0, 1, 0]]
    assert rows.segments.tolist() == [[1, 1, 1, 2, 2, 0]]


def test_batches_have_only_the_given_shapes_and_little_padding() -> None:
    random = np.random.default_rng(0)
    documents = [np.ones(length, np.int64) for length in random.integers(1, 33, 3_000)]
    found = list(batches(documents, [Shape(8, 16), Shape(4, 32)], random))
    assert {rows.ids.shape for rows in found} == {(8, 16), (4, 32)}
    assert np.mean([(rows.ids == 0).mean() for rows in found]) < 0.05


def test_whole_words_are_masked_and_their_number_is_fixed() -> None:
    continues = np.array([False] * 10 + [True] * 10)
    special = np.array([True] * 5 + [False] * 15)
    masking = Masking(4, 20, continues, special, rate=0.25)
    ids = np.array([[2, 5, 10, 11, 6, 12, 3, 0] * 4] * 4)
    masked = mask_words(ids, masking, np.random.default_rng(0))
    assert len(masked.where) == ids.size // 4
    assert not special[masked.targets].any()
    np.testing.assert_array_equal(masked.targets, ids.reshape(-1)[masked.where])
    hidden = np.zeros(ids.size, bool)
    hidden[masked.where] = True
    torn = hidden.reshape(-1, 8)[:, 1:4]
    assert (torn.all(axis=1) | ~torn.any(axis=1)).sum() >= len(torn) - 1


def test_tokenizer_knows_moods_case_and_yo() -> None:
    tokenizer = train_tokenizer(["Ёлка!!! ура)))", "ура))) 👍🏽 ❤️", "елка 👍 ❤ ура"] * 9, 300)
    assert tokenizer.encode("ЁЛКА))) 👍🏽❤️").tokens == [
        "[CLS]", "ёлка", ")))", "👍", "❤", "[SEP]",
    ]  # fmt: skip


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pretrain")
    lines = [text for label in WORDS for text in sentences(label, 200)]
    (folder / "text.txt").write_text("\n".join(lines), encoding="utf-8")
    _pretrain(folder, minutes="0.02")
    return folder


def _pretrain(folder: Path, minutes: str) -> None:
    text, out = str(folder / "text.txt"), str(folder / "out")
    pretrain.main(["--text", text, "--out", out, "--minutes", minutes, "--vocab-size", "400"])


def test_pretraining_learns_and_its_checkpoint_opens_in_transformers(run: Path) -> None:
    checkpoint = run / "out" / "checkpoint"
    model = AutoModelForMaskedLM.from_pretrained(checkpoint)
    assert (model.config.num_hidden_layers, model.config.hidden_size) == (3, 312)
    tokenizer = Tokenizer.from_file(str(checkpoint / "tokenizer.json"))
    assert model.config.vocab_size == tokenizer.get_vocab_size()


def test_same_command_goes_on_where_it_stopped(run: Path) -> None:
    progress = run / "out" / "checkpoint" / "progress.json"
    before = json.loads(progress.read_text())
    _pretrain(run, minutes=str(before["seconds"] / 60 + 0.02))
    after = json.loads(progress.read_text())
    assert after["steps"] > before["steps"] > 0
    assert after["seconds"] > before["seconds"]


def test_replaced_words_are_found_after_some_training(run: Path) -> None:
    first, out = run / "out" / "checkpoint", run / "replaced"
    text = str(run / "text.txt")
    arguments = ["--text", text, "--out", str(out), "--replace-with", str(first)]
    pretrain.main([*arguments, "--minutes", "0.03"])
    before = json.loads((out / "checkpoint" / "progress.json").read_text())
    pretrain.main([*arguments, "--minutes", str(before["seconds"] / 60 + 0.02)])  # and goes on
    progress = json.loads((out / "checkpoint" / "progress.json").read_text())
    assert progress["seconds"] > before["seconds"] > 1.8
    tokenizers = [
        (path / "checkpoint" / "tokenizer.json").read_text() for path in (run / "out", out)
    ]
    assert tokenizers[0] == tokenizers[1]


def test_generator_that_is_no_checkpoint_is_refused(run: Path, tmp_path: Path) -> None:
    arguments = ["--text", str(run / "text.txt"), "--out", str(tmp_path / "out")]
    with pytest.raises(CheckpointError, match="is no checkpoint"):
        pretrain.main([*arguments, "--replace-with", str(tmp_path)])


def test_generator_fills_only_what_was_hidden(run: Path) -> None:
    checkpoint = run / "out" / "checkpoint"
    tokenizer = Tokenizer.from_file(str(checkpoint / "tokenizer.json"))
    masking = masking_of(tokenizer)
    objective = ReplacedWords(masking, AutoModelForMaskedLM.from_pretrained(checkpoint))
    rows = pack(
        [np.array(item.ids) for item in tokenizer.encode_batch(["отлично спасибо"] * 9)], 64
    )
    masked = mask_words(rows.ids, masking, np.random.default_rng(0))
    filled = objective.filled(rows, masked, np.random.default_rng(0))
    changed = np.flatnonzero(filled.reshape(-1) != rows.ids.reshape(-1))
    assert len(changed)
    assert set(changed) <= set(masked.where)


def test_too_little_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / "text.txt").write_text("одна строка\n" * 20, encoding="utf-8")
    with pytest.raises(DataError, match="give more"):
        _pretrain(tmp_path, minutes="0.02")


def test_finished_run_learns_no_more_and_says_so(
    run: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = (run / "out" / "checkpoint" / "progress.json").read_text()
    _pretrain(run, minutes="0.001")
    assert "its time is spent; give more --minutes" in capsys.readouterr().out
    assert (run / "out" / "checkpoint" / "progress.json").read_text() == before


def test_ctrl_c_saves_and_ends_as_stopped(run: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    progress = run / "out" / "checkpoint" / "progress.json"
    before = json.loads(progress.read_text())
    monkeypatch.setattr(Pretraining, "_report", lambda *_: signal.raise_signal(signal.SIGINT))
    with pytest.raises(KeyboardInterrupt):
        _pretrain(run, minutes="5")
    assert json.loads(progress.read_text())["steps"] == before["steps"] + 1
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_checkpoint_that_a_kill_left_aside_is_taken_up(run: Path) -> None:
    checkpoint = run / "out" / "checkpoint"
    before = json.loads((checkpoint / "progress.json").read_text())
    checkpoint.rename(run / "out" / ".checkpoint.old")
    _pretrain(run, minutes="0.001")
    assert json.loads((checkpoint / "progress.json").read_text()) == before


def test_run_does_not_change_its_objective(run: Path) -> None:
    arguments = ["--text", str(run / "text.txt"), "--out", str(run / "out"), "--minutes", "9"]
    with pytest.raises(CheckpointError, match="began without --replace-with; give another --out"):
        pretrain.main([*arguments, "--replace-with", str(run / "out" / "checkpoint")])


def test_loss_that_is_no_number_leaves_the_last_checkpoint(run: Path) -> None:
    weights = run / "out" / "checkpoint" / "model.safetensors"
    before = weights.read_bytes()
    arguments = ["--text", str(run / "text.txt"), "--out", str(run / "out"), "--minutes", "9"]
    with pytest.raises(MlError, match="no longer a finite number; give a lower --lr"):
        pretrain.main([*arguments, "--lr", "1e30"])
    assert weights.read_bytes() == before


def test_classifier_is_no_generator(run: Path, tmp_path: Path) -> None:
    write_version(tmp_path / "version")
    arguments = ["--text", str(run / "text.txt"), "--out", str(tmp_path / "out")]
    with pytest.raises(CheckpointError, match="is no masked-language model"):
        pretrain.main([*arguments, "--replace-with", str(tmp_path / "version")])
