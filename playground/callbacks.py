"""Presses of inline buttons that wait for the bot's answer."""

import asyncio
import time
from dataclasses import dataclass, field
from itertools import count

from playground.errors import BadRequest
from playground.shapes import Json

ANSWERABLE_SECONDS = 15 * 60
KEPT = 10_000


@dataclass(slots=True)
class Query:
    """One press; `answer` stays empty until the bot answers."""

    id: str
    bot_id: int
    person_id: int
    chat_id: int
    message_id: int
    date: float
    answer: Json | None = None
    answered: asyncio.Event = field(default_factory=asyncio.Event)


class Callbacks:
    """Presses by id; the oldest are forgotten past a bound."""

    def __init__(self) -> None:
        self._queries: dict[str, Query] = {}
        self._numbers = count(int(time.time()))

    def open(self, bot_id: int, person_id: int, place: tuple[int, int], date: float) -> Query:
        """Note a press of a button under the message at (chat id, message id)."""
        query_id = str((bot_id << 32) + next(self._numbers))
        query = Query(query_id, bot_id, person_id, *place, date)
        self._queries[query.id] = query
        if len(self._queries) > KEPT:
            del self._queries[next(iter(self._queries))]
        return query

    def answer(self, query_id: str, bot_id: int, answer: Json, now: float) -> Query:
        """Answer a press once; raises BadRequest for one too old, answered or unknown."""
        query = self._queries.get(query_id)
        stale = query is None or query.bot_id != bot_id or query.answer is not None
        if query is None or stale or now - query.date > ANSWERABLE_SECONDS:
            words = "query is too old and response timeout expired or query ID is invalid"
            raise BadRequest(words)
        query.answer = answer
        query.answered.set()
        return query
