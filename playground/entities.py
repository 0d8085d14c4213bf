"""Text as Telegram keeps it: trimmed, with entities whose offsets count UTF-16 units."""

import re
from dataclasses import dataclass, field
from itertools import accumulate

from playground.shapes import Json

_COMMAND = r"(?<![\w/<>@#])/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?(?![\w/])"
_EMAIL = r"(?<![\w.@])[\w.+-]+@[\w-]+(?:\.[\w-]+)*\.[^\W\d_]{2,}"
_DOMAINS = "ru|com|org|net|io|me|info|dev|su|by|kz|ua|рф|shop|online|store"
_URL = (
    r"(?:(?:https?|tg)://[^\s<>«»\"]+"
    rf"|(?<![\w@./-])(?:[\w-]+\.)+(?:{_DOMAINS})(?![\w.-]*@|\w)(?:[/?#][^\s<>«»\"]*)?)"
)
_MENTION = r"(?<![\w@/])@[A-Za-z][A-Za-z0-9_]{2,31}(?!\w)"
_HASHTAG = r"(?<![\w#@/])#\w*[^\W\d_]\w*"
_SELF_EVIDENT = re.compile(
    f"(?P<url>{_URL})|(?P<email>{_EMAIL})|(?P<bot_command>{_COMMAND})"
    f"|(?P<mention>{_MENTION})|(?P<hashtag>{_HASHTAG})",
    re.IGNORECASE,
)
_MAY_HOLD_ENTITIES = re.compile(r"[/@#.]")
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\u202a-\u202e\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Span:
    """A marked stretch of text, counted in characters; `extra` holds url, language or user."""

    start: int
    end: int
    type: str
    extra: Json = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Formatted:
    """Text with its entities, ready for a message."""

    text: str
    entities: list[Json]


def find_entities(text: str) -> list[Span]:
    """Find what Telegram marks by itself: links, mails, commands, mentions, hashtags."""
    if not _MAY_HOLD_ENTITIES.search(text):
        return []
    spans = []
    for match in _SELF_EVIDENT.finditer(text):
        end = match.start() + len(match.group().rstrip(".,:;!?)\"'»"))
        spans.append(Span(match.start(), end, str(match.lastgroup)))
    return spans


def plain(text: str) -> Formatted:
    """Return what someone typed as Telegram keeps it."""
    return formatted(text, [])


def formatted(text: str, marked: list[Span]) -> Formatted:
    """Clean and trim text, shifting what was marked and adding what is self-evident."""
    text = _CONTROLS.sub(" ", text.replace("\r\n", "\n"))
    trimmed = text.rstrip()
    lead = len(trimmed) - len(trimmed.lstrip())
    trimmed = trimmed[lead:]
    spans = [_moved(span, lead, len(trimmed)) for span in marked]
    spans = [span for span in spans if span.start < span.end]
    spans += [span for span in find_entities(trimmed) if not _overlaps(span, spans)]
    return Formatted(trimmed, _counted_in_utf16(trimmed, spans))


def _moved(span: Span, lead: int, length: int) -> Span:
    start, end = max(0, span.start - lead), min(length, span.end - lead)
    return Span(start, end, span.type, span.extra)


def _overlaps(span: Span, others: list[Span]) -> bool:
    return any(span.start < other.end and other.start < span.end for other in others)


def _counted_in_utf16(text: str, spans: list[Span]) -> list[Json]:
    if not spans:
        return []
    units = [0, *accumulate(2 if char > "\uffff" else 1 for char in text)]
    spans = sorted(spans, key=lambda span: (span.start, -span.end))
    return [
        {"type": s.type, "offset": units[s.start], "length": units[s.end] - units[s.start]}
        | s.extra
        for s in spans
    ]
