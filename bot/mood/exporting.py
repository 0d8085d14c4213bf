"""Writes files of verdicts, some rows at a time, so that nothing else waits for them."""

import asyncio
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from bot.mood.export_rows import Format, Sheet
from bot.storage import verdict_rows, watches
from bot.storage.database import Storage
from bot.storage.verdict_rows import BEGIN, Wanted

ROWS_AT_A_TIME = 500
# A bot may send 50 MB.
MOST_BYTES = 49_000_000


@dataclass(frozen=True, slots=True)
class Written:
    """What became of an export."""

    messages: int
    is_cut: bool
    """Whether there was more than a file may hold."""


async def write_verdicts(
    storage: Storage, path: Path, wanted: Wanted, file_format: Format
) -> Written:
    """Write a period's verdicts into a file. Raises sqlite3.Error and OSError."""
    outputs = await storage.read_at_length(verdict_rows.find_outputs, wanted)
    names = await storage.read(watches.find_names, [wanted.chat_id])
    sheet = Sheet(file_format, outputs, names, secrets.token_bytes(32))
    with path.open("wb") as file:
        return await _write(storage, file, sheet, wanted)


async def _write(storage: Storage, file: BinaryIO, sheet: Sheet, wanted: Wanted) -> Written:
    size, messages, after = await asyncio.to_thread(file.write, sheet.head()), 0, BEGIN
    # Page by page, not all in one go: whoever asks for /stats meanwhile need not wait for it.
    while rows := await storage.read_at_length(verdict_rows.page, wanted, after, ROWS_AT_A_TIME):
        after = (rows[-1].message_id, rows[-1].message)
        lines = await asyncio.to_thread(sheet.lines, rows)
        fitting = _fitting(lines, MOST_BYTES - size)
        size += await asyncio.to_thread(file.write, b"".join(fitting))
        messages += len(fitting)
        if len(fitting) < len(lines):
            return Written(messages, is_cut=True)
    return Written(messages, is_cut=False)


def _fitting(lines: Sequence[bytes], room: int) -> Sequence[bytes]:
    """The first lines that together take no more than some bytes."""
    for count, line in enumerate(lines):
        room -= len(line)
        if room < 0:
            return lines[:count]
    return lines
