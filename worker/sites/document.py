"""A page as a tree of elements."""

import re
from dataclasses import dataclass
from typing import Any

import lxml.etree
import lxml.html

from worker.sites.encodings import decode
from worker.web.page import Page, ReadError

PAGE_TYPES = ("", "text/html", "application/xhtml+xml", "text/plain", "text/xml", "application/xml")
# `lb` is what trafilatura makes of a <br>.
LINE_TAGS = ("br", "lb", "p", "li", "div")
BLOCK_TAGS = LINE_TAGS[2:]
EMPTY = "<html><body></body></html>"
ANY_SPACE = re.compile(r"\s+")
SPACES = re.compile(r"[^\S\n]+")
LINE_ENDS = re.compile(r" ?\n ?")
EMPTY_LINES = re.compile(r"\n{3,}")


@dataclass(frozen=True, slots=True)
class Document:
    """A page's tree; `html` is what it was made of."""

    url: str
    html: str
    tree: Any

    @property
    def title(self) -> str:
        """The page's own title, on one line."""
        return " ".join(self.tree.xpath("string((//title)[1])").split())


def open_document(page: Page) -> Document:
    """Parse a page, however broken it is, or empty. Raises ReadError (`not-a-page`)."""
    if page.content_type not in PAGE_TYPES:
        raise ReadError("not-a-page", page.content_type)
    html = decode(page)
    try:
        return Document(page.url, html, _tree(html))
    except (lxml.etree.LxmlError, ValueError):
        return Document(page.url, "", _tree(EMPTY))


def _tree(html: str) -> Any:
    # Bytes with a named encoding: from a str, lxml refuses a page that declares one itself.
    parser = lxml.html.HTMLParser(encoding="utf-8")  # type: ignore[no-untyped-call]
    encoded = html.encode("utf-8", "replace")
    return lxml.html.document_fromstring(encoded, parser=parser)  # type: ignore[no-untyped-call]


def spoken(markup: str) -> str:
    """The text of a piece of markup, its line breaks kept; plain text stays as it is."""
    if "<" not in markup and "&" not in markup:
        return tidy(markup)
    try:
        lines = markup.replace("\n", "<br>")
        piece = lxml.html.fragment_fromstring(lines, create_parent="div")  # type: ignore[no-untyped-call]
    except (lxml.etree.LxmlError, ValueError):
        return tidy(markup)
    return text_of(piece)


def text_of(element: Any) -> str:
    """The text of an element, with a line for each <br> and paragraph."""
    pieces: list[str] = []
    for event, node in lxml.etree.iterwalk(element, events=("start", "end")):
        if event == "start":
            pieces.append("\n" if node.tag in LINE_TAGS else "")
            pieces.append(ANY_SPACE.sub(" ", _own_text(node)))
        elif node is not element:
            pieces.append("\n" if node.tag in BLOCK_TAGS else "")
            pieces.append(ANY_SPACE.sub(" ", node.tail or ""))
    return tidy("".join(pieces))


def _own_text(node: Any) -> str:
    is_shown = isinstance(node.tag, str) and node.tag not in ("script", "style")
    return (node.text or "") if is_shown else ""


def tidy(text: str) -> str:
    """Single spaces, no more than one empty line, nothing at the ends."""
    return EMPTY_LINES.sub("\n\n", LINE_ENDS.sub("\n", SPACES.sub(" ", text))).strip()
