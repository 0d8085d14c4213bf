"""Telegram's first Markdown parse mode, kept for the bots that still use it: nothing nests."""

import re

from playground.entities import Span
from playground.errors import BadRequest

_ESCAPED = re.compile(r"\\([_*`\[])")
_LANGUAGE = re.compile(r"([^\s`]+)\n")
_LINK = re.compile(r"\[([^\]]*)\]\(([^)]*)\)")
_MARKS = {"```": ("pre", "PreCode"), "`": ("code", "Code")}
_MARKS |= {"*": ("bold", "Bold"), "_": ("italic", "Italic")}


def read_legacy_markdown(source: str) -> tuple[str, list[Span]]:
    """Split marked text into plain text and spans; raises BadRequest as Telegram words it."""
    text, spans, place = "", list[Span](), 0
    while place < len(source):
        if escaped := _ESCAPED.match(source, place):
            text, place = text + escaped.group(1), escaped.end()
            continue
        if link := _LINK.match(source, place):
            extra = {"url": link.group(2)}
            spans.append(Span(len(text), len(text) + len(link.group(1)), "text_link", extra))
            text, place = text + link.group(1), link.end()
            continue
        mark = next((mark for mark in _MARKS if source.startswith(mark, place)), "")
        if not mark:
            text, place = text + source[place], place + 1
            continue
        inner, extra, place = _read_marked(source, mark, place)
        spans.append(Span(len(text), len(text) + len(inner), _MARKS[mark][0], dict(extra)))
        text += inner
    return text, spans


def _read_marked(source: str, mark: str, place: int) -> tuple[str, dict[str, str], int]:
    end = source.find(mark, place + len(mark))
    if end < 0:
        offset = len(source[:place].encode())
        words = f"Can't find end of {_MARKS[mark][1]} entity at byte offset {offset}"
        raise BadRequest(f"can't parse entities: {words}")
    inner, after = source[place + len(mark) : end], end + len(mark)
    if mark != "```":
        return inner, {}, after
    language = _LANGUAGE.match(inner)
    if language is None:
        return inner.removeprefix("\n"), {}, after
    return inner[language.end() :], {"language": language.group(1)}, after
