"""`python -m bot.storage export labels.csv` and `python -m bot.storage backup FILE`."""

import argparse
import csv
import sqlite3
from pathlib import Path

from bot.storage import labels
from bot.storage.database import Storage
from core.errors import SetupError, run_door
from core.settings import load_settings


def main(arguments: list[str] | None = None) -> None:
    """Read the bot's database, which may be in use, and write what was asked for."""
    options = _parser().parse_args(arguments)
    path = load_settings().database_path
    if not path.exists():
        raise SetupError(f"there is no database at {path}; start the bot once, or set VAR_DIR")
    storage = Storage.open(path, read_only=True)
    try:
        options.run(storage, options.file)
    except OSError as error:
        raise SetupError(f"can't write {options.file}: {error.strerror}") from None
    except sqlite3.Error as error:
        raise SetupError(
            f"can't read {path} or write {options.file} ({error}); check both, and the free space"
        ) from None
    finally:
        storage.close()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bot.storage", description=__doc__)
    commands = parser.add_subparsers(required=True)
    for name, run, meaning in (
        ("export", export_labels, "write the labels in force with their texts as CSV"),
        ("backup", back_up, "copy the database, which may be in use, into a new file"),
    ):
        command = commands.add_parser(name, help=meaning)
        command.add_argument("file", type=Path)
        command.set_defaults(run=run)
    return parser


def export_labels(storage: Storage, file: Path) -> None:
    """Write labels with their texts in the columns that `ml` trains on (text, label), and more."""
    with file.open("w", encoding="utf-8", newline="") as target:
        writer = csv.writer(target)
        writer.writerow(labels.EXPORT_COLUMNS)
        writer.writerows(labels.export(storage.connection))


def back_up(storage: Storage, file: Path) -> None:
    """Copy the database as of this moment; the copy is compact and needs no log beside it."""
    if file.exists():
        raise SetupError(f"{file} exists already; name a file that does not")
    if not file.absolute().parent.is_dir():
        raise SetupError(f"there is no folder {file.parent}; make it, or name another file")
    storage.connection.execute("VACUUM INTO ?", (str(file),))


if __name__ == "__main__":
    raise SystemExit(run_door(main))
