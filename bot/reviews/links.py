"""Links that people send: what is nothing but a link, and the form in which it is known again."""

import re
from collections.abc import Sequence
from typing import NamedTuple
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from core.contracts import storable

WEB_LINK = re.compile(r"https?://\S+", re.IGNORECASE)
BARE_LINK = re.compile(r"[\w-]+(?:\.[\w-]+)+(?::\d+)?(?:[/?#]\S*)?")
# What a sentence goes on with behind a link.
SENTENCE_SIGNS = ".,;:!?…»”\"'>"
# A title, a price and the link, as shops' apps share them.
MOST_LINES = 3
# Told by who sent the link, not what it leads to.
TRACKING = re.compile(r"utm_\w+|gclid|yclid|fbclid|ysclid|_openstat|from|ref|referrer|share\w*")
LONGEST_URL = 2048
SCHEME = "https://"


class Mark(NamedTuple):
    """A stretch of text that Telegram has marked, in its UTF-16 units."""

    kind: str
    offset: int
    length: int
    url: str | None


def lone_link(text: str, marks: Sequence[Mark]) -> str | None:
    """Return the link where a text is nothing else; bare hosts only where Telegram marks them."""
    # Half a surrogate pair can't be encoded; what replaces it is as long in UTF-16.
    text = storable(text)
    bare = text.strip()
    if len(bare) + len(SCHEME) > LONGEST_URL:
        return None
    if WEB_LINK.fullmatch(bare):
        return bare
    whole = len(text.encode("utf-16-le")) // 2
    for mark in marks:
        if (mark.offset, mark.length) == (0, whole):
            if mark.kind == "text_link" and mark.url:
                return lone_link(mark.url, ())
            if mark.kind == "url" and "://" not in bare:
                return f"{SCHEME}{bare}"
    return None


def link_among(words: str) -> str | None:
    """Return the one link in what an app shares or somebody typed behind a command.

    A bare host counts only alone. Of a longer text it is unclear whether it is about the link.
    """
    words = storable(words)
    found = [_without_sentence(link) for link in WEB_LINK.findall(words)]
    if len(found) == 1 and len(words.strip().splitlines()) <= MOST_LINES:
        return found[0] if len(found[0]) <= LONGEST_URL else None
    bare = words.strip()
    is_link = not found and BARE_LINK.fullmatch(bare) and len(bare) + len(SCHEME) <= LONGEST_URL
    return f"{SCHEME}{bare}" if is_link else None


def _without_sentence(link: str) -> str:
    """Cut off the signs of the sentence that a link stands in; brackets of its own stay."""
    link = link.rstrip(SENTENCE_SIGNS)
    while link.endswith(")") and link.count(")") > link.count("("):
        link = link[:-1].rstrip(SENTENCE_SIGNS)
    return link


def address_of(url: str) -> str:
    """Return a url without what changes nothing: its scheme, fragment, who referred to it, order.

    A url that can't be parsed is its own address; the reader will say what is wrong with it.
    """
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").removeprefix("www.")
        port = f":{parts.port}" if parts.port not in (None, 80, 443) else ""
    except ValueError:
        return url
    kept = [pair for pair in parse_qsl(parts.query, True) if not TRACKING.fullmatch(pair[0])]
    query = urlencode(sorted(kept))
    return urlunsplit(("", host + port, parts.path.rstrip("/"), query, ""))


def host_of(url: str) -> str:
    """The host that a url names, as people know it."""
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        return ""
