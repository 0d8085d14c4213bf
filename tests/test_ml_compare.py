"""The comparison's command: which rows it has, what it keeps, how a row's failure is told."""

import json
import os
import signal
import threading
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from ml_fixtures import write_csv

from ml import compare
from ml.errors import CheckpointError, DataError, MlError
from ml.manifest import SENTIMENT
from ml.study.apart import FailedApartError, run_apart
from ml.study.entries import merged, named_entry, study_entries
from ml.study.figures import QUALITY
from ml.study.hub_probe import _ask
from ml.study.journal import Journal, key_of
from ml.study.row import TRANSFORMER, Entry, Labelled, Terms
from ml.study.systems import BILSTM, LEXICON, LSTM, SYSTEMS, TFIDF


def test_preset_has_all_systems_ours_and_what_it_argues_against(tmp_path: Path) -> None:
    (tmp_path / "labse").mkdir()
    (tmp_path / "LaBSE").mkdir()
    entries = {entry.name: entry for entry in study_entries(tmp_path)}
    assert {system.name for system in SYSTEMS} < set(entries)
    assert {TFIDF, LEXICON, LSTM, BILSTM} < {entry.kind for entry in entries.values()}
    assert entries["LaBSE"].weights == str(tmp_path / "LaBSE")
    assert entries["ruBERT-tiny"].weights == "cointegrated/rubert-tiny"
    assert entries["nastroi-tiny, as served"].served


def test_named_weights_take_the_place_of_the_preset_s() -> None:
    named = named_entry("ruBERT-tiny=some/where")
    found = merged(study_entries(None), [named, named_entry("owner/other")])
    assert [e.weights for e in found if e.name == "ruBERT-tiny"] == ["some/where"]
    assert named.shape is not None
    assert found[-1].name == "other"


def test_unknown_model_is_refused_with_what_there_is() -> None:
    with pytest.raises(
        MlError, match=r"'tfdif' is no model known here; give NAME=DIRECTORY.*tfidf"
    ):
        named_entry("tfdif")


def test_journal_forgets_a_row_whose_weights_or_terms_changed(tmp_path: Path) -> None:
    terms = Terms(Labelled(["a"], [0]), Labelled(["b"], [1]), tmp_path, epochs=2, threads=1)
    (tmp_path / "model.safetensors").write_bytes(b"one")
    entry = Entry("m", TRANSFORMER, str(tmp_path))
    before = key_of(entry, terms)
    assert key_of(entry, terms) == before
    assert key_of(entry, replace(terms, epochs=3)) != before
    (tmp_path / "model.safetensors").write_bytes(b"other")
    assert key_of(entry, terms) != before


def test_journal_takes_a_broken_file_for_none(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "rows")
    journal.write("key", {"name": "row"})
    assert journal.read("key") == {"name": "row"}
    (tmp_path / "rows" / "key.json").write_text("{")
    assert journal.read("key") is None


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def test_end_of_a_process_apart_is_told_in_one_line() -> None:
    with pytest.raises(FailedApartError, match="ValueError: invalid literal"):
        run_apart(int, "one")
    with pytest.raises(FailedApartError, match="killed, most likely for lack of memory"):
        run_apart(_die)


@pytest.fixture(scope="module")
def compared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A comparison of two rows, of which one can't be had, as its command writes it."""
    folder = tmp_path_factory.mktemp("compared")
    write_csv(folder / "mood.csv", list(SENTIMENT), each=80)
    (folder / "broken").mkdir()
    (folder / "broken" / "model.safetensors").write_bytes(b"broken")
    compare.main(_arguments(folder))
    return folder


def _arguments(folder: Path) -> list[str]:
    models = ["lexicon", f"broken={folder / 'broken'}"]  # the one that fails comes last
    paths = ["--data", str(folder / "mood.csv"), "--out", str(folder / "out")]
    return [*paths, "--grid", "--threads", "1", "--models", *models]


def test_command_writes_all_that_it_could_measure(compared: Path) -> None:
    found = json.loads((compared / "out" / "comparison.json").read_text(encoding="utf-8"))
    assert [row["name"] for row in found["rows"]] == ["Lexicon and rules"]
    assert [failure["name"] for failure in found["failures"]] == ["broken"]
    assert str(compared) not in (compared / "out" / "comparison.md").read_text(encoding="utf-8")
    assert (compared / "out" / QUALITY).exists()


def test_finished_rows_are_kept_for_the_next_run(
    compared: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    compare.main([*_arguments(compared)[:-1], "--json"])
    printed, told = capfd.readouterr()
    assert "Lexicon and rules: measured before, kept" in told
    assert json.loads(printed)["rows"][0]["name"] == "Lexicon and rules"


def test_directory_that_is_no_comparison_is_never_replaced(compared: Path) -> None:
    arguments = [*_arguments(compared), "--out", str(compared)]
    with pytest.raises(MlError, match="holds no comparison"):
        compare.main(arguments)
    assert (compared / "mood.csv").exists()


def test_other_tasks_than_sentiment_are_refused(tmp_path: Path) -> None:
    data = write_csv(tmp_path / "toxic.csv", ["ok", "toxic"])
    with pytest.raises(DataError, match="labels are those of toxicity"):
        compare.main(["--data", str(data), "--out", str(tmp_path / "o"), "--models", "tfidf"])


def test_missing_tokenizer_is_told_before_any_row_is_measured(tmp_path: Path) -> None:
    data = write_csv(tmp_path / "mood.csv", list(SENTIMENT))
    paths = ["--data", str(data), "--out", str(tmp_path / "o"), "--tokenizer", str(tmp_path)]
    with pytest.raises(CheckpointError, match=r"neither tokenizer\.json nor vocab\.txt"):
        compare.main([*paths, "--models", "lexicon"])


def test_numbers_below_one_are_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        compare.main(["--data", "a.csv", "--out", "o", "--epochs", "0"])
    assert "'0' is no whole number above 0" in capsys.readouterr().err


class _Refusing(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_error(404)

    def log_message(self, format: str, *_: object) -> None:
        pass


def test_hub_that_says_no_is_there_and_a_closed_port_is_not() -> None:
    answered: list[bool] = []
    with HTTPServer(("127.0.0.1", 0), _Refusing) as server:
        address = f"http://127.0.0.1:{server.server_port}"
        threading.Thread(target=server.handle_request, daemon=True).start()
        _ask(address, answered)
    assert answered == [True]
    _ask(address, answered)
    assert answered == [True]
