"""Mozilla's add-ons: what people write of an extension, by the site's documented interface."""

import re
from collections.abc import Iterator
from urllib.parse import SplitResult, quote, unquote

from worker.sites.answers import Answer, ask, list_in, object_in, words_in
from worker.sites.batches import Batch, Shelf, read_batches
from worker.sites.finding import Found
from worker.sites.opinions import Opinion
from worker.sites.values import as_stars, count_in, moment_in
from worker.web.page import Get

NAME = "mozilla-addons"
HOST = "addons.mozilla.org"
ADDON = re.compile(r"/addon/([^/]{1,120})(?:/|$)")
ADDONS = "https://addons.mozilla.org/api/v5/addons/addon/{addon}/?lang=ru"
NEXT_PAGE = re.compile(r"[?&]page=(\d{1,4})(?:&|$)")
RATINGS = "https://addons.mozilla.org/api/v5/ratings/rating/?addon={addon}&page_size=50&page={page}"


def product_in(link: SplitResult) -> str | None:
    """The add-on's name or number in its address."""
    found = ADDON.search(link.path) if link.hostname == HOST else None
    return unquote(found[1]) if found else None


def read(addon: str, get: Get) -> Iterator[Found]:
    """Give the reviews that have words, newest first."""
    name = quote(addon, safe="")
    described = ask(get, ADDONS.format(addon=name))
    ratings = object_in(described, "ratings")
    total, rating = count_in(ratings.get("text_count")), as_stars(ratings.get("average"))

    def understand(answer: Answer) -> Batch:
        opinions = tuple(map(_opinion, list_in(answer, "results")))
        # Of the next page's address only the number is taken.
        page = NEXT_PAGE.search(words_in(answer, "next"))
        following = RATINGS.format(addon=name, page=page[1]) if page else None
        return Batch(opinions, following, total, rating)

    first = RATINGS.format(addon=name, page=1)
    yield from read_batches(Shelf(NAME, first, _title(described), understand), get)


def _title(described: Answer) -> str:
    """A name in the language that was asked for, or an object of names by language."""
    names = object_in(described, "name")
    name = words_in(described, "name") or words_in(names, "ru") or words_in(names, "en-US")
    return name[:300]


def _opinion(rating: Answer) -> Opinion:
    return Opinion(
        text=words_in(rating, "body"),
        author=words_in(object_in(rating, "user"), "name"),
        stars=as_stars(rating.get("score")),
        written_at=moment_in(rating.get("created")),
    )
