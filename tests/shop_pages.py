"""Pages of reviews for tests of reading, and a site of them that answers without a network."""

import json
from typing import Any
from urllib.parse import parse_qs, urlsplit

from playground.shop_pages import shop_page
from worker.sites.finding import Found
from worker.sites.reviews import read_reviews
from worker.web.page import Get, Page, ReadError

SHOP = "https://lavka.example/kurtka"
HTML = "text/html"
JSON = "application/json"


class Site:
    """Answers as a site would; what it doesn't have is not found. Tells what it was asked."""

    def __init__(self, pages: dict[str, Page | ReadError]) -> None:
        self.pages = pages
        self.asked: list[str] = []

    def __call__(self, url: str) -> Page:
        self.asked.append(url)
        answer = self.pages.get(url, ReadError("not-found", url))
        if isinstance(answer, ReadError):
            raise answer
        return answer


def site_of(**paths: Page | ReadError) -> Site:
    """A site by the paths below the shop's address; `first` is that address itself."""
    return Site({SHOP if path == "first" else f"{SHOP}/{path}": at for path, at in paths.items()})


def read_all(url: str, get: Get) -> list[Found]:
    """Read a link to its end."""
    return list(read_reviews(url, get))


def outcome_of(url: str, get: Get) -> str:
    """How the reading of a link ends."""
    try:
        read_all(url, get)
    except ReadError as error:
        return error.outcome
    return "read"


def page(html: str | bytes, url: str = SHOP, charset: str | None = "utf-8") -> Page:
    """A page of HTML as it was fetched."""
    return Page(url, HTML, charset, html if isinstance(html, bytes) else html.encode())


def answer(data: Any, url: str = SHOP) -> Page:
    """An interface's answer in JSON."""
    return Page(url, JSON, "utf-8", json.dumps(data, ensure_ascii=False).encode())


def json_ld(*items: Any) -> str:
    """A page whose scripts hold these items; text is put in as it is."""
    scripts = (
        one if isinstance(one, str) else json.dumps(one, ensure_ascii=False) for one in items
    )
    tags = "".join(f'<script type="application/ld+json">{one}</script>' for one in scripts)
    return f"<html><head><title>Лавка</title>{tags}</head><body></body></html>"


def review(text: str, author: str = "", **fields: Any) -> dict[str, Any]:
    """A review in schema.org's words."""
    said = {"@type": "Review", "reviewBody": text} | fields
    return said | ({"author": {"@type": "Person", "name": author}} if author else {})


def product(*reviews: Any, name: str = "Куртка", **fields: Any) -> dict[str, Any]:
    """A product with its reviews."""
    return {"@type": "Product", "name": name, "review": list(reviews)} | fields


def marked(text: str, author: str, stars: int) -> str:
    """A review as microdata."""
    return (
        '<div itemscope itemtype="http://schema.org/Review">'
        '<span itemprop="author" itemscope itemtype="http://schema.org/Person">'
        f'<b itemprop="name">{author}</b></span><p itemprop="reviewBody">{text}</p>'
        '<span itemprop="reviewRating" itemscope itemtype="http://schema.org/Rating">'
        f'<meta itemprop="ratingValue" content="{stars}"></span></div>'
    )


def from_playground(url: str) -> Page:
    """Fetch a page of the playground's shop as a reader would get it."""
    parts = urlsplit(url)
    number = int(parse_qs(parts.query).get("page", ["1"])[0])
    found = shop_page(parts.path.removeprefix("/shop/"), number)
    if found is None:
        raise ReadError("not-found", url)
    kind, _, charset = found.content_type.partition("; charset=")
    return Page(url, kind, charset or None, found.body)
