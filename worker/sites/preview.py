"""A public channel's preview page, `t.me/s/<name>`, as anyone sees it without an account."""

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from core.contracts import storable
from core.reading import ChannelPost
from worker.sites.blocking import is_blocked
from worker.sites.document import Document, open_document, text_of
from worker.sites.values import moment_in, number_in
from worker.web.page import Page, ReadError

# Telegram leads elsewhere from the preview of what is private, no channel, or not there.
PREVIEW_PATH = re.compile(r"/s/\w+(?:/\d+)?/?$")
MESSAGES = '//*[@data-post and contains(concat(" ", @class, " "), " tgme_widget_message ")]'
POST = re.compile(r"\w+/(\d{1,15})")
VIEWS = re.compile(r"([\d.,]+)\s*([KMB]?)", re.IGNORECASE)
FOLDS = {"": 1, "K": 1_000, "M": 1_000_000, "B": 1_000_000_000}


def read_posts(page: Page) -> tuple[str, tuple[ChannelPost, ...]]:
    """Give the channel's title and the page's posts, oldest first, without service messages.

    Earlier ones are on the page `?before=<the least number>`. Raises ReadError: `not-found` for a
    private or missing channel, `blocked`, `changed` where it is no preview page.
    """
    if not PREVIEW_PATH.search(urlsplit(page.url).path):
        raise ReadError("not-found", "no preview of this channel")
    document = open_document(page)
    title = _title(document)
    posts = {post.number: post for post in _posts(document)}
    if not title and not posts:
        raise ReadError("blocked" if is_blocked(document) else "changed", "no channel on its page")
    return title, tuple(posts[number] for number in sorted(posts))


def _title(document: Document) -> str:
    shown = _first(document.tree, "tgme_channel_info_header_title")
    if shown is not None:
        return storable(text_of(shown))
    return storable(document.tree.xpath("string(//meta[@property='og:title']/@content)").strip())


def _posts(document: Document) -> Iterator[ChannelPost]:
    for message in document.tree.xpath(MESSAGES):
        named = POST.fullmatch(message.get("data-post"))
        at = _posted_at(message)
        if named and at is not None and "service_message" not in message.get("class").split():
            yield ChannelPost(
                number=int(named[1]),
                text=_text(message),
                posted_at=at,
                is_edited=_is_edited(message),
                views=_views(message),
            )


def _text(message: Any) -> str:
    """The post's own text, not that of the message it answers."""
    for element in _all(message, "js-message_text"):
        if not any("message_reply" in above.get("class", "") for above in element.iterancestors()):
            return storable(text_of(element))
    return ""


def _posted_at(message: Any) -> float | None:
    """A video has a <time> too, its length; the date's has a moment."""
    dates = message.xpath(".//time[@datetime]")
    return moment_in(dates[-1].get("datetime")) if dates else None


def _is_edited(message: Any) -> bool:
    mark = _first(message, "tgme_widget_message_meta")
    return mark is not None and (mark.text or "").strip().lower().startswith("edited")


def _views(message: Any) -> int | None:
    shown = _first(message, "tgme_widget_message_views")
    found = VIEWS.fullmatch(text_of(shown)) if shown is not None else None
    number = number_in(found[1]) if found else None
    return round(number * FOLDS[found[2].upper()]) if found and number is not None else None


def _all(element: Any, name: str) -> list[Any]:
    path = f'.//*[contains(concat(" ", normalize-space(@class), " "), " {name} ")]'
    found: list[Any] = element.xpath(path)
    return found


def _first(element: Any, name: str) -> Any:
    return next(iter(_all(element, name)), None)
