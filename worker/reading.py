"""One reading, as an RQ job: from an order to parts of what a page holds, and an end."""

import logging
import time
import traceback
from dataclasses import dataclass, field
from pathlib import Path

import redis
from loguru import logger

from core.connections import connect
from core.contracts import storable
from core.reading import (
    MOST_REVIEWS,
    READ_SECONDS,
    ReadEnd,
    ReadOrder,
    ReadOutcome,
)
from core.settings import load_settings
from worker.parts import Parts
from worker.sites.finding import Found
from worker.sites.preview import read_posts
from worker.sites.reviews import read_reviews
from worker.web.fetching import Fetcher, Terms
from worker.web.pace import Pace
from worker.web.page import ReadError
from worker.web.wire import Wire, system_trust

# The rest is for understanding the last page, before the whole is killed.
FETCH_SECONDS = READ_SECONDS - 4
LONGEST_DETAIL = 300
LONGEST_TITLE = 300
# Libraries that quote what they can't read.
WORDY = ("extruct", "rdflib", "trafilatura", "urllib3")


def read(order_json: str) -> None:
    """Carry out one order; what goes wrong becomes an end that says so."""
    started = time.monotonic()
    settings = load_settings()
    order = ReadOrder.model_validate_json(order_json)
    terms = Terms(FETCH_SECONDS, settings.reader_test_site)
    with connect(settings.redis_address) as connection:
        desk = Desk(order, open_fetcher(connection, terms), Parts(connection, order.id))
        end = _described(desk, started)
        desk.parts.end(end)
    logger.bind(host=end.host).info(
        "reading {}: {} in {:.2f} s", order.id, end.outcome, end.seconds
    )


def warm_up() -> None:
    """Load what importing doesn't, before readings are forked."""
    system_trust()
    for name in WORDY:
        logging.getLogger(name).setLevel(logging.CRITICAL)


@dataclass(frozen=True, slots=True)
class Desk:
    """What one reading works with."""

    order: ReadOrder
    fetcher: Fetcher
    parts: Parts


@dataclass(slots=True)
class Account:
    """What is known of a page so far."""

    source: str = ""
    title: str = ""
    total: int | None = None
    rating: float | None = None
    is_partial: bool = False
    count: int = 0
    detail: str = ""
    outcome: ReadOutcome = field(default="no-reviews")


def open_fetcher(connection: redis.Redis, terms: Terms) -> Fetcher:
    """Make what gets pages, with every bound that the project keeps to."""
    return Fetcher(Wire(), Pace(connection), connection, terms)


def _described(desk: Desk, started: float) -> ReadEnd:
    account = Account()
    try:
        how = _read_channel if desk.order.kind == "channel" else _read_reviews
        how(desk, account)
    except ReadError as error:
        _note_error(account, error.outcome, error.detail)
    except redis.RedisError:
        raise  # nobody could be told
    except Exception as error:  # noqa: BLE001 - whatever it was, somebody waits for an answer
        # Its words may be the page's, which only a debugger may see.
        logger.opt(exception=error).debug("reading {} failed", desk.order.id)
        logger.error("reading {} failed: {}", desk.order.id, _place_of(error))
        _note_error(account, "crashed", _place_of(error))
    return ReadEnd(
        outcome=account.outcome,
        source=account.source,
        title=storable(account.title)[:LONGEST_TITLE],
        host=desk.fetcher.host_of(desk.order.url),
        total=account.total,
        rating=account.rating,
        pages=desk.fetcher.pages,
        is_partial=account.is_partial,
        detail=storable(account.detail)[:LONGEST_DETAIL],
        seconds=time.monotonic() - started,
    )


def _place_of(error: Exception) -> str:
    """What went wrong and where, without the error's own words."""
    frame = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__} in {frame.name} ({Path(frame.filename).name}:{frame.lineno})"


def _read_reviews(desk: Desk, account: Account) -> None:
    for found in read_reviews(desk.order.url, desk.fetcher.get):
        room = MOST_REVIEWS - account.count
        desk.parts.put_reviews(found.reviews[:room])
        _note_found(account, found)
        if len(found.reviews) > room:
            account.is_partial = True
            return


def _read_channel(desk: Desk, account: Account) -> None:
    order = desk.order
    url = order.url if order.before is None else f"{order.url}?before={order.before}"
    account.source = "preview"
    account.title, posts = read_posts(desk.fetcher.get(url))
    desk.parts.put_posts(posts)
    account.outcome = "read"


def _note_found(account: Account, found: Found) -> None:
    """Later pages may leave out what the first one said of the whole."""
    account.source = account.source or found.source
    account.title = account.title or found.title
    account.total = found.total if account.total is None else account.total
    account.rating = found.rating if account.rating is None else account.rating
    account.is_partial = account.is_partial or found.is_partial
    account.count += len(found.reviews)
    if account.count:
        account.outcome = "read"


def _note_error(account: Account, outcome: ReadOutcome, detail: str) -> None:
    """An error on a later page leaves what was found before."""
    account.detail = detail
    account.is_partial = account.count > 0
    account.outcome = "read" if account.count else outcome
