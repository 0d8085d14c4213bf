"""A reading of a page: what the bot orders and what a reader finds, part by part.

An order is the argument of its RQ job; parts come back on the stream `nastroi:readings`, the last
one of them with an end. A part may come twice: it is known by its order and number.
"""

from typing import Literal

import redis
from pydantic import Field

from core.contracts import Contract, Probability, storable
from core.queues import READINGS

READ_QUEUE = "read"
READ_JOB = "worker.reading.read"
"""Its one argument is a ReadOrder as JSON."""

# What one reading may take; whoever exceeds it is killed and ends as `too-slow` or `crashed`.
READ_SECONDS = 20
MOST_PAGE_BYTES = 5_000_000
MOST_REDIRECTS = 5
MOST_REVIEWS = 1000
LONGEST_REVIEW = 4000

# Redis keeps parts that nobody takes no longer than RQ keeps a job; in entries.
MOST_PARTS = 10_000

PLACE = "nastroi:reading:"
"""Of an order: the number of its next part, or ENDED. Known as long as a reading may go on."""
ENDED = "ended"
PLACE_TTL_SECONDS = 600

# KEYS: readings, place. ARGV: part, the next one's number or `ended`, most parts, seconds.
PUT = """
local place = redis.call('GET', KEYS[2])
if place == 'ended' then return 0 end
redis.call('XADD', KEYS[1], 'MAXLEN', '~', ARGV[3], '*', 'part', ARGV[1])
if ARGV[2] ~= 'ended' and tonumber(place or 0) > tonumber(ARGV[2]) then return 1 end
redis.call('SET', KEYS[2], ARGV[2], 'EX', ARGV[4])
return 1
"""

ReadOutcome = Literal[
    "read",
    "no-reviews",
    "not-found",
    "blocked",
    "changed",
    "robots",
    "refused",
    "busy",
    "unreachable",
    "redirects",
    "too-big",
    "too-slow",
    "not-a-page",
    "crashed",
]
"""How a reading ended; the locales hold a sentence for each.

read: with something; no-reviews: a page that was understood and has none, pasted text would do;
not-found: the site says 404 or 410; blocked: it says 401, 403, 429, 451, or shows a captcha;
changed: a known site's answer has another shape than its adapter knows; robots: robots.txt forbids
it; refused: an address that is not to be visited (not public, odd port, credentials); busy: this
host has been asked often enough for now; unreachable: no such name, no connection, TLS or 5xx;
redirects: too many; not-a-page: a picture, a program; crashed: the reader died or failed.
"""


class ReadOrder(Contract):
    """What to read. The id makes its job unique: the same order twice is one reading."""

    id: str = Field(pattern=r"^[\w-]{1,64}$")
    kind: Literal["reviews", "channel"]
    url: str = Field(max_length=2048)
    """For a channel, its preview page: `https://t.me/s/<name>`."""
    before: int | None = None
    """Of a channel: read the posts before this number, not the newest."""


class Review(Contract):
    """What one person wrote of one thing."""

    text: str = Field(max_length=LONGEST_REVIEW)
    stars: float | None = Field(None, ge=1, le=5)
    """On a scale of 1 to 5, whatever the site's own."""
    written_at: float | None = None
    """Epoch seconds."""


class ChannelPost(Contract):
    """A public channel's post as its preview page shows it."""

    number: int
    text: str
    """Empty for media without a caption."""
    posted_at: float
    """Epoch seconds."""
    is_edited: bool = False
    views: int | None = None


class ReadEnd(Contract):
    """How a reading ended."""

    outcome: ReadOutcome
    source: str = ""
    """What understood the page: an adapter's name, `json-ld`, `microdata`, `text`, `preview`."""
    title: str = ""
    """Of the product, place, app or channel."""
    host: str = ""
    total: int | None = None
    """How many reviews the site says there are."""
    rating: Probability | None = None
    """The site's own mean, on a scale of 1 to 5."""
    pages: int = 0
    is_partial: bool = False
    """Whether a limit, or an error on a later page, ended it before the site's last review."""
    detail: str = ""
    """For the log and the curious: in English, without markup."""
    seconds: float = 0.0


class ReadPart(Contract):
    """Some of what was found. Numbers count from 0; only the last part has an end."""

    order_id: str
    number: int = Field(ge=0)
    reviews: tuple[Review, ...] = ()
    posts: tuple[ChannelPost, ...] = ()
    end: ReadEnd | None = None


def put_part(connection: redis.Redis, part: ReadPart) -> bool:
    """Hand a part over to the bot; False where its reading has ended, which it does once.

    Raises redis.RedisError.
    """
    after = ENDED if part.end else part.number + 1
    data = storable(part.model_dump_json())
    keys = (READINGS, PLACE + part.order_id)
    return bool(connection.eval(PUT, len(keys), *keys, data, after, MOST_PARTS, PLACE_TTL_SECONDS))


def next_number(connection: redis.Redis, order_id: str) -> int:
    """Find which number the next part of a reading has that somebody else began.

    Raises redis.RedisError.
    """
    found = connection.get(PLACE + order_id)
    return int(found) if isinstance(found, bytes) and found.isdigit() else 0
