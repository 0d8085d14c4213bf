"""A page's letters: which encoding they are in, said or not."""

import codecs
import re

from worker.web.page import Page

# A declaration stands in the first bytes, as browsers expect.
HEAD_BYTES = 4096
META_CHARSET = re.compile(
    rb"<(?:meta|\?xml)[^>]{0,300}?(?:charset|encoding)\s*=\s*[\"']?\s*([\w.:-]+)", re.I
)
MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# Servers name these when nobody told them better; they decode anything, and so prove nothing.
NO_CLAIMS = {"iso8859-1", "ascii", "cp1252"}
# What undeclared Russian that is not UTF-8 is nearly always in.
LEGACY = "cp1251"
# A page in UTF-8 may have a broken letter or two; in another encoding nearly all are.
MOST_BROKEN = 0.05


def decode(page: Page) -> str:
    """Give the page's text. Never fails: what can't be decoded becomes U+FFFD."""
    for mark, encoding in MARKS:
        if page.body.startswith(mark):
            return _cleaned(page.body[len(mark) :].decode(encoding, "replace"))
    for encoding in _declared(page):
        try:
            return _cleaned(page.body.decode(encoding))
        except UnicodeDecodeError:
            continue
    return _cleaned(_guessed(page.body))


def _declared(page: Page) -> list[str]:
    meta = META_CHARSET.search(page.body[:HEAD_BYTES])
    names = [page.charset or "", meta[1].decode("ascii", "replace") if meta else ""]
    return [encoding for name in names if (encoding := _known(name))]


def _known(name: str) -> str:
    try:
        codec = codecs.lookup(name.strip("\"' "))
    except (LookupError, ValueError):
        return ""
    # Python also counts base64 and the like among its codecs.
    is_text = getattr(codec, "_is_text_encoding", True)
    return codec.name if is_text and codec.name not in NO_CLAIMS else ""


def _guessed(body: bytes) -> str:
    text = body.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    foreign = sum(not letter.isascii() for letter in text)
    return text if broken <= MOST_BROKEN * foreign else body.decode(LEGACY, "replace")


def _cleaned(text: str) -> str:
    return text.replace("\x00", "")
