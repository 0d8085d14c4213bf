"""What happens to a text before a tokenizer sees it: repair, cutting, a look for words."""

import unicodedata

CHARACTERS_KEPT = 2_048  # far more than 128 pieces of natural text; bounds the tokenizer's work
_SILENT = frozenset({"C", "Z"})  # Unicode's controls, formats, surrogates, unassigned; separators


def clean(text: str) -> str:
    """Return `text` as the tokenizer may see it: no lone surrogates, no NUL, not too long.

    A long text loses its middle: people greet at the head and judge at the tail.
    """
    if len(text) > CHARACTERS_KEPT:
        half = CHARACTERS_KEPT // 2
        text = f"{text[:half]} {text[-half:]}"
    return text.encode("utf-8", "replace").decode("utf-8").replace("\0", " ")


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
