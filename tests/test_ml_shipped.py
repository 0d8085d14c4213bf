"""The model in the repository: whole, small, and right about what nobody would argue over."""

from pathlib import Path

import pytest
import torch
from transformers import AutoModelForSequenceClassification, AutoTokenizer, pipeline

from ml import manifest as manifests
from ml.base import quiet
from ml.classifier import Classifier
from ml.export import export
from ml.samples import sample_texts
from ml.tokenization import TextTokenizer, load_tokenizer

SHIPPED = Path(__file__).parent.parent / "models" / "nastroi-tiny"
BASE = SHIPPED.with_name("nastroi-tiny-base")


@pytest.fixture(scope="module")
def classifier() -> Classifier:
    return Classifier.load(SHIPPED, device="cpu")


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("Кошмар, заказ не пришёл, деньги не вернули", "negative"),
        ("Ужасное качество, всё порвалось после первой стирки", "negative"),
        ("Спасибо огромное, очень довольна покупкой!", "positive"),
        ("Какая красота! Обожаю ❤️", "positive"),
        ("Собрание перенесли на четверг в 19:00", "neutral"),
    ],
)
def test_plain_sentences_get_their_mood(classifier: Classifier, text: str, label: str) -> None:
    sentiment = classifier.predict([text])[0]["sentiment"]
    assert max(sentiment, key=lambda name: sentiment[name]) == label


def test_insults_are_toxic_and_angry_customers_are_not(classifier: Classifier) -> None:
    insult, complaint = classifier.predict(
        ["заткнись, тупой урод, ты никому не нужен", "Кошмар, заказ не пришёл, деньги не вернули"]
    )
    assert complaint["toxicity"]["toxic"] < 0.5 < insult["toxicity"]["toxic"]


def test_it_fits_into_20_mb_and_opens_in_transformers() -> None:
    quiet()
    assert sum(path.stat().st_size for path in SHIPPED.iterdir()) <= 20_000_000
    model = AutoModelForSequenceClassification.from_pretrained(SHIPPED)
    labels = [label for task in manifests.read(SHIPPED).tasks.values() for label in task]
    assert [model.config.id2label[index] for index in range(4)] == labels
    assert labels == ["neutral", "positive", "negative", "toxic"]


def test_its_tokens_are_those_of_transformers() -> None:
    theirs = AutoTokenizer.from_pretrained(SHIPPED)
    texts = [*sample_texts()[:50], "Ёлка!!! ))) 👍🏽 ❤️", "\n\tпробелы  ", "漢字 qwerty 12345"]
    assert TextTokenizer(load_tokenizer(SHIPPED)).encode(texts) == theirs(texts)["input_ids"]


def test_int8_keeps_its_probabilities() -> None:
    _, parity = export(SHIPPED, sample_texts(), threads=1)
    assert parity.texts == 300


def test_card_and_manifest_travel_with_it() -> None:
    manifest = manifests.read(SHIPPED)
    assert manifest.name == "nastroi-tiny"
    assert manifest.metrics["test"]["rureviews.csv"]["accuracy"] >= 0.73
    assert "licence" in (SHIPPED / "README.md").read_text(encoding="utf-8").casefold()


def test_base_names_a_hidden_word_and_fits_into_20_mb() -> None:
    quiet()
    assert sum(path.stat().st_size for path in BASE.iterdir()) <= 20_000_000
    fill = pipeline("fill-mask", model=str(BASE), dtype=torch.float32, top_k=20)
    named = {found["token_str"] for found in fill("качество просто [MASK], всем советую")}
    assert named & {"супер", "отличное", "хорошее"}
