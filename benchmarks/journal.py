"""Redis's append-only file, read as evidence: what was really handed over, however often.

SQLite keeps one row a verdict by its own rules, so it can't tell whether one came twice;
the append-only file holds every XADD that ever took effect.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

from core.queues import VERDICTS


def count_verdicts(append_only_file: Path) -> Counter[str]:
    """Count how often each key's verdict was put onto the verdict stream."""
    counts: Counter[str] = Counter()
    for command in read_commands(append_only_file):
        if command[0].upper() == b"XADD" and command[1] == VERDICTS.encode():
            counts[json.loads(command[command.index(b"verdict") + 1])["key"]] += 1
    return counts


def read_commands(append_only_file: Path) -> Iterator[list[bytes]]:
    """Yield the commands of an append-only file without a snapshot in front of it.

    A command that was cut off by a kill ends the file.
    """
    with append_only_file.open("rb") as file:
        while header := file.readline():
            if not header.startswith(b"*"):
                raise ValueError(f"{append_only_file} was rewritten; make its limit larger")
            try:
                yield [_read_argument(file.readline(), file.read) for _ in range(int(header[1:]))]
            except EOFError:
                return


def _read_argument(length: bytes, read: Callable[[int], bytes]) -> bytes:
    size = int(length[1:] or 0) if length.endswith(b"\n") else -1
    argument = read(size + 2) if size >= 0 else b""
    if len(argument) != size + 2:
        raise EOFError
    return argument[:-2]
