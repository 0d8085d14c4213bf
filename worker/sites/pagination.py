"""Where a page's next page is."""

import re
from typing import Any
from urllib.parse import parse_qsl, urldefrag, urlencode, urljoin, urlsplit, urlunsplit

from worker.sites.document import Document

LINKS = "//link[@rel and @href] | //a[@href]"
# Enough for any page; the rest is a link farm.
MOST_LINKS = 3000
NEXT_WORDS = re.compile(
    r"(?:следующ\w+(?: страница| отзывы)?|след\.?|дал(?:ее|ьше)|впер[её]д"
    r"|next(?: page)?|older(?: reviews)?)?\s*[›»→>]*",
    re.IGNORECASE,
)
NEXT_CLASS = re.compile(r"(?:^|[\s_-])next(?:$|[\s_-])", re.IGNORECASE)
PAGE_FIELDS = re.compile(
    r"page|p|pg|pagen?_\d+|(?:review|comment|feedback)s?[_-]?page|[cr]page", re.I
)
OWN_REVIEWS = re.compile(
    r"/(?:all-?)?(?:reviews?|otzyv\w?|feedbacks?|opinions|comments)/?(?:\.html?)?"
)
PAGE_IN_PATH = re.compile(r"(/page[/-]?)(\d{1,4})(?=/|$|\.html?)", re.IGNORECASE)


def next_page(document: Document) -> str | None:
    """The address of the next page on the same host, or None where there seems to be none."""
    links = list(_links(document))
    ways = (
        (url for url, link in links if "next" in link.get("rel", "").lower().split()),
        (url for url, link in links if _says_next(link)),
        (url for url, _ in links if _is_one_further(document.url, url)),
    )
    return next((url for way in ways for url in way if url != urldefrag(document.url).url), None)


def _links(document: Document) -> list[tuple[str, Any]]:
    """Where the page's links lead on its own host."""
    found = []
    for link in document.tree.xpath(LINKS)[:MOST_LINKS]:
        url = _absolute(document.url, link.get("href"))
        if url and _host(url) == _host(document.url):
            found.append((url, link))
    return found


def _absolute(base: str, href: str) -> str:
    try:
        url = urldefrag(urljoin(base, href.strip())).url
        parts = urlsplit(url)
        return url if parts.scheme in ("http", "https") and parts.hostname else ""
    except ValueError:
        return ""


def _host(url: str) -> str:
    return urlsplit(url).netloc.lower()


def _says_next(link: Any) -> bool:
    if link.tag != "a":
        return False
    if NEXT_CLASS.search(link.get("class", "")):
        return True
    words = (link.get("aria-label", ""), link.get("title", ""), "".join(link.itertext()))
    return any(word.strip() and NEXT_WORDS.fullmatch(word.strip()) for word in words)


def _is_one_further(here: str, there: str) -> bool:
    """Whether only a page's number differs between the addresses, by one."""
    bare_here, number_here = _page_number(here)
    bare_there, number_there = _page_number(there)
    return bare_here == bare_there and number_there == number_here + 1


def _page_number(url: str) -> tuple[str, int]:
    """The address without its page number, and that number; 1 where it has none."""
    parts = urlsplit(url)
    number, kept = 1, []
    for field, value in parse_qsl(parts.query, keep_blank_values=True):
        if PAGE_FIELDS.fullmatch(field) and value.isdecimal() and len(value) < 5:
            number = int(value)
        else:
            kept.append((field, value))
    path = parts.path
    if in_path := PAGE_IN_PATH.search(path):
        number = int(in_path[2])
        path = path[: in_path.start()] + path[in_path.end() :]
    query = urlencode(sorted(kept))
    return urlunsplit((parts.scheme, parts.netloc, path.rstrip("/"), query, "")), number


def own_reviews_page(document: Document) -> str | None:
    """The page of all reviews of what this page is about: right below it, and called so."""
    here = urlsplit(document.url).path.rstrip("/").removesuffix(".html")
    if not here:
        return None
    below = ((url, urlsplit(url).path) for url, _ in _links(document))
    return next((url for url, path in below if _is_own_reviews(here, path)), None)


def _is_own_reviews(here: str, there: str) -> bool:
    return there.startswith(here) and bool(OWN_REVIEWS.fullmatch(there[len(here) :].lower()))
