from pathlib import Path

import numpy as np
import pytest
from ml_fixtures import write_version

from benchmarks import serving
from benchmarks.products import NetworkShape, large_product
from benchmarks.turns import in_turns
from ml.classifier import Classifier

TEXTS = ["спасибо", "ужас " * 9, "верните деньги 😡", "ок"]


@pytest.fixture(scope="module")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("benchmarks") / "tiny"
    write_version(path)
    return path


def test_multiply_adds_are_those_of_the_matrices() -> None:
    shape = NetworkShape(layers=1, hidden=2, wide=3, labels=4)
    projections, attention, feed_forward, head = 4 * 5 * 2 * 2, 2 * 5 * 5 * 2, 2 * 5 * 2 * 3, 12
    assert shape.whole(5) == projections + attention + feed_forward + head
    asked_by_one = 2 * 5 * 4 + 2 * 4 + 2 * 5 * 2 + 2 * 2 * 3
    assert shape.needed(5) == asked_by_one + head


@pytest.mark.parametrize("dtype", ["int8", "fp32", "bf16"])
def test_large_product_runs_in_each_dtype(dtype: str) -> None:
    product = large_product(dtype, threads=1)()
    assert np.shape(product[0])[-1] == 1_024  # type: ignore[index]


def test_rivals_take_turns_at_the_same_work() -> None:
    seen: list[tuple[str, int]] = []
    rivals = {
        "a": lambda work: seen.append(("a", work)),
        "b": lambda work: seen.append(("b", work)),
    }
    taken = in_turns(rivals, [1, 2], rounds=3, warm_ups=0)
    assert seen == [("a", 1), ("b", 1), ("a", 2), ("b", 2), ("a", 1), ("b", 1)]
    assert {name: len(times) for name, times in taken.items()} == {"a": 3, "b": 3}


def test_padding_only_adds_to_the_share_of_the_product_rate(directory: Path) -> None:
    classifier = Classifier.load(directory, device="cpu")
    found = serving.product_share(classifier, directory, TEXTS, (1, 2))
    share = found["share"]
    assert found["dtype"] in {"int8", "fp32"}
    assert 0 < share["needed"] <= share["needed_with_padding"] < share["as_published_with_padding"]


def test_tokenizer_takes_a_part_of_the_time(directory: Path) -> None:
    classifier = Classifier.load(directory, device="cpu")
    shares = serving.tokenizer_share(classifier, directory, TEXTS, rounds=5)
    assert set(shares) == {"one_text", "batch_of_64"}
    assert all(share > 0 for share in shares.values())
