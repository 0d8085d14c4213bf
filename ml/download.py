"""Fetches the public data sets that the project knows, and checks that they are what they were."""

import http.client
import tempfile
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from ml.data import read_table
from ml.errors import DataError

_TIMEOUT_SECONDS = 30.0
_CHUNK_BYTES = 1 << 16


@dataclass(frozen=True, slots=True)
class Dataset:
    """A published file: where it is, and how many rows it has."""

    name: str
    url: str
    file: str
    rows: int
    longest_bytes: int


_RUREVIEWS = "women-clothing-accessories.3-class.balanced.csv"
DATASETS = {
    "rureviews": Dataset(
        name="rureviews",
        url=f"https://raw.githubusercontent.com/sismetanin/rureviews/master/{_RUREVIEWS}",
        file="rureviews.tsv",
        rows=90_000,
        longest_bytes=200_000_000,
    )
}


def download(dataset: Dataset, directory: Path) -> Path:
    """Fetch a data set's file into `directory`, whole or not at all; returns its path.

    Raises DataError when it can't be had or isn't what it should be; OSError on a full disk.
    """
    directory.mkdir(parents=True, exist_ok=True)
    target = directory / dataset.file
    with tempfile.TemporaryDirectory(dir=directory, prefix=".download-") as beside:
        fresh = Path(beside) / dataset.file
        with fresh.open("wb") as file, _opened(dataset) as answer:
            _copy(dataset, answer, file)
        _verify(dataset, fresh)
        fresh.replace(target)
    return target


@contextmanager
def _opened(dataset: Dataset) -> Iterator[http.client.HTTPResponse]:
    try:
        with urllib.request.urlopen(dataset.url, timeout=_TIMEOUT_SECONDS) as answer:
            yield answer
    except urllib.error.HTTPError as error:
        raise _unreachable(dataset, f"the server answers {error.code}") from None
    except urllib.error.URLError as error:
        raise _unreachable(dataset, str(error.reason)) from None
    except (ValueError, http.client.HTTPException) as error:
        raise _unreachable(dataset, str(error) or type(error).__name__) from None


def _unreachable(dataset: Dataset, why: str) -> DataError:
    return DataError(
        f"{dataset.url} can't be downloaded ({why}): is there a network? Else fetch it where there "
        "is one and give the file: python -m ml.prepare --data FILE --out FILE"
    )


def _copy(dataset: Dataset, answer: http.client.HTTPResponse, file: IO[bytes]) -> None:
    length, got = answer.length, 0
    while chunk := _read(dataset, answer):
        got += file.write(chunk)
        if got > dataset.longest_bytes:
            raise _unexpected(dataset, f"is longer than {dataset.longest_bytes:,} bytes")
    if length is not None and got < length:
        raise _unreachable(dataset, f"the connection ended after {got:,} of {length:,} bytes")


def _read(dataset: Dataset, answer: http.client.HTTPResponse) -> bytes:
    """Read on; a lost connection must not look like a full disk."""
    try:
        return answer.read(_CHUNK_BYTES)
    except OSError as error:
        raise _unreachable(dataset, str(error)) from None


def _verify(dataset: Dataset, path: Path) -> None:
    try:
        table = read_table(path)
    except DataError as error:
        said = str(error).removeprefix(str(path)).lstrip(",: ")
        raise _unexpected(dataset, f"can't be read as labelled texts ({said})") from None
    if (rows := len(table.texts) + table.wordless) != dataset.rows:
        raise _unexpected(dataset, f"has {rows:,} rows instead of {dataset.rows:,}")


def _unexpected(dataset: Dataset, what: str) -> DataError:
    return DataError(
        f"{dataset.url} is not the {dataset.name} that is known: it {what}; nothing was kept. Look "
        "at it, and if it is right give it yourself: python -m ml.prepare --data FILE --out FILE"
    )
