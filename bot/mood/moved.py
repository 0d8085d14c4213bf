"""The words that moved: said more often now than before, and the other way round. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.storage.moods_texts import DrawnText
from bot.wording import telling_both

MOST_WORDS = 5
# Of fewer authors words say more of them than of the time.
LEAST_AUTHORS = 20


@dataclass(frozen=True, slots=True)
class MovedWords:
    """Words and short phrases that stand out, the most telling first."""

    more: Sequence[str]
    less: Sequence[str]
    texts: int
    """How many were read for it."""


def moved_words(now: Sequence[DrawnText], before: Sequence[DrawnText]) -> MovedWords | None:
    """Compare two periods' words, each once a voice; None where too few wrote."""
    ours, theirs = _by_voice(now), _by_voice(before)
    if min(len(ours), len(theirs)) < LEAST_AUTHORS:
        return None
    more, less = telling_both(ours, theirs, MOST_WORDS)
    texts = len(now) + len(before)
    return MovedWords([one.words for one in more], [one.words for one in less], texts)


def _by_voice(texts: Iterable[DrawnText]) -> list[str]:
    found: defaultdict[int | str, list[str]] = defaultdict(list)
    for text in texts:
        found[text.voice].append(text.text)
    return ["\n".join(parts) for parts in found.values()]
