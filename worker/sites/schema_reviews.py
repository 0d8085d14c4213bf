"""What schema.org items say of reviews.

The items are whatever a page's author wrote: any type, any depth.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from core.reading import MOST_REVIEWS
from worker.sites.document import spoken
from worker.sites.opinions import Opinion
from worker.sites.values import as_stars, count_in, moment_in

# No page worth reading has more items and values than this.
MOST_NODES = 200_000
MOST_OPINIONS = 3 * MOST_REVIEWS
REVIEWS = {"review", "userreview", "criticreview", "employerreview", "mediareview"}
# `reviews` is what schema.org called it at first.
THING_FIELDS = {"review", "reviews", "aggregateRating"}
COMMENTS = {"comment", "usercomments"}
BODIES = ("reviewBody", "description", "text", "commentText")
DATES = ("datePublished", "dateCreated", "commentTime", "dateModified")
LONGEST_NAME = 300
MOST_NOTES = 30
# Sites call most reviews by what they are, or of what.
NO_HEADLINE = re.compile(r"отзыв|review|комментарий|comment", re.IGNORECASE)

Node = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Thing:
    """What is reviewed, and what the site says of all its reviews."""

    name: str
    total: int | None
    rating: float | None


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A page's reviews of one thing."""

    opinions: tuple[Opinion, ...] = ()
    title: str = ""
    total: int | None = None
    rating: float | None = None

    def completed_by(self, other: "Reviewed") -> "Reviewed":
        """Add the other's opinions, and take from it what is not known."""
        return Reviewed(
            self.opinions + other.opinions,
            self.title or other.title,
            other.total if self.total is None else self.total,
            other.rating if self.rating is None else self.rating,
        )


def reviewed_in(items: list[Any]) -> Reviewed:
    """Find the reviews of what the page is about; comments only where there is no review."""
    things: list[Thing] = []
    said: dict[bool, list[Opinion]] = {True: [], False: []}
    for node, owner in _nodes(items):
        is_review = _is_review(node)
        if is_review or _kinds(node) & COMMENTS:
            opinion = _opinion(node, owner)
            # Stars alone say nothing that could be read.
            said[is_review].extend([opinion] if opinion.text else [])
            if len(said[is_review]) >= MOST_OPINIONS:
                break
        elif thing := _thing(node):
            things.append(thing)
    return _of_main_thing(said[True] or said[False], things)


def _nodes(items: list[Any]) -> Iterator[tuple[Node, str]]:
    """All items in the page's order, each with the name of the thing that it belongs to."""
    waiting: list[tuple[Any, str]] = [(items, "")]
    for _ in range(MOST_NODES):
        if not waiting:
            return
        value, owner = waiting.pop()
        if isinstance(value, list):
            waiting.extend((part, owner) for part in reversed(value[:MOST_NODES]))
        elif isinstance(value, dict):
            node = _fields(value)
            yield node, owner
            waiting.extend(_inside(node, owner))


def _inside(node: Node, owner: str) -> list[tuple[Any, str]]:
    if _is_review(node) or _kinds(node) & COMMENTS:
        # Not the replies to it.
        return [(node.get("itemReviewed"), owner)]
    name = _name(node) if THING_FIELDS & node.keys() else ""
    return [(value, name or owner) for value in reversed(node.values())]


def _fields(item: Node) -> Node:
    """An item's fields, which microdata puts one step deeper."""
    properties = item.get("properties")
    if isinstance(properties, dict) and "@type" not in item:
        return {**properties, "@type": item.get("type")}
    return item


def _is_review(node: Node) -> bool:
    return bool(_kinds(node) & REVIEWS) or "reviewBody" in node


def _kinds(node: Node) -> set[str]:
    kinds = node.get("@type")
    names = kinds if isinstance(kinds, list) else [kinds]
    return {_last_word(name) for name in names if isinstance(name, str)}


def _last_word(kind: str) -> str:
    return kind.replace(":", "/").rstrip("/").rpartition("/")[2].lower()


def _one(value: Any) -> Any:
    """The first of several."""
    return value[0] if isinstance(value, list) and value else value


def _child(node: Node, field: str) -> Node:
    value = _one(node.get(field))
    return _fields(value) if isinstance(value, dict) else {}


def _words(value: Any) -> str:
    value = _one(value)
    if isinstance(value, dict):
        value = value.get("@value")
    return spoken(value) if isinstance(value, str) else ""


def _name(node: Node) -> str:
    return _words(node.get("name"))[:LONGEST_NAME]


def _thing(node: Node) -> Thing | None:
    """Something that has a rating, or reviews; a rating may also stand alone and name its thing."""
    if "aggregaterating" in _kinds(node):
        owner = _child(node, "itemReviewed")
        return _rated(_name(owner), node) if owner else None
    if THING_FIELDS & node.keys():
        return _rated(_name(node), _child(node, "aggregateRating"))
    return None


def _rated(name: str, rating: Node) -> Thing:
    counts = (count_in(_one(rating.get(field))) for field in ("reviewCount", "ratingCount"))
    total = next((count for count in counts if count), None)
    return Thing(name, total, _stars(rating))


def _stars(rating: Node) -> float | None:
    """The stars of a rating, or of a review that holds its rating itself."""
    scale = _one(rating.get("bestRating")), _one(rating.get("worstRating"))
    return as_stars(_one(rating.get("ratingValue", rating.get("reviewRating"))), *scale)


def _opinion(node: Node, owner: str) -> Opinion:
    author = _child(node, "author") or _child(node, "creator")
    rating = _child(node, "reviewRating")
    return Opinion(
        text=_text(node, owner),
        author=_name(author) or _words(node.get("author")),
        stars=_stars(rating or node),
        written_at=next((at for field in DATES if (at := moment_in(_one(node.get(field))))), None),
        about=_name(_child(node, "itemReviewed")) or owner,
    )


def _text(node: Node, owner: str) -> str:
    """A headline that says something of its own, the body, what is praised and what is blamed."""
    body = next((words for field in BODIES if (words := _words(node.get(field)))), "")
    headline = _words(node.get("headline")) or _name(node)
    plain = (body + owner + _name(_child(node, "itemReviewed"))).casefold()
    if headline.casefold() in plain or NO_HEADLINE.search(headline):
        headline = ""
    notes = (_notes(_child(node, field)) for field in ("positiveNotes", "negativeNotes"))
    return "\n".join(filter(None, (headline, body, *notes)))


def _notes(notes: Node) -> str:
    """The items of a list, on one line."""
    listed = notes.get("itemListElement")
    items = listed if isinstance(listed, list) else [listed]
    return ", ".join(
        words
        for item in items[:MOST_NOTES]
        if (words := _name(_fields(item)) if isinstance(item, dict) else _words(item))
    )


def _of_main_thing(opinions: list[Opinion], things: list[Thing]) -> Reviewed:
    """Keep the reviews of what most are about; of many things with a few each, keep all."""
    counts = Counter(opinion.about for opinion in opinions if opinion.about)
    main, most = counts.most_common(1)[0] if counts else ("", 0)
    if 2 * most < sum(counts.values()):
        return Reviewed(tuple(opinions))
    thing = _described(things, main)
    kept = tuple(opinion for opinion in opinions if opinion.about in ("", main))
    return Reviewed(kept, main or thing.name, thing.total, thing.rating)


def _described(things: list[Thing], name: str) -> Thing:
    """The thing of that name, or the page's first where no name is known."""
    same = [thing for thing in things if thing.name == name or not name]
    known = [thing for thing in same if thing.rating is not None or thing.total is not None]
    return next(iter(known or same), Thing(name, None, None))
