"""Reviews on a page that doesn't say what they are: paragraphs that look like what people write."""

import logging
import re
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import lxml.etree
import trafilatura
from loguru import logger

from core.reading import LONGEST_REVIEW
from worker.sites.document import Document, text_of, tidy
from worker.sites.opinions import Opinion

MOST_LETTERS = 1_500_000
FEWEST = 3
FEWEST_LETTERS, FEWEST_WORDS = 15, 3
# An article's paragraphs are longer than what most people write of a thing, and fewer speak of it.
LONGEST_USUAL = 800
SMALLEST_SHARE = 0.4
CALLED_REVIEWS = re.compile(
    r"отзыв|otzyv|review|feedback|комментар|comment|мнени[яе]", re.IGNORECASE
)
TEXT_CLASS = re.compile(
    r"(?:review|otz[iy]v|feedback|comment|opinion|testimonial)s?[\w-]{0,20}"
    r"(?:text|body|content|message|descr)",
    re.IGNORECASE,
)
OPINIONATED = re.compile(
    r"\b(?:я|мне|меня|мы|нам|нас|мой|моя|мо[её]|мои|наш\w*|купил\w*|брал\w*|взял\w*|заказ\w*|пользу\w+|ходил\w*"
    r"|был[аи]?|по?нрав\w+|рекоменд\w+|совет\w+|довол\w+|спасибо|благодар\w+|отличн\w+|прекрасн\w+|супер\w*"
    r"|хорош\w+|плох\w+|ужас\w*|кошмар\w*|вкусн\w+|невкусн\w+|качеств\w+|удобн\w+|неудобн\w+|дорог\w+"
    r"|разочаров\w+|обман\w*|верн\w+|брак\w*|i|my|me|we|our|bought|ordered|love[ds]?|great|good|bad|awful"
    r"|terrible|nice|recommend\w*|disappoint\w+)\b",
    re.IGNORECASE,
)


def read_opinions(document: Document) -> tuple[Opinion, ...]:
    """Take what the page's own names call the texts of reviews, or else its paragraphs.

    Paragraphs count only where the page is about reviews and most of them sound like one.
    """
    pieces = list(dict.fromkeys(_named(document)))
    if not _sound_like_opinions(pieces) and _is_about_reviews(document):
        pieces = list(dict.fromkeys(_paragraphs(document)))
    return tuple(map(Opinion, pieces)) if _sound_like_opinions(pieces) else ()


def _sound_like_opinions(pieces: list[str]) -> bool:
    telling = sum(bool(OPINIONATED.search(piece)) for piece in pieces)
    if telling < FEWEST or telling < SMALLEST_SHARE * len(pieces):
        return False
    return sorted(map(len, pieces))[len(pieces) // 2] <= LONGEST_USUAL


def _is_about_reviews(document: Document) -> bool:
    headings = document.tree.xpath("//h1|//h2|//h3")
    named = [document.url, document.title, *(text_of(heading) for heading in headings[:30])]
    return any(CALLED_REVIEWS.search(name) for name in named)


def _named(document: Document) -> Iterator[str]:
    """The texts of the innermost elements whose class says that they hold a review's text."""
    named = [one for one in document.tree.iter() if TEXT_CLASS.search(one.get("class") or "")]
    outer = {above for one in named for above in one.iterancestors()}
    for element in named:
        if element not in outer and _is_long_enough(text := text_of(element)):
            yield text[:LONGEST_REVIEW]


def _paragraphs(document: Document) -> Iterator[str]:
    for body in _bodies(document):
        for element in body.iter("p", "quote", "item", "cell"):
            # A paragraph may hold others, and a date before them.
            has_inner = any(child.tag == "p" for child in element)
            text = tidy(element.text or "") if has_inner else text_of(element)
            if _is_long_enough(text):
                yield text[:LONGEST_REVIEW]


def _is_long_enough(text: str) -> bool:
    return len(text) >= FEWEST_LETTERS and len(text.split()) >= FEWEST_WORDS


def _readable(document: Document) -> str:
    """The page without its programs, and no longer than takes a few seconds."""
    tree = deepcopy(document.tree)
    lxml.etree.strip_elements(tree, "script", "style", "svg", with_tail=False)
    html: str = lxml.etree.tostring(tree, encoding="unicode", method="html")
    return html[:MOST_LETTERS]


def _bodies(document: Document) -> list[Any]:
    """The comments as trafilatura finds them, and its main text."""
    # It warns of every page that it finds too short.
    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    try:
        html = _readable(document)
        found: Any = trafilatura.bare_extraction(html, include_comments=True, fast=True)
    except Exception as error:  # noqa: BLE001 - whatever a library makes of a hostile page
        logger.debug("No text on {}: {}", document.url, type(error).__name__)
        return []
    bodies = [found.commentsbody, found.body] if found else []
    return [body for body in bodies if body is not None]
