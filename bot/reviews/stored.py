"""A review beside what the model says of it, and how far a reading is."""

from dataclasses import dataclass

from bot.reviews.readings import Reading
from bot.vocabulary import SENTIMENT, likeliest
from core.contracts import Scores


@dataclass(frozen=True, slots=True)
class ScoredReview:
    """One review of a reading; `scores` are empty until it is scored, or where nothing could be."""

    number: int
    """Within its reading, from 0."""
    text: str
    stars: float | None
    written_at: float | None
    """Epoch seconds."""
    model: str
    scores: Scores

    @property
    def label(self) -> str | None:
        """The likeliest sentiment; None without one."""
        sentiment = self.scores.get(SENTIMENT)
        return likeliest(sentiment) if sentiment else None

    @property
    def confidence(self) -> float:
        """How likely that is; 0 without one."""
        return max(self.scores.get(SENTIMENT, {}).values(), default=0.0)


@dataclass(frozen=True, slots=True)
class Progress:
    """How many reviews were found, and how many of them still wait for the model."""

    reviews: int
    waiting: int


@dataclass(frozen=True, slots=True)
class View:
    """A reading as of one moment."""

    reading: Reading
    progress: Progress

    @property
    def is_complete(self) -> bool:
        """Whether there is nothing left to wait for."""
        has_ended = self.reading.outcome is not None
        return has_ended and not (self.reading.outcome == "read" and self.progress.waiting)
