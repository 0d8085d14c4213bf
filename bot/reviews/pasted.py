"""Reviews in plain text: pasted into a message, or a file of them. Pure."""

import re
from itertools import islice

from core.contracts import storable
from core.reading import LONGEST_REVIEW, Review

BLANK_LINES = re.compile(r"\n[ \t\u00a0]*(?:\n[ \t\u00a0]*)+")
NUMBERED = re.compile(r"\s*(?:\d{1,4}[.)]|[-–—•*])\s+")
# Variation selectors stand behind signs that are shown in colour.
COLOUR = "\ufe0f"
STARS = re.compile(
    r"""\s*(?:(?P<word>оценка|рейтинг|rating|stars)\s*(?::\s*)?)?
    (?: (?P<signs>[★⭐🌟]{1,5}) [☆✩✰]*
      | (?P<count>[1-4](?:[.,]\d)?|5(?:[.,]0)?)\s*
        (?:/\s*5|из\s+5|out\s+of\s+5|[★⭐🌟]|зв[её]зд\w*|stars?|(?(word)|(?!)))(?![\w/]|[.,]\d) )
    [\s.,:;!|—–-]*""",
    re.VERBOSE | re.IGNORECASE,
)
# One star and no pale ones behind it: as likely the sign before each line of a list.
LONE_STAR = re.compile(r"^[ \t]*[★⭐🌟](?![★⭐🌟☆✩✰])", re.MULTILINE)
# Fewer than this may be anybody's way of writing one text.
LEAST_STARRED = 2


def pasted_reviews(text: str, most: int | None = None) -> list[Review]:
    """Split a text into reviews, at blank lines, or where there is none at every line."""
    plain = storable(text).replace("\r\n", "\n").replace("\r", "\n").replace(COLOUR, "").strip()
    blocks = BLANK_LINES.split(plain)
    if len(blocks) == 1:
        blocks = plain.split("\n")
    found = (_review(block) for block in blocks if block.strip())
    return list(islice((one for one in found if one.text or one.stars), most))


def looks_like_reviews(text: str) -> bool:
    """Tell whether a text must be a paste of reviews: several of its parts begin with stars."""
    if "\n" not in text:
        return False
    stars = [one.stars for one in pasted_reviews(text) if one.stars is not None]
    if set(stars) == {1.0} and LONE_STAR.search(text.replace(COLOUR, "")):
        return False
    return len(stars) >= LEAST_STARRED


def _review(block: str) -> Review:
    rest = NUMBERED.sub("", block, count=1) if NUMBERED.match(block) else block
    stars = STARS.match(rest)
    text = rest[stars.end() :] if stars else rest
    return Review(text=text.strip()[:LONGEST_REVIEW], stars=_count(stars) if stars else None)


def _count(stars: "re.Match[str]") -> float:
    return float((stars["count"] or str(len(stars["signs"]))).replace(",", "."))
