"""What people said, as it is gathered: each opinion once, up to the most that is read."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from core.contracts import storable
from core.reading import LONGEST_REVIEW, MOST_REVIEWS, Review
from worker.sites.document import tidy

NOT_A_WORD = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Opinion:
    """A review as a page has it; the author only tells two people's same words apart."""

    text: str
    author: str = ""
    stars: float | None = None
    written_at: float | None = None
    about: str = ""
    """The thing's name, where a page has reviews of several."""


class Gathering:
    """Tells what is new among opinions, over all pages of a reading."""

    def __init__(self, most: int = MOST_REVIEWS) -> None:
        self._left = most
        self._authors: dict[str, set[str]] = {}
        self.left_some = False
        """Whether there was one more than may be taken."""

    @property
    def is_full(self) -> bool:
        """Nothing more is taken."""
        return self._left <= 0

    def take(self, opinions: Iterable[Opinion]) -> tuple[Review, ...]:
        """Keep those that say something and are new.

        The same words count once, unless two authors are known to have said them.
        """
        taken: list[Review] = []
        for opinion in opinions:
            if not self._is_new(opinion):
                continue
            if self.is_full:
                self.left_some = True
                break
            self._left -= 1
            taken.append(_as_review(opinion))
        return tuple(taken)

    def _is_new(self, opinion: Opinion) -> bool:
        words, author = _bare(opinion.text[:LONGEST_REVIEW]), _bare(opinion.author)
        if not words:
            return False
        authors = self._authors.setdefault(words, set())
        is_new = not authors or bool(author and "" not in authors and author not in authors)
        authors.add(author)
        return is_new


def _bare(text: str) -> str:
    """The words alone; of an emoji or a row of signs, itself."""
    return NOT_A_WORD.sub(" ", text.casefold()).strip() or text.strip()


def _as_review(opinion: Opinion) -> Review:
    text = storable(tidy(opinion.text))[:LONGEST_REVIEW]
    return Review(text=text, stars=opinion.stars, written_at=opinion.written_at)
