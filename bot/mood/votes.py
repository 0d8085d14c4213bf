"""Votes: what each author's messages of an hour and thread come to, so that a raid is few of them.

Probabilities are whole millionths here, so that sums stay exact however often a message is edited.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from bot.fingerprints import fingerprint

HOUR_SECONDS = 3600
WHOLE = 1_000_000
SENTIMENT = "sentiment"
LABELS = ("negative", "neutral", "positive")
COPY_DIGITS = 16

Feeling = tuple[int, int, int]
"""Negative, neutral and positive, in millionths."""
Hour = tuple[int, int]
"""Chat and hour."""
Copies = tuple[int, int, int]
"""Chat, hour and what copies of a text share; of those messages one counts."""
Place = tuple[int, int, int]
"""Chat, hour and thread."""
Seat = tuple[int, int, int, int]
"""Chat, hour, author and thread."""


@dataclass(frozen=True, slots=True)
class MoodText:
    """What the latest state of a message says of the mood."""

    message: str
    chat_id: int
    hour: int
    thread: int
    """0 outside of threads."""
    author: int
    """A person, or the chat that is spoken for."""
    copy: int
    sent_at: int
    feeling: Feeling

    @property
    def copies(self) -> Copies:
        return self.chat_id, self.hour, self.copy

    @property
    def seat(self) -> Seat:
        return self.chat_id, self.hour, self.author, self.thread


@dataclass(slots=True)
class Vote:
    """What one author said in an hour and thread."""

    messages: int = 0
    texts: int = 0
    """Those that count: not copies of what was said earlier in that hour."""
    negative: int = 0
    neutral: int = 0
    positive: int = 0

    def hear(self, times: int) -> None:
        """Count a message, or with -1 no longer."""
        self.messages += times

    def count(self, feeling: Feeling, times: int) -> None:
        """Let a text count, or with -1 no longer."""
        self.texts += times
        self.negative += times * feeling[0]
        self.neutral += times * feeling[1]
        self.positive += times * feeling[2]

    @property
    def mean(self) -> Feeling:
        """The mean of the texts that count."""
        texts = max(self.texts, 1)
        return self.negative // texts, self.neutral // texts, self.positive // texts


class Total(NamedTuple):
    """What votes come to."""

    votes: int = 0
    negative: int = 0
    neutral: int = 0
    positive: int = 0
    messages: int = 0

    def plus(self, other: "Total", times: int = 1) -> "Total":
        """Add another one `times`."""
        return Total(
            self.votes + times * other.votes,
            self.negative + times * other.negative,
            self.neutral + times * other.neutral,
            self.positive + times * other.positive,
            self.messages + times * other.messages,
        )


def copy_of(text: str) -> int:
    """What copies of a text share, in 64 bits with a sign, as SQLite keeps it."""
    number = int(fingerprint(text)[:COPY_DIGITS], 16)
    return number - 2**64 if number >= 2**63 else number


def first_of_copies(texts: Iterable[MoodText]) -> list[MoodText]:
    """Of each text's copies the one that counts: the first that was sent."""
    first: dict[Copies, MoodText] = {}
    for text in texts:
        known = first.setdefault(text.copies, text)
        if (text.sent_at, text.message) < (known.sent_at, known.message):
            first[text.copies] = text
    return list(first.values())


def feeling_of(sentiment: Mapping[str, float]) -> Feeling | None:
    """Turn a sentiment's probabilities into millionths; None where none of the three is known."""
    if not any(label in sentiment for label in LABELS):
        return None
    negative, neutral, positive = (round(WHOLE * sentiment.get(label, 0)) for label in LABELS)
    return negative, neutral, positive


@dataclass(frozen=True, slots=True)
class Sums:
    """What some authors' votes come to: by chat, hour and thread, and who spoke in each hour."""

    threads: Mapping[Place, Total]
    authors: Counter[Hour]

    @classmethod
    def of(cls, votes: Mapping[Seat, Vote]) -> "Sums":
        """Sum votes up."""
        threads: dict[Place, Total] = {}
        for (chat_id, hour, _, thread), vote in votes.items():
            place = (chat_id, hour, thread)
            total = Total(int(vote.texts > 0), *vote.mean, vote.messages)
            threads[place] = threads.get(place, Total()).plus(total)
        spoke = {seat[:3] for seat, vote in votes.items() if vote.messages}
        return cls(threads, Counter((chat_id, hour) for chat_id, hour, _ in spoke))

    def since(self, before: "Sums") -> "Sums":
        """What has come since the same authors' sums were other ones; may be below zero."""
        threads = {
            place: total.plus(before.threads.get(place, Total()), -1)
            for place, total in self.threads.items()
        }
        authors = Counter(self.authors)
        authors.subtract(before.authors)
        return Sums({p: t for p, t in threads.items() if t != Total()}, authors)

    @property
    def hours(self) -> dict[Hour, Total]:
        """The threads' totals summed up by chat and hour."""
        found: dict[Hour, Total] = {}
        for (chat_id, hour, _), total in self.threads.items():
            found[chat_id, hour] = found.get((chat_id, hour), Total()).plus(total)
        return found
