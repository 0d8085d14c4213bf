"""Labelled files: what is read, what is refused, and how they are split."""

from pathlib import Path

import pytest
from ml_fixtures import sentences, write_csv

from ml.data import part_of, read_table, require_classes
from ml.errors import DataError


def _file(tmp_path: Path, content: bytes) -> Path:
    path = tmp_path / "data.csv"
    path.write_bytes(content)
    return path


def test_task_follows_from_the_labels(tmp_path: Path) -> None:
    table = read_table(write_csv(tmp_path / "t.csv", ["ok", "toxic"], each=3))
    assert table.task == "toxicity"
    assert table.labels == [0, 0, 0, 1, 1, 1]


def test_rows_without_words_are_left_out(tmp_path: Path) -> None:
    table = read_table(_file(tmp_path, 'text,label\n" ",neutral\nок,neutral\n'.encode()))
    assert table.texts == ["ок"]


def test_columns_may_stand_anywhere_and_a_mark_before_them(tmp_path: Path) -> None:
    content = "id,label,Text\n1,positive,супер\n".encode("utf-8-sig")
    assert read_table(_file(tmp_path, content)).texts == ["супер"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "no column text and label"),
        ("text,mood\nок,neutral\n".encode(), "no column label"),
        (b"text,label\n", "no rows"),
        ("text,label\nок,neutral\nну,angry\n".encode(), r"row 3: the label 'angry'"),
        ("text,label\nок,neutral\nну\n".encode(), "row 3: it has 1 columns"),
        ("text,label\nок,neutral\n".encode() + b"\xff\xfe,neutral\n", "row 3: not UTF-8"),
        (b"text,label\n\0,neutral\n", "row 2: a NUL byte"),
        (b"text,label\n" + b"a" * 200_000 + b",neutral\n", "row 2: field larger"),
    ],
)
def test_bad_file_is_refused_with_its_row(tmp_path: Path, content: bytes, said: str) -> None:
    with pytest.raises(DataError, match=said) as caught:
        read_table(_file(tmp_path, content))
    assert "data.csv" in str(caught.value)


def test_missing_file_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"absent\.csv can't be read: No such file"):
        read_table(tmp_path / "absent.csv")


def test_one_class_alone_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="every row is 'toxic'"):
        require_classes(read_table(write_csv(tmp_path / "t.csv", ["toxic"])))


def test_copies_of_a_text_fall_on_one_side_of_the_split() -> None:
    assert {part_of("Всё, отлично!!!"), part_of("все отлично")} == {part_of("ВСЕ ОТЛИЧНО)))")}


def test_a_tenth_is_tested_and_each_fold_tests_another() -> None:
    texts = sentences("positive", 2_000)
    folds = [{text for text in texts if part_of(text, fold) == "test"} for fold in range(10)]
    assert 140 < len(folds[0]) < 260
    assert sum(map(len, folds)) == len(set.union(*folds)) == len(texts)
