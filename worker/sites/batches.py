"""The way through a known host's answers, a batch of reviews in each."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from core.contracts import storable
from worker.sites.answers import Answer, ask
from worker.sites.finding import Found
from worker.sites.opinions import Gathering, Opinion
from worker.web.page import Get, ReadError

MOST_BATCHES = 20


@dataclass(frozen=True, slots=True)
class Batch:
    """One answer, understood."""

    opinions: tuple[Opinion, ...]
    following: str | None
    """The address of the next one."""
    total: int | None = None
    rating: float | None = None


@dataclass(frozen=True, slots=True)
class Shelf:
    """Where a host's reviews of one thing begin, and how its answers are understood."""

    name: str
    first: str
    title: str
    understand: Callable[[Answer], Batch]


def read_batches(shelf: Shelf, get: Get) -> Iterator[Found]:
    """Give each batch. Raises ReadError where the first one fails or nobody wrote a word."""
    gathering, address, found = Gathering(), shelf.first, False
    for number in range(1, MOST_BATCHES + 1):
        try:
            batch = shelf.understand(ask(get, address))
        except ReadError:
            if not found:
                raise
            yield Found(shelf.name, (), is_partial=True)
            return
        reviews = gathering.take(batch.opinions)
        is_end = batch.following is None or batch.following == address or gathering.is_full
        is_partial = gathering.left_some or (batch.following is not None and number == MOST_BATCHES)
        if reviews:
            found = True
            title = storable(shelf.title)
            yield Found(shelf.name, reviews, title, batch.total, batch.rating, is_partial)
        if is_end or not batch.following:
            break
        address = batch.following
    if not found:
        raise ReadError("no-reviews", "nobody wrote a word")
