"""What registry tests share: a version to add, and an empty registry."""

from pathlib import Path

import pytest
from ml_fixtures import write_version

from ml.registry import Registry


@pytest.fixture(scope="module")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("shipped") / "tiny"
    write_version(directory)
    return directory


@pytest.fixture
def registry(tmp_path: Path) -> Registry:
    return Registry(tmp_path / "models")
