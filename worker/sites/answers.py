"""A known host's JSON answers, of which nothing is believed before it was looked at."""

import json
from typing import Any

from worker.sites.blocking import is_blocked
from worker.sites.document import open_document
from worker.sites.encodings import decode
from worker.web.page import Get, Page, ReadError

Answer = dict[str, Any]


def ask(get: Get, url: str) -> Answer:
    """Fetch a JSON object. Raises ReadError: `get`'s, `blocked` for a captcha, else `changed`."""
    page = get(url)
    try:
        answer = json.loads(decode(page))
    except (ValueError, RecursionError) as error:
        raise _reason(page) from error
    if not isinstance(answer, dict):
        raise ReadError("changed", f"not an object from {url}")
    return answer


def list_in(answer: Answer, field: str) -> list[Answer]:
    """The objects in a field; nothing for null. Raises ReadError (`changed`) for another shape."""
    if field not in answer or not isinstance(answer[field], list | None):
        raise ReadError("changed", f"no list called {field}")
    return [part for part in answer[field] or [] if isinstance(part, dict)]


def object_in(answer: Answer, field: str) -> Answer:
    """The object in a field, or an empty one."""
    value = answer.get(field)
    return value if isinstance(value, dict) else {}


def words_in(answer: Answer, field: str) -> str:
    """The text in a field, or none."""
    value = answer.get(field)
    return value if isinstance(value, str) else ""


def _reason(page: Page) -> ReadError:
    if "html" in page.content_type and is_blocked(open_document(page)):
        return ReadError("blocked", f"a captcha from {page.url}")
    return ReadError("changed", f"no JSON from {page.url}")
