"""A model version's papers: what its outputs mean, how they are calibrated, where it came from."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ml.errors import CheckpointError
from ml.temperature import UNCHANGED, Temperature

FILE = "manifest.json"
SENTIMENT = ("neutral", "positive", "negative")  # in the order of the study's ids


@dataclass(frozen=True, slots=True)
class DataFile:
    """What a version learned from."""

    name: str
    sha256: str
    rows: int
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Manifest:
    """A task with one label is a yes or no (sigmoid); with more, one of them holds (softmax).

    `tasks` are in the order of the outputs. Logits are divided by their task's temperature.
    """

    name: str
    version: str
    tasks: Mapping[str, list[str]]
    temperatures: Mapping[str, Temperature] = field(default_factory=dict)
    metrics: Mapping[str, Any] = field(default_factory=dict)
    data: list[DataFile] = field(default_factory=list)
    parent: str | None = None
    base: str | None = None
    seed: int | None = None
    created_at: str = ""
    recipe: Mapping[str, Any] = field(default_factory=dict)  # how it was trained

    @property
    def outputs(self) -> int:
        """How many logits the checkpoint must have."""
        return sum(len(labels) for labels in self.tasks.values())

    def temperature(self, task: str) -> Temperature:
        """Return what a task's logits are divided by."""
        return self.temperatures.get(task, UNCHANGED)


def now() -> str:
    """Return the time for `created_at`: UTC, ISO 8601, to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def write(manifest: Manifest, directory: Path) -> None:
    """Write the manifest into a model's directory."""
    (directory / FILE).write_text(_to_text(manifest), encoding="utf-8")


def renamed(directory: Path, version: str) -> str:
    """Return the text of a directory's manifest under another version's name."""
    return _to_text(replace(read(directory), version=version))


def _to_text(manifest: Manifest) -> str:
    stored = {task: found.to_json() for task, found in manifest.temperatures.items()}
    content = asdict(manifest) | {"temperatures": stored}
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"


def read(directory: Path) -> Manifest:
    """Read a version's manifest, or deduce one from a hub checkpoint's config.json.

    Raises CheckpointError when neither says which output is which label.
    """
    config = read_json(directory / "config.json")
    path = directory / FILE
    manifest = parse(path.read_bytes(), str(path)) if path.exists() else _deduced(config, directory)
    if manifest.outputs != len(config.get("id2label", {0: "", 1: ""})):
        raise CheckpointError(
            f"{path}: its tasks name {manifest.outputs} labels, but config.json has "
            f"{len(config.get('id2label', {}))}; make them agree"
        )
    return manifest


def read_json(path: Path) -> dict[str, Any]:
    """Read one JSON object; raises CheckpointError when it is missing or broken."""
    try:
        return _object(path.read_bytes(), str(path))
    except FileNotFoundError:
        raise CheckpointError(f"{path} is missing: this is not a whole checkpoint") from None
    except OSError as error:
        raise CheckpointError(f"{path} can't be read: {error}") from None


def parse(text: bytes, where: str) -> Manifest:
    """Read a manifest's text; raises CheckpointError, which says `where`, when it is none."""
    content = _object(text, where)
    known = {name: content[name] for name in Manifest.__slots__ if name in content}
    try:
        known["data"] = [DataFile(**entry) for entry in content.get("data", [])]
        known["temperatures"] = {
            task: Temperature.from_json(stored)
            for task, stored in content.get("temperatures", {}).items()
        }
        manifest = Manifest(**known)
        _ = manifest.outputs  # which reads the tasks
    except (TypeError, AttributeError, ValueError) as error:
        raise CheckpointError(f"{where} is not a manifest: {error}") from None
    return manifest


def _object(text: bytes, where: str) -> dict[str, Any]:
    try:
        content = json.loads(text.decode())
    except ValueError as error:
        raise CheckpointError(f"{where} can't be read: {error}") from None
    if not isinstance(content, dict):
        raise CheckpointError(f"{where} must hold one JSON object")
    return content


def _deduced(config: Mapping[str, Any], directory: Path) -> Manifest:
    """Read a hub checkpoint's three labels; it has sentiment and nothing else."""
    by_id: Mapping[str, str] = config.get("id2label") or {"0": "LABEL_0", "1": "LABEL_1"}
    labels = [str(by_id[key]).strip().casefold() for key in sorted(by_id, key=int)]
    if sorted(labels) != sorted(SENTIMENT):
        raise CheckpointError(
            f"{directory / 'config.json'}: id2label says {list(by_id.values())}, needed are "
            "negative, neutral and positive; name the outputs there, or fine-tune the checkpoint "
            "with python -m ml.train"
        )
    return Manifest(name=directory.name, version=directory.name, tasks={"sentiment": labels})
