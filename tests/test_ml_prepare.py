"""Preparing data, run as its command: what comes out, what is reported, what is refused."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ml_fixtures import write_csv

from ml import prepare
from ml.compaction import STOP_WORDS, lemmatise, mask_stop_words
from ml.data import read_table
from ml.errors import DataError, MlError
from ml.text import normalise

MOODS = ["negative", "neutral", "positive"]
ROWS = """text,label
Всё  супер&quot;,positive
все супер!,positive
"как
обычно",neutral
😡,negative
Ужас,negative
ужас...,neutral
" ",neutral
"""


def _run(data: Path, out: Path, *options: str) -> None:
    prepare.main(["--data", str(data), "--out", str(out), *options])


def _file(tmp_path: Path, content: str = ROWS) -> Path:
    path = tmp_path / "raw.csv"
    path.write_text(content, encoding="utf-8")
    return path


def test_rows_come_out_normalised_and_once(tmp_path: Path) -> None:
    _run(_file(tmp_path), tmp_path / "clean.csv")
    assert (tmp_path / "clean.csv").read_text(encoding="utf-8") == (
        'text,label\n"Всё супер""",positive\nкак обычно,neutral\n😡,negative\n'
    )


def test_report_counts_every_row(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _run(_file(tmp_path), tmp_path / "clean.csv", "--json", "--report", str(tmp_path / "r.json"))
    report = json.loads(capsys.readouterr().out)
    assert report == json.loads((tmp_path / "r.json").read_text(encoding="utf-8"))
    assert report["rows"].pop("over_balance") == 0
    left_out = {"without_words": 1, "copies": 1, "in_conflict": 2}
    assert report["rows"] == {"in": 7, **left_out, "out": 3}
    assert report["classes"] == {"neutral": 1, "positive": 1, "negative": 1}
    assert report["characters"] == {"median": 10, "p90": 10, "max": 10}
    assert report["words"] == {"median": 2, "p90": 2, "max": 2}
    assert report["conflicts"] == [
        {"text": "Ужас", "rows": [7, 8], "labels": ["negative", "neutral"]}
    ]


def test_report_for_people_lists_conflicts(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _run(_file(tmp_path), tmp_path / "clean.csv")
    printed = capsys.readouterr().out
    assert "sentiment, 7 rows in, 3 out" in printed
    assert "neutral 1  positive 1  negative 1" in printed
    assert "row 7 negative, row 8 neutral: 'Ужас'" in printed


def test_preparing_again_changes_nothing(tmp_path: Path) -> None:
    _run(_file(tmp_path), tmp_path / "once.csv")
    _run(tmp_path / "once.csv", tmp_path / "twice.csv")
    assert (tmp_path / "once.csv").read_bytes() == (tmp_path / "twice.csv").read_bytes()


def test_split_makes_the_parts_that_training_would(tmp_path: Path) -> None:
    data = write_csv(tmp_path / "raw.csv", MOODS, each=100)
    _run(data, tmp_path / "parts", "--split", "85:5:10")
    whole = read_table(data)
    for name in ("train", "validation", "test"):
        part = read_table(tmp_path / "parts" / f"{name}.csv")
        assert sorted(part.texts) == sorted(whole.only(name).texts)
        assert part.only(name).texts == part.texts


def test_split_is_nine_to_one_unless_said_otherwise(tmp_path: Path) -> None:
    data = write_csv(tmp_path / "raw.csv", MOODS, each=300)
    _run(data, tmp_path / "parts", "--split")
    assert sorted(path.name for path in (tmp_path / "parts").iterdir()) == ["test.csv", "train.csv"]
    tested = read_table(tmp_path / "parts" / "test.csv").texts
    assert 60 < len(tested) < 120
    assert sorted(tested) == sorted(read_table(data).only("test").texts)


def test_balanced_parts_have_as_many_rows_of_each_class(tmp_path: Path) -> None:
    data = write_csv(tmp_path / "raw.csv", ["ok", "toxic"], each=200)
    with data.open("a", encoding="utf-8") as file:
        file.writelines(f"ну ты и тупица {n},toxic\n" for n in range(150))
    _run(data, tmp_path / "parts", "--split", "8:2", "--balance")
    for name in ("train", "test"):
        classes = read_table(tmp_path / "parts" / f"{name}.csv").classes
        assert classes["ok"] == classes["toxic"] > 0


def test_stop_words_become_one_mask_and_negations_stay() -> None:
    masked = mask_stop_words("Но я и не буду её носить: без пуговиц, нет размера, ни разу 😊")
    assert masked == "Но [MASK] не [MASK] носить: без пуговиц, нет размера, ни разу 😊"
    assert not STOP_WORDS & {"не", "ни", "нет", "без", "нельзя", "никогда", "но", "очень"}


def test_lemmas_keep_marks_and_negations() -> None:
    assert lemmatise("Не понравились, без пуговиц!!! iPhone 😡") == (
        "не понравиться, без пуговица!!! iPhone 😡"
    )
    assert [lemmatise(word) for word in ("не", "ни", "нет", "без")] == ["не", "ни", "нет", "без"]


def test_compacted_copies_and_empty_rows_are_left_out(tmp_path: Path) -> None:
    rows = "text,label\nэто ты,ok\nвот платья,ok\nэто платье,ok\nдураки вы,toxic\n"
    _run(_file(tmp_path, rows), tmp_path / "o.csv", "--lemmatize", "--mask-stopwords")
    assert read_table(tmp_path / "o.csv").texts == ["[MASK] платье", "дурак [MASK]"]


def test_empty_class_is_allowed_where_other_files_bring_it(tmp_path: Path) -> None:
    data = write_csv(tmp_path / "t.csv", ["toxic"], each=3)
    with pytest.raises(DataError, match=r"t\.csv: every row is 'toxic'.*--partial"):
        _run(data, tmp_path / "o.csv")
    assert not (tmp_path / "o.csv").exists()
    _run(data, tmp_path / "o.csv", "--partial")
    assert read_table(tmp_path / "o.csv").classes == {"ok": 0, "toxic": 3}


def test_part_without_a_class_is_refused(tmp_path: Path) -> None:
    data = write_csv(tmp_path / "t.csv", MOODS, each=2)
    with pytest.raises(DataError, match=r"its test part \(.* rows\) has no .*larger share"):
        _run(data, tmp_path / "parts", "--split", "99:1")
    assert [path.name for path in tmp_path.iterdir()] == ["t.csv"]


@pytest.mark.parametrize("split", ["1", "9:0", "a:b", "1:1:1:1", "9:-1", "nan:1", ""])
def test_split_that_is_none_is_refused(tmp_path: Path, split: str) -> None:
    with pytest.raises(SystemExit) as caught:
        _run(tmp_path / "raw.csv", tmp_path / "o", "--split", split)
    assert caught.value.code == 2


def test_output_never_sweeps_away_what_is_not_its_own(tmp_path: Path) -> None:
    data = _file(tmp_path)
    for out, options in ((data, []), (tmp_path, []), (tmp_path, ["--split"]), (data, ["--split"])):
        with pytest.raises(MlError, match="give --out"):
            _run(data, out, *options)
    assert data.read_text(encoding="utf-8") == ROWS


@given(st.text())
def test_normalised_text_is_one_line_that_can_be_written(text: str) -> None:
    line = normalise(text)
    assert line == " ".join(line.split())
    assert "\0" not in line.encode("utf-8").decode("utf-8")


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("и\u0306о", "йо"),
        ("а&amp;quot;б&nbsp;в", 'а"б в'),
        ("a & b; x&copy", "a & b; x&copy"),
        ("н\u200bе\u00adт\ufeff", "нет"),
        ("👩\u200d🚀 ❤️ 🫨", "👩\u200d🚀 ❤️ 🫨"),
    ],
)
def test_normalising_repairs_and_keeps_what_is_seen(text: str, line: str) -> None:
    assert normalise(text) == line


def _start(data: Path, out: Path, before: str = "") -> subprocess.Popen[str]:
    program = f"{before}\nfrom ml.commands import run_command\nfrom ml.prepare import main\n"
    program += f"run_command(lambda: main(['--data', {str(data)!r}, '--out', {str(out)!r}]))"
    return subprocess.Popen(
        [sys.executable, "-c", program],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=Path(prepare.__file__).parent.parent,
    )


def test_full_disk_leaves_nothing_and_says_so(tmp_path: Path) -> None:
    data = write_csv(tmp_path / "raw.csv", MOODS, each=200)
    limit = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (5_000, 5_000))"
    process = _start(data, tmp_path / "o.csv", limit)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 2
    assert said.count("\n") == 1
    assert f"{tmp_path / 'o.csv'} can't be written (File too large)" in said
    assert [path.name for path in tmp_path.iterdir()] == ["raw.csv"]


def test_full_device_is_told_in_one_line(tmp_path: Path) -> None:
    process = _start(write_csv(tmp_path / "raw.csv", MOODS), Path("/dev/full"))
    _, said = process.communicate(timeout=60)
    assert (process.returncode, said.count("\n")) == (2, 1)
    assert "/dev/full can't be written (No space left on device)" in said
    assert not Path("/dev/full").is_file()


def test_interrupt_half_way_leaves_nothing(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "raw.csv")
    process = _start(tmp_path / "raw.csv", tmp_path / "o.csv")
    with (tmp_path / "raw.csv").open("w", encoding="utf-8") as file:  # opens once it is read
        file.write(ROWS)
        file.flush()
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=60)
    assert (process.returncode, said) == (130, "stopped\n")
    assert [path.name for path in tmp_path.iterdir()] == ["raw.csv"]
