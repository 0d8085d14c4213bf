"""Answers that are no page: what a site means by its status, and what nobody could read."""

import re
from http import HTTPStatus

from worker.web.page import Page, ReadError
from worker.web.wire import Answer

NOT_FOUND = frozenset({HTTPStatus.NOT_FOUND, HTTPStatus.GONE})
# Without a header it may still be one.
READABLE = re.compile(r"text/.+|application/(.+\+)?(json|xml)|")
BINARY_WITHIN_BYTES = 1024


def check_status(answer: Answer) -> None:
    """Raise ReadError for what is no success."""
    status = answer.status
    if 200 <= status < 300:
        return
    if status in NOT_FOUND:
        raise ReadError("not-found", f"HTTP {status}")
    if "challenge" in answer.headers.get("cf-mitigated", ""):
        raise ReadError("blocked", "a challenge for people")
    raise ReadError("blocked" if 400 <= status < 500 else "unreachable", f"HTTP {status}")


def check_page(page: Page) -> None:
    """Raise ReadError for a picture or a program."""
    if not READABLE.fullmatch(page.content_type):
        raise ReadError("not-a-page", page.content_type)
    if not page.content_type and b"\0" in page.body[:BINARY_WITHIN_BYTES]:
        raise ReadError("not-a-page", "no text")
