"""Labelled files: what is read, what is refused, and how they are split."""

import os
import tracemalloc
from pathlib import Path

import pytest
from ml_fixtures import sentences, write_csv

from ml.data import LABELS, TRAINING, Shares, part_of, read_table, require_classes
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


MOODS = ["negative", "negative", "neutral", "positive", "positive"]


def _read(tmp_path: Path, name: str, content: str) -> list[tuple[int, str, str]]:
    path = tmp_path / name
    path.write_text(content, encoding="utf-8")
    table = read_table(path)
    names = [LABELS[table.task][label] for label in table.labels]
    return list(zip(table.rows, table.texts, names, strict=True))


def test_stars_become_the_study_s_labels(tmp_path: Path) -> None:
    rows = "".join(f"хм {stars},{stars}.0\n" for stars in range(1, 6))
    found = _read(tmp_path, "stars.csv", "text,rating\n" + rows)
    assert [label for _, _, label in found] == MOODS


def test_rureviews_columns_and_spelling_are_read(tmp_path: Path) -> None:
    content = 'review\tsentiment\nкак "надо", да\tneautral\n"в ""S"" тесно"\tnegative\n'
    assert _read(tmp_path, "r.csv", content) == [
        (2, 'как "надо", да', "neutral"),
        (3, 'в "S" тесно', "negative"),
    ]


def test_a_label_outranks_stars_and_semicolons_may_separate(tmp_path: Path) -> None:
    content = 'stars;"Label";text\n5;neutral;ну, ок\n'
    assert _read(tmp_path, "s.csv", content) == [(2, "ну, ок", "neutral")]


def test_json_lines_carry_labels_or_stars(tmp_path: Path) -> None:
    content = '{"text": "ок\\nда", "label": "toxic"}\n\n{"review": "ну", "label": "ok"}\n'
    stars = '{"id": 7, "text": "ок", "stars": 5}\n{"text": "ну", "stars": "2"}\n'
    assert _read(tmp_path, "a.jsonl", content) == [(1, "ок\nда", "toxic"), (3, "ну", "ok")]
    assert _read(tmp_path, "b.jsonl", stars) == [(1, "ок", "positive"), (2, "ну", "negative")]


def test_a_row_is_known_by_the_line_it_starts_on(tmp_path: Path) -> None:
    content = 'text,label\n"две\nстроки",neutral\n?,neutral\n'
    assert _read(tmp_path, "q.csv", content)[1] == (4, "?", "neutral")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "no column text and label"),
        ("text,mood\nок,neutral\n".encode(), "no column label .* text and stars"),
        (b"text,label\n", "no rows"),
        ("text,label\nок,neutral\nну,angry\n".encode(), r"row 3: the label 'angry'"),
        ("text,label\nок,neutral\nну\n".encode(), "row 3: it has 1 columns"),
        ("text,stars\nок,5\nну,6\n".encode(), "row 3: '6' is no number of stars; .* 1 to 5"),
        ("text,stars\nок,5\nну,2.5\n".encode(), "row 3: '2.5' is no number of stars"),
        ("text,stars\nок,nan\n".encode(), "row 2: 'nan' is no number of stars"),
        ("text,label\nок,neutral\n".encode() + b"\xff\xfe,neutral\n", "row 3: not UTF-8"),
        ("text,label\nок,neutral\n".encode("utf-16"), "row 1: not UTF-8 but UTF-16; .* Excel"),
        ("text;label\nХорошо;neutral\n".encode("cp1251"), "row 2: not UTF-8 but.* Windows-1251"),
        (b"text,label\n\xd0\xbe\xd0\xba\xd0,neutral\n", "row 2: not UTF-8; save"),
        (b"text,label\n\0,neutral\n", "row 2: a NUL byte"),
        (b"text,label\n" + b"a" * 200_000 + b",neutral\n", "row 2: field larger"),
        ('text,label\n"ок,neutral\nну,neutral\n'.encode(), "row 2: .* a quote opens there"),
        ('text,label\n"о"к,neutral\n'.encode(), "row 2: .*; double the quotes"),
        (b'text,label\n"' + b"a,neutral\n" * 90_000, "row 2: .* a quote left open"),
        ("text,label\rок,neutral\r".encode(), "row 1: .* end the lines with LF"),
    ],
)
def test_bad_file_is_refused_with_its_row(tmp_path: Path, content: bytes, said: str) -> None:
    with pytest.raises(DataError, match=said) as caught:
        read_table(_file(tmp_path, content))
    assert "data.csv" in str(caught.value)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('{"text": "ок"', "not a JSON object"),
        ("[" * 100_000, "not a JSON object"),
        ('["ок", "neutral"]', "not a JSON object"),
        ('{"label": "neutral"}', "text is missing; needed are"),
        ('{"text": "ок"}', "label is missing"),
        ('{"text": 5, "label": "neutral"}', "text is not a string"),
        ('{"text": "ок", "label": 1}', "label is not a string"),
        ('{"text": "ок", "stars": 0}', "'0' is no number of stars"),
        ('{"text": "ок", "stars": true}', "'True' is no number of stars"),
    ],
)
def test_bad_json_line_is_refused_with_its_row(tmp_path: Path, line: str, said: str) -> None:
    with pytest.raises(DataError, match=rf"b\.jsonl, row 2: {said}"):
        _read(tmp_path, "b.jsonl", '{"text": "ок", "label": "neutral"}\n' + line + "\n")


@pytest.mark.parametrize(
    ("name", "head"),
    [
        ("big.csv", "text,label\n"),
        ("big.tsv", "text\tlabel\n"),
        ("big.jsonl", '{"text": "?", "label": "ok"}\n'),
    ],
)
def test_a_line_of_100_mb_is_refused_unread(tmp_path: Path, name: str, head: str) -> None:
    path = tmp_path / name
    path.write_text(head)
    os.truncate(path, 100_000_000)
    tracemalloc.start()
    with pytest.raises(DataError, match="row 2: longer than 1,000,000 bytes"):
        read_table(path)
    _, peak_bytes = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak_bytes < 5_000_000


def test_a_directory_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="can't be read: Is a directory; give a file"):
        read_table(tmp_path)


def test_missing_file_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"absent\.csv can't be read: No such file"):
        read_table(tmp_path / "absent.csv")


def test_one_class_alone_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="every row is 'toxic'"):
        require_classes(read_table(write_csv(tmp_path / "t.csv", ["toxic"])))


def test_an_empty_class_is_refused_by_its_name(tmp_path: Path) -> None:
    table = read_table(write_csv(tmp_path / "t.csv", ["negative", "positive"]))
    with pytest.raises(DataError, match="a class is empty; add rows labelled neutral"):
        require_classes(table)


def test_balance_draws_the_same_number_of_each_class_by_its_seed(tmp_path: Path) -> None:
    whole = read_table(write_csv(tmp_path / "t.csv", ["negative", "neutral", "positive"], each=9))
    table = whole.take(range(20))
    drawn = table.balanced(seed=1)
    assert table.classes == {"neutral": 9, "positive": 2, "negative": 9}
    assert set(drawn.classes.values()) == {2}
    assert drawn == table.balanced(seed=1) != table.balanced(seed=2)
    assert drawn.rows == sorted(drawn.rows)


def test_shares_of_nine_to_one_test_what_training_tests() -> None:
    places = [n / 7 for n in range(700)]
    study = Shares(test=10, validation=0)
    assert [study.part(p) == "test" for p in places] == [TRAINING.part(p) == "test" for p in places]
    assert {study.part(place) for place in places} == set(study.parts) == {"train", "test"}


def test_copies_of_a_text_fall_on_one_side_of_the_split() -> None:
    assert {part_of("Всё, отлично!!!"), part_of("все отлично")} == {part_of("ВСЕ ОТЛИЧНО)))")}


def test_a_tenth_is_tested_and_each_fold_tests_another() -> None:
    texts = sentences("positive", 2_000)
    folds = [{text for text in texts if part_of(text, fold) == "test"} for fold in range(10)]
    assert 140 < len(folds[0]) < 260
    assert sum(map(len, folds)) == len(set.union(*folds)) == len(texts)
