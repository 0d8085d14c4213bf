"""Follows a stream of values: what is read is taken in first, and only then settled.

What a crash or an outage cut short comes again, so whoever takes it in must be able to twice.
"""

import sqlite3
from collections.abc import Sequence
from typing import Generic, TypeVar

import redis
import redis.asyncio
from loguru import logger
from pydantic import ValidationError

from bot.grace import in_hand
from bot.patience import Patience
from bot.streams import FROM_THE_START, Entry, StreamReader
from core.contracts import Contract

C = TypeVar("C", bound=Contract)


class Follower(Generic[C]):
    """Takes in one contract's values, batch by batch; a subclass says which, and how."""

    stream: str
    """Where in Redis they stand."""
    field: str
    """The entries' field that holds the value as JSON."""
    contract: type[C]
    batch = 100
    """How many are taken in at once, at most."""
    what = "following a stream"
    """For the log."""

    def __init__(self, connection: redis.asyncio.Redis) -> None:
        self._reader = StreamReader(connection, self.stream)
        self._patience = Patience(self.what)
        self._has_left_over = True

    async def take(self, found: Sequence[C]) -> None:
        """Take values in, none twice. May raise sqlite3.Error and redis.RedisError."""
        raise NotImplementedError

    async def run(self) -> None:
        """Follow until cancelled."""
        while True:
            try:
                await self.take_some()
            except (sqlite3.Error, redis.RedisError) as error:
                # What was read and not taken in is left over: it comes again.
                self._has_left_over = True
                await self._patience.wait(error)
            else:
                self._patience.succeeded()

    async def take_some(self) -> None:
        """Take in one batch and settle it. Raises sqlite3 and Redis errors."""
        entries = await self._read()
        with in_hand():
            if found := [value for entry in entries if (value := self._parse(entry))]:
                await self.take(found)
            await self._reader.acknowledge([entry_id for entry_id, _ in entries])

    async def _read(self) -> list[Entry]:
        if not self._has_left_over:
            return await self._reader.read_new(self.batch)
        entries = await self._reader.read_left_over(FROM_THE_START, self.batch)
        self._has_left_over = bool(entries)
        return entries

    def _parse(self, entry: Entry) -> C | None:
        entry_id, fields = entry
        try:
            return self.contract.model_validate_json(fields.get(self.field.encode(), b""))
        except ValidationError as error:
            log = "{} {} is not one: {} errors"
            logger.error(log, self.field, entry_id.decode(), error.error_count())
            return None
