"""Telegram's HTML parse mode: its few tags, its refusals word for word."""

import html
import re
from dataclasses import dataclass

from playground.entities import Span
from playground.errors import BadRequest
from playground.shapes import Json

_TAGS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "code": "code",
    "pre": "pre",
    "a": "text_link",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "blockquote": "blockquote",
    "tg-emoji": "custom_emoji",
}
_VALUE = r"""(?:"[^"]*"|'[^']*'|[^\s>"']+)"""
_TAG = re.compile(rf"<(/?)([A-Za-z][\w-]*|)((?:\s+[\w-]+(?:\s*=\s*{_VALUE})?)*)\s*>")
_ATTRIBUTE = re.compile(rf"([\w-]+)(?:\s*=\s*({_VALUE}))?")
_REFERENCE = re.compile(r"&(?:lt|gt|amp|quot|#\d{1,7}|#[xX][0-9a-fA-F]{1,6});")


@dataclass(slots=True)
class _Open:
    name: str
    attributes: dict[str, str]
    start: int


class _Reader:
    """Reads marked text once, left to right."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.text = ""
        self.spans: list[Span] = []
        self.open: list[_Open] = []

    def read(self) -> tuple[str, list[Span]]:
        place = 0
        while (bracket := self.source.find("<", place)) >= 0:
            self._write(self.source[place:bracket])
            place = self._read_tag(bracket)
        self._write(self.source[place:])
        if self.open:
            name = self.open[-1].name
            raise _refusal(f'Can\'t find end tag corresponding to start tag "{name}"')
        return self.text, self.spans

    def _write(self, piece: str) -> None:
        self.text += _REFERENCE.sub(lambda match: html.unescape(match.group()), piece)

    def _read_tag(self, place: int) -> int:
        offset = len(self.source[:place].encode())
        match = _TAG.match(self.source, place)
        if match is None:
            raise _refusal(self._broken_tag(place, offset))
        closing, name, attributes = match.groups()
        if closing:
            self._close(name.lower(), offset)
        else:
            self._start(name.lower(), _read_attributes(attributes), offset)
        return match.end()

    def _broken_tag(self, place: int, offset: int) -> str:
        name = re.split(r"[\s>]", self.source[place + 1 :], maxsplit=1)[0].lower()
        if name.lstrip("/") in _TAGS:
            kind = "end" if name.startswith("/") else "start"
            return f"Unclosed {kind} tag at byte offset {offset}"
        return f'Unsupported start tag "{name}" at byte offset {offset}'

    def _start(self, name: str, attributes: dict[str, str], offset: int) -> None:
        if name not in _TAGS:
            raise _refusal(f'Unsupported start tag "{name}" at byte offset {offset}')
        if name == "span" and attributes.get("class") != "tg-spoiler":
            raise _refusal(f'Tag "span" must have class "tg-spoiler" at byte offset {offset}')
        self.open.append(_Open(name, attributes, len(self.text)))

    def _close(self, name: str, offset: int) -> None:
        if not self.open:
            raise _refusal(f"Unexpected end tag at byte offset {offset}")
        tag = self.open.pop()
        if name not in ("", tag.name):
            found = f'expected "</{tag.name}>", found "</{name}>"'
            raise _refusal(f"Unmatched end tag at byte offset {offset}, {found}")
        if len(self.text) > tag.start:
            self._mark(tag)

    def _mark(self, tag: _Open) -> None:
        kind, extra = _TAGS[tag.name], _extra(tag, self.text[tag.start :])
        if kind == "blockquote" and "expandable" in tag.attributes:
            kind = "expandable_blockquote"
        if kind == "code" and self.open and self.open[-1].name == "pre":
            language = tag.attributes.get("class", "").removeprefix("language-")
            self.open[-1].attributes["language"] = language
            return
        self.spans.append(Span(tag.start, len(self.text), kind, extra))


def read_html(source: str) -> tuple[str, list[Span]]:
    """Split marked text into plain text and spans; raises BadRequest as Telegram words it."""
    return _Reader(source).read()


def _extra(tag: _Open, inner: str) -> Json:
    if tag.name == "a":
        return {"url": tag.attributes.get("href") or inner}
    if tag.name == "tg-emoji":
        return {"custom_emoji_id": tag.attributes.get("emoji-id", "")}
    if tag.name == "pre" and tag.attributes.get("language"):
        return {"language": tag.attributes["language"]}
    return {}


def _read_attributes(source: str) -> dict[str, str]:
    found = _ATTRIBUTE.findall(source)
    return {name.lower(): html.unescape(value.strip("\"'")) for name, value in found}


def _refusal(words: str) -> BadRequest:
    return BadRequest(f"can't parse entities: {words}")
