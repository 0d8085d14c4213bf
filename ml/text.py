"""What happens to a text before a tokenizer sees it: repair, cutting, a look for words."""

import html
import re
import unicodedata

from ml.folding import fold

CHARACTERS_KEPT = 2_048  # far more than 128 pieces of natural text; bounds the tokenizer's work
_ENTITY = re.compile(r"&(?:[a-zA-Z]\w{1,30}|#\d{1,7}|#[xX][0-9a-fA-F]{1,6});")
_INVISIBLE = frozenset({"Cc", "Cf"})
_JOINERS = "\u200c\u200d"  # within emoji and in some scripts they change what is seen
_SILENT = frozenset({"C", "Z"})  # Unicode's controls, formats, surrogates, unassigned; separators


def clean(text: str) -> str:
    """Return `text` as the tokenizer may see it: no lone surrogates, no NUL, not too long.

    A long text loses its middle: people greet at the head and judge at the tail. Words that are
    spelled so as not to be seen are spelled as they are read.
    """
    if len(text) > CHARACTERS_KEPT:
        half = CHARACTERS_KEPT // 2
        text = f"{text[:half]} {text[-half:]}"
    return fold(_encodable(text))


def _encodable(text: str) -> str:
    return text.encode("utf-8", "replace").decode("utf-8").replace("\0", " ")


def normalise(text: str) -> str:
    """Return `text` in one line as a file of data keeps it: NFC, single spaces, entities resolved.

    Case, marks and emoji stay, for they carry the mood; what is invisible goes.
    """
    text = _encodable(text)
    for _ in range(3):  # an entity may hide another: &amp;quot;
        before, text = text, _ENTITY.sub(lambda found: html.unescape(found[0]), text)
        if text == before:
            break
    seen = "".join(c for c in text if _is_visible(c) or c.isspace() or c in _JOINERS)
    return " ".join(unicodedata.normalize("NFC", seen).split())


def _is_visible(character: str) -> bool:
    return unicodedata.category(character) not in _INVISIBLE


def has_words(text: str) -> bool:
    """Say whether there is anything to score: letters, digits, marks or emoji.

    False for the empty text and for spaces, control and invisible format characters alone.
    """
    return any(unicodedata.category(character)[0] not in _SILENT for character in text)


def cut_middle(ids: list[int], limit: int) -> list[int]:
    """Drop pieces from the middle so that at most `limit` stay, the first and the last included."""
    if len(ids) <= limit:
        return ids
    head = (limit + 1) // 2
    return ids[:head] + ids[len(ids) - (limit - head) :]


def fingerprint(text: str) -> str:
    """Return the text as duplicates see it: folded case, letters and digits alone."""
    folded = unicodedata.normalize("NFKC", text).casefold().replace("ё", "е")
    words = "".join(c if c.isalnum() else " " for c in folded).split()
    return " ".join(words) or " ".join(folded.split())
