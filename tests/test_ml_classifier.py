"""The serving model: what it answers, and what it must not need."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from ml_fixtures import TASKS, write_checkpoint, write_tokenizer_files, write_version
from safetensors.numpy import load_file, save_file
from transformers import (
    AutoTokenizer,
    BertForSequenceClassification,
    ElectraConfig,
    ElectraForSequenceClassification,
)

from ml import onnx_lookup
from ml.batching import snug_rectangles
from ml.checkpoint import load_weights
from ml.classifier import Classifier
from ml.errors import CheckpointError, MlError
from ml.manifest import read_json
from ml.onnx_engine import OnnxEngine
from ml.onnx_graph import all_products, build
from ml.onnx_nodes import Precision
from ml.probabilities import probabilities, scores
from ml.quantisation import bert_shape, float_graph
from ml.temperature import Temperature
from ml.tokenization import TextTokenizer, load_tokenizer

TEXTS = ["отлично, спасибо ❤️", "ужас", "верните деньги 😡 " * 9, "привет, идиот", "да " * 300]


@pytest.fixture(scope="module")
def version(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, BertForSequenceClassification]:
    directory = tmp_path_factory.mktemp("ml") / "tiny"
    return directory, write_version(directory)


@pytest.fixture(scope="module")
def classifier(version: tuple[Path, BertForSequenceClassification]) -> Classifier:
    return Classifier.load(version[0], device="cpu")


def test_every_task_gives_its_labels_and_softmax_adds_to_one(classifier: Classifier) -> None:
    for found in classifier.predict(TEXTS):
        assert {task: list(labels) for task, labels in found.items()} == TASKS
        assert sum(found["sentiment"].values()) == pytest.approx(1.0)
        assert 0 <= found["toxicity"]["toxic"] <= 1


def test_order_is_kept_and_silent_texts_get_nothing(classifier: Classifier) -> None:
    found = classifier.predict(["ужас", "", "спасибо", " \n"])
    assert [bool(given) for given in found] == [True, False, True, False]
    alone = classifier.predict(["спасибо"])[0]["sentiment"]["positive"]
    assert found[2]["sentiment"]["positive"] == pytest.approx(alone, abs=0.02)


def test_texts_scored_side_by_side_get_what_they_get_in_one_thread(
    version: tuple[Path, BertForSequenceClassification], classifier: Classifier
) -> None:
    texts = [" ".join(["спасибо"] * length) for length in range(1, 60)]
    together = Classifier.load(version[0], device="cpu", threads=2)
    assert together._engine.pool is not None
    np.testing.assert_array_equal(together.logits(texts), classifier.logits(texts))


@given(lengths=st.lists(st.integers(1, 128), max_size=70))
def test_snug_rectangles_hold_every_text_once_and_little_padding(lengths: list[int]) -> None:
    encoded = [[number + 1] * length for number, length in enumerate(lengths)]
    parts = list(snug_rectangles(encoded, 0, 256))
    held = {place: part.ids[row] for part in parts for row, place in enumerate(part.index)}
    assert {place: row[row > 0].tolist() for place, row in held.items()} == dict(enumerate(encoded))
    assert sum(len(part.index) for part in parts) == len(encoded)
    assert all(part.ids.size <= 256 and (part.mask == 0).sum() <= 8 for part in parts)
    assert all(((part.ids > 0) == (part.mask == 1)).all() for part in parts)


def test_scores_are_the_probabilities_of_each_task() -> None:
    logits = np.array([[0.5, -1.0, 2.0, 300.0], [0.0, 0.0, -900.0, -2.0]])
    bent = Temperature((0.5, 1.0, 2.0), (1.5, 0.7, 0.4))
    found = scores(logits, TASKS, {"sentiment": bent})
    wanted = probabilities(logits[:, :3], bent)
    np.testing.assert_allclose([list(text["sentiment"].values()) for text in found], wanted)
    wanted = probabilities(logits[:, 3:])
    np.testing.assert_allclose([list(text["toxicity"].values()) for text in found], wanted)


def test_no_texts_give_no_scores(classifier: Classifier) -> None:
    assert classifier.predict([]) == []


@settings(max_examples=60, deadline=None)
@given(texts=st.lists(st.text(st.characters(), max_size=300), max_size=5))
def test_any_string_gets_scores_or_nothing(classifier: Classifier, texts: list[str]) -> None:
    assert len(classifier.predict(texts)) == len(texts)


def test_long_texts_of_many_scripts_are_scored(classifier: Classifier) -> None:
    texts = ["ы" * 4_096, "漢字" * 2_000, "a\0b" * 2_000, "😡" * 4_096, "слово " * 200_000]
    assert all(classifier.predict(texts))


def test_float_graph_gives_torch_s_logits(
    version: tuple[Path, BertForSequenceClassification],
) -> None:
    directory, model = version
    engine = OnnxEngine(float_graph(directory), threads=1)
    ids = np.random.default_rng(0).integers(5, 100, (4, 20)).astype(np.int32)
    mask = (np.arange(20) < np.array([[20], [3], [11], [1]])).astype(np.int32)
    with torch.no_grad():
        fed = {"input_ids": torch.tensor(ids), "attention_mask": torch.tensor(mask)}
        wanted = model(**fed).logits.numpy()
    np.testing.assert_allclose(engine.logits(ids, mask), wanted, atol=1e-4)


def test_looked_up_projections_are_those_that_products_give(
    version: tuple[Path, BertForSequenceClassification], monkeypatch: pytest.MonkeyPatch
) -> None:
    weights, shape = load_weights(version[0]), bert_shape(read_json(version[0] / "config.json"))
    precision = Precision(all_products(shape) - {"layer1.narrow"})
    ids = np.random.default_rng(0).integers(5, 100, (3, 20)).astype(np.int32)
    mask = (np.arange(20) < np.array([[20], [3], [11]])).astype(np.int32)
    looked_up = OnnxEngine(build(weights, shape, precision).SerializeToString(), 1)
    monkeypatch.setattr(onnx_lookup, "_LARGEST_TABLE_BYTES", 0)
    multiplied = OnnxEngine(build(weights, shape, precision).SerializeToString(), 1)
    assert "Split" not in str(build(weights, shape, precision).graph.node)
    np.testing.assert_allclose(looked_up.logits(ids, mask), multiplied.logits(ids, mask), atol=2e-3)


def test_tokens_are_those_of_transformers(
    version: tuple[Path, BertForSequenceClassification],
) -> None:
    theirs = AutoTokenizer.from_pretrained(version[0])
    texts = [*TEXTS[:4], "Ёлка!!! ))) 👍🏽", "[MASK] x\u200dy", "ТЕКСТ"]
    assert TextTokenizer(load_tokenizer(version[0])).encode(texts) == theirs(texts)["input_ids"]


def test_scoring_on_a_cpu_never_imports_torch(
    version: tuple[Path, BertForSequenceClassification], tmp_path: Path
) -> None:
    script = (
        "import sys; from pathlib import Path; from ml.classifier import Classifier\n"
        "c = Classifier.load(Path(sys.argv[1]), device='auto', cache_dir=Path(sys.argv[2]))\n"
        "c.warm(); assert c.predict(['ужас'])[0]\n"
        "assert not {'torch', 'transformers'} & set(sys.modules), 'torch was imported'"
    )
    root = Path(__file__).parent.parent
    subprocess.run(
        [sys.executable, "-c", script, str(version[0]), str(tmp_path)], cwd=root, check=True
    )


def test_cached_graph_is_reused_and_replaced_when_weights_change(tmp_path: Path) -> None:
    directory, cache = tmp_path / "tiny", tmp_path / "cache"
    write_version(directory)
    first = Classifier.load(directory, device="cpu", cache_dir=cache).logits(["ужас"])
    again = Classifier.load(directory, device="cpu", cache_dir=cache).logits(["ужас"])
    weights = load_file(directory / "model.safetensors")
    weights["classifier.bias"] = weights["classifier.bias"] + 1
    save_file(weights, directory / "model.safetensors")
    moved = Classifier.load(directory, device="cpu", cache_dir=cache).logits(["ужас"])
    np.testing.assert_array_equal(first, again)
    np.testing.assert_allclose(moved, first + 1, atol=1e-4)
    assert len(list(cache.iterdir())) == 2


def test_cached_graph_that_a_crash_cut_short_is_built_again(
    tmp_path: Path, version: tuple[Path, BertForSequenceClassification]
) -> None:
    before = Classifier.load(version[0], device="cpu", cache_dir=tmp_path).logits(["ужас"])
    (graph,) = tmp_path.iterdir()
    whole = graph.read_bytes()
    graph.write_bytes(whole[: len(whole) // 2])
    after = Classifier.load(version[0], device="cpu", cache_dir=tmp_path).logits(["ужас"])
    np.testing.assert_array_equal(before, after)
    assert graph.read_bytes() == whole


@pytest.mark.parametrize(
    ("file", "content"),
    [("config.json", '{"model_type": "bert"}'), ("manifest.json", '{"tasks": ["toxic"]}')],
)
def test_checkpoint_with_senseless_papers_is_refused(
    tmp_path: Path, file: str, content: str
) -> None:
    write_version(tmp_path / "tiny")
    (tmp_path / "tiny" / file).write_text(content)
    with pytest.raises(CheckpointError):
        Classifier.load(tmp_path / "tiny", device="cpu")


def test_cache_that_cannot_be_written_costs_only_time(
    version: tuple[Path, BertForSequenceClassification], tmp_path: Path
) -> None:
    (tmp_path / "cache").write_text("a file stands where the folder should be")
    classifier = Classifier.load(version[0], device="cpu", cache_dir=tmp_path / "cache")
    assert classifier.predict(["ужас"])[0]


def test_hub_checkpoint_needs_no_manifest_and_has_no_toxicity(tmp_path: Path) -> None:
    write_checkpoint(tmp_path / "hub", ["NEGATIVE", "Neutral", "positive"])
    classifier = Classifier.load(tmp_path / "hub", device="cpu")
    assert classifier.tasks == {"sentiment": ["negative", "neutral", "positive"]}
    assert classifier.version == "hub"


def test_nameless_labels_are_refused_with_a_remedy(tmp_path: Path) -> None:
    write_checkpoint(tmp_path / "hub", ["LABEL_0", "LABEL_1", "LABEL_2"])
    with pytest.raises(CheckpointError, match=r"LABEL_0.*negative, neutral and positive"):
        Classifier.load(tmp_path / "hub", device="cpu")


def test_missing_tokenizer_is_said(tmp_path: Path) -> None:
    write_version(tmp_path / "tiny")
    (tmp_path / "tiny" / "tokenizer.json").unlink()
    with pytest.raises(CheckpointError, match=r"tokenizer\.json"):
        Classifier.load(tmp_path / "tiny", device="cpu")


def test_unknown_device_is_refused(version: tuple[Path, BertForSequenceClassification]) -> None:
    with pytest.raises(MlError, match="auto, cpu or cuda"):
        Classifier.load(version[0], device="tpu")


def test_other_architectures_are_exported_through_torch(tmp_path: Path) -> None:
    labels = ["negative", "neutral", "positive"]
    vocabulary = write_tokenizer_files(tmp_path)
    config = ElectraConfig(
        vocab_size=vocabulary,
        embedding_size=16,
        hidden_size=32,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=32,
        id2label=dict(enumerate(labels)),
    )
    ElectraForSequenceClassification(config).save_pretrained(tmp_path)
    predicted = Classifier.load(tmp_path, device="cpu").predict(["спасибо", "ужас " * 50])
    assert [sorted(found["sentiment"]) for found in predicted] == [labels, labels]


def test_torch_engine_agrees_with_int8(
    version: tuple[Path, BertForSequenceClassification], classifier: Classifier
) -> None:
    from ml import torch_engine

    engine = torch_engine.load(version[0], device="cpu")
    ids = np.array([[2, 30, 31, 32, 3]], np.int32)
    wanted = classifier._engine.logits(ids, np.ones_like(ids))
    np.testing.assert_allclose(engine.logits(ids, np.ones_like(ids)), wanted, atol=0.15)
