"""Text that a bot sends, read by its parse mode and held to Telegram's lengths."""

import re
from collections.abc import Mapping

from playground.calls import Entity, WithCaption, WithText
from playground.entities import Formatted, Span, formatted
from playground.errors import BadRequest
from playground.markup_html import read_html
from playground.markup_legacy import read_legacy_markdown
from playground.markup_markdown import read_markdown
from playground.messages import CAPTION_LENGTH, TEXT_LENGTH
from playground.people import Person
from playground.shapes import Json, without_empty

People = Mapping[int, Person]
_MENTION = re.compile(r"tg://user\?id=(\d+)")


def text_content(people: People, call: WithText) -> Json:
    """Return the fields of a text message; raises BadRequest for an empty or long one."""
    read = read_marked(call.text, call.parse_mode, call.entities)
    if not read.text:
        raise BadRequest("message text is empty" if not call.text else "text must be non-empty")
    if len(read.text) > TEXT_LENGTH:
        raise BadRequest("message is too long")
    return without_empty(text=read.text, entities=_naming(people, read.entities))


def caption_content(people: People, call: WithCaption) -> Json:
    """Return the fields of a caption, none for an empty one."""
    read = read_marked(call.caption, call.parse_mode, call.caption_entities)
    if len(read.text) > CAPTION_LENGTH:
        raise BadRequest("message caption is too long")
    return without_empty(caption=read.text, caption_entities=_naming(people, read.entities))


def read_marked(text: str, parse_mode: str, entities: list[Entity] | None) -> Formatted:
    """Read text by its parse mode, or by the entities given with it."""
    mode = parse_mode.lower()
    if mode == "html":
        return formatted(*read_html(text))
    if mode == "markdownv2":
        return formatted(*read_markdown(text))
    if mode == "markdown":
        return formatted(*read_legacy_markdown(text))
    if mode:
        raise BadRequest("unsupported parse_mode")
    return formatted(text, [_span(text, entity) for entity in entities or ()])


def _span(text: str, entity: Entity) -> Span:
    extra = entity.model_dump(exclude_none=True, exclude={"type", "offset", "length"})
    units = text.encode("utf-16-le", "surrogatepass")
    start = len(units[: entity.offset * 2].decode("utf-16-le", "replace"))
    end = len(units[: (entity.offset + entity.length) * 2].decode("utf-16-le", "replace"))
    return Span(start, end, entity.type, extra)


def _naming(people: People, entities: list[Json]) -> list[Json]:
    """Turn links to people into mentions; those to nobody known are dropped."""
    named = []
    for entity in entities:
        link = _MENTION.fullmatch(entity.get("url", ""))
        if link is None:
            named.append(entity)
        elif int(link.group(1)) in people:
            place = {"type": "text_mention", "offset": entity["offset"]}
            user = people[int(link.group(1))].user
            named.append(place | {"length": entity["length"], "user": user})
    return named
