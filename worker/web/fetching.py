"""Gets pages safely and politely: every hop is checked anew, and nobody is asked too often."""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from email.message import Message

import redis

from core.reading import MOST_REDIRECTS
from worker.web.location import Location, follow, locate
from worker.web.pace import Pace
from worker.web.page import Page, ReadError
from worker.web.refusals import check_page, check_status
from worker.web.robots import Robots
from worker.web.wire import Answer, Limits, Wire

REDIRECTS = frozenset({301, 302, 303, 307, 308})
ENOUGH = frozenset({429, 503})
HOLD_OFF_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Terms:
    """What a fetcher may take, and where it may go besides."""

    seconds: float
    """For all pages together."""
    test_site: str | None = None
    """Host and port of the one place on loopback that may be visited, in tests."""


class Fetcher:
    """Gets the pages of one reading."""

    def __init__(self, wire: Wire, pace: Pace, connection: redis.Redis, terms: Terms) -> None:
        self.pages = 0
        """How many were had."""
        self._wire = wire
        self._pace = pace
        self._test_site = terms.test_site
        self._host_asked = ""
        self._ends_at = time.monotonic() + terms.seconds
        self._robots = Robots(connection, self._ask_through)

    def get(self, url: str) -> Page:
        """Get one page, its redirects followed. Raises ReadError."""
        self._host_asked = ""
        location, answer = self._hop(locate(url, self._test_site), Limits(), self._ask_politely)
        check_status(answer)
        page = _to_page(location, answer)
        check_page(page)
        self.pages += 1
        return page

    def host_of(self, url: str) -> str:
        """The host of an address as people read it; empty where it is not to be visited."""
        try:
            return locate(url, self._test_site).name
        except ReadError:
            return ""

    def _ask_through(self, location: Location, limits: Limits) -> Answer:
        return self._hop(location, limits, self._ask)[1]

    def _hop(
        self, location: Location, limits: Limits, ask: Callable[[Location, Limits], Answer]
    ) -> tuple[Location, Answer]:
        """Ask, and go on where that leads."""
        for _ in range(MOST_REDIRECTS + 1):
            answer = ask(location, limits)
            target = answer.headers.get("location")
            if answer.status not in REDIRECTS or not target:
                return location, answer
            location = follow(location, _as_utf8(target), self._test_site)
        raise ReadError("redirects", f"more than {MOST_REDIRECTS}")

    def _ask_politely(self, location: Location, limits: Limits) -> Answer:
        delay_seconds = self._robots.check(location)
        # A site that leads on to another place of its own is asked for one page all the same.
        if location.host != self._host_asked:
            patience = min(self._pace.patience_seconds, self._seconds_left())
            pace = replace(self._pace, patience_seconds=patience)
            pace.wait_for_turn(location.host, delay_seconds)
            self._host_asked = location.host
        answer = self._ask(location, limits)
        if answer.status in ENOUGH:
            self._pace.hold_off(location.host, _asked_to_wait(answer))
        return answer

    def _ask(self, location: Location, limits: Limits) -> Answer:
        left = self._seconds_left()
        if left <= 0:
            raise ReadError("too-slow", "no time left for another page")
        return self._wire.ask(location, replace(limits, seconds=min(limits.seconds, left)))

    def _seconds_left(self) -> float:
        return self._ends_at - time.monotonic()


def _to_page(location: Location, answer: Answer) -> Page:
    header = Message()
    header["Content-Type"] = answer.headers.get("content-type", "")
    kind = header.get_content_type() if "/" in header["Content-Type"] else ""
    return Page(location.url, kind, header.get_content_charset(), answer.body)


def _as_utf8(target: str) -> str:
    """Header lines are read as Latin-1, and sites write UTF-8 into them."""
    return target.encode("latin-1", "replace").decode("utf-8", "replace")


def _asked_to_wait(answer: Answer) -> float:
    said = answer.headers.get("retry-after", "")
    return max(float(said), 1.0) if said.isascii() and said.isdigit() else HOLD_OFF_SECONDS
