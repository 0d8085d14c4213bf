"""The comparison's rows of every kind, its grid, page and pictures."""

import itertools
import json
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import pytest
import torch
from matplotlib.text import Text
from ml_fixtures import sentences, write_checkpoint, write_tokenizer_files, write_version

from ml.charts import new_figure
from ml.manifest import SENTIMENT
from ml.study.curves import smoothed
from ml.study.figures import CURVES, GRID, QUALITY, draw
from ml.study.machine import describe_machine
from ml.study.measuring import measure_cell, measure_row
from ml.study.page import page
from ml.study.point_labels import Point, label_points
from ml.study.recurrent import RecurrentClassifier, RecurrentShape
from ml.study.result import Result
from ml.study.row import TRANSFORMER, Entry, Failure, Labelled, Row, Terms, row_from_json
from ml.study.run import Plan
from ml.study.speed import Budget
from ml.study.systems import BILSTM, LEXICON, LSTM, TFIDF, Published, Shape

NARROW = Shape(layers=1, hidden=24, heads=2, feed_forward=32, vocabulary=500)


@pytest.fixture(scope="module")
def terms(tmp_path_factory: pytest.TempPathFactory) -> Terms:
    """A few hundred texts of three moods, and a tokenizer."""
    folder = tmp_path_factory.mktemp("tokenizer")
    write_tokenizer_files(folder)
    pairs = [(t, n) for n, mood in enumerate(SENTIMENT) for t in sentences(mood, 80)]
    mixed = [pairs[place] for place in np.random.default_rng(0).permutation(len(pairs))]
    texts, labels = [text for text, _ in mixed], [label for _, label in mixed]
    train, test = Labelled(texts[60:], labels[60:]), Labelled(texts[:60], labels[:60])
    return Terms(train, test, folder, epochs=2, threads=1, budget=Budget(0.02, 16))


@pytest.fixture(scope="module")
def ghost(terms: Terms) -> Row:
    """A system of a known shape whose weights can't be had."""
    published = Published(cpu_ms=6, accuracy=0.71)
    entry = Entry("Ghost", TRANSFORMER, "no-such-directory", NARROW, published)
    return measure_row(entry, terms)


@pytest.mark.parametrize("kind", [TFIDF, LSTM, BILSTM])
def test_what_the_study_argues_against_learns_from_the_texts(terms: Terms, kind: str) -> None:
    row = measure_row(Entry(kind, kind), replace(terms, epochs=4))
    assert row.quality is not None
    assert row.quality.accuracy > 0.9
    assert row.training is not None
    assert row.training.texts == len(terms.train.texts)
    assert row.cpu.one_ms > 0
    assert row.cpu.texts_per_second > 0


def test_lexicon_judges_without_learning(terms: Terms) -> None:
    row = measure_row(Entry("words", LEXICON), terms)
    assert row.training is None
    assert row.quality is not None
    assert row.quality.accuracy > 0.6


def test_system_without_weights_gets_size_and_speed_and_no_quality(ghost: Row) -> None:
    assert ghost.quality is None
    assert ghost.quality_note == "no weights"
    assert ghost.training is not None
    assert ghost.training.estimated
    assert ghost.cpu.one_ms > 0
    assert ghost.disk_bytes == 4 * ghost.parameters


def test_shape_without_weights_has_the_parameters_of_the_real_one(ghost: Row) -> None:
    embeddings = (500 + 512 + 2) * 24 + 2 * 24
    layer = 4 * (24 * 24 + 24) + 2 * 24 * 32 + 32 + 24 + 4 * 24
    head = 24 * 24 + 24 + 3 * 24 + 3
    assert ghost.parameters == embeddings + layer + head


def test_config_without_weights_gives_its_own_architecture(terms: Terms, tmp_path: Path) -> None:
    write_checkpoint(tmp_path, ["a", "b"])
    whole = measure_row(Entry("c", TRANSFORMER, str(tmp_path)), replace(terms, epochs=1))
    (tmp_path / "model.safetensors").unlink()
    bare = measure_row(Entry("c", TRANSFORMER, str(tmp_path), NARROW), terms)
    assert bare.parameters == whole.parameters
    assert bare.quality is None


def test_checkpoint_without_our_labels_is_fine_tuned(terms: Terms, tmp_path: Path) -> None:
    write_checkpoint(tmp_path, ["a", "b"])
    row = measure_row(Entry("base", TRANSFORMER, str(tmp_path)), terms)
    assert row.training is not None
    assert len(row.training.losses) == len(row.training.accuracies) > 2
    assert "fine-tuned here" in row.weights


def test_version_is_judged_as_it_is_and_as_it_is_served(terms: Terms, tmp_path: Path) -> None:
    write_version(tmp_path)
    entry = Entry("ours", TRANSFORMER, str(tmp_path))
    plain, served = (measure_row(replace(entry, served=s), terms) for s in (False, True))
    assert plain.training is None
    assert plain.training_note.startswith("as is")
    assert served.engine.startswith("onnxruntime")
    assert plain.parameters == served.parameters
    assert plain.quality is not None
    assert served.quality is not None
    assert served.quality.accuracy == pytest.approx(plain.quality.accuracy, abs=0.06)


def test_labels_in_another_order_are_put_in_ours(terms: Terms, tmp_path: Path) -> None:
    model = write_checkpoint(tmp_path, ["Positive", "NEGATIVE", "neutral"])
    with torch.no_grad():
        model.classifier.weight.zero_()
        model.classifier.bias.copy_(torch.tensor([0.0, 9.0, 0.0]))
    model.save_pretrained(tmp_path)
    row = measure_row(Entry("hub", TRANSFORMER, str(tmp_path)), terms)
    negative = terms.test.labels.count(SENTIMENT.index("negative")) / len(terms.test.labels)  # type: ignore[attr-defined]
    assert row.quality is not None
    assert row.quality.accuracy == pytest.approx(negative)


@pytest.mark.parametrize("both_ways", [False, True])
def test_padding_does_not_change_what_an_lstm_says(both_ways: bool) -> None:
    torch.manual_seed(0)
    model = RecurrentClassifier(RecurrentShape(50, 3, 8, 8, both_ways)).eval()
    ids = torch.tensor([[2, 7, 9, 3]])
    padded = torch.tensor([[2, 7, 9, 3, 0, 0, 0]])
    alone = model(ids, torch.ones_like(ids)).logits
    wide = model(padded, (padded != 0).long()).logits
    assert torch.allclose(alone, wide, atol=1e-6)


def test_way_back_sees_what_comes_after(terms: Terms) -> None:
    torch.manual_seed(0)
    model = RecurrentClassifier(RecurrentShape(50, 3, 8, 8, both_ways=True)).eval()
    one, other = torch.tensor([[2, 7, 9, 3]]), torch.tensor([[3, 9, 7, 2]])
    mask = torch.ones_like(one)
    model.back.load_state_dict(model.forth.state_dict())
    with torch.no_grad():
        half = model.head.weight[:, :8]
        model.head.weight.copy_(torch.cat([half, half], dim=1))
    assert torch.allclose(model(one, mask).logits, model(other, mask).logits, atol=1e-6)


def test_smoothing_starts_at_the_first_value_and_follows() -> None:
    found = smoothed([1.0] * 10 + [2.0] * 300)
    assert found[0] == pytest.approx(1.0)
    assert found[9] == pytest.approx(1.0)
    assert 1.9 < found[-1] < 2.0


def test_grid_takes_each_size_that_the_data_has_and_all_of_it_once() -> None:
    plan = Plan([], [], train_rows=[3_000, 27_000, 9_000, 60_000], epochs=[2, 1])
    found = plan.shapes(Entry("base", TRANSFORMER), available=22_000)
    assert found == [(3_000, 1), (3_000, 2), (9_000, 1), (9_000, 2), (60_000, 1), (60_000, 2)]
    assert plan.shapes(Entry("tf-idf", TFIDF), available=4_000) == [(3_000, 0), (60_000, 0)]


def test_row_survives_its_file(ghost: Row) -> None:
    assert row_from_json(json.loads(json.dumps(asdict(ghost)))) == ghost


def test_page_says_no_weights_and_tells_the_published_figures_apart(
    ghost: Row, terms: Terms
) -> None:
    found = page(_result([ghost], terms))
    line = next(line for line in found.splitlines() if line.startswith("| Ghost"))
    assert line.count("no weights") == 2
    assert "≈" in line
    assert "71.0 %" not in found.partition("## Published by the study")[0]
    assert "- Broken: it is broken" in found


def test_pictures_are_drawn_of_what_there_is(ghost: Row, terms: Terms, tmp_path: Path) -> None:
    entry = Entry("lstm", LSTM)
    row, cell = measure_row(entry, terms), measure_cell(entry, terms, 100)
    draw(replace(_result([ghost, row], terms), cells=[cell]), tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([CURVES, QUALITY, GRID])
    assert cell.training.texts == 100


def _result(rows: list[Row], terms: Terms) -> Result:
    failures = [Failure("Broken", "it is broken")]
    texts = len(terms.train.texts), len(terms.test.texts)
    return Result(rows, [], failures, ["mood.csv"], *texts, 1, describe_machine(1))


def test_names_of_close_points_do_not_cover_each_other() -> None:
    _, (axes,) = new_figure(size=(8, 6))
    places = np.random.default_rng(0).uniform(0.3, 0.7, (12, 2))
    axes.set(xlim=(0, 1), ylim=(0, 1))
    points = [Point(x, y, f"a model called {n}") for n, (x, y) in enumerate(places.tolist())]
    label_points(axes, points)
    boxes = [Text.get_window_extent(label) for label in axes.texts]
    assert len(boxes) == 12
    assert not any(one.overlaps(other) for one, other in itertools.combinations(boxes, 2))
