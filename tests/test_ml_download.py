"""Fetching a public data set, from a server of the test's own."""

import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from ml import prepare
from ml.data import read_table
from ml.errors import DataError

LABELS = ("negative", "neautral", "positive")


class _Handler(SimpleHTTPRequestHandler):
    """Serves a folder; promises, for cut.csv, more than it sends."""

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def send_header(self, keyword: str, value: str) -> None:
        """Lie about one file's length."""
        false = self.path == "/cut.csv" and keyword == "Content-Length"
        super().send_header(keyword, "5000000" if false else value)


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A folder `site` under a local address."""
    monkeypatch.setenv("no_proxy", "*")
    (tmp_path / "site").mkdir()
    handler = partial(_Handler, directory=str(tmp_path / "site"))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def _publish(tmp_path: Path, name: str, rows: int, header: str = "review\tsentiment") -> None:
    lines = [header, *(f"вещь {n}, норм\t{LABELS[n % 3]}" for n in range(rows))]
    (tmp_path / "site" / name).write_text("\n".join(lines) + "\n", encoding="utf-8")


def _download(tmp_path: Path, url: str) -> None:
    prepare.main(["--download", "rureviews", "--out", str(tmp_path / "data"), "--mirror", url])


def test_the_whole_file_is_fetched_and_can_be_prepared(
    tmp_path: Path, site: str, capsys: pytest.CaptureFixture[str]
) -> None:
    _publish(tmp_path, "all.csv", 90_000)
    _download(tmp_path, f"{site}/all.csv")
    path = tmp_path / "data" / "rureviews.tsv"
    assert f"--data {path}" in capsys.readouterr().out
    assert read_table(path).classes == dict.fromkeys(("negative", "neutral", "positive"), 30_000)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("absent.csv", "can't be downloaded .the server answers 404.*python -m ml.prepare --data"),
        ("few.csv", "is not the rureviews that is known: it has 9 rows instead of 90,000"),
        ("page.csv", "is not the rureviews .*no column text and label in its first row"),
        ("cut.csv", r"the connection ended after .* of 5,000,000 bytes"),
    ],
)
def test_a_wrong_file_is_refused_and_not_kept(
    tmp_path: Path, site: str, name: str, said: str
) -> None:
    _publish(tmp_path, "few.csv", 9)
    _publish(tmp_path, "page.csv", 9, "<html>")
    _publish(tmp_path, "cut.csv", 9)
    with pytest.raises(DataError, match=said):
        _download(tmp_path, f"{site}/{name}")
    assert list((tmp_path / "data").iterdir()) == []


@pytest.mark.parametrize("url", ["http://127.0.0.1:1/a.csv", "http://no.invalid/a", "a.csv"])
def test_no_network_is_told_in_one_line_with_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    monkeypatch.setenv("no_proxy", "*")
    with pytest.raises(DataError, match=r"is there a network\? Else fetch it where") as caught:
        _download(tmp_path, url)
    assert "\n" not in str(caught.value)
    assert list((tmp_path / "data").iterdir()) == []
