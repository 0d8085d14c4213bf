"""The bot's SQLite file: opened here, written by one thread, read by anyone.

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
    """One SQLite file and the single thread that works on it, so the event loop never waits."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection
        self._database = Database(connection)
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="storage")

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
        connection = sqlite3.connect(
            f"{path.absolute().as_uri()}?mode={'ro' if read_only else 'rwc'}",
            uri=True,
            timeout=BUSY_TIMEOUT_SECONDS,
            check_same_thread=False,
        )
        storage = cls(connection)
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
        """Finish what is being written and close the file."""
        self._thread.shutdown()
        self._database.close()
