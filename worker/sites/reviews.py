"""Reads the reviews behind a link: by a known host's own interface, or from any page there is."""

from collections.abc import Iterator

from worker.sites.adapters import known_product
from worker.sites.document import open_document
from worker.sites.finding import Found
from worker.sites.walk import Walk
from worker.web.page import Get


def read_reviews(url: str, get: Get) -> Iterator[Found]:
    """Give the reviews page by page, each once.

    Raises ReadError before anything was given: what `get` raises for the first page; `blocked` or
    `changed` where the site doesn't answer as it should; `no-reviews` where it has none.
    """
    if read := known_product(url):
        return read(get)
    page = get(url)
    # A short link shows only now where it leads.
    if read := known_product(page.url):
        return read(get)
    return Walk(get).read(open_document(page))
