"""The bot's SQLite file: opened here, written by one thread, read at length by another.

The tables' own statements stand in the modules beside this one, one noun each.
"""

import asyncio
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Concatenate, ParamSpec, TypeVar

from sqlite_utils import Database

from bot.storage.verdicts import ScoredMessage, count, find_scored, list_scored
from core.errors import SetupError
from migrations.schema import bring_up_to_date

P = ParamSpec("P")
T = TypeVar("T")

Work = Callable[Concatenate[sqlite3.Connection, P], T]

BUSY_TIMEOUT_SECONDS = 10


class Storage:
    """One SQLite file and the single thread that works on it, so the event loop never waits.

    Long reads have a thread and a connection of their own, so that no message waits for them.
    """

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        self.connection = connection
        self._path = path
        self._database = Database(connection)
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="storage")
        self._reading_thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="reading")
        self._reader: sqlite3.Connection | None = None

    @classmethod
    def open(cls, path: Path, read_only: bool = False) -> "Storage":
        """Open the file, and unless `read_only` create it and apply missing migrations.

        Raises SetupError when the file can't be opened.
        """
        try:
            return cls._open(path, read_only)
        except (sqlite3.Error, OSError) as error:
            raise SetupError(
                f"can't open the database {path} ({error}); check VAR_DIR and its permissions"
            ) from None

    @classmethod
    def _open(cls, path: Path, read_only: bool) -> "Storage":
        if not read_only:
            path.parent.mkdir(parents=True, exist_ok=True)
        connection = _connect(path, "ro" if read_only else "rwc")
        storage = cls(connection, path)
        if not read_only:
            try:
                # With a write-ahead log NORMAL loses nothing when the process dies.
                connection.execute("PRAGMA synchronous = NORMAL")
                bring_up_to_date(storage._database)
            except sqlite3.Error:
                storage.close()
                raise
        return storage

    async def write(self, work: Work[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run `work(connection, ...)` as one transaction: all of it is stored, or nothing.

        Raises sqlite3.Error.
        """

        def transaction() -> T:
            with self._database.atomic():
                return work(self.connection, *args, **kwargs)

        return await asyncio.get_running_loop().run_in_executor(self._thread, transaction)

    async def read(self, work: Work[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run `work(connection, ...)` that only reads. Raises sqlite3.Error."""

        def look() -> T:
            return work(self.connection, *args, **kwargs)

        return await asyncio.get_running_loop().run_in_executor(self._thread, look)

    async def read_at_length(self, work: Work[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run `work(connection, ...)` beside what is written meanwhile, all on one state of it.

        For what may take longer than milliseconds. Raises sqlite3.Error.
        """

        def look() -> T:
            self._reader = self._reader or _connect(self._path, "ro")
            self._reader.execute("BEGIN")
            try:
                return work(self._reader, *args, **kwargs)
            finally:
                self._reader.rollback()

        return await asyncio.get_running_loop().run_in_executor(self._reading_thread, look)

    def scored_messages(self, chat_id: int | None = None) -> list[ScoredMessage]:
        """List verdicts beside their texts, for benchmarks and reports outside the event loop."""
        return list_scored(self.connection, chat_id)

    def scored_message(self, key: str) -> ScoredMessage | None:
        """Find one verdict beside its text; None while there is none."""
        return find_scored(self.connection, key)

    def count_verdicts(self) -> int:
        """Count the verdicts that are stored."""
        return count(self.connection)

    def close(self) -> None:
        """Finish what is being written, break off what is being read, and close the file."""
        self._thread.shutdown()
        if self._reader:
            self._reader.interrupt()
        self._reading_thread.shutdown(cancel_futures=True)
        if self._reader:
            self._reader.close()
        self._database.close()


def _connect(path: Path, mode: str) -> sqlite3.Connection:
    return sqlite3.connect(
        f"{path.absolute().as_uri()}?mode={mode}",
        uri=True,
        timeout=BUSY_TIMEOUT_SECONDS,
        check_same_thread=False,
    )
