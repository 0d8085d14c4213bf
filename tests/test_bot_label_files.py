"""Files of labelled texts: what is read, what is refused with its row, what is written."""

import csv
import io

import pytest

from bot.labelling import files as label_files
from bot.labelling.files import fingerprinted, read_label_file
from bot.tables import RefusedFileError, without_formula, write_table


def read(text, encoding="utf-8"):
    file = read_label_file(text.encode(encoding))
    return [(row.number, row.text, row.label) for row in file.rows], file.encoding


def refusal(data):
    with pytest.raises(RefusedFileError) as refused:
        read_label_file(data.encode() if isinstance(data, str) else data)
    return refused.value.code, refused.value.values.get("row")


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_columns_may_stand_in_any_order_and_be_separated_by_any_of_three(separator):
    lines = ("Label,id,TEXT", "positive,1,Спасибо", "Toxic,2,Сам такой")
    rows, _ = read("\r\n".join(line.replace(",", separator) for line in lines))
    assert rows == [(2, "Спасибо", "positive"), (3, "Сам такой", "toxic")]


def test_a_quoted_text_may_hold_commas_quotes_and_line_ends():
    rows, _ = read('text,label\n"Ну, «да»:\n""нет""",neutral\nДа,positive\n')
    assert rows == [(2, 'Ну, «да»:\n"нет"', "neutral"), (4, "Да", "positive")]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "windows-1251"])
def test_encodings_are_known_and_the_unusual_ones_told(encoding):
    rows, told = read("text,label\n«Спасибо» — ёлка,positive\n", encoding)
    assert rows == [(2, "«Спасибо» — ёлка", "positive")]
    assert told == {"utf-16": "UTF-16", "windows-1251": "windows-1251"}.get(encoding, "UTF-8")


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        ("", ("no-header", None)),
        ("text,stars\nда,5\n", ("no-header", None)),
        ("Спасибо,positive\n", ("no-header", None)),
        ("text,label\n", ("no-rows", None)),
        ("text,label\nда,positive\nнет,плохо\n", ("label", 3)),
        ("text,label\nда,positive\n  ,neutral\n", ("empty-text", 3)),
        ("text,label\nда,\n", ("no-label", 2)),
        ("text,label\nда,positive\nну, да,positive\n", ("columns", 3)),
        ("text,label\nда\n", ("columns", 2)),
        ('text,label\nда,positive\n"нет,neutral\n', ("quotes", 3)),
        ("text,label\n" + "а" * 10_001 + ",neutral\n", ("long-text", 2)),
        ("text,label\nда,positive\nнет,neutral\n".encode() + b"\xff\xff", ("encoding", 4)),
        (b"\xff\xfetext\xd8", ("encoding", 1)),
        (b"text,label\n\x00,neutral\n", ("encoding", 2)),
        (b"PK\x03\x04\xff\x98", ("encoding", 1)),
    ],
)
def test_a_bad_file_is_refused_with_its_row_and_reason(data, reason):
    assert refusal(data) == reason


def test_a_large_file_and_one_of_many_rows_are_refused(monkeypatch):
    assert refusal(b"a" * (5 * 1024 * 1024 + 1)) == ("too-big", None)
    monkeypatch.setattr(label_files, "MOST_ROWS", 2)
    assert refusal("text,label\n" + "да,positive\n" * 3) == ("too-many", None)


def test_texts_that_a_file_labels_in_several_ways_are_left_out():
    lines = ("Да!,positive", "да,neutral", "да,ok", "Нет,neutral", "нет,neutral")
    rows = read_label_file("\n".join(("text,label", *lines)).encode()).rows
    assert [row.number for _, row in fingerprinted(rows)] == [4, 5, 6]


def test_what_is_written_can_be_read_again_even_by_a_spreadsheet():
    data = write_table(("text", "label", "task"), [('a "b",\nc', "toxic", "toxicity")])
    assert data.startswith(b"\xef\xbb\xbf")
    assert [row.text for row in read_label_file(data).rows] == ['a "b",\nc']
    assert list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))[1][2] == "toxicity"


@pytest.mark.parametrize("text", ["=1+1", "+7 900 000-00-00", "-50 % на всё", "'=так и было"])
def test_what_a_spreadsheet_would_work_out_is_written_safely_and_read_as_it_was(text):
    data = write_table(["text", "label"], [[without_formula(text), "neutral"]])
    (cell,) = next(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))["text"][:1]
    assert cell == "'"
    assert [row.text for row in read_label_file(data).rows] == [text]
