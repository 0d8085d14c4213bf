"""Near-duplicates: what counts as one, and that none is ever set against another."""

from collections import Counter
from itertools import combinations
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from ml.data import Table, part_of
from ml.neighbours import SHORTEST, SIMILAR, clusters, similarity
from ml.text import fingerprint

REVIEW = "платье пришло за две недели, сшито хорошо, но рукава коротковаты"
WORDS = st.sampled_from(
    [*REVIEW.replace(",", "").split(), "синее", "куртка", "верните", "брак", "😡"]
)
TEXTS = st.lists(WORDS, min_size=5, max_size=12).map(" ".join)


@st.composite
def edited(draw: st.DrawFn) -> list[str]:
    """Texts, and beside them each with a few of its characters cut out and others put in."""
    texts = draw(st.lists(TEXTS, min_size=1, max_size=6))
    places = st.integers(0, 70)
    return texts + [
        text[: (at := draw(places))] + draw(st.text(max_size=6)) + text[at + draw(places) % 5 :]
        for text in texts
    ]


def _near(one: str, other: str) -> bool:
    prints = fingerprint(one), fingerprint(other)
    long = min(map(len, prints)) >= SHORTEST
    return prints[0] == prints[1] or (long and similarity(*prints) >= SIMILAR)


@settings(derandomize=True, deadline=None)
@given(edited(), st.integers(0, 9))
def test_no_two_near_duplicates_land_in_different_parts(texts: list[str], fold: int) -> None:
    table = Table(Path("t.csv"), "sentiment", texts, list(range(len(texts))))
    parts = {
        index: part
        for part in ("train", "validation", "test")
        for index in table.only(part, fold).labels
    }
    pairs = [
        pair for pair in combinations(range(len(texts)), 2) if _near(*map(texts.__getitem__, pair))
    ]
    assert sorted(parts) == table.labels
    assert all(parts[one] == parts[other] for one, other in pairs)


@settings(derandomize=True, deadline=None)
@given(st.lists(TEXTS, max_size=8))
def test_a_text_without_near_duplicates_is_where_its_own_hash_says(texts: list[str]) -> None:
    table = Table(Path("t.csv"), "sentiment", texts, [0] * len(texts))
    sizes = Counter(table.clusters)
    alone = [t for t, cluster in zip(texts, table.clusters, strict=True) if sizes[cluster] == 1]
    tested = table.only("test").texts
    assert [text in tested for text in alone] == [part_of(text) == "test" for text in alone]


def test_an_edited_text_is_a_near_duplicate_and_another_is_not() -> None:
    texts = [REVIEW, "куртка тонкая, зимой в такой замёрзнешь", REVIEW.upper() + "!!! Спасибо"]
    assert clusters(texts) == [0, 1, 0]


def test_clusters_reach_over_what_stands_between() -> None:
    middle = REVIEW + ", буду носить"
    assert clusters([REVIEW, middle, middle + " дома и на даче"]) == [0, 0, 0]


def test_short_texts_are_alike_only_as_copies() -> None:
    texts = [
        "спасибо",
        "спасибо!",
        "большое спасибо",
        "спасибо вам большое",
        "ок",
        "😡",
        "",
        "ок ок",
    ]
    assert clusters(texts) == [0, 0, 2, 3, 4, 5, 6, 7]


def test_a_crowd_of_one_template_is_one_cluster() -> None:
    crowd = [f"здравствуйте, ваш заказ номер {n} прибыл в пункт выдачи, ждём" for n in range(1_000)]
    assert set(clusters([*crowd, REVIEW])) == {0, 1_000}


def test_different_long_texts_stay_apart() -> None:
    texts = [
        " ".join(f"слово{n * 31 % 9_973}" for n in range(at, at + 9)) for at in range(0, 900, 9)
    ]
    assert clusters(texts) == list(range(100))


def test_rows_near_what_another_table_holds_are_left_out() -> None:
    held = Table(Path("a.csv"), "sentiment", [REVIEW, "ок"], [0, 0])
    other = "размер подошёл, ткань плотная, цвет как на фото"
    mine = Table(Path("b.csv"), "sentiment", [other, REVIEW + " очень", "ок!"], [0, 1, 2])
    assert mine.apart_from([held]).texts == [other]
