"""What a site's robots.txt allows, as RFC 9309 reads it; remembered in Redis for a while."""

from collections.abc import Callable
from dataclasses import dataclass, field

import redis
from protego import Protego

from worker.web.location import Location
from worker.web.page import ReadError
from worker.web.wire import Answer, Limits

PRODUCT = "nastroi"
ROBOTS = "nastroi:robots:"
ROBOTS_TTL_SECONDS = 3600
# RFC 9309, 2.5: at least so much is to be understood; what comes behind is not read.
ROBOTS_LIMITS = Limits(seconds=4.0, body_bytes=500 * 1024, is_cut=True)
# Longer ones are kept for one reading only: a site with a name for every page could fill Redis.
LONGEST_KEPT = 64 * 1024
LONGEST_DELAY_SECONDS = 3600.0

Fetch = Callable[[Location, Limits], Answer]
"""Gets a page with its redirects followed; whatever its status. Raises ReadError."""


@dataclass(frozen=True, slots=True)
class Robots:
    """The rules of every site that was asked."""

    connection: redis.Redis
    fetch: Fetch
    _read: dict[str, str] = field(default_factory=dict)

    def check(self, location: Location) -> float:
        """Return the seconds that the site wants between two pages; 0 where it doesn't say.

        Raises ReadError: `robots` where the page is not for robots, `unreachable` where nobody
        knows whether it is, since that forbids it, too (RFC 9309, 2.3.1.4).
        """
        rules = Protego.parse(self._text(location))
        if not rules.can_fetch(location.url, PRODUCT):
            raise ReadError("robots", "forbidden by robots.txt")
        return min(float(rules.crawl_delay(PRODUCT) or 0), LONGEST_DELAY_SECONDS)

    def _text(self, location: Location) -> str:
        if location.root not in self._read:
            self._read[location.root] = self._kept_text(ROBOTS + location.root, location)
        return self._read[location.root]

    def _kept_text(self, key: str, location: Location) -> str:
        kept = self.connection.get(key)
        if isinstance(kept, bytes):
            return kept.decode()
        text = self._ask(location)
        if len(text) <= LONGEST_KEPT:
            self.connection.set(key, text, ex=ROBOTS_TTL_SECONDS)
        return text

    def _ask(self, location: Location) -> str:
        place = Location(
            location.scheme, location.host, location.port, "/robots.txt", location.is_test_site
        )
        try:
            answer = self.fetch(place, ROBOTS_LIMITS)
        except ReadError as error:
            if error.outcome == "redirects":
                return ""  # beyond five redirects it counts as missing (RFC 9309, 2.3.1.2)
            raise
        if answer.status >= 500:
            raise ReadError("unreachable", f"robots.txt: HTTP {answer.status}")
        return answer.body.decode("utf-8", "replace") if answer.status == 200 else ""
