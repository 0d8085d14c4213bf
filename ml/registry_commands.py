"""The verbs of `python -m ml.registry`: see the versions, add one, and say which one serves."""

import argparse
import json
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from ml.registry import KEPT_FOR_ROLLBACK, Registry, default_url

_COLUMNS = ("", "version", "made", "MB", "tasks", "parent")


def list_versions(registry: Registry, options: argparse.Namespace) -> str:
    """Describe each version in one row, the newest first."""
    rows = [describe(registry, version) for version in reversed(registry.versions())]
    if options.json:
        return json.dumps(rows, ensure_ascii=False)
    return _table(rows) if rows else f"{registry.address} holds no version"


def show(registry: Registry, options: argparse.Namespace) -> str:
    """Describe one version with its whole manifest."""
    described = describe(registry, options.version)
    manifest = registry.manifest(options.version)
    whole = {**described, "manifest": asdict(manifest) if manifest else None}
    if options.json:
        return json.dumps(whole, ensure_ascii=False)
    papers = json.dumps(whole.pop("manifest"), ensure_ascii=False, indent=2)
    return "\n".join(f"{name}: {_cell(value)}" for name, value in whole.items()) + "\n" + papers


def history(registry: Registry, options: argparse.Namespace) -> str:
    """List the last promotions and rollbacks, the newest first."""
    events = [asdict(event) for event in reversed(registry.pointer().events)]
    if options.json:
        return json.dumps(events)
    lines = [f"{event['at']}  {event['action']:8}  {event['version']}" for event in events]
    return "\n".join(lines) or f"{registry.address} had no promotion yet"


def add(registry: Registry, options: argparse.Namespace) -> str:
    """Copy a checkpoint's directory in."""
    return f"{registry.add(options.directory, options.version)} is in {registry.address}"


def promote(registry: Registry, options: argparse.Namespace) -> str:
    """Let a version serve."""
    registry.promote(options.version)
    return f"{options.version} serves"


def rollback(registry: Registry, options: argparse.Namespace) -> str:
    """Let the version that served before serve again."""
    return f"{registry.rollback()} serves again"


def prune(registry: Registry, options: argparse.Namespace) -> str:
    """Remove the oldest versions, but no version that serves, served lately or is the base."""
    removed = registry.prune(options.keep, options.protect)
    return f"removed {', '.join(removed)}" if removed else "nothing to remove"


def delete(registry: Registry, options: argparse.Namespace) -> str:
    """Remove one version."""
    registry.delete(options.version)
    return f"removed {options.version}"


def describe(registry: Registry, version: str) -> dict[str, Any]:
    """Return what a table shows of a version; None where its papers don't say."""
    manifest, pointer = registry.manifest(version), registry.pointer()
    return {
        "version": version,
        "serves": version == pointer.champion,
        "base": version == registry.base(),
        "made": manifest.created_at if manifest else None,
        "bytes": registry.size(version),
        "tasks": list(manifest.tasks) if manifest else None,
        "parent": manifest.parent if manifest else None,
    }


def parser() -> argparse.ArgumentParser:
    """Describe the command line."""
    described = argparse.ArgumentParser(prog="python -m ml.registry", description=__doc__)
    verbs = described.add_subparsers(required=True, metavar="VERB")
    for run in (list_versions, show, history):
        _verb(verbs, run).add_argument("--json", action="store_true")
    for run in (promote, delete):
        _verb(verbs, run)
    _verb(verbs, rollback)
    adding = _verb(verbs, add)
    adding.add_argument("directory", type=Path, help="with config.json and model.safetensors")
    adding.add_argument("--as", dest="version", metavar="VERSION", help="another name")
    pruning = _verb(verbs, prune)
    pruning.add_argument("--keep", type=int, required=True, metavar="N", help="so many latest ones")
    pruning.add_argument(
        "--protect",
        nargs="*",
        default=(),
        metavar="VERSION",
        help=f"never these; nor the champion, its last {KEPT_FOR_ROLLBACK} predecessors, the base",
    )
    return described


def main(argv: Sequence[str] | None = None) -> None:
    """Run the command line."""
    options = parser().parse_args(argv)
    print(options.run(Registry(options.registry), options))


def _verb(verbs: Any, run: Callable[[Registry, argparse.Namespace], str]) -> Any:
    """Add a verb under its function's name; those on one version take it as an argument."""
    name = run.__name__.partition("_")[0]
    described = verbs.add_parser(name, help=run.__doc__, description=run.__doc__)
    described.set_defaults(run=run)
    described.add_argument(
        "--registry", default=default_url(), help="directory or s3://bucket/path; %(default)s"
    )
    if run in (show, promote, delete):
        described.add_argument("version")
    return described


def _table(rows: Sequence[dict[str, Any]]) -> str:
    cells = [_COLUMNS, *(_row(row) for row in rows)]
    widths = [max(len(row[column]) for row in cells) for column in range(len(_COLUMNS))]
    lines = ["  ".join(map(str.ljust, row, widths)).rstrip() for row in cells]
    return "\n".join([*lines, "* serves"])


def _row(row: dict[str, Any]) -> tuple[str, ...]:
    megabytes = f"{row['bytes'] / 1e6:.1f}"
    mark = "*" if row["serves"] else ""
    values = (row["version"], row["made"], megabytes, row["tasks"], row["parent"])
    return (mark, *map(_cell, values))


def _cell(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(value)
    return "-" if value is None else str(value)
