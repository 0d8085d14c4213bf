"""Retraining: a champion learns a community's labels, what is held out stays unseen."""

import csv

import pytest
from ml_fixtures import sentences, write_csv, write_version

from ml import gate, manifest
from ml.classifier import Classifier
from ml.errors import Cancelled, DataError
from ml.retraining import Inputs, Recipe, Retraining

SENTIMENT = ("negative", "neutral", "positive")
PAIR = ("tiny-2", "tiny-3")


@pytest.fixture
def champion(tmp_path):
    write_version(tmp_path / "tiny-1")
    return tmp_path / "tiny-1"


@pytest.fixture
def labelled(tmp_path):
    return write_csv(tmp_path / "community-sentiment.csv", SENTIMENT, each=60)


@pytest.fixture
def quiet():
    return lambda stage, share, left: None


def retraining(champion, labelled, on_progress, **more):
    recipe = Recipe(epochs=8, learning_rate=3e-3)
    return Retraining(Inputs(champion, [labelled], **more), recipe, on_progress)


def test_a_challenger_learns_what_the_champion_did_not_know(champion, labelled, quiet, tmp_path):
    training = retraining(champion, labelled, quiet)
    training.train(tmp_path / "tiny-2", "tiny-2")
    sets = training.judge(tmp_path / "tiny-2")
    assert gate.decide(sets).passes
    assert gate.figures(sets[0], sets[0].after).macro_f1 > 0.8


def test_what_is_held_out_is_never_learned_from(champion, tmp_path, quiet):
    path = tmp_path / "labels.csv"
    texts = [t for label in SENTIMENT for t in sentences(label, 40)]
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = [(t, SENTIMENT[i // 40]) for i, t in enumerate(texts)]
        csv.writer(file).writerows([("text", "label"), *rows])
    training = retraining(champion, path, quiet)
    held, learned = training.held_out[0], training.learned[0]
    assert not set(held.texts) & set(learned.texts)
    assert len(held.texts) > 10


def test_the_papers_say_exactly_what_went_in(champion, labelled, quiet, tmp_path):
    base = tmp_path / "base"
    base.mkdir()
    write_csv(base / "toxicity.csv", ("toxic", "ok"), each=60)
    training = retraining(champion, labelled, quiet, base_data=base)
    training.train(tmp_path / "tiny-2", "tiny-2")
    papers = manifest.read(tmp_path / "tiny-2")
    assert (papers.parent, papers.version, papers.seed) == ("tiny-1", "tiny-2", 1)
    assert [file.name for file in papers.data] == ["community-sentiment.csv", "toxicity.csv"]
    assert papers.data[0].rows == len(training.learned[0].texts)


def test_the_other_task_is_kept_by_what_the_champion_says_of_it(
    champion, labelled, quiet, tmp_path
):
    lines = tmp_path / "unlabelled.txt"
    lines.write_text("\n".join(t for name in ("toxic", "ok") for t in sentences(name, 80)))
    training = retraining(champion, labelled, quiet, unlabelled=lines)
    training.train(tmp_path / "tiny-2", "tiny-2")
    texts = sentences("toxic", 20, seed=9)
    pair = [Classifier.load(path).predict(texts) for path in (champion, tmp_path / "tiny-2")]
    gaps = [
        abs(a["toxicity"]["toxic"] - b["toxicity"]["toxic"]) for a, b in zip(*pair, strict=True)
    ]
    assert sum(gaps) / len(gaps) < 0.2


def test_progress_is_told_and_a_cancelled_training_leaves_nothing(champion, labelled, tmp_path):
    told = []

    def tell(stage, share, left):
        told.append((stage, share))
        if share > 0.5:
            raise Cancelled

    with pytest.raises(Cancelled):
        retraining(champion, labelled, tell).train(tmp_path / "tiny-2", "tiny-2")
    assert told[0] == ("preparing", 0.0)
    assert not (tmp_path / "tiny-2").exists()


def test_one_that_was_broken_off_goes_on_where_it_was_saved(champion, labelled, quiet, tmp_path):
    told, workplace = [], tmp_path / "unfinished"

    def tell(stage, share, left):
        if share > 0.6:
            raise Cancelled

    def note(stage, share, left):
        told.append(share)

    with pytest.raises(Cancelled):
        retraining(champion, labelled, tell).train(tmp_path / "tiny-2", "tiny-2", workplace)
    retraining(champion, labelled, note).train(tmp_path / "tiny-2", "tiny-2", workplace)
    assert min(told[1:]) > 0.5
    retraining(champion, labelled, quiet).train(tmp_path / "tiny-3", "tiny-2")
    pair = [Classifier.load(tmp_path / name).predict(["ужас", "супер"]) for name in PAIR]
    assert pair[0] == pair[1]


def test_too_few_labels_are_refused_in_words(champion, tmp_path, quiet):
    path = write_csv(tmp_path / "few.csv", SENTIMENT, each=3)
    with pytest.raises(DataError, match="9 labels can't train; at least 20"):
        retraining(champion, path, quiet)
