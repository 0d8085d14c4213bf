"""The worker's end of the queue: takes texts from the stream, commits verdicts, buries the dead."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

import redis
from loguru import logger
from pydantic import ValidationError
from redis.exceptions import ResponseError

from core.contracts import Text, Verdict
from core.queues import DEAD, DONE, SCORERS, TEXTS, VERDICTS

# A batch must be committed sooner than this, or another worker takes it for abandoned.
ABANDONED_AFTER_MS = 3000
MAX_DELIVERIES = 3
RawEntries = list[tuple[bytes, dict[bytes, bytes]]]
DONE_TTL_SECONDS = 86400
DEAD_MAX_LENGTH = 10_000

# KEYS: texts, verdicts. ARGV: group, seconds, prefix, then (entry id, key, verdict) a text.
# One script, since a crash between its steps would lose a verdict or deliver it twice.
COMMIT = """
for i = 4, #ARGV, 3 do
  if redis.call('SET', ARGV[3] .. ARGV[i + 1], 1, 'NX', 'EX', ARGV[2]) then
    redis.call('XADD', KEYS[2], '*', 'verdict', ARGV[i + 2])
  end
  redis.call('XACK', KEYS[1], ARGV[1], ARGV[i])
  redis.call('XDEL', KEYS[1], ARGV[i])
end
"""


@dataclass(frozen=True, slots=True)
class Entry:
    """A text and its place in the stream."""

    id: str
    text: Text
    read_at: float
    """Epoch seconds."""


class TextStream:
    """One consumer of the texts stream; safe beside any number of others."""

    def __init__(self, connection: redis.Redis, consumer: str) -> None:
        self._redis = connection
        self._consumer = consumer
        self._commit = connection.register_script(COMMIT)

    def create_group(self) -> None:
        """Create the consumer group where it is missing."""
        try:
            self._redis.xgroup_create(TEXTS, SCORERS, id="0", mkstream=True)
        except ResponseError as error:
            if "BUSYGROUP" not in str(error):
                raise

    def read(self, count: int, block_ms: int) -> list[Entry]:
        """Take up to `count` texts that nobody took, waiting up to `block_ms` for the first."""
        answer = cast(
            "list[tuple[bytes, RawEntries]]",
            self._redis.xreadgroup(
                SCORERS, self._consumer, {TEXTS: ">"}, count=count, block=block_ms
            ),
        )
        return self._parse(answer[0][1]) if answer else []

    def abandoned(self, count: int) -> list[tuple[str, int]]:
        """List texts that a dead worker left: (entry id, deliveries so far)."""
        pending = cast(
            "list[dict[str, Any]]",
            self._redis.xpending_range(
                TEXTS, SCORERS, min="-", max="+", count=count, idle=ABANDONED_AFTER_MS
            ),
        )
        return [(p["message_id"].decode(), p["times_delivered"]) for p in pending]

    def take_over(self, entry_id: str) -> list[Entry]:
        """Claim one abandoned text; empty when another worker was quicker."""
        claimed = self._redis.xclaim(TEXTS, SCORERS, self._consumer, ABANDONED_AFTER_MS, [entry_id])
        found = [(name, fields) for name, fields in cast("RawEntries", claimed) if fields]
        if claimed and not found:
            # Deleted from the stream behind our back: Redis 6.2 claims it all the same.
            self._redis.xack(TEXTS, SCORERS, entry_id)
        return self._parse(found)

    def commit(self, entries: Sequence[Entry], verdicts: Sequence[Verdict]) -> None:
        """Hand over each verdict once and forget its text, all in one step."""
        if entries:
            self._put(self._redis, entries, verdicts)

    def bury(self, entry: Entry, reason: str, model: str) -> None:
        """Move a text to the dead letters, with an empty verdict so that nobody waits for it."""
        now = time.time()
        verdict = Verdict(
            key=entry.text.key,
            scores={},
            model=model,
            received_at=entry.text.received_at,
            read_at=entry.read_at,
            scored_at=now,
        )
        letter = {"key": entry.text.key, "text": entry.text.text, "reason": reason, "at": now}
        with self._redis.pipeline(transaction=True) as pipe:
            mourn(pipe, letter)
            self._put(pipe, [entry], [verdict])
            pipe.execute()
        logger.bind(key=entry.text.key).error("text moved to the dead letters: {}", reason)

    def leave(self) -> None:
        """Forget this consumer, unless it holds texts that another one must take over."""
        consumers = self._redis.xinfo_consumers(TEXTS, SCORERS)
        mine = [c for c in consumers if c["name"].decode() == self._consumer]
        if mine and not mine[0]["pending"]:
            self._redis.xgroup_delconsumer(TEXTS, SCORERS, self._consumer)

    def _put(
        self, client: redis.Redis, entries: Sequence[Entry], verdicts: Sequence[Verdict]
    ) -> None:
        arguments: list[str | int] = [SCORERS, DONE_TTL_SECONDS, DONE]
        for entry, verdict in zip(entries, verdicts, strict=True):
            arguments += (entry.id, verdict.key, verdict.model_dump_json(exclude_defaults=True))
        self._commit([TEXTS, VERDICTS], arguments, client=client)

    def _parse(self, raw: RawEntries) -> list[Entry]:
        now = time.time()
        entries = []
        for entry_id, fields in raw:
            try:
                text = Text.model_validate_json(fields[b"text"])
                entries.append(Entry(entry_id.decode(), text, now))
            except (ValidationError, KeyError) as error:
                self._discard(entry_id.decode(), fields, error)
        return entries

    def _discard(self, entry_id: str, fields: dict[bytes, bytes], error: Exception) -> None:
        # It has no key, so there is no verdict that anybody could wait for.
        reason = f"not a text: {type(error).__name__}"
        with self._redis.pipeline(transaction=True) as pipe:
            mourn(pipe, {"text": repr(fields)[:5000], "reason": reason, "at": time.time()})
            pipe.xack(TEXTS, SCORERS, entry_id)
            pipe.xdel(TEXTS, entry_id)
            pipe.execute()
        logger.error("stream entry {} is {}", entry_id, reason)


def mourn(client: redis.Redis, letter: dict[Any, Any]) -> None:
    """Add a dead letter; the oldest beyond some thousands are let go."""
    client.xadd(DEAD, letter, maxlen=DEAD_MAX_LENGTH, approximate=True)
