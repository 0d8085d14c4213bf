"""What a classifier's time goes into: the tokenizer, products, batches too small."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.products import PRODUCT_MULTIPLY_ADDS, NetworkShape, large_product
from benchmarks.turns import in_turns, medians
from ml.batching import BATCH_TOKENS, snug_rectangles
from ml.classifier import Classifier
from ml.tokenization import TextTokenizer, load_tokenizer

SIZES = (1, 2, 4, 8, 16, 32, 64, 128, 256)
BULK = SIZES[-1]


def product_share(
    classifier: Classifier, directory: Path, texts: Sequence[str], run: tuple[int, int]
) -> dict[str, Any]:
    """Compare bulk scoring's multiply-adds a second with those of one large product.

    `run` is threads and rounds. The network's are counted as published, and as far as its answer
    depends on them; without padding, and with what the rectangles add.
    """
    threads, rounds = run
    dtype = classifier.engine.rpartition(" ")[2]
    product = large_product(dtype, threads)
    rivals = {"scoring": classifier.predict, "product": lambda batch: product()}
    taken = medians(in_turns(rivals, [list(texts)], rounds))
    rate = PRODUCT_MULTIPLY_ADDS / taken["product"]
    counts = _multiply_adds(directory, texts)
    return {
        "dtype": dtype,
        "product_giga_multiply_adds_per_second": round(rate / 1e6, 1),
        "share": {n: round(count / taken["scoring"] / rate, 3) for n, count in counts.items()},
    }


def _multiply_adds(directory: Path, texts: Sequence[str]) -> dict[str, int]:
    shape = NetworkShape.read(directory)
    encoded = TextTokenizer(load_tokenizer(directory)).encode(texts)
    real = [len(ids) for ids in encoded]
    padded = [part.ids.shape[1] for part in _rectangles(encoded) for _ in part.index]
    return {
        "needed": sum(map(shape.needed, real)),
        "needed_with_padding": sum(map(shape.needed, padded)),
        "as_published": sum(map(shape.whole, real)),
        "as_published_with_padding": sum(map(shape.whole, padded)),
    }


def _rectangles(encoded: Sequence[Sequence[int]]) -> list[Any]:
    return list(snug_rectangles(encoded, 0, BATCH_TOKENS))


def tokenizer_share(
    classifier: Classifier, directory: Path, texts: Sequence[str], rounds: int
) -> dict[str, float]:
    """Return what part of scoring one text, and 64, goes into their token ids."""
    tokenizer = TextTokenizer(load_tokenizer(directory))
    rivals = {"scoring": classifier.predict, "tokenizer": tokenizer.encode}
    shares = {}
    for name, size in (("one_text", 1), ("batch_of_64", 64)):
        batches = [list(texts[at : at + size]) for at in range(0, len(texts), size)]
        taken = medians(in_turns(rivals, batches, rounds * (4 if size == 1 else 1)))
        shares[name] = round(taken["tokenizer"] / taken["scoring"], 3)
    return shares


def texts_per_second(
    classifier: Classifier, texts: Sequence[str], rounds: int
) -> dict[str, dict[str, float]]:
    """Return, for each size of batch, texts a second and how many times one by one that is."""

    def in_batches(size: int) -> None:
        for start in range(0, BULK, size):
            classifier.predict(texts[start : start + size])

    rivals = {str(size): lambda work, size=size: in_batches(size) for size in SIZES}
    taken = medians(in_turns(rivals, [None], rounds, warm_ups=1))
    return {
        size: {
            "texts_per_second": round(1_000 * BULK / milliseconds),
            "times_one_by_one": round(taken["1"] / milliseconds, 2),
        }
        for size, milliseconds in taken.items()
    }
