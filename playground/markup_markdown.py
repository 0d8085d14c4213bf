"""Telegram's MarkdownV2 parse mode: its marks, its escapes, its refusals word for word."""

import re
from dataclasses import dataclass

from playground.entities import Span
from playground.errors import BadRequest

_RESERVED = frozenset("_*[]()~`>#+-=|{}.!")
_MARKS = {"*": "bold", "_": "italic", "__": "underline", "~": "strikethrough", "||": "spoiler"}
_TITLES = {"bold": "Bold", "italic": "Italic", "underline": "Underline"}
_TITLES |= {"strikethrough": "Strikethrough", "spoiler": "Spoiler", "text_link": "TextUrl"}
_TITLES |= {"custom_emoji": "CustomEmoji"}
_LINK_TARGET = re.compile(r"\]\(((?:\\.|[^)\\])*)\)", re.DOTALL)
_ESCAPED = re.compile(r"\\([\x01-\x7e])")
_CODE = {
    fence: re.compile(rf"{fence}((?:\\.|[^\\])*?){fence}", re.DOTALL) for fence in ("```", "`")
}
_FENCE_LANGUAGE = re.compile(r"([^\s`]+)\n")


@dataclass(slots=True)
class _Open:
    type: str
    mark: str
    start: int
    offset: int


class _Reader:
    """Reads marked text once, left to right."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.place = 0
        self.text = ""
        self.spans: list[Span] = []
        self.open: list[_Open] = []

    def read(self) -> tuple[str, list[Span]]:
        while self.place < len(self.source):
            self._step()
        self._end_quote()
        if self.open:
            last = self.open[-1]
            raise _unfinished(_TITLES[last.type], last.offset)
        return self.text, self.spans

    def _step(self) -> None:
        char = self.source[self.place]
        if char == "\\" and self.source[self.place + 1 : self.place + 2] in _ESCAPABLE:
            self._write(self.source[self.place + 1], 2)
        elif char == "`":
            self._read_code()
        elif char in "[]!":
            self._read_link(char)
        elif char == ">" and self._at_line_start():
            self._start_quote()
        elif mark := self._mark_here():
            self._toggle(mark)
        elif char in _RESERVED:
            words = f"Character '{char}' is reserved and must be escaped with the preceding '\\'"
            raise _refusal(words)
        else:
            self._write_plain(char)

    def _write(self, piece: str, width: int) -> None:
        self.text += piece
        self.place += width

    def _write_plain(self, char: str) -> None:
        if char == "\n" and self.source[self.place + 1 : self.place + 2] != ">":
            self._end_quote()
        self._write(char, 1)

    def _offset(self) -> int:
        return len(self.source[: self.place].encode())

    def _at_line_start(self) -> bool:
        return self.place == 0 or self.source[self.place - 1] == "\n"

    def _mark_here(self) -> str:
        pair, char = self.source[self.place : self.place + 2], self.source[self.place]
        if pair == "__" and self._closes_italic_first():
            return "_"
        return pair if pair in _MARKS else char if char in _MARKS else ""

    def _closes_italic_first(self) -> bool:
        return bool(self.open) and self.open[-1].type == "italic"

    def _toggle(self, mark: str) -> None:
        kind = _MARKS[mark]
        if self.open and self.open[-1].type == kind:
            self._close()
        else:
            self.open.append(_Open(kind, mark, len(self.text), self._offset()))
        self.place += len(mark)

    def _close(self, **extra: str) -> None:
        last = self.open.pop()
        if len(self.text) > last.start:
            self.spans.append(Span(last.start, len(self.text), last.type, dict(extra)))

    def _read_code(self) -> None:
        offset, start = self._offset(), len(self.text)
        fence = "```" if self.source.startswith("```", self.place) else "`"
        code = _CODE[fence].match(self.source, self.place)
        if code is None:
            raise _unfinished("Pre" if fence == "```" else "Code", offset)
        inner = code.group(1)
        language = _FENCE_LANGUAGE.match(inner) if fence == "```" else None
        inner = inner[language.end() :] if language else inner
        self.text += _ESCAPED.sub(r"\1", inner.removeprefix("\n") if fence == "```" else inner)
        extra = {"language": language.group(1)} if language else {}
        kind = "pre" if fence == "```" else "code"
        self.spans.append(Span(start, len(self.text), kind, dict(extra)))
        self.place = code.end()

    def _read_link(self, char: str) -> None:
        if char == "[" or self.source.startswith("![", self.place):
            kind = "text_link" if char == "[" else "custom_emoji"
            self.open.append(_Open(kind, char, len(self.text), self._offset()))
            self.place += 1 if char == "[" else 2
            return
        target = _LINK_TARGET.match(self.source, self.place)
        if target is None or not self.open or self.open[-1].type not in _LINKS:
            words = f"Character '{char}' is reserved and must be escaped with the preceding '\\'"
            raise _refusal(words)
        url = _ESCAPED.sub(r"\1", target.group(1))
        is_link = self.open[-1].type == "text_link"
        extra = {"url": url} if is_link else {"custom_emoji_id": url.rpartition("=")[2]}
        self._close(**extra)
        self.place = target.end()

    def _start_quote(self) -> None:
        if not any(span.type == "blockquote" for span in self.open):
            self.open.append(_Open("blockquote", ">", len(self.text), self._offset()))
        self.place += 1

    def _end_quote(self) -> None:
        if self.open and self.open[-1].type == "blockquote":
            self._close()


_LINKS = ("text_link", "custom_emoji")
_ESCAPABLE = frozenset(chr(code) for code in range(1, 127))


def read_markdown(source: str) -> tuple[str, list[Span]]:
    """Split marked text into plain text and spans; raises BadRequest as Telegram words it."""
    return _Reader(source).read()


def _unfinished(title: str, offset: int) -> BadRequest:
    return _refusal(f"Can't find end of {title} entity at byte offset {offset}")


def _refusal(words: str) -> BadRequest:
    return BadRequest(f"can't parse entities: {words}")
